"""Multipliers of a program's rows: those of its relaxation, for a large one by a part of it that grows.

For given multipliers every group has its best choice, and the relaxation's optimum is where those choices and the few
groups in between fit the rows. So, from a sample's multipliers on, the relaxation is solved over the groups whose
choice is least certain and those of sparse rows that do not fit, the others taken as decided; multipliers move no
further than a trust region lets them, and are kept where the bound falls. Any multipliers prove a bound: stopping early
costs tightness, never truth.

Source: the stabilised cutting-plane and bundle methods for Lagrangian duals (Marsten, Hogan & Blankenship 1975).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Program
from allocator.solve.highs import lp_multipliers
from allocator.solve.price import by_group
from allocator.solve.reduce import reduce

WHOLE = 5_000
"""Columns up to which the relaxation is solved whole."""

SAMPLE = (1_000, 2_500)
"""Groups in the first sample: a fifth of all, within these."""

CORE = (600, 4_000)
"""Groups in doubt that are solved over at first: a fiftieth of all, within these."""

ROUNDS = 30

CLOSE = 1e-6
"""A bound that falls by no more than this share, or by this part of the gap asked for, has not fallen."""

PART = 0.03

STILL = 1e-9
"""A bound that falls by no more than this share is that of the whole relaxation."""

PATIENCE = 2
"""Rounds that hardly fall after which to stop; one that rises only went too far."""

NEAR = 2.0
"""Choices that lose up to this many times the largest margin of the part are solved over; the others are left out."""

FICKLE = 3
"""Groups that choose otherwise, in sizes of the part, after a step that went too far to learn from."""

FINE = 1e-4
"""A reach below this moves nothing that matters."""

TRUST = 0.05
"""How far, as a share, multipliers may move at first."""

Floats = npt.NDArray[np.float64]


def multipliers(
    program: Program, seconds: float, stop: threading.Event | None = None, gap: float = 0.0
) -> Floats | None:
    """Multipliers [m] in units of gain per unit of row, near enough for `gap`; None where none were found in time."""
    if len(program.gain) <= WHOLE or (program.groups < 0).any():
        return lp_multipliers(program, seconds, stop=stop)
    end = time.monotonic() + seconds
    view = _View(program)
    y = view.sampled(seconds, stop)
    seen = view.at(y)
    size, reach, still = _within(view.count // 50, CORE), TRUST, 0
    close = max(CLOSE, PART * gap)
    view.learn(seen, seen, size)
    for _ in range(ROUNDS):
        left = end - time.monotonic()
        if left <= 0 or (stop is not None and stop.is_set()):
            break
        found = view.over(seen, size, y, reach, left, stop)
        if found is None:
            size = 2 * size
            continue
        new = view.at(found)
        view.learn(seen, new, size)
        fell = (seen.bound - new.bound) / abs(seen.bound)
        if new.bound < seen.bound:
            y, seen = found, new
        still += abs(fell) < close
        if still == PATIENCE or reach < FINE or 0 <= fell < STILL:
            break
        reach = min(4 * reach, 1.0) if fell > 0 else reach / 3
    return y


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the groups choose at given multipliers.

    bound   what those prove
    choice  int64 [groups]: a column, or −1 for none
    margin  float64 [groups]: over the next best
    loss    float64 [n]: what a column is worth less than its group's choice
    """

    bound: float
    choice: npt.NDArray[np.int64]
    margin: Floats
    loss: Floats


