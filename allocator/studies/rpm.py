"""Robust Portfolio Modeling: which portfolios no other beats for every admissible weight and score.

With weights from a polytope and scores from intervals, one portfolio dominates another where it is at least as good at
every extreme point of the weights, at its own lowest scores against the other's highest (what both hold cancels), and
better at one. A candidate's core index is the share of the nondominated portfolios that hold it: core (all),
borderline, exterior (none). Sources: Liesiö, Mild & Salo (2007, 2008).

Groups are decided one after another. A partial portfolio is dropped where even its best completion, by the multipliers'
bound at each extreme point, is dominated by a portfolio already known.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Bools, Ints, Program
from allocator.solve import solve
from allocator.solve.highs import lp_multipliers
from allocator.solve.scaled import Floats
from allocator.studies.polytope import Weights

MANY = 400_000
"""Partial portfolios at which the search is given up."""

PROBES = 40
"""Draws of weights whose best portfolios are known before the search begins, beside those of the extreme points."""


@dataclass(frozen=True, eq=False)
class Portfolios:
    """Nondominated portfolios bool [p, n]; `exact`: all there are, else those that draws of weights have met."""

    plans: npt.NDArray[np.bool_]
    exact: bool

    def index(self, columns: npt.NDArray[np.bool_]) -> Fraction:
        """The core index of whatever `columns` [n] belong to: the share of the portfolios that hold one of them."""
        return Fraction(int((self.plans & columns).any(axis=1).sum()), len(self.plans))


def nondominated_portfolios(
    program: Program,
    scores: Sequence[Ints],
    weights: Weights,
    highest: Sequence[Ints] | None = None,
    *,
    stop: threading.Event | None = None,
    seed: int = 0,
) -> Portfolios | None:
    """All portfolios of `program`'s rows that none dominates; None where they are too many to enumerate, or stopped.

    `scores` [k, n]: each column's score under each criterion, in whole units; with `highest`, the lower ends of
    intervals whose upper ends those are. Priced rows raise `ValueError`.
    """
    if any(c.price is not None for c in program.clauses):
        raise ValueError("portfolios are compared by their scores alone; this program has priced rows")
    low, high = _at_extremes(scores, weights), _at_extremes(highest or scores, weights)
    search = _Search(program, low, high)
    search.probe(weights, scores, seed, stop)
    plans = search.all(stop)
    return None if plans is None else Portfolios(_filtered(plans, low, high), exact=True)


def _at_extremes(scores: Sequence[Ints], weights: Weights) -> npt.NDArray[np.int64]:
    """The columns' values at each extreme point [e, n], each scaled by itself to whole numbers."""
    found = []
    for point in weights.extremes:
        common = math.lcm(*(w.denominator for w in point))
        found.append(
            sum(int(w * common) * np.asarray(s, np.int64) for w, s in zip(point, scores, strict=True))
        )
    return np.array(found, np.int64)


