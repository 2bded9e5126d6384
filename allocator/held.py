"""What a program is held to beyond its own rows: rows found as plans break them, and what each rank came down to.

Some clauses have too many rows to write down (the worst of many outcomes; every set of a rank's rows). They are found:
first along the relaxation, where that is quick; then a plan that breaks one is given the rows that it breaks, and the
program is solved again, until none is broken. Each solve is of a program that leaves rows out, so its bound is one of
the whole. What was found is a log of keys, plans and stages, from which the same rows are made again by the rules
themselves: a verifier takes no row on trust.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.change import Change, stacked
from allocator.compile import Compiled
from allocator.contract import Key, Rule
from allocator.program import Bools, Program, Rows
from allocator.solve import Outcome, solve
from allocator.solve.relaxed import relaxed
from allocator.stages import Ranked, Stage, ranks

Solver = Callable[[Program, Bools | None, float, float], Outcome]
"""Solves a program from a start, to a gap, within seconds."""

Point = tuple[int, ...]
"""The columns of a plan that broke what a stage is held to."""


@dataclass(frozen=True)
class Found:
    """Rows of one rule, by their keys."""

    rule: str
    keys: tuple[Key, ...]


Entry = Stage | Found | Point

ROUNDS = 500
"""Plans that are tried at most, for one answer."""

RELAXED, QUICK = 60, 50_000
"""Rounds along the relaxation, and columns above which it is not quick."""

NEAR = 0.02
"""How near the relaxation's last point must come to a row for it to be kept, as a part of the row's bound."""

ROUGH = 5e-3
"""The gap to which the program is solved while plans still break rows that are to be found."""


class Held:
    """One compiled program and the rows found for it so far; `log` says how each came to be."""

    def __init__(self, compiled: Compiled, log: Sequence[Entry] = ()) -> None:
        self.compiled = compiled
        self.blocks: list[Rows] = []
        self.log: list[Entry] = []
        self.stages: list[Stage] = []
        self.last: Bools | None = None
        self.relaxed = False
        for entry in log:
            if isinstance(entry, Stage):
                self.keep(entry)
            elif isinstance(entry, Found):
                self.note(entry)
            else:
                self.meet(_plan(entry, len(compiled.program.gain)))

    # -- rows -----------------------------------------------------------------------------------

    def on(self, program: Program) -> Program:
        """A program over the same columns with all rows found so far below its own."""
        return program.with_(Change(added=stacked(self.blocks))) if self.blocks else program

    @property
    def whole(self) -> Compiled:
        """What was compiled, its program with the rows found."""
        return replace(self.compiled, program=self.on(self.compiled.program))

    def keep(self, stage: Stage) -> None:
        """Hold later plans to what a stage came to."""
        self.stages.append(stage)
        self.log.append(stage)
        self.blocks.append(Ranked(self.compiled.program, stage.rank).held(stage))

    def note(self, found: Found) -> None:
        """Add a rule's rows. Raises `ValueError` for keys that are none, and for a rule that is not there."""
        rule, own = self.compiled.rules.get(found.rule), self.compiled
        if rule is None:
            raise ValueError(f"there is no rule {found.rule}")
        self.log.append(found)
        self.blocks.append(rule.cut_rows(own.options, own.facts, found.keys))

    def meet(self, chosen: Bools) -> bool:
        """Add the rows of the stages that a plan goes beyond; whether there are any."""
        missed = [Ranked(self.compiled.program, s.rank).broken(chosen, s) for s in self.stages]
        rows = [r for r in missed if r is not None]
        if rows:
            self.log.append(tuple(np.flatnonzero(chosen).tolist()))
            self.blocks += rows
        return bool(rows)

    def search(self, point: npt.NDArray[Any]) -> bool:
        """Add the rules' rows that a point breaks; whether there are any that were not there yet."""
        own, new = self.compiled, False
        known = {(e.rule, key) for e in self.log if isinstance(e, Found) for key in e.keys}
        for name, rule in finding(own.rules).items():
            keys = tuple(k for k in rule.cuts(own.options, own.facts, point) if (name, k) not in known)
            if keys:
                self.note(Found(name, keys))
                new = True
        return new

    def find(self, chosen: Bools) -> bool:
        """Add all rows that a plan breaks; whether there are any."""
        return bool(int(self.search(chosen)) + int(self.meet(chosen)))

    def missing(self, chosen: Bools) -> Rows | None:
        """The rows that a plan over these columns breaks; None where it breaks none. Nothing is kept."""
        own = self.compiled
        keys = [(rule, rule.cuts(own.options, own.facts, chosen)) for rule in finding(own.rules).values()]
        found = [rule.cut_rows(own.options, own.facts, k) for rule, k in keys if k]
        missed = [Ranked(own.program, s.rank).broken(chosen, s) for s in self.stages]
        found += [r for r in missed if r is not None]
        return stacked(found) if found else None

    # -- solving --------------------------------------------------------------------------------

    def settle(self, solver: Solver, seconds: float, start: Bools | None) -> Outcome | None:
        """Bring each rank down in turn; the outcome of one that has no plan, None where all have."""
        self.last = start
        for rank in ranks(self.compiled.program):
            missed = Ranked(self.compiled.program, rank)
            outcome = self._least(missed, solver, seconds)
            if outcome.chosen is None:
                return outcome
            bound = missed.total(outcome.chosen) if outcome.reason == "optimal" else _bound(missed, outcome)
            self.keep(Stage.of(missed, outcome.chosen, bound))
            self.last = outcome.chosen
        return None

    def _least(self, missed: Ranked, solver: Solver, seconds: float) -> Outcome:
        """The least violation: roughly first; then, unless that is within the tolerance, as far as is asked."""
        outcome = self.solve(missed.aim(self.compiled.program), solver, 1e-2, seconds, self.last)
        if outcome.chosen is None:
            return outcome
        total = missed.total(outcome.chosen)
        if total - _bound(missed, outcome) <= missed.tolerance:
            return outcome
        gap = missed.tolerance / total / 2
        return self.solve(missed.aim(self.compiled.program), solver, gap, seconds, outcome.chosen)

    def solve(
        self, program: Program, solver: Solver, gap: float, seconds: float, start: Bools | None
    ) -> Outcome:
        """The best plan of `program`, over the same columns, that breaks nothing that could be found."""
        end = time.monotonic() + seconds
        self.relax(program, seconds / 4)
        rough = max(gap, ROUGH) if finding(self.compiled.rules) else gap
        for tries in range(ROUNDS):
            whole = self.on(program)
            outcome = solver(whole, self._begin(whole, start), rough, max(end - time.monotonic(), 0.0))
            if outcome.chosen is None:
                return outcome
            if not self.find(outcome.chosen):
                if rough == gap:
                    return outcome
                rough, self.last = gap, outcome.chosen
            elif tries == 0 and self._begin(self.on(program), start) is None:
                self._mend(program, outcome.chosen, solver, rough, (end - time.monotonic()) / 2)
            if time.monotonic() >= end:
                break
        begun = self._begin(self.on(program), start)
        if begun is None:
            return replace(outcome, reason="time_limit", chosen=None, value=None, gap=None)
        value = program.value(begun)
        left = math.inf if outcome.bound is None else (outcome.bound - float(value) / program.scale)
        return replace(
            outcome,
            reason="time_limit",
            chosen=begun,
            value=program.shown(value),
            gap=max(left, 0.0) * program.scale / (abs(float(value)) or 1),
        )

    def relax(self, program: Program, seconds: float) -> None:
        """Rows that points of the relaxation break, found before any plan is; none where that is done or not quick."""
        if self.relaxed or not finding(self.compiled.rules) or program.shape[1] > QUICK:
            return
        self.relaxed = True
        end = time.monotonic() + seconds
        before = len(self.log)
        point: npt.NDArray[Any] | None = None
        for _ in range(RELAXED):
            left = end - time.monotonic()
            point = relaxed(self.on(program), left) if left > 0 else None
            if point is None:
                return
            if not self.search(point):
                break
        own = [
            (e, b)
            for e, b in zip(self.log[before:], self.blocks[before:], strict=True)
            if (b.upper - b.matrix @ point <= NEAR * np.abs(b.upper)).any()
        ]
        self.log[before:], self.blocks[before:] = [e for e, _ in own], [b for _, b in own]

    def _begin(self, program: Program, start: Bools | None) -> Bools | None:
        """The better of the plans at hand that keep every row."""
        at_hand = [p for p in (start, self.last) if p is not None and not program.broken(p)]
        return max(at_hand, key=program.value, default=None)

    def _mend(self, program: Program, chosen: Bools, solver: Solver, gap: float, seconds: float) -> None:
        """A plan to begin from, near one that breaks found rows: of their columns only those that it has are open."""
        end = time.monotonic() + seconds
        for _ in range(RELAXED):
            spoken = np.zeros(len(chosen), bool)
            for block in self.blocks:
                spoken[block.matrix.indices] = True
            shut = np.flatnonzero(spoken & ~chosen & (program.fixed < 0)).tolist()
            narrow = self.on(program).with_(Change(fixed=dict.fromkeys(shut, 0)))
            found = solver(narrow, None, gap, max(end - time.monotonic(), 0.0)).chosen
            if found is None or time.monotonic() >= end:
                return
            if not self.find(found):
                self.last = found
                return

    def missed(self, stage: Stage, chosen: Bools | None) -> int:
        """What a plan misses of a stage's rank, in the stage's parts; without a plan, what the stage's own misses."""
        if chosen is None:
            return stage.violation
        return Ranked(self.compiled.program, stage.rank).total(chosen)

    def named(self, stage: Stage) -> tuple[str, ...]:
        """The rules of a stage's rank, by name."""
        clauses = Ranked(self.compiled.program, stage.rank).clauses
        return tuple(dict.fromkeys(c.rule for c in clauses))

    # -- the record -----------------------------------------------------------------------------

    def as_json(self) -> list[dict[str, Any]]:
        """The log as plan.json holds it."""
        return [
            e.as_json()
            if isinstance(e, Stage)
            else {"rule": e.rule, "keys": [list(k) for k in e.keys]}
            if isinstance(e, Found)
            else {"at": list(e)}
            for e in self.log
        ]

    @classmethod
    def from_json(cls, compiled: Compiled, data: Sequence[Mapping[str, Any]]) -> Held:
        """The same rows made again from a log."""
        return cls(compiled, [_entry(e) for e in data])

    def doubts(self, chosen: Bools | None) -> list[Stage]:
        """The stages whose figures their own plan does not bear out, or that the final plan `chosen` exceeds."""
        found = []
        for stage in self.stages:
            missed = Ranked(self.compiled.program, stage.rank)
            at = _plan(stage.at, len(self.compiled.program.gain))
            again = Stage.of(missed, at, stage.bound)
            over = chosen is not None and missed.total(chosen) > stage.limit
            if again != stage or over or self.compiled.program.broken(at):
                found.append(stage)
        return found


