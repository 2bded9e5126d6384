"""What rules over listed candidates have in common: who is taken, as sparse rows and from a list of awards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

from allocator.options import Award, OptionTable
from allocator.program import OPEN, Clause, Rows
from models.base import Fault, no_candidate

Term = tuple[int, str]
"""A factor and the candidate whose being taken it counts."""


def taken(awards: Sequence[Award]) -> frozenset[str]:
    """The candidates and fixed lines that a plan has an award for."""
    return frozenset(a.candidate for a in awards)


def block(options: OptionTable, built: Sequence[tuple[Clause, Sequence[Term], int]]) -> Rows:
    """For each (clause, terms, bound) a row Σ factor · [candidate is taken]; several may share a clause.

    Each is sparse: it speaks of its own candidates' options only. A candidate without options counts as not taken.
    """
    rows, columns, data = [], [], []
    nobody = np.zeros(0, np.intp)
    for r, (_, terms, _) in enumerate(built):
        for factor, candidate in terms:
            own = options.rows_of.get(candidate, nobody)
            rows.append(np.full(len(own), r))
            columns.append(own)
            data.append(np.full(len(own), factor, np.int64))
    shape = (len(built), len(options))
    matrix = sparse.csr_array((_joined(data), (_joined(rows), _joined(columns))), shape=shape, dtype=np.int64)
    matrix.sum_duplicates()
    return Rows(
        matrix=matrix,
        lower=np.array([b if c.side != "cap" else -OPEN for c, _, b in built], np.int64),
        upper=np.array([b if c.side != "floor" else OPEN for c, _, b in built], np.int64),
        clauses=tuple(c for c, _, _ in built),
    )


def unknown(keys: tuple[str, ...], candidate: str, options: OptionTable, known: Iterable[str]) -> list[Fault]:
    """The fault of an id that neither the candidates nor the fixed lines have; none where one does."""
    if candidate in known or candidate in options.rows_of:
        return []
    return [no_candidate(keys, candidate)]


def _joined(
    parts: Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)
