"""All plans near a program's bound in a direction of several objectives, and so all that can lie beyond given floors.

For weights Λ ≥ 0 of the objectives and multipliers of the rows, every plan has Λ·z ≤ B. The plans with Λ·z ≥ B − d are
a band below that bound, which `walk` lists for small d. Whatever images exceed floors f with Λ·f ≥ B − d are in it. The
relaxation chooses Λ: from a corner f outwards, where its frontier is met, its multipliers are the tightest there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Bools, Ints, Program
from allocator.solve.highs import load
from allocator.solve.price import Priced, price
from allocator.solve.scaled import scale
from allocator.solve.walk import depth, walk

FINE = 2.0**50
"""What the largest weighted gain is brought to: weights are whole numbers."""


TILT = 2.0**-10
"""The least weight of an objective, beside those of the relaxation."""


@dataclass(frozen=True, eq=False)
class Direction:
    """Weights of the objectives [k], the program weighed by them, and its choices at the multipliers there."""

    weights: tuple[int, ...]
    program: Program
    seen: Priced

    @property
    def bound(self) -> Fraction:
        """The most that Λ·z can be."""
        return self.seen.certificate.bound

    def worth(self, image: Sequence[Fraction | int]) -> Fraction:
        """Λ·z of an image."""
        return sum((Fraction(w * v) for w, v in zip(self.weights, image, strict=True)), Fraction(0))

    def depth(self, gap: Fraction, choices: int) -> Fraction:
        """A distance up to `gap` within which there are about so many choices, rows forgotten."""
        limit = self.seen.limit(gap)
        found = depth(self.program, self.seen, limit, choices)
        return gap if found == limit else Fraction(found, self.seen.denominator)

    def plans(self, distance: Fraction) -> npt.NDArray[np.bool_] | None:
        """Every plan [p, n] with Λ·z ≥ bound − distance; None where these are too many to list."""
        found = walk(self.program, self.seen, self.seen.limit(distance))
        return None if found is None else found[sound(self.program, found)]


class Directions:
    """The relaxation of a program with several objectives, hot: the program's own value, and `others` [k-1, n]."""

    def __init__(
        self, program: Program, others: Ints, spans: Sequence[int], unit: Fraction = Fraction(1)
    ) -> None:
        import highspy

        self.program, self.others = program, others
        numbers = scale(program)
        k, columns = len(others) + 1, len(numbers.cost)
        gains = np.zeros((k, columns))
        gains[0] = numbers.cost
        gains[1:, : numbers.n] = others
        top = np.abs(gains[1:]).max(axis=1, initial=0.0)
        units = [numbers.worth, *(2.0 ** -np.ceil(np.log2(np.maximum(top, 1.0)) - 10)).tolist()]
        self.units = np.minimum(np.array(units), [np.inf, *[1.0] * len(others)])
        gains[1:] *= self.units[1:, np.newaxis]
        self.row_units = numbers.units
        self.constant = numbers.constant
        solver = load(numbers, integer=False)
        outwards = [max(float(s), 1.0) / 1024 for s in (spans[0] * unit, *spans[1:])]
        # a little of each objective beside, so that no weight is 0 and the relaxation goes to the frontier's ends
        self.tilt = TILT / np.array(outwards)
        for i, cost in enumerate((self.tilt / self.units) @ gains):
            solver.changeColCost(i, cost)
        solver.addCol(1.0, -highspy.kHighsInf, highspy.kHighsInf, 0, [], [])
        self.first = numbers.matrix.shape[0]
        for row, out in zip(gains, np.array(outwards) * self.units, strict=True):
            at = np.flatnonzero(row)
            solver.addRow(
                -highspy.kHighsInf,
                highspy.kHighsInf,
                len(at) + 1,
                np.r_[at, columns].astype(np.int32),
                np.r_[row[at], -out],
            )
        self.solver: Any = solver
        self.gains = np.vstack([program.gain[np.newaxis, :], others])
        self.largest = np.maximum(np.abs(self.gains.astype(np.float64)).max(axis=1, initial=0.0), 1.0)

    def outwards(self, floors: Sequence[Fraction | int]) -> Direction | None:
        """The direction in which the floors [k] lie outmost; None where the relaxation says nothing useful."""
        import highspy

        own = [float(f) for f in floors]
        own[0] -= self.constant
        for i, (floor, unit) in enumerate(zip(own, self.units, strict=True)):
            self.solver.changeRowBounds(self.first + i, floor * float(unit), highspy.kHighsInf)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.solver.clearSolver()  # after a change of bounds it may not know
            self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        dual = np.nan_to_num(np.asarray(self.solver.getSolution().row_dual))
        weights = np.maximum(-dual[self.first :] * self.units, 0.0) + self.tilt
        return self.along(weights, dual[: len(self.row_units)] * self.row_units)

    def along(
        self, weights: npt.NDArray[np.float64], multipliers: npt.NDArray[np.float64]
    ) -> Direction | None:
        """The direction of these weights [k], at these multipliers [m]; any prove a bound."""
        size = float((weights * self.largest).max(initial=0.0))
        if not size > 0:
            return None
        factor = 2.0 ** np.floor(np.log2(FINE / size))
        whole = [max(int(w), 1) for w in np.rint(weights * factor).tolist()]
        gain = np.zeros(len(self.program.gain), np.int64)
        for w, row in zip(whole, self.gains, strict=True):
            gain += w * row
        clauses = tuple(
            c if c.price is None else replace(c, price=c.price * whole[0]) for c in self.program.clauses
        )
        weighed = replace(self.program, gain=gain, clauses=clauses, scale=1)
        seen = price(weighed, multipliers * factor)
        return None if seen is None else Direction(tuple(whole), weighed, seen)


def sound(program: Program, plans: npt.NDArray[np.bool_]) -> Bools:
    """Which of `plans` [p, n] hold every hard row, exactly; each has at most one column of a group."""
    if not len(plans) or not program.shape[0]:
        return np.ones(len(plans), bool)
    if not program.roomy:
        return np.array([not program.broken(p) for p in plans], bool)
    activity = program.matrix @ plans.T.astype(np.int64)
    hard = np.isinf(program.prices)[:, np.newaxis]
    low, high = program.lower[:, np.newaxis], program.upper[:, np.newaxis]
    missed = ((activity < low) & (low > -OPEN)) | ((activity > high) & (high < OPEN))
    return np.asarray(~(missed & hard).any(axis=0), bool)
