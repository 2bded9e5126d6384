"""What is known of a program without any solver: trivial answers, a trivial bound, the steps its value can take."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from allocator.program import OPEN, Bools, Program


def step(program: Program) -> Fraction:
    """The greatest number that divides every value a plan can have; 0 where every plan is worth 0.

    A sum of gains and of prices × violations is a whole multiple of it, so a bound may be rounded down to one. What a
    row's coefficients and bounds have in common, its violations have too.
    """
    parts = [Fraction(int(np.gcd.reduce(program.gain)) if len(program.gain) else 0)]
    m = program.matrix
    for r in np.flatnonzero(np.isfinite(program.prices)):
        price = program.clauses[r].price
        bounds = [int(b) for b in (program.lower[r], program.upper[r]) if abs(b) < OPEN]
        common = math.gcd(int(np.gcd.reduce(m.data[m.indptr[r] : m.indptr[r + 1]], initial=0)), *bounds)
        parts.append((price or Fraction(0)) * common)
    shared = math.lcm(*(p.denominator for p in parts))
    return Fraction(math.gcd(*(int(p * shared) for p in parts)), shared)


def floor_to(step: Fraction, bound: Fraction) -> Fraction:
    """The largest value that a plan can have at or below `bound`."""
    return step * math.floor(bound / step) if step else min(bound, Fraction(0))


def best_of_groups(program: Program) -> Bools:
    """The best choice bool [n] when no row binds: each group's best gain above 0, and what is fixed."""
    free = program.fixed < 0
    chosen: Bools = program.fixed == 1
    lone = program.groups < 0
    chosen |= lone & free & (program.gain > 0)
    taken = program.groups[chosen & ~lone]
    open_ = np.flatnonzero(free & ~lone & (program.gain > 0) & ~np.isin(program.groups, taken))
    # by group, then the largest gain first, then the first column: ties are broken by order
    order = open_[np.lexsort((open_, -program.gain[open_], program.groups[open_]))]
    _, first = np.unique(program.groups[order], return_index=True)
    chosen[order[first]] = True
    return chosen


def group_bound(program: Program) -> Fraction:
    """A bound that is always true: the rows forgotten, each group's best gain, in units of gain."""
    return Fraction(sum(int(g) for g in program.gain[best_of_groups(program)]))


def impossible(program: Program) -> str | None:
    """Why no plan can be, where that needs no search: an empty row that does not hold, crossed bounds,
    clashing fixed lines.
    """
    own = program.groups[(program.fixed == 1) & (program.groups >= 0)]
    if len(own) != len(np.unique(own)):
        return "two fixed lines of one candidate"
    for r in np.flatnonzero(program.lower > program.upper):
        return str(program.clauses[r])
    empty = np.flatnonzero(np.diff(program.matrix.indptr) == 0)
    for r in empty:
        low, high = int(program.lower[r]), int(program.upper[r])
        clause = program.clauses[r]
        if clause.price is None and ((low > -OPEN and low > 0) or (high < OPEN and high < 0)):
            return str(clause)
    return None


def searched(program: Program) -> bool:
    """Whether the program needs a search at all: some free column, and some row that speaks of one."""
    return bool((program.fixed < 0).any()) and program.matrix.nnz > 0