class _Search:
    def __init__(self, program: Program, low: Ints, high: Ints) -> None:
        self.program, self.low, self.high = program, low, high
        self.known: list[Bools] = []

    def probe(
        self, weights: Weights, scores: Sequence[Ints], seed: int, stop: threading.Event | None
    ) -> None:
        """Note the best portfolio at each extreme point and at some weights within."""
        rows = [*self.low]
        for drawn in weights.drawn(PROBES, seed):
            rows.append(np.asarray(np.rint(1000 * drawn @ np.array(scores, np.float64)), np.int64))
        for gain in rows:
            if stop is not None and stop.is_set():
                return
            found = solve(replace(self.program, gain=gain), gap=0, time_limit=20, stop=stop)
            if found.chosen is not None and not any((found.chosen == k).all() for k in self.known):
                self.known.append(found.chosen)

    def all(self, stop: threading.Event | None) -> npt.NDArray[np.bool_] | None:
        """Every feasible portfolio that no known one is certain to dominate; None where there are too many."""
        program = self.program
        y = np.array([_multipliers(replace(program, gain=g)) for g in self.high])
        dense = program.matrix.toarray().astype(np.int64)
        reduced = self.high - y @ dense
        # in floats, whose rounding is given away to the completion
        held = np.where(y > 0, np.minimum(program.upper, OPEN), np.maximum(program.lower, -OPEN)).astype(
            float
        )
        ends = (y * held).sum(axis=1)
        slack = 1e-9 * (np.abs(self.high).sum(axis=1) + np.abs(y * held).sum(axis=1)) + 1e-6
        best = (
            np.array([self.low @ k for k in self.known]).reshape(len(self.known), len(self.low)).astype(float)
        )
        slots = _slots(program)
        order = sorted(range(len(slots)), key=lambda i: -float(self.high[:, slots[i]].max(initial=0)))
        slots = [slots[i] for i in order]
        gains = [np.maximum(reduced[:, s].max(axis=1, initial=0), 0) for s in slots]
        still = np.zeros((len(slots) + 1, len(self.high)))
        up, down = (
            np.zeros((len(slots) + 1, len(dense)), np.int64),
            np.zeros((len(slots) + 1, len(dense)), np.int64),
        )
        for i in range(len(slots) - 1, -1, -1):
            still[i] = still[i + 1] + gains[i]
            up[i] = up[i + 1] + np.maximum(dense[:, slots[i]].max(axis=1, initial=0), 0)
            down[i] = down[i + 1] + np.minimum(dense[:, slots[i]].min(axis=1, initial=0), 0)
        base = program.fixed == 1
        plans = base[np.newaxis, :]
        used = (dense @ base)[np.newaxis, :]
        worth = (reduced @ base)[np.newaxis, :]
        for i, slot in enumerate(slots):
            if stop is not None and stop.is_set():
                return None
            parts = [(plans, used, worth)]
            for k in slot:
                more = plans.copy()
                more[:, k] = True
                parts.append((more, used + dense[:, k], worth + reduced[:, k]))
            plans, used, worth = (np.concatenate(p) for p in zip(*parts, strict=True))
            fits = (used + up[i + 1] >= program.lower).all(axis=1) & (
                used + down[i + 1] <= program.upper
            ).all(axis=1)
            plans, used, worth = plans[fits], used[fits], worth[fits]
            open_ = ~_beaten(worth + still[i + 1] + ends + slack, best)
            plans, used, worth = plans[open_], used[open_], worth[open_]
            if len(plans) > MANY:
                return None
        return np.asarray(plans, bool)


def _multipliers(program: Program) -> Floats:
    y = lp_multipliers(program)
    return np.zeros(len(program.clauses)) if y is None else y


def _slots(program: Program) -> list[npt.NDArray[np.intp]]:
    """The free columns by group, lone ones by themselves; a group with a fixed line has nothing to choose."""
    lines = set(program.groups[(program.fixed == 1) & (program.groups >= 0)].tolist())
    found: dict[int, list[int]] = {}
    for k in np.flatnonzero(program.fixed == -1).tolist():
        group = int(program.groups[k])
        if group not in lines:
            found.setdefault(group if group >= 0 else -1 - k, []).append(k)
    return [np.array(own, np.intp) for own in found.values()]


def _beaten(reach: Floats, best: Floats) -> npt.NDArray[np.bool_]:
    """Whether some known portfolio is above what a partial one can reach, at every extreme point [s]."""
    beaten = np.zeros(len(reach), bool)
    for row in best:
        beaten |= (row > reach).all(axis=1)
    return beaten


def _filtered(plans: npt.NDArray[np.bool_], low: Ints, high: Ints) -> npt.NDArray[np.bool_]:
    """The portfolios that no other of them dominates."""
    x = plans.astype(np.int64)
    lowest, highest, width = x @ low.T, x @ high.T, high - low
    kept = np.ones(len(x), bool)
    certain = not width.any()
    for i in np.argsort(-lowest.sum(axis=1).astype(float), kind="stable"):
        if not kept[i]:
            continue
        others = np.flatnonzero(kept)
        less = lowest[i] - highest[others]
        if not certain:  # what both hold cancels
            less = less + (x[others] * x[i]) @ width.T
        beaten = (less >= 0).all(axis=1) & (less > 0).any(axis=1)
        kept[others[beaten & (others != i)]] = False
    return plans[kept]
