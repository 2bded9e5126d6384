"""The bounds of rows, floors among them, all read as caps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.program import Bools
from allocator.solve.scaled import Floats

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Caps:
    """Closed sides of rows: `sign` · activity ≤ `bound`, by side.

    paid  what a unit of room costs; dear: what a unit beyond costs; hard: whether it may not be
    """

    row: Places
    sign: Floats
    bound: Floats
    paid: Floats
    dear: Floats
    hard: Bools


def closed(low: Floats, high: Floats) -> tuple[Places, Floats, Floats]:
    """Row, sign and bound of every side that is not open (±inf) [m]: first the upper ones, then the lower."""
    above, below = np.flatnonzero(np.isfinite(high)), np.flatnonzero(np.isfinite(low))
    sign = np.concatenate([np.ones(len(above)), -np.ones(len(below))])
    return np.concatenate([above, below]), sign, np.concatenate([high[above], -low[below]])
