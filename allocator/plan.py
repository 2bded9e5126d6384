"""A plan: the awards that a solve chose, what every rule says of them, and what was proved.

It is a filter of the option table. Everything that is printed, written or checked of a run is read from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from allocator.certificate import Certificate
from allocator.compile import SCALE, Compiled
from allocator.contract import Facts
from allocator.held import Held
from allocator.limits import Measure
from allocator.options import Award, OptionTable
from allocator.problems import Problem
from allocator.procedure import Sequential
from allocator.program import OPEN, Bools, Program
from allocator.records import Tables
from allocator.scenario import Loaded
from allocator.solve.outcome import Outcome
from allocator.vacancies import Substitution
from allocator.why.shortfall import Shortfall
from allocator.words import Text

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["optimal", "within_gap", "time_limit", "interrupted", "infeasible", "failed", "substituted"]


@dataclass(frozen=True)
class Ruled:
    """One measure of a plan with its sentence, and whether it binds: no single step is left on one of its sides."""

    measure: Measure
    title: Text
    sentence: Text
    binding: bool


@dataclass(frozen=True, eq=False)
class Baseline:
    """What an order of taking options comes to: its awards, its value, the clauses that it misses."""

    name: str
    title: Text
    note: Text
    chosen: Bools
    value: Fraction
    totals: Mapping[str, Any]
    missed: tuple[Ruled, ...]


@dataclass(frozen=True)
class Decided:
    """A list that was really decided, beside the plan: ids in both, in it alone, in the plan alone.

    money   what was asked for by those decided on; merit: what that comes to, in micro-units
    broken  hard clauses of this scenario that the decided list does not keep
    unscored  those among it that this scenario could not have chosen
    """

    money: int
    merit: int
    both: tuple[str, ...]
    only_decided: tuple[str, ...]
    only_plan: tuple[str, ...]
    broken: tuple[str, ...]
    unscored: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """The result of a run.

    awards   the chosen options; lines: the fixed ones. chosen: bool [n_options] of both
    ruled    every measure of every rule
    value    exact, in micro-units of the objective, after the price of soft shortfalls
    seconds  by stage: load, check, compile, solve, verify, report
    held     the rows found while it was solved, and what each rank of soft clauses came to
    shortfalls  with no plan: the least by which the hard rules would have to yield
    """

    loaded: Loaded
    tables: Tables
    compiled: Compiled
    outcome: Outcome
    status: Status
    chosen: Bools | None
    value: Fraction | None
    awards: tuple[Award, ...]
    lines: tuple[Award, ...]
    ruled: tuple[Ruled, ...]
    totals: Mapping[str, Any]
    baselines: Mapping[str, Baseline]
    certificate: Certificate | None
    problems: tuple[Problem, ...]
    digest: Mapping[str, Any]
    versions: Mapping[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    shortfalls: tuple[Shortfall, ...] = ()
    sequential: Sequential | None = None
    decided: Decided | None = None
    substitution: Substitution | None = None
    held: Held | None = None

    @property
    def facts(self) -> Facts:
        """The facts of the run."""
        return self.compiled.facts

    @property
    def options(self) -> OptionTable:
        """The option table of the run."""
        return self.compiled.options

    @property
    def gap(self) -> float | None:
        """The proven relative gap."""
        return self.outcome.gap

    def frame(self) -> pd.DataFrame:
        """The awards as a pandas frame, one a row: money in whole yuan, merit in micro-units, labels as columns."""
        import pandas as pd

        years = self.options.years
        rows = [
            {
                "candidate": a.candidate,
                "instrument": a.instrument,
                "level": a.level,
                "amount": a.amount,
                **{f"outlay_{y}": v for y, v in zip(years, a.outlay, strict=True)},
                **{f"recovery_{y}": v for y, v in zip(years, a.recovery, strict=True)},
                **a.columns,
                "merit": a.merit,
                **{k: v for k, v in a.labels.items() if k != "instrument"},
            }
            for a in self.awards
        ]
        return pd.DataFrame(rows)

    @property
    def certified_bound(self) -> float | None:
        """What the multipliers alone prove, as people see it."""
        return None if self.certificate is None else float(self.certificate.bound / SCALE)

    @property
    def certified_gap(self) -> float | None:
        """The gap to the certified bound."""
        if self.certificate is None or self.value is None:
            return None
        return float((self.certificate.bound - self.value) / (abs(self.value) or 1))


def measures(compiled: Compiled, awards: Sequence[Award]) -> list[tuple[str, Measure]]:
    """What every rule measures on a list of awards (fixed lines among them), by the rule's name."""
    return [(name, m) for name, rule in compiled.rules.items() for m in rule.measure(awards, compiled.facts)]


