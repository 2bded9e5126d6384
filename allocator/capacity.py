"""The largest commitment that stressed years can pay, found by solving for it, with each stress' ceilings as rows.

Every hard clause of the scenario is kept; what is priced does not steer. Where stressed money is too little for the
floors, these are left out, and the answer says so. Each stress is asked alone and all together, to show which binds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocator.compile import Compiled
from allocator.contract import Stressed
from allocator.plan import binding
from allocator.program import OPEN, Bools, Program, Rows
from allocator.solve import Outcome, solve
from allocator.words import Text


@dataclass(frozen=True)
class Year:
    """One year under one stress, in yuan: what the ceiling holds, what is paid of it, whether no option more fits."""

    stress: str
    year: str
    ceiling: int
    paid: int
    binding: bool

    @property
    def left(self) -> int:
        """What the ceiling leaves."""
        return self.ceiling - self.paid


@dataclass(frozen=True, eq=False)
class Capacity:
    """The answer for some stresses at once: None where no plan keeps them all.

    commitment  the most found, in yuan; bound: proven, no plan commits more; exact: whether the two are equal
    floors      whether the scenario's floors are kept; where they cannot be, they are left out
    """

    stresses: tuple[str, ...]
    commitment: int | None
    bound: int | None
    exact: bool
    floors: bool
    reason: str
    count: int
    years: tuple[Year, ...]

    @property
    def tightest(self) -> Year | None:
        """The year and stress that bind; of several, the one with the least left; None where none binds."""
        tight = [y for y in self.years if y.binding]
        return min(tight, key=lambda y: (y.left, y.year, y.stress), default=None)


def capacity(
    compiled: Compiled, stresses: Mapping[str, Stressed], gap: float = 0.0, time_limit: float = 60.0
) -> list[Capacity]:
    """The capacity without stress, under each of `stresses`, and under all of them together."""
    asked: list[tuple[str, ...]] = [(), *((name,) for name in stresses)]
    if len(stresses) > 1:
        asked.append(tuple(stresses))
    return [_capacity(compiled, {n: stresses[n] for n in names}, gap, time_limit) for names in asked]


def _capacity(
    compiled: Compiled, stresses: Mapping[str, Stressed], gap: float, time_limit: float
) -> Capacity:
    floors = True
    program = stressed_program(compiled, stresses)
    outcome = solve(program, gap=gap, time_limit=time_limit)
    if outcome.reason == "infeasible":
        floors = False
        program = stressed_program(compiled, stresses, floors)
        outcome = solve(program, gap=gap, time_limit=time_limit)
    chosen = outcome.chosen
    return Capacity(
        stresses=tuple(stresses),
        commitment=None if chosen is None else _committed(compiled, chosen),
        bound=_bound(outcome),
        exact=outcome.reason == "optimal",
        floors=floors,
        reason=outcome.reason,
        count=0 if chosen is None else int((chosen & ~compiled.options.fixed).sum()),
        years=() if chosen is None else tuple(_years(program, stresses, chosen)),
    )


def stressed_program(compiled: Compiled, stresses: Mapping[str, Stressed], floors: bool = True) -> Program:
    """Commitment as the gain, in yuan; the scenario's hard clauses and the stresses' ceilings as rows."""
    options = compiled.options
    blocks = [_hard(rule.rows(options, compiled.facts), floors) for rule in compiled.rules.values()]
    return Program.assemble(
        gain=np.where(options.fixed, 0, options.award),
        blocks=[*blocks, *(s.rows for s in stresses.values())],
        groups=options.candidate,
        fixed=np.where(options.fixed, 1, -1),
    )


def _hard(rows: Rows, floors: bool) -> Rows:
    """The rows of a block that have no price, with or without its floors."""
    keep = [r for r, c in enumerate(rows.clauses) if c.price is None and (floors or c.side != "floor")]
    return Rows(
        rows.matrix[keep, :], rows.lower[keep], rows.upper[keep], tuple(rows.clauses[r] for r in keep)
    )


def _committed(compiled: Compiled, chosen: Bools) -> int:
    return int(compiled.options.award[chosen & ~compiled.options.fixed].sum())


def _bound(outcome: Outcome) -> int | None:
    if outcome.reason == "optimal" and outcome.value is not None:
        return int(outcome.value)
    return None if outcome.bound is None else int(outcome.bound)


def _years(program: Program, stresses: Mapping[str, Stressed], chosen: Bools) -> Sequence[Year]:
    tight = binding(program, chosen)
    activity = program.activity(chosen)
    found = []
    for r, clause in enumerate(program.clauses):
        if clause.rule in stresses and program.upper[r] < OPEN:
            paid = int(activity[r] * clause.unit)
            ceiling = stresses[clause.rule].ceilings[int(clause.label)]
            binds = (clause.rule, clause.label, clause.side) in tight
            found.append(Year(clause.rule, clause.label, ceiling, paid, binds))
    return found


def named(names: Sequence[str], stresses: Mapping[str, Stressed], all_of: Text, none: Text) -> Text:
    """How some stresses together read."""
    if not names:
        return none
    return stresses[names[0]].title if len(names) == 1 else all_of
