"""The plan that is worth most when its bad draws count too: value less a price on the mean of its worst losses (CVaR).

With V(L) the best value of plans whose CVaR is at most L, the most of V(L) − price · L is looked for over L. V rises
with L, so between two limits no plan is worth more than V's bound at the upper one less the price of the lower one:
intervals are halved, the most promising first, until none can beat the plan at hand by more than the gap. Each V(L) is
solved by rows over sets of draws, as in `regret.py`; a set that was found holds for every limit. Before that, means of
tails in the place of the worst one give a bound, each by one solve of other gains: often that is all it takes.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.change import Change
from allocator.program import OPEN, Bools, Ints
from allocator.solve.outcome import Outcome
from allocator.studies.regret import size_of, worst_of
from allocator.studies.solves import Solves, bound_of, rows

ROUNDS = 20
"""Means of tails that are tried for a bound before limits are."""

MOST = 200
"""Limits that are tried at most."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """The plan worth most by value less `price` · CVaR, and what no plan exceeds.

    total, bound    in units of gain; value: its own value alone; cvar: in yuan; limits: how many were tried
    """

    chosen: Bools
    total: Fraction
    bound: Fraction
    value: Fraction
    cvar: Fraction
    limits: int


class _Search:
    def __init__(self, solves: Solves, losses: Ints, rate: Fraction, alpha: Fraction) -> None:
        self.solves, self.losses, self.alpha, self.program = solves, losses, alpha, solves.program
        self.rate = rate / size_of(len(losses), alpha)
        self.sets: list[Ints] = []
        self.chosen: Bools | None = None
        self.total = Fraction(0)

    def lost(self, plan: Bools) -> tuple[int, Ints]:
        """What a plan loses in its worst draws together, and what each column loses in these."""
        worst = worst_of(self.losses[:, plan].sum(axis=1), self.alpha)
        column = self.losses[worst].sum(axis=0)
        return int(column[plan].sum()), column

    def note(self, plan: Bools) -> int:
        """Keep the better plan; what this one loses."""
        lost, _ = self.lost(plan)
        total = self.program.value(plan) - self.rate * lost
        if self.chosen is None or total > self.total:
            self.chosen, self.total = plan, total
        return lost

    def within(self, limit: int) -> Outcome:
        """The best plan that loses at most `limit` in its worst draws; without one where that was not settled."""
        while True:
            lines = [(column, -OPEN, limit) for column in self.sets]
            outcome = self.solves(Change(added=rows(lines, "cvar")) if lines else Change(), self.chosen)
            if outcome.chosen is None:
                return outcome
            lost, column = self.lost(outcome.chosen)
            self.note(outcome.chosen)
            if lost <= limit or outcome.reason == "interrupted":
                return outcome
            self.sets.append(column)

    def covered(self, plan: Bools) -> Fraction | None:
        """A bound: the mean of any tails of draws is never above the worst one, so with it in the gains none is lost.

        Each round adds the tail of the plan that the last mean made best.
        """
        tails = [self.lost(plan)[1]]
        best: Fraction | None = None
        for _ in range(ROUNDS):
            share = self.rate / len(tails)
            lost = sum(t.astype(object) for t in tails)
            own = self.program.gain.astype(object) * share.denominator
            gain = -((lost * share.numerator - own) // share.denominator)  # rounded up: a bound all the same
            change = Change(gain=gain.astype(np.int64))
            outcome = self.solves(change, self.chosen)
            found = bound_of(self.program.with_(change), outcome)
            best = found if best is None else best if found is None else min(best, found)
            if outcome.chosen is None or best is None or self.solves.ended:
                break
            self.note(outcome.chosen)
            if best <= self.total + Fraction(self.solves.gap) * abs(self.total):
                break
            tails.append(self.lost(outcome.chosen)[1])
        return best

    def run(self) -> tuple[Fraction, int] | None:
        """The bound, and how many limits were tried; None where there is no plan."""
        first = self.solves(Change())
        bound = bound_of(self.program, first)
        if first.chosen is None or bound is None:
            return None
        top = self.note(first.chosen)
        own = self.covered(first.chosen)
        cover = bound if own is None else min(bound, own)
        closed = bound - self.rate * top  # of plans that lose as much or more
        count = itertools.count()
        heap = [(-bound, next(count), 0, top - 1, bound)] if top > 0 else []
        tried = 0
        while heap and tried < MOST and not self.solves.ended:
            slack = Fraction(self.solves.gap) * abs(self.total)
            if min(-heap[0][0], cover) <= max(self.total, closed) + slack:
                break
            reach, _, low, high, above = heapq.heappop(heap)
            limit = (low + high) // 2
            tried += 1
            outcome = self.within(limit)
            found = bound_of(self.program, outcome)
            if outcome.reason == "infeasible":
                parts: Iterator[tuple[int, int, Fraction]] = iter([(limit + 1, high, above)])
            elif outcome.chosen is None or found is None or outcome.reason == "interrupted":
                heapq.heappush(heap, (reach, next(count), low, high, above))
                break
            else:
                lost, found = self.lost(outcome.chosen)[0], min(found, above)
                closed = max(closed, found - self.rate * lost)
                parts = iter([(low, lost - 1, found), (limit + 1, high, above)])
            for a, b, own in parts:
                if a <= b:
                    heapq.heappush(heap, (-(own - self.rate * a), next(count), a, b, own))
        left = [-reach for reach, *_ in heap]
        return max(self.total, min(cover, max([closed, *left], default=closed))), tried


def weighed(
    solves: Solves, losses: Ints, rate: Fraction, alpha: Fraction = Fraction(95, 100)
) -> Weighed | None:
    """The best plan by value − `rate` · CVaR of `losses` [draws, n]; `rate`: units of gain for one yuan.

    None where there is no plan. Stopped early, the bound holds all the same.
    """
    search = _Search(solves, np.asarray(losses, np.int64), rate, alpha)
    found = search.run()
    if found is None or search.chosen is None:
        return None
    plan = search.chosen
    at = Fraction(search.lost(plan)[0], size_of(len(losses), alpha))
    return Weighed(plan, search.total, found[0], solves.program.value(plan), at, found[1])