class _View:
    """A program's groups, sorted once, and what they choose at given multipliers, in floats."""

    def __init__(self, program: Program) -> None:
        self.program = program
        n = len(program.gain)
        m = program.matrix
        self.matrix = sparse.csr_array((m.data.astype(np.float64), m.indices, m.indptr), shape=m.shape)
        self.gain = program.gain.astype(np.float64)
        self.lower, self.upper = (b.astype(np.float64) for b in (program.lower, program.upper))
        self.price = program.prices
        self.free = program.fixed < 0
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
        self.lined = np.zeros(self.count, bool)
        self.lined[self.of[program.fixed == 1]] = True
        filled = np.diff(m.indptr)
        self.sparse = filled <= max(n // 200, 50)
        self.few = np.flatnonzero(self.sparse)
        self.local = sparse.csr_array(self.matrix[self.few, :])
        self.spoken = sparse.csr_array(
            (np.ones(len(self.local.data)), self.local.indices, self.local.indptr), shape=self.local.shape
        )
        heavy = np.maximum(program.sizes @ np.ones(n) / np.maximum(filled, 1), 1e-12)
        self.usual = 0.1 * float(np.abs(self.gain[self.free]).mean()) / heavy
        self.base = np.asarray(self.matrix @ (program.fixed == 1).astype(np.float64))
        self.near = np.zeros(n, bool)
        self.moved = np.zeros(self.count, bool)

    def learn(self, before: _Seen, now: _Seen, size: int) -> None:
        """Note what was near at these multipliers, and which groups chose otherwise than before: they stay in doubt.

        Where nearly all of them did, the step went much too far and says nothing.
        """
        changed = now.choice != before.choice
        if changed.sum() > FICKLE * size:
            return
        self.moved |= changed
        self.near |= now.loss <= NEAR * self.edge(now, size)
        self.near[now.choice[changed & (now.choice >= 0)]] = True
        self.near[before.choice[changed & (before.choice >= 0)]] = True

    def edge(self, seen: _Seen, size: int) -> float:
        """The margin that the `size` closest groups have at most."""
        at = min(size, self.count - 1)
        return max(float(np.partition(seen.margin, at)[at]), 0.0)

    def at(self, y: Floats) -> _Seen:
        """The choices at y; one pass over the matrix."""
        reduced = self.gain - self.matrix.T @ y
        fixed = float(reduced[self.program.fixed == 1].sum())
        reduced[~self.free] = -np.inf
        ordered = reduced if self.order is None else reduced[self.order]
        top = np.maximum.reduceat(ordered, self.starts)
        places = np.flatnonzero(ordered == np.repeat(top, self.sizes))
        first = places[np.r_[True, np.diff(self.place[places]) > 0]]
        rival = ordered.copy()
        rival[first] = -np.inf
        second = np.maximum(np.maximum.reduceat(rival, self.starts), 0.0)
        takes = (top > 0) & ~self.lined
        choice = np.where(takes, first if self.order is None else self.order[first], -1)
        margin = np.where(takes, top - second, np.where(self.lined, np.inf, -top))
        above = np.where(self.lined, 0.0, np.maximum(top, 0.0))
        constant = np.where(y > 0, y * self.upper, np.where(y < 0, y * self.lower, 0.0)).sum()
        return _Seen(float(constant + fixed + above.sum()), choice, margin, above[self.of] - reduced)

    def unsettled(self, choice: npt.NDArray[np.int64], y: Floats) -> npt.NDArray[np.bool_]:
        """The groups of sparse rows that the choices break, or leave room in though it has a price."""
        found = np.zeros(self.count, bool)
        if not len(self.few):
            return found
        taken = np.zeros(len(self.gain))
        taken[choice[choice >= 0]] = 1.0
        activity = self.local @ taken + self.base[self.few]
        lower, upper, y = self.lower[self.few], self.upper[self.few], y[self.few]
        broken = (activity > upper) | (activity < lower)
        broken |= ((y > 0) & (activity < upper)) | ((y < 0) & (activity > lower))
        if broken.any():
            found[self.of[self.local[np.flatnonzero(broken), :].indices]] = True
        return found

    def together(self, core: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """`core` with all groups of each sparse row that speaks of one: such a row is decided whole."""
        found = core.copy()
        if not len(self.few):
            return found
        touched = self.spoken @ core[self.of].astype(np.float64) > 0
        if touched.any():
            found[self.of[self.local[np.flatnonzero(touched), :].indices]] = True
        return found

    def over(
        self,
        seen: _Seen,
        size: int,
        y: Floats,
        reach: float,
        seconds: float,
        stop: threading.Event | None,
    ) -> Floats | None:
        """The multipliers of the relaxation over the `size` closest groups, the others as chosen; None: it has none.

        A sparse row whose groups are all in it may have any multiplier. Any other row's stays within `reach` of y, as
        a share of it (upwards also of the row's usual worth): its least worth is taken off the gains beforehand, and
        the rest is the price of violating it. A row with two bounds has its multiplier measured from the lower end,
        so that it is one-sided too. Of the groups' choices those that lose much are left out: a part may be any.
        """
        closest = seen.margin <= self.edge(seen, size)
        torn = self.together(closest | self.moved | self.unsettled(seen.choice, y))
        opened = torn[self.of] & (self.near | (seen.loss <= 0))
        taken = np.zeros(len(self.gain), bool)
        taken[seen.choice[(seen.choice >= 0) & ~torn]] = True
        rest = reduce(self.program, opened, taken)
        if rest.broken:
            return None
        free = np.zeros(len(y), bool)
        free[self.few] = self.spoken @ (~torn[self.of]).astype(np.float64) == 0
        step = reach * np.maximum(np.abs(y), self.usual)
        both = (self.lower > -OPEN) & (self.upper < OPEN)
        least = np.where(both, np.maximum(y - step, -self.price), y * (1 - reach))
        least = np.where(free, 0.0, least)
        most = np.where(both, np.minimum(y + step, self.price) - least, np.abs(y) + step - np.abs(least))
        edges = np.where(
            free, self.price, np.minimum(most, self.price - np.where(both, least, np.abs(least)))
        )
        upward = (both & ~free)[rest.rows]
        inside = np.zeros(len(y), bool)
        inside[rest.rows] = True
        base = np.where(inside, least, y)
        worth = (self.matrix.T @ base)[rest.columns]
        small = replace(
            rest.program,
            gain=rest.program.gain - np.rint(worth).astype(np.int64),
            lower=np.where(upward, -OPEN, rest.program.lower),
        )
        found = lp_multipliers(small, seconds, stop=stop, prices=np.maximum(edges, 0.0)[rest.rows])
        if found is None:
            return None
        full = np.asarray(y.copy())
        full[rest.rows] = least[rest.rows] + found
        return full

    def sampled(self, seconds: float, stop: threading.Event | None) -> Floats:
        """Multipliers of a random sample of the groups, with the tying rows' room in proportion."""
        draw = np.random.default_rng(0)
        kept = np.zeros(self.count, bool)
        open_ = np.flatnonzero(~self.lined)
        size = _within(self.count // 5, SAMPLE)
        kept[draw.permutation(open_)[:size]] = True
        share = min(1.0, size / max(len(open_), 1))
        program = self.program
        columns = np.flatnonzero(kept[self.of] & self.free)
        wide = np.flatnonzero(~self.sparse)
        low = np.where(program.lower <= -OPEN, -OPEN, np.rint((self.lower - self.base) * share))
        high = np.where(program.upper >= OPEN, OPEN, np.rint((self.upper - self.base) * share))
        small = replace(
            program,
            gain=program.gain[columns],
            matrix=sparse.csr_array(program.matrix[wide, :][:, columns]),
            lower=low[wide].astype(np.int64),
            upper=high[wide].astype(np.int64),
            groups=program.groups[columns],
            fixed=np.full(len(columns), -1, np.int8),
            clauses=tuple(program.clauses[r] for r in wide),
        )
        y = np.zeros(len(program.clauses))
        found = lp_multipliers(small, seconds, stop=stop)
        if found is not None:
            y[wide] = found
        return y


def _within(size: int, ends: tuple[int, int]) -> int:
    return max(ends[0], min(size, ends[1]))
