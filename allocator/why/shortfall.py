"""The least by which hard clauses would have to yield for there to be a plan at all.

Each hard row gets a price per yuan (a count is held to be worth 1000万元), the gain is set aside, and the program is
solved for the cheapest violation. It names one cheapest way out, not the only one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from allocator.program import OPEN, Clause, Program
from allocator.solve import solve

COUNT_WORTH = 10_000_000
"""Yuan that one award too many or too few is held to be worth, against money that is short."""


@dataclass(frozen=True)
class Shortfall:
    """A clause that cannot be kept with the others, and by how much: yuan, or awards where `counted`."""

    rule: str
    label: str
    side: str
    amount: int
    counted: bool


def shortfalls(program: Program, time_limit: float = 20.0) -> tuple[Shortfall, ...]:
    """The cheapest set of yielding clauses; empty where nothing was found in time."""
    whole = undivided(program)
    priced = replace(
        whole,
        gain=np.zeros_like(whole.gain),
        clauses=tuple(replace(c, price=_price(c)) for c in whole.clauses),
    )
    outcome = solve(priced, gap=1e-3, time_limit=time_limit)
    if outcome.chosen is None:
        return ()
    amounts: dict[tuple[str, str, str, bool], Fraction] = {}
    for c, v in zip(whole.clauses, whole.violations(outcome.chosen), strict=True):
        if v and c.price is None:  # a clause of several rows yields by all that they are broken by
            key = (c.rule, c.label, c.side, c.counted)
            amounts[key] = amounts.get(key, Fraction(0)) + v * c.unit
    return tuple(
        Shortfall(rule, label, side, _up(amount), counted)
        for (rule, label, side, counted), amount in amounts.items()
    )


def yielding(program: Program, found: tuple[Shortfall, ...]) -> Program:
    """The program with the bounds of those clauses moved by their shortfalls, so that it has a plan."""
    moved = {(s.rule, s.label, s.side): s.amount for s in found}
    lower, upper = program.lower.copy(), program.upper.copy()
    for r, c in enumerate(program.clauses):
        by = moved.get((c.rule, c.label, c.side))
        if by:
            steps = math.floor(c.rounded + Fraction(by) / c.unit)
            lower[r] -= steps if lower[r] > -OPEN else 0
            upper[r] += steps if upper[r] < OPEN else 0
    return replace(program, lower=lower, upper=upper)


def undivided(program: Program) -> Program:
    """The program with its bounds where the rules put them: a row that was divided says too much of what lacks."""
    back = np.array([c.rounded.denominator for c in program.clauses], np.int64)
    rest = np.array([c.rounded.numerator for c in program.clauses], np.int64)
    matrix = program.matrix.copy()
    matrix.data = matrix.data * np.repeat(back, np.diff(matrix.indptr))
    return replace(
        program,
        matrix=matrix,
        lower=np.where(program.lower <= -OPEN, -OPEN, program.lower * back - rest),
        upper=np.where(program.upper >= OPEN, OPEN, program.upper * back + rest),
        clauses=tuple(
            replace(c, unit=c.unit / c.rounded.denominator, rounded=Fraction(0)) for c in program.clauses
        ),
    )


def _price(clause: Clause) -> Fraction:
    """What a unit of the row costs here: yuan for a hard clause, nothing for one that has a price of its own."""
    if clause.price is not None:
        return Fraction(0)
    return clause.unit * (COUNT_WORTH if clause.counted else 1)


def _up(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)
