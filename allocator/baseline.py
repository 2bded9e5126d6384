"""Baselines: a plan taken in a given order, skipping what would break a hard rule, as an office would."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Bools, Program


def take(program: Program, order: npt.NDArray[np.intp]) -> Bools:
    """The options [n] that the order takes, one a candidate, on top of the fixed ones.

    What would break a hard cap is skipped. Rows that an award can also relieve (a share of what is awarded) do not
    make it skip: whether they hold shows at the end, as do the floors that the order misses.
    """
    chosen: Bools = np.asarray(program.fixed == 1, bool)
    matrix = program.matrix
    least = np.zeros(matrix.shape[0], np.int64)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        least[filled] = np.minimum.reduceat(matrix.data, matrix.indptr[filled])
    hard = np.array([c.price is None for c in program.clauses], bool)
    caps = np.flatnonzero(hard & (program.upper < OPEN) & (least >= 0))
    by_column = matrix[caps, :].tocsc()
    left = np.array([int(program.upper[r]) for r in caps], np.int64)
    left -= np.asarray(by_column @ chosen.astype(np.int64), np.int64)
    taken = set(program.groups[chosen & (program.groups >= 0)].tolist())
    starts, rows, data = by_column.indptr, by_column.indices, by_column.data
    groups, blocked = program.groups, program.fixed == 0
    for k in order.tolist():
        group = int(groups[k])
        if chosen[k] or blocked[k] or group in taken:
            continue
        part = slice(starts[k], starts[k + 1])
        own = rows[part]
        if (left[own] >= data[part]).all():
            left[own] -= data[part]
            chosen[k] = True
            if group >= 0:
                taken.add(group)
    return chosen
