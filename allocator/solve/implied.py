"""Whether every plan of one program is a plan of another and worth no more there: then the other's bound holds here."""

from __future__ import annotations

import numpy as np

from allocator.program import OPEN, Program


def implied(strict: Program, loose: Program) -> bool:
    """Whether a bound of `loose` is one of `strict`: a pin, a veto, a lower ceiling, a higher floor, all else the same.

    Programs over the same columns, whose first rows stand for each other; `strict` may have further ones.
    A row is at least as strict where its bounds are, and its coefficients, of x ≥ 0, are no smaller below a cap and no
    larger above a floor. It says no where it is not sure.
    """
    m = loose.shape[0]
    if strict.shape[0] < m or loose.scale != strict.scale:
        return False
    same = (loose.gain is strict.gain or np.array_equal(loose.gain, strict.gain)) and (
        loose.groups is strict.groups or np.array_equal(loose.groups, strict.groups)
    )
    if not same or ((loose.fixed >= 0) & (loose.fixed != strict.fixed)).any():
        return False
    if (strict.lower[:m] < loose.lower).any() or (strict.upper[:m] > loose.upper).any():
        return False
    if not np.array_equal(strict.prices[:m], loose.prices):
        return False
    # a further priced row only costs, so it makes a plan worth no more
    return loose.matrix is strict.matrix or all(_row(strict, loose, r) for r in range(m))


def _row(strict: Program, loose: Program, row: int) -> bool:
    """Whether what holds the strict program's row holds the loose one's, by coefficients."""
    a, b = (slice(p.matrix.indptr[row], p.matrix.indptr[row + 1]) for p in (strict, loose))
    alike = np.array_equal(strict.matrix.indices[a], loose.matrix.indices[b])
    if alike and np.array_equal(strict.matrix.data[a], loose.matrix.data[b]):
        return True
    if np.isfinite(loose.prices[row]):
        return False
    more = np.zeros(len(strict.gain), np.int64)
    more[strict.matrix.indices[a]] = strict.matrix.data[a]
    more[loose.matrix.indices[b]] -= loose.matrix.data[b]
    cap, floor = loose.upper[row] < OPEN, loose.lower[row] > -OPEN
    return bool((not cap or (more >= 0).all()) and (not floor or (more <= 0).all()))
