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
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Program
from allocator.solve.highs import lp_multipliers
from allocator.solve.reduce import reduce

WHOLE = 12_000
"""Columns up to which the relaxation is solved whole."""

SAMPLE = 2_500
"""Groups in the first sample."""

CORE = 2_000
"""Groups in doubt that are solved over at first."""

ROUNDS = 30

CLOSE = 1e-6
"""A bound that falls by no more than this share has not fallen."""

PATIENCE = 2
"""Rounds that hardly fall after which to stop; one that rises only went too far."""

FINE = 1e-4
"""A reach below this moves nothing that matters."""

TRUST = 0.03
"""How far, as a share, multipliers may move at first."""

Floats = npt.NDArray[np.float64]


def multipliers(program: Program, seconds: float, stop: threading.Event | None = None) -> Floats | None:
    """Multipliers [m] in units of gain per unit of row; None where none were found in time."""
    if len(program.gain) <= WHOLE or (program.groups < 0).any():
        return lp_multipliers(program, seconds, stop=stop)
    end = time.monotonic() + seconds
    view = _View(program)
    y = view.sampled(seconds, stop)
    bound, choice, margin = view.at(y)
    size, reach, still = CORE, TRUST, 0
    for _ in range(ROUNDS):
        left = end - time.monotonic()
        if left <= 0 or (stop is not None and stop.is_set()):
            break
        core = margin <= np.partition(margin, min(size, view.count - 1))[min(size, view.count - 1)]
        core = view.together(core | view.unsettled(choice, y))
        found = view.over(core, choice, y, reach, left, stop)
        if found is None:
            size = 2 * size
            continue
        new, chosen, margins = view.at(found)
        fell = (bound - new) / abs(bound)
        if new < bound:
            y, bound, choice, margin = found, new, chosen, margins
        still += abs(fell) < CLOSE
        if still == PATIENCE or reach < FINE:
            break
        reach = min(2 * reach, 1.0) if fell > 0 else reach / 3
    return y


