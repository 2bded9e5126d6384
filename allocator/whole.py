"""Numbers as people write them, taken to integers: floats read as the decimals that they print as, and scaled.

A solver-free program is made of integers so that everything said of it can be checked exactly; this is how one is made
of anybody's floats.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]

OPEN = 2**62
"""A bound of ±OPEN is no bound."""

SAFE = 2**62
"""No exact sum may reach this in int64; past it the sum is made of Python integers."""


def floating(values: Any) -> bool:
    """Whether an array, or what becomes one, is of floats."""
    return bool(np.issubdtype(np.asarray(values).dtype, np.floating))


def _decimal_scale(values: npt.NDArray[Any]) -> int | None:
    """The least power of ten up to 10⁹ that makes `values` whole as printed; None where there is none."""
    for power in range(10):
        scaled = values * 10.0**power
        near = np.rint(scaled)
        if np.abs(scaled).max(initial=0) >= 2**53:
            return None
        if (near / 10.0**power == values).all():
            return int(10**power)
    return None


def integers(values: npt.NDArray[Any]) -> tuple[Ints, int]:
    """`values` as integers and the scale that they were multiplied by. Raises `ValueError` where 64 bits end."""
    if np.abs(values.astype(np.float64)).max(initial=0) >= SAFE:
        raise ValueError(f"{values[np.argmax(np.abs(values.astype(np.float64)))]} does not fit in 64 bits")
    if not np.issubdtype(values.dtype, np.floating):
        return values.astype(np.int64), 1
    scale = _decimal_scale(values)
    if scale is None:
        scale = 10 ** max(0, 12 - math.ceil(math.log10(max(float(np.abs(values).max(initial=0)), 1e-300))))
    return np.rint(values * float(scale)).astype(np.int64), scale


def within_reach(a: sparse.csr_array, bound: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Float bounds [m] no further out than the row can go, so that a 1e30 for infinity does not coarsen the row."""
    if not np.issubdtype(bound.dtype, np.floating):
        return bound
    reach = np.ceil(np.abs(a.astype(np.float64)).sum(axis=1) * (1 + 1e-9)) + 1
    return np.where(np.isfinite(bound), np.clip(bound, -reach, reach), bound)


def whole_rows(a: sparse.csr_array, low: npt.NDArray[Any], high: npt.NDArray[Any]) -> tuple[Ints, Ints, Ints]:
    """The matrix's data and both bounds as integers, each row by a scale of its own."""
    if not np.issubdtype(a.data.dtype, np.floating):
        return a.data.astype(np.int64), _whole_bound(low, 1, up=True), _whole_bound(high, 1, up=False)
    data = np.empty(len(a.data), np.int64)
    lower, upper = np.empty(len(low), np.int64), np.empty(len(high), np.int64)
    for r in range(a.shape[0]):
        part = slice(a.indptr[r], a.indptr[r + 1])
        ends = np.array([v for v in (float(low[r]), float(high[r])) if math.isfinite(v)])
        _, scale = integers(np.concatenate([a.data[part], ends]))
        data[part] = np.rint(a.data[part] * float(scale)).astype(np.int64)
        lower[r] = _whole_bound(low[r : r + 1], scale, up=True)[0]
        upper[r] = _whole_bound(high[r : r + 1], scale, up=False)[0]
    return data, lower, upper


def _whole_bound(bound: npt.NDArray[Any], scale: int, *, up: bool) -> Ints:
    """A bound over integer sums: rounded inwards, past a hair of float error, and ±OPEN where infinite."""
    found = np.full(len(bound), OPEN if not up else -OPEN, np.int64)
    for i, v in enumerate(bound.tolist()):
        if isinstance(v, int):
            found[i] = v * scale
        elif math.isfinite(v):
            exact = Fraction(repr(v)) * scale
            found[i] = math.ceil(exact) if up else math.floor(exact)
        elif (v > 0) == up:
            raise ValueError("a lower bound of +inf or an upper bound of -inf can never hold")
    return found
