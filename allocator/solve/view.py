"""What every group of a large program chooses at given multipliers, in floats: sorted once, one pass a look.

Margins and losses are shares of the largest gain of the group: how far multipliers have to move before it chooses
otherwise is a share of what it costs, whatever its size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Bools, Program
from allocator.solve.local import Local
from allocator.solve.price import by_group

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

FEW, LEAST = 200, 50
"""A row ties few where it speaks of at most this part of the columns, or of so many."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What the groups choose at given multipliers.

    y       float64 [m]: those multipliers, of rows that tie few as they suit the rest
    bound   what they prove
    choice  int64 [groups]: a column, or −1 for none
    margin  float64 [groups]: over the next best, as a share of the group's largest gain
    loss    float64 [n]: what a column is worth less than its group's choice, as such a share
    """

    y: Floats
    bound: float
    choice: npt.NDArray[np.int64]
    margin: Floats
    loss: Floats


class View:
    """A program's groups, and the parts that are made of it.

    matrix        float64 CSC [m, n]: for products with multipliers, and for columns
    lower, upper  float64 [m]: what room the fixed lines leave, ±OPEN where open
    wide, few     rows that tie many, and those that tie few and can be broken at all
    of            int64 [n]: the group of each column; `dead` [n]: what cannot be chosen
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        n, m = len(program.gain), program.matrix
        self.matrix = sparse.csc_array(
            sparse.csr_array((m.data.astype(np.float64), m.indices, m.indptr), shape=m.shape)
        )
        self.gain = program.gain.astype(np.float64)
        self.price = program.prices
        self.order = by_group(program.groups)
        ordered = program.groups if self.order is None else program.groups[self.order]
        fresh = np.r_[True, np.diff(ordered) > 0]
        self.starts = np.flatnonzero(fresh)
        self.sizes = np.diff(np.r_[self.starts, n])
        self.count = len(self.starts)
        self.place = np.cumsum(fresh) - 1  # the group of each column in order
        self.of = self.place if self.order is None else np.empty(n, np.int64)
        if self.order is not None:
            self.of[self.order] = self.place
        lines = program.fixed == 1
        self.lined = np.zeros(self.count, bool)
        self.lined[self.of[lines]] = True
        self.dead = (program.fixed >= 0) | self.lined[self.of]
        self.lines = float(self.gain[lines].sum())
        used = np.asarray(self.matrix @ lines.astype(np.float64))
        self.lower = np.where(program.lower <= -OPEN, -float(OPEN), program.lower - used)
        self.upper = np.where(program.upper >= OPEN, float(OPEN), program.upper - used)
        self.heft = np.maximum(np.maximum.reduceat(self.sorted(np.abs(self.gain)), self.starts), 1.0)
        filled = np.diff(m.indptr)
        ties = filled <= max(n // FEW, LEAST)
        self.wide = np.flatnonzero(~ties)
        self.local = self._local(np.flatnonzero(ties))
        self.few = self.local.rows
        self.spoken = np.zeros(len(filled), bool)
        self.spoken[self.wide] = self.spoken[self.few] = True
        self.mass = np.array([np.abs(m.data[m.indptr[r] : m.indptr[r + 1]]).sum() for r in self.wide], float)
        self.near = np.zeros(n, bool)
        self.moved = np.zeros(self.count, bool)

    def _local(self, rows: Index) -> Local:
        part = sparse.csr_array(self.program.matrix[rows, :].astype(np.float64))
        part.data[self.dead[part.indices]] = 0.0
        part.eliminate_zeros()
        lower, upper = self.lower[rows], self.upper[rows]
        lower = np.where(lower <= -OPEN, -np.inf, lower)
        upper = np.where(upper >= OPEN, np.inf, upper)
        return Local(part, rows, lower, upper, self.price[rows], self.of)

    def sorted(self, values: Floats) -> Floats:
        """Values [n] by group."""
        return values if self.order is None else values[self.order]

    @cached_property
    def usual(self) -> Floats:
        """What a unit of each row [m] is worth by the order of magnitude: a tenth of a gain over a coefficient."""
        filled = np.maximum(np.diff(self.program.matrix.indptr)[self.wide], 1)
        found = np.zeros(len(self.price))
        live = np.abs(self.gain[~self.dead])
        found[self.wide] = (
            0.1 * float(live.mean() if len(live) else 0.0) / np.maximum(self.mass / filled, 1e-12)
        )
        return found

    @cached_property
    def shuffled(self) -> Index:
        """The groups that can be chosen, at random, those that rows of few tie together beside each other."""
        unit = self.local.units(self.count)
        turn = np.random.default_rng(0).permutation(int(unit.max()) + 1)[unit]
        order = np.argsort(turn, kind="stable")
        return order[~self.lined[order]]

    def at(self, y: Floats, sweeps: int = 1) -> Seen:
        """The choices at y, the rows of few seen to first; one pass over the matrix."""
        reduced = self.gain - self.matrix.T @ y
        if len(self.few):
            y, z = y.copy(), y[self.few]
            self.local.suit(reduced, z, sweeps)
            y[self.few] = z
        reduced[self.dead] = -np.inf
        ordered = self.sorted(reduced)
        top = np.maximum.reduceat(ordered, self.starts)
        places = np.flatnonzero(ordered == np.repeat(top, self.sizes))
        first = places[np.r_[True, np.diff(self.place[places]) > 0]]
        rival = ordered.copy()
        rival[first] = -np.inf
        second = np.maximum(np.maximum.reduceat(rival, self.starts), 0.0)
        takes = top > 0
        choice = np.where(takes, first if self.order is None else self.order[first], -1)
        margin = np.where(takes, top - second, -top) / self.heft
        above = np.maximum(top, 0.0)
        constant = np.where(y > 0, y * self.upper, np.where(y < 0, y * self.lower, 0.0)).sum()
        loss = (above[self.of] - reduced) / self.heft[self.of]
        return Seen(y, float(constant + self.lines + above.sum()), choice, margin, loss)

    def part(self, opened: Bools, taken: npt.NDArray[np.int64]) -> tuple[Program, Index] | None:
        """The program over the `opened` columns with the `taken` ones chosen, and its rows; None: it has no plan."""
        columns = np.flatnonzero(opened & ~self.dead)
        small = sparse.csr_array(self.matrix[:, columns])
        used = self.matrix[:, taken].sum(axis=1)
        lower = np.where(self.lower <= -OPEN, -OPEN, self.lower - used)
        upper = np.where(self.upper >= OPEN, OPEN, self.upper - used)
        filled = np.diff(small.indptr) > 0
        silent = self.spoken & ~filled & np.isinf(self.price)
        if (silent & ((lower > 0) | (upper < 0))).any():
            return None
        rows = np.flatnonzero(self.spoken & filled)
        return self._program(small, columns, rows, lower, upper), rows

    def sample(self, size: int) -> tuple[Program, Index]:
        """The program of `size` groups, and its rows: those that tie many with their room in proportion to amounts.

        A larger sample holds the smaller ones. A row of few is in it where all its groups are.
        """
        kept = np.zeros(self.count, bool)
        kept[self.shuffled[:size]] = True
        columns = np.flatnonzero(kept[self.of] & ~self.dead)
        small = sparse.csr_array(self.matrix[:, columns])
        filled = np.diff(small.indptr)
        share = np.ones(len(filled))
        ends = small.indptr
        for r, mass in zip(self.wide, self.mass, strict=True):
            share[r] = min(1.0, float(np.abs(small.data[ends[r] : ends[r + 1]]).sum()) / max(mass, 1e-12))
        lower = np.where(self.lower <= -OPEN, -OPEN, self.lower * share)
        upper = np.where(self.upper >= OPEN, OPEN, self.upper * share)
        whole = np.zeros(len(filled), bool)
        whole[self.wide] = True
        whole[self.few] = filled[self.few] == self.local.live
        rows = np.flatnonzero(whole & (filled > 0))
        return self._program(small, columns, rows, lower, upper), rows

    def _program(
        self, small: sparse.csr_array, columns: Index, rows: Index, lower: Floats, upper: Floats
    ) -> Program:
        program, body = self.program, sparse.csr_array(small[rows, :])
        return replace(
            program,
            gain=program.gain[columns],
            matrix=sparse.csr_array(
                (np.rint(body.data).astype(np.int64), body.indices, body.indptr), shape=body.shape
            ),
            lower=np.rint(lower[rows]).astype(np.int64),
            upper=np.rint(upper[rows]).astype(np.int64),
            groups=program.groups[columns],
            fixed=np.full(len(columns), -1, np.int8),
            clauses=tuple(program.clauses[r] for r in rows),
        )
