"""A program with some of its groups decided: what is left to choose, as a smaller program with adjusted bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Bools, Ints, Program


@dataclass(frozen=True, eq=False)
class Reduced:
    """What is left of a program.

    program  over the open columns only; its value is the whole's less `decided`
    columns  the whole's column of each of its columns; rows: the whole's row of each of its rows
    taken    bool [n]: the columns that are decided for, fixed lines among them
    decided  what those are worth, in units of gain
    broken   whether a hard row that no open column speaks of does not hold
    """

    program: Program
    columns: npt.NDArray[np.intp]
    rows: npt.NDArray[np.intp]
    taken: Bools
    decided: int
    broken: bool

    def whole(self, chosen: Bools) -> Bools:
        """A choice of the smaller program as one of the whole."""
        full = self.taken.copy()
        full[self.columns[chosen]] = True
        return full


def reduce(program: Program, opened: Bools, taken: Bools) -> Reduced:
    """`program` where only the `opened` columns [n] are free, and of the others just the `taken` ones are chosen.

    A candidate with a fixed line has nothing left to choose. A hard row that no open column speaks of is left out and
    checked instead; a priced one stays, so that what its violation costs is part of the smaller program's value.
    """
    columns = np.flatnonzero(opened & (program.fixed < 0))
    lines = np.unique(program.groups[(program.fixed == 1) & (program.groups >= 0)])
    if len(lines):
        columns = columns[~np.isin(program.groups[columns], lines)]
    done: Bools = taken | (program.fixed == 1)
    part = sparse.csr_array(program.matrix[:, columns])
    used: Ints = np.asarray(program.matrix @ done.astype(np.int64), np.int64)
    lower = np.where(program.lower <= -OPEN, -OPEN, program.lower - used)
    upper = np.where(program.upper >= OPEN, OPEN, program.upper - used)
    soft = np.isfinite(program.prices)
    spoken = np.diff(part.indptr) > 0
    kept = np.flatnonzero(spoken | soft)
    silent = ~spoken & ~soft
    broken = bool(((lower > 0) & (lower > -OPEN) & silent).any() or ((upper < 0) & silent).any())
    small = replace(
        program,
        gain=program.gain[columns],
        matrix=sparse.csr_array(part[kept, :]),
        lower=lower[kept],
        upper=upper[kept],
        groups=program.groups[columns],
        fixed=np.full(len(columns), -1, np.int8),
        clauses=tuple(program.clauses[r] for r in kept),
    )
    return Reduced(small, columns, kept, done, int(sum(program.gain[done].tolist())), broken)