def judge(
    compiled: Compiled, awards: Sequence[Award], chosen: Bools, missed: bool = False
) -> tuple[Ruled, ...]:
    """Every measure, or those that are `missed`, with its sentence and whether it binds."""
    seen = [(name, m) for name, m in measures(compiled, awards) if not (missed and m.kept)]
    tight = binding(compiled.program, chosen) if seen else set()
    return tuple(
        Ruled(
            m,
            compiled.rules[name].title,
            compiled.rules[name].say(m, compiled.facts),
            bool(tight & {(name, m.label, side) for side in ("floor", "cap", "target")}),
        )
        for name, m in seen
    )


def binding(program: Program, chosen: Bools) -> set[tuple[str, str, str]]:
    """The clauses that leave no step: no further option could be added (cap) or taken away (floor) alone.

    A priced clause that is violated binds too: it is being paid for.
    """
    taken = np.zeros(int(program.groups.max(initial=-1)) + 2, bool)
    taken[program.groups[chosen]] = True
    taken[-1] = False  # where no candidate, -1, leads
    free = program.fixed == -1
    outside = free & ~chosen & ~taken[program.groups]
    inside = free & chosen
    found: set[tuple[str, str, str]] = set()
    activity, matrix = program.activity(chosen), program.matrix
    for r, clause in enumerate(program.clauses):
        part = slice(matrix.indptr[r], matrix.indptr[r + 1])
        columns, data = matrix.indices[part], matrix.data[part]
        up = np.where(outside[columns], data, np.where(inside[columns], -data, 0))
        rises, falls = up[up > 0], -up[up < 0]
        low, high, value = int(program.lower[r]), int(program.upper[r]), activity[r]
        if (high < OPEN and len(rises) and high - value < rises.min()) or (
            low > -OPEN and len(falls) and value - low < falls.min()
        ):
            found.add((clause.rule, clause.label, clause.side))
    return found


def totals(facts: Facts, awards: Sequence[Award], lines: Sequence[Award]) -> dict[str, Any]:
    """Money and merit of a plan: in all, by year, and by each axis; whole yuan, merit in micro-units."""
    years = [str(y) for y in facts.years]
    everything = [*awards, *lines]
    ceiling = facts.ceilings[facts.years[0]]
    paid = sum(a.outlay[0] for a in everything)
    return {
        "ceiling": ceiling,
        "first_calls": dict(facts.first_calls),
        "competitive": ceiling - sum(facts.first_calls.values()),
        "count": len(awards),
        "award": sum(a.amount for a in awards),
        "first_year": sum(a.outlay[0] for a in awards),
        "unused": ceiling - paid,
        "outlay": {y: sum(a.outlay[i] for a in everything) for i, y in enumerate(years)},
        "recovery": {y: sum(a.recovery[i] for a in awards) for i, y in enumerate(years)},
        **{name: sum(a.columns[name] for a in awards) for name in (awards[0].columns if awards else ())},
        "merit": sum(a.merit for a in awards),
        "by": {axis: _by(axis, awards, lines) for axis in facts.axes},
    }


def _by(axis: str, awards: Sequence[Award], lines: Sequence[Award]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for award in (*awards, *lines):
        label = award.labels.get(axis)
        if label is None:
            continue
        own = found.setdefault(label, {"count": 0, "award": 0, "first_year": 0, "lines": 0, "merit": 0})
        if award.fixed:
            own["lines"] += award.outlay[0]
        else:
            own["count"] += 1
            own["award"] += award.amount
            own["first_year"] += award.outlay[0]
            own["merit"] += award.merit
    return found
