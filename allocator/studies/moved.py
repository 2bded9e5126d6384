"""The one hard row whose bound an axis moves, where that is all that it moves: what an exact walk needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from allocator.change import Change
from allocator.problems import InputFaults, Place, Problem
from allocator.studies.axes import Axis
from allocator.studies.case import Case
from allocator.words import Text, say


@dataclass(frozen=True)
class Moved:
    """The row that the axis moves, and how its integer bound and the axis's numbers go over into each other."""

    row: int
    side: Literal["floor", "cap"]
    at: tuple[Fraction, Fraction]
    numbers: tuple[int, int]

    def number(self, bound: Fraction | int) -> Fraction:
        """The axis's value at which the row's exact bound is `bound`."""
        (b0, b1), (n0, n1) = self.at, self.numbers
        return n0 + (bound - b0) * (n1 - n0) / (b1 - b0)

    def bound(self, number: Fraction) -> int:
        """The row's integer bound at a value of the axis: a floor's rounded up, a cap's down."""
        (b0, b1), (n0, n1) = self.at, self.numbers
        exact = b0 + (number - n0) * (b1 - b0) / (n1 - n0)
        return math.ceil(exact) if self.side == "floor" else math.floor(exact)


def moved_row(axis: Axis, low: Case, high: Case, numbers: tuple[int, int]) -> Moved:
    """The one hard row whose one bound is all that differs between the two ends. Raises `InputFaults` without it."""
    a, b = low.program, high.program
    try:
        change = Change.between(a, b)
    except ValueError:
        raise fault(axis) from None
    rows = {*change.lower, *change.upper}
    if len(rows) != 1 or change.fixed or change.gain is not None or change.added is not None:
        raise fault(axis)
    (row,) = rows
    clause, other = a.clauses[row], b.clauses[row]
    if set(change.replaced) - rows or (change.lower and change.upper) or clause.price is not None:
        raise fault(axis)
    if clause.unit != other.unit or (a.matrix[[row], :] != b.matrix[[row], :]).nnz or clause.rank is not None:
        raise fault(axis)
    side: Literal["floor", "cap"] = "floor" if change.lower else "cap"
    sign = -1 if side == "floor" else 1
    bounds = [
        int((p.lower if side == "floor" else p.upper)[row]) + sign * c.rounded
        for p, c in ((a, clause), (b, other))
    ]
    return Moved(row, side, (Fraction(bounds[0]), Fraction(bounds[1])), numbers)


def fault(axis: Axis, mend: Text | None = None) -> InputFaults:
    where = Place(f"--over {axis.path}={axis.values[0]}..{axis.values[-1]}")
    return InputFaults(
        [Problem(where, say("walk.not_walkable"), mend or say("walk.grid_instead"), "walk.not_walkable")]
    )


def within_of(axes: Sequence[Axis], said: str | None) -> int:
    """`--within` in the axis's units. Raises `InputFaults` for more than one axis, and where it is of another kind."""
    if len(axes) != 1:
        raise fault(axes[0], say("walk.one_axis"))
    if said is None:
        return 0
    found = axes[0].number(said)
    if found is None or found < 0:
        raise InputFaults(
            [
                Problem(
                    Place(f"--within {said}"), say("walk.not_within"), say("walk.write_within"), "walk.within"
                )
            ]
        )
    return found