def settled(compiled: Compiled, seconds: float) -> Held:
    """What was compiled with its ranks brought down and the found rows that its relaxation asks for: for what-ifs.

    Each rank is given `seconds`; where one has no plan, the ranks below it are left alone. Plans of what-ifs may break
    rows that are not found yet: `missing` finds them.
    """
    held = Held(compiled)
    if ranks(compiled.program) or finding(compiled.rules):
        held.settle(_ask, seconds, None)
        held.relax(compiled.program, seconds / 4)
    return held


def _ask(program: Program, start: Bools | None, gap: float, seconds: float) -> Outcome:
    return solve(program, gap=gap, time_limit=seconds, start=start)


def finding(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules that have rows to be found, by name."""
    return {name: rule for name, rule in rules.items() if type(rule).cuts is not Rule.cuts}


def _entry(data: Mapping[str, Any]) -> Entry:
    if "rank" in data:
        return Stage.from_json(dict(data))
    if "rule" in data:
        return Found(str(data["rule"]), tuple(tuple(int(k) for k in key) for key in data["keys"]))
    return tuple(int(k) for k in data["at"])


def _bound(missed: Ranked, outcome: Outcome) -> int:
    """The least violation that a solve has proved, in parts."""
    if outcome.bound is None:
        return 0
    return missed.least(Fraction(outcome.bound) * missed.program.scale)


def _plan(columns: Point, n: int) -> Bools:
    chosen = np.zeros(n, bool)
    chosen[list(columns)] = True
    return chosen