class _View:
    """A program's groups, sorted once, and what they choose at given multipliers, in floats."""

    def __init__(self, program: Program) -> None:
        self.program = program
        n = len(program.gain)
        self.matrix = program.matrix.astype(np.float64)
        self.across = sparse.csr_array(self.matrix.T)
        self.gain = program.gain.astype(np.float64)
        self.lower, self.upper = (b.astype(np.float64) for b in (program.lower, program.upper))
        self.price = np.array([np.inf if c.price is None else float(c.price) for c in program.clauses])
        free = program.fixed < 0
        values, self.of = np.unique(program.groups, return_inverse=True)
        self.count = len(values)
        order = np.lexsort((np.arange(n), self.of))
        self.order, self.starts = order, np.searchsorted(self.of[order], np.arange(self.count))
        self.free = free
        lined = np.zeros(self.count, bool)
        lined[self.of[program.fixed == 1]] = True
        self.lined = lined
        self.sparse = np.diff(program.matrix.indptr) <= max(n // 200, 50)
        sizes = np.abs(self.matrix)
        self.spoken = sparse.csr_array(
            (np.ones(len(sizes.data)), sizes.indices, sizes.indptr), shape=sizes.shape
        )
        heavy = np.maximum(sizes.sum(axis=1) / np.maximum(np.diff(program.matrix.indptr), 1), 1e-12)
        self.usual = 0.1 * float(np.abs(self.gain[free]).mean()) / heavy
        self.base = np.asarray(self.matrix @ (program.fixed == 1).astype(np.float64))

    def at(self, y: Floats) -> tuple[float, npt.NDArray[np.int64], Floats]:
        """The bound at y, each group's choice (a column, or −1 for none), and its margin over the next best."""
        reduced = np.where(self.free, self.gain - self.across @ y, -np.inf)
        ordered = reduced[self.order]
        top = np.maximum.reduceat(ordered, self.starts)
        at = np.repeat(top, np.diff(np.r_[self.starts, len(ordered)])) == ordered
        place = np.where(at, np.arange(len(ordered)), len(ordered))
        first = np.minimum.reduceat(place, self.starts)
        rival = ordered.copy()
        rival[np.minimum(first, len(ordered) - 1)] = -np.inf
        second = np.maximum(np.maximum.reduceat(rival, self.starts), 0.0)
        takes = (top > 0) & ~self.lined
        choice = np.where(takes, self.order[np.minimum(first, len(ordered) - 1)], -1)
        margin = np.where(takes, top - second, np.where(self.lined, np.inf, -top))
        constant = np.where(y > 0, y * self.upper, np.where(y < 0, y * self.lower, 0.0)).sum()
        fixed = (self.gain - self.across @ y)[self.program.fixed == 1].sum()
        return float(constant + fixed + np.maximum(top, 0.0)[~self.lined].sum()), choice, margin

    def unsettled(self, choice: npt.NDArray[np.int64], y: Floats) -> npt.NDArray[np.bool_]:
        """The groups of sparse rows that the choices break, or leave room in though it has a price."""
        taken = np.zeros(len(self.gain))
        taken[choice[choice >= 0]] = 1.0
        activity = self.matrix @ taken + self.base
        broken = (activity > self.upper) | (activity < self.lower)
        broken |= ((y > 0) & (activity < self.upper)) | ((y < 0) & (activity > self.lower))
        broken &= self.sparse
        found = np.zeros(self.count, bool)
        if broken.any():
            found[self.of[self.program.matrix[np.flatnonzero(broken), :].indices]] = True
        return found

    def together(self, core: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """`core` with all groups of each sparse row that speaks of one: such a row is decided whole."""
        opened = core[self.of].astype(np.float64)
        touched = self.sparse & (self.spoken @ opened > 0)
        found = core.copy()
        if touched.any():
            found[self.of[self.program.matrix[np.flatnonzero(touched), :].indices]] = True
        return found

    def over(
        self,
        core: npt.NDArray[np.bool_],
        choice: npt.NDArray[np.int64],
        y: Floats,
        reach: float,
        seconds: float,
        stop: threading.Event | None,
    ) -> Floats | None:
        """The multipliers of the relaxation over the core's groups, the others as chosen; None where it has none.

        A sparse row whose groups are all in the core may have any multiplier. Any other row's stays within `reach` of
        y, as a share of it (upwards also of the row's usual worth): its least worth is taken off the gains
        beforehand, and the rest is the price of violating it. A row with two bounds has its multiplier measured from
        the lower end, so that it is one-sided too.
        """
        opened = core[self.of]
        taken = np.zeros(len(self.gain), bool)
        taken[choice[(choice >= 0) & ~core]] = True
        rest = reduce(self.program, opened, taken)
        if rest.broken:
            return None
        free = self.sparse & (self.spoken @ (~opened).astype(np.float64) == 0)
        step = reach * np.maximum(np.abs(y), self.usual)
        both = (self.lower > -OPEN) & (self.upper < OPEN)
        least = np.where(both, np.maximum(y - step, -self.price), y * (1 - reach))
        least = np.where(free, 0.0, least)
        most = np.where(both, np.minimum(y + step, self.price) - least, np.abs(y) + step - np.abs(least))
        edge = np.where(free, self.price, np.minimum(most, self.price - np.where(both, least, np.abs(least))))
        edge = np.maximum(edge, 0.0)[rest.rows]
        upward = (both & ~free)[rest.rows]
        lower = np.where(upward, -OPEN, rest.program.lower)
        clauses = tuple(
            replace(c, price=Fraction(float(e)) if np.isfinite(e) else None)
            for c, e in zip(rest.program.clauses, edge, strict=True)
        )
        base = np.where(np.isin(np.arange(len(y)), rest.rows), least, y)
        gain = rest.program.gain - np.rint((self.across @ base)[rest.columns]).astype(np.int64)
        small = replace(rest.program, gain=gain, lower=lower, clauses=clauses)
        found = lp_multipliers(small, seconds, stop=stop)
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
        kept[draw.permutation(open_)[:SAMPLE]] = True
        share = min(1.0, SAMPLE / max(len(open_), 1))
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
