"""What a study is about: a scenario, a run read back from its folder, or any program; under one set of names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from allocator.audit.folder import read_tables as read_records
from allocator.compile import Compiled, compile_scenario
from allocator.held import Held, settled
from allocator.options import Award
from allocator.pipeline import check_tables, read_tables
from allocator.plan import Plan
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Bools, Clause, Program
from allocator.records import Tables
from allocator.rundir import PLAN
from allocator.scenario import Loaded, load
from allocator.scenario.tree import dotted
from allocator.words import Text, same, say

Source = str | Path | Program | Plan
"""What a study can be about: a scenario's file or a run's folder, a program, a plan."""


@dataclass(frozen=True, eq=False)
class Case:
    """A program with the names that its parts go by.

    name      short: the file's or folder's
    chosen    bool [n]: the plan that came with it (a run's), or None
    bound     what that run proved, in units of gain, or None
    held      the rows found for it; what its re-solved plans break beyond these is found by it
    """

    name: str
    title: Text
    program: Program
    loaded: Loaded | None = None
    tables: Tables | None = None
    compiled: Compiled | None = None
    chosen: Bools | None = None
    bound: float | None = None
    held: Held | None = None

    @property
    def gap(self) -> float:
        """The relative gap that the scenario asks for."""
        return 1e-4 if self.loaded is None else self.loaded.scenario.solve.gap

    @property
    def time_limit(self) -> float:
        """The seconds that the scenario gives one solve."""
        return 60.0 if self.loaded is None else self.loaded.scenario.solve.time_limit

    @property
    def scenario(self) -> Loaded:
        """The scenario, where there must be one."""
        if self.loaded is None:
            raise TypeError("this study reads a scenario's rules; a plain program has none")
        return self.loaded

    @cached_property
    def owner(self) -> npt.NDArray[np.int64]:
        """Who each column is of: int64 [n], a candidate's number; a column of no group is its own."""
        own = self.program.groups.astype(np.int64)
        lone = own < 0
        own[lone] = int(own.max(initial=-1)) + 1 + np.arange(int(lone.sum()))
        return own

    @cached_property
    def columns_of(self) -> Mapping[int, npt.NDArray[np.intp]]:
        """The free columns of each candidate."""
        free = np.flatnonzero(self.program.fixed == -1)
        order = free[np.argsort(self.owner[free], kind="stable")]
        starts = np.flatnonzero(np.diff(self.owner[order], prepend=-1))
        return {int(part[0]): rows for part, rows in _parts(self.owner[order], order, starts)}

    def candidate(self, who: int) -> str:
        """The id of a candidate."""
        if self.compiled is not None:
            return self.compiled.options.candidates[who]
        return str(who)

    def who(self, candidate: str) -> int | None:
        """The number of the candidate of that id; None where it has no option here."""
        found = self._numbers.get(candidate)
        return found if found is None or found in self.columns_of else None

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {self.candidate(int(w)): int(w) for w in np.unique(self.owner)}

    def name_of(self, who: int) -> Text:
        """How a candidate reads."""
        label = self.candidate(who)
        return same(f"#{label}") if self.compiled is None else self.compiled.facts.title(label)

    def taken(self, chosen: Bools) -> dict[int, int]:
        """The candidates that a plan chooses, each with its column; fixed lines are not among them."""
        own = np.flatnonzero(chosen & (self.program.fixed == -1))
        return {int(self.owner[k]): int(k) for k in own}

    def award(self, k: int) -> Award | None:
        """Column k as an award."""
        return None if self.compiled is None else self.compiled.options.award_of(k)

    def option(self, k: int) -> Text:
        """How column k reads: its instrument and amount."""
        award = self.award(k)
        if award is None or self.compiled is None:
            return same(f"x{k}")
        return say(
            "study.option", instrument=self.compiled.facts.title(award.instrument), amount=wan(award.amount)
        )

    def awards(self, chosen: Bools) -> tuple[Award, ...]:
        """The awards and lines of a plan; none of a plain program."""
        return () if self.compiled is None else self.compiled.options.awards(chosen)

    def clause(self, clause: Clause) -> Text:
        """How a clause reads: its rule, label and side."""
        return self.rule(clause.rule, clause.label, clause.side)

    def rule(self, rule: str, label: str, side: str) -> Text:
        """The same by its parts; a side of "" is left out."""
        if self.compiled is None or rule not in self.compiled.rules:
            return same(" · ".join(p for p in (rule, label, side) if p))
        title = self.compiled.rules[rule].title
        what = getattr(self.compiled.rules[rule], "what", "")
        title = same(what) if isinstance(what, str) and what else title
        name = self.compiled.facts.title(label) if label else None
        end = say(f"study.side.{side}") if side else None
        parts = [p for p in (title, name, end) if p is not None]
        return Text("·".join(p.zh for p in parts), " · ".join(p.en for p in parts))

    def number(self, keys: Sequence[str]) -> Text:
        """How a number of the scenario reads, by its keys: of a rule, by rule, label and side; else its path."""
        rules = {} if self.compiled is None else self.compiled.rules
        if len(keys) < 3 or keys[0] != "rules" or keys[1] not in rules:
            return same(dotted(keys))
        label = keys[-2] if len(keys) > 3 and keys[-2] not in ("shares", "limits") else ""
        if keys[-1] in ("floor", "target", "cap"):
            return self.rule(keys[1], label, keys[-1])
        text, own = self.rule(keys[1], label, ""), rules[keys[1]].numbers.get(keys[-1], same(keys[-1]))
        return Text(f"{text.zh}·{own.zh}", f"{text.en} · {own.en}")


def wan(amount: int) -> str:
    """Yuan as 万元 without idle zeros: 3,500,000 is `350`."""
    return f"{(Decimal(amount) / 10_000).normalize():,f}"


def open_case(source: Source, sets: Sequence[str] = ()) -> Case:
    """The case of a scenario's file, a run's folder, a plan or a program. Raises `InputFaults` with every fault."""
    if isinstance(source, Program):
        return Case("program", say("study.program"), source)
    if isinstance(source, Plan):
        return of_plan(source)
    path = Path(source)
    if path.is_dir():
        return _run(path, sets)
    loaded = load(path, sets)
    tables, problems = read_tables(loaded)
    check_tables(loaded, tables, problems)
    return of_tables(loaded, tables)


def of_tables(loaded: Loaded, tables: Tables) -> Case:
    """The case of a scenario over records that were read before."""
    held = settled(compile_scenario(loaded, tables), loaded.scenario.solve.time_limit)
    compiled = held.whole
    name, title = loaded.resolved.file.stem, same(loaded.scenario.title)
    return Case(name, title, compiled.program, loaded, tables, compiled, held=held)


def of_plan(plan: Plan) -> Case:
    """The case of a plan at hand."""
    title = same(plan.loaded.scenario.title)
    bound = None if plan.outcome.bound is None else plan.outcome.bound * plan.compiled.program.scale
    name = plan.loaded.resolved.file.stem
    compiled = plan.compiled
    return Case(
        name, title, compiled.program, plan.loaded, plan.tables, compiled, plan.chosen, bound, plan.held
    )


def scenario_of(source: Path) -> Path:
    """The scenario's file: itself, or that of a run's folder. Raises `InputFaults` where a folder is none of a run."""
    if not source.is_dir():
        return source
    if not (source / PLAN).is_file():
        text = say("cli.no_run", folder=source)
        raise InputFaults([Problem(Place(str(source)), text, say("study.run_first"), "study.no_run")])
    return source / "resolved.yaml"


def _run(folder: Path, sets: Sequence[str]) -> Case:
    """A finished run: its scenario and records as they were, and its plan. With changes, the plan is left behind."""
    file = scenario_of(folder)
    said = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    loaded = load(file, sets)
    tables = read_records(loaded, folder)
    compiled = compile_scenario(loaded, tables)
    log = said.get("held", ())
    held = settled(compiled, loaded.scenario.solve.time_limit) if sets else Held.from_json(compiled, log)
    compiled = held.whole
    program = compiled.program
    chosen = None
    if not sets and said["status"] not in ("infeasible", "failed"):
        chosen = _chosen(compiled, said["awards"])
        if said["digest"]["program"] != program.digest or program.broken(chosen):
            text = say("study.altered", folder=folder)
            raise InputFaults([Problem(Place(str(folder)), text, say("study.verify_first"), "study.altered")])
    bound = None if chosen is None or said["bound"] is None else said["bound"] * program.scale
    return Case(folder.name, same(said["title"]), program, loaded, tables, compiled, chosen, bound, held)


def _chosen(compiled: Compiled, awards: Sequence[Mapping[str, object]]) -> Bools:
    options = compiled.options
    chosen = options.fixed.copy()
    codes = options.labels["instrument"]
    for award in awards:
        rows = options.rows_of.get(str(award["candidate"]), np.zeros(0, np.intp))
        fits = [
            k
            for k in rows
            if codes.label(int(k)) == award["instrument"] and options.level[k] == award["level"]
        ]
        chosen[fits] = True
    return np.asarray(chosen, bool)


def _parts(
    owner: npt.NDArray[np.int64], order: npt.NDArray[np.intp], starts: npt.NDArray[np.intp]
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]]:
    """`order` cut where the owner changes, each part with its owners."""
    return (
        list(zip(np.split(owner, starts[1:]), np.split(order, starts[1:]), strict=True)) if len(order) else []
    )
