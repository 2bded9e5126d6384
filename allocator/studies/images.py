"""Images of plans under several objectives: exact, and counted in units of which each is a multiple."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.program import SAFE, Bools, Ints, Program
from allocator.studies.zones import Counted, Images

Image = tuple[Fraction, ...]
"""The first objective's value, then the others', in units of gain."""


class Counting:
    """Images under a program's value and `others` [k-1, n], counted in `units`.

    These are `unit`, which divides every value, and 1 for the others. Where every row is hard and sums fit in 64 bits,
    many plans are counted at once.
    """

    def __init__(self, program: Program, others: Ints, unit: Fraction) -> None:
        self.program, self.others = program, others
        self.units = (unit, *[Fraction(1)] * len(others))
        self.gains = np.vstack([program.gain[np.newaxis, :], others])
        most = np.abs(self.gains.astype(np.float64)).sum(axis=1).max(initial=0.0)
        self.plain = bool(np.isinf(program.prices).all()) and most < SAFE / 2

    def image(self, plan: Bools) -> Image:
        """The image of a plan, in units of gain."""
        return (self.program.value(plan), *(Fraction(sum(row[plan].tolist())) for row in self.others))

    def images(self, plans: npt.NDArray[np.bool_]) -> Images:
        """The images of plans [p, n], counted."""
        if self.plain:
            images = np.asarray(plans.astype(np.int64) @ self.gains.T)
            images[:, 0] //= int(self.units[0])
            return images
        found = [self.counted(self.image(p)) for p in plans]
        return np.array(found, object).reshape(len(plans), len(self.units))

    def counted(self, image: Image) -> Counted:
        """An image in units, rounded down."""
        return tuple(int(v // u) for v, u in zip(image, self.units, strict=True))

    def image_of(self, counted: Sequence[int]) -> Image:
        """A counted image in units of gain."""
        return tuple(v * u for v, u in zip(counted, self.units, strict=True))


def covers(a: Sequence[Fraction | int], b: Sequence[Fraction | int]) -> bool:
    """Whether `a` is at least `b` in everything."""
    return all(x >= y for x, y in zip(a, b, strict=True))
