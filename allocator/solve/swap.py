"""Better plans by tabu search: at each step the best exchange of up to two choices, whether or not the rows hold.

Among the choices that lose least at the multipliers every pair is valued at once: what it loses, what it leaves unused
of the rows at the multipliers, and what it breaks, at a price that rises while rows are broken and falls while they
hold. So the search crosses between plans and what are none. A choice that was left may not be taken again for a few
steps. For hard knapsacks, whose rows all count: a step takes some 60 microseconds at 250 columns and 10 rows.

Sources: tabu search for the multidimensional knapsack (Glover & Kochenberger 1996; Vasquez & Hao 2001), cores by
losses at the multipliers (Balas & Zemel 1980; Puchinger, Raidl & Pferschy 2010).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocator.solve.caps import Caps, Places, closed
from allocator.solve.deficit import Floats
from allocator.solve.field import Field, Picks

TENURE = (1, 6)
"""Steps for which a choice that was left is not taken again: from the first to below the second, at random."""

DEARER, CHEAPER, CHEAPEST = 1.05, 0.95, 0.02
"""What a step makes of the price of a broken row; of all prices where none is; the least share of the first price."""

HAIR = 1e-9
"""What floats may be off, relatively."""


def _caps(field: Field, among: Places) -> Caps:
    """The closed sides of the rows that the choices `among` differ in."""
    costs, soft = field.costs, field.soft
    moved = field.takes[among] - field.takes[field.home[field.group[among]]]
    touched = (moved != 0).any(axis=0)
    row, sign, bound = closed(np.where(touched, costs.low, -np.inf), np.where(touched, costs.high, np.inf))
    upper = sign > 0
    over = np.where(upper, costs.over[row], costs.under[row])
    hard = np.isinf(over)
    dear = np.where(hard, np.where(upper, soft.over[row], soft.under[row]), over)
    return Caps(row, sign, bound, np.where(upper, costs.unused[row], costs.more[row]), dear, hard)


class Swaps:
    """A search among the `size` choices that lose least, from some choices of the field's."""

    def __init__(self, field: Field, size: int, picks: Picks, draw: np.random.Generator) -> None:
        self.field, self.draw = field, draw
        near = np.setdiff1d(np.arange(len(field.group)), field.home)
        near = near[np.argsort(field.loss[near], kind="stable")[:size]]
        self.groups = np.unique(field.group[near])
        self.among = np.sort(np.concatenate([near, field.home[self.groups]]))
        self.own = np.searchsorted(self.groups, field.group[self.among])
        self.single = len(self.among) == 2 * len(self.groups)
        self.loss = field.loss[self.among]
        self.sides = sides = _caps(field, self.among)
        self.takes = np.ascontiguousarray((field.takes[self.among][:, sides.row] * sides.sign).T)
        here = picks[self.groups]
        here = np.where(np.isin(here, self.among), here, field.home[self.groups])
        self.at = np.searchsorted(self.among, here)
        self.picks = picks.copy()
        self.picks[self.groups] = here
        self.excess = field.activity(self.picks)[sides.row] * sides.sign - sides.bound
        self.lost = float(field.loss[self.picks].sum())
        self.free = np.ones(len(self.among), bool)
        self.free[self.at] = False
        self.barred = np.zeros(len(self.among), np.int64)
        self.weight = np.ones(len(sides.row))
        self.steps = 0
        self.least = np.inf

    def step(self) -> Picks | None:
        """The choices after one exchange, if they are better than any before and no hard row is broken."""
        self.steps += 1
        moves = np.flatnonzero(self.free)
        left = self.at[self.own[moves]]
        change = np.zeros((len(self.excess), len(moves) + 1))  # the last move changes nothing
        np.subtract(self.takes[:, moves], self.takes[:, left], out=change[:, :-1])
        cost = self.costs(moves, left, change)
        place = int(cost.argmin())
        if not np.isfinite(cost.flat[place]):
            return None
        for k in divmod(place, len(moves) + 1):
            if k < len(moves):
                self.make(int(moves[k]), int(left[k]), change[:, k])
        sides = self.sides
        broken = sides.hard & (self.excess > HAIR * (1 + np.abs(sides.bound)))
        if broken.any():
            self.weight[broken] *= DEARER
            return None
        self.weight = np.maximum(self.weight * CHEAPER, CHEAPEST)
        own = np.maximum(-sides.paid * self.excess, np.where(sides.hard, 0.0, sides.dear) * self.excess)
        deficit = self.lost + float(own.sum())
        if deficit >= self.least - HAIR * abs(self.least):
            return None
        self.least = deficit
        self.picks[self.groups] = self.among[self.at]
        return self.picks.copy()

    def costs(self, moves: Places, left: Places, change: Floats) -> Floats:
        """What each pair of moves costs, [moves + 1, moves + 1]; inf where it may not be."""
        sides = self.sides
        each = -(sides.paid @ change)
        each[:-1] += self.loss[moves] - self.loss[left]
        each[:-1][self.barred[moves] > self.steps] = np.inf
        cost = each[:, np.newaxis] + each
        near = self.excess + 2 * change.max(axis=1) > 0  # no pair takes the other sides over
        if near.any():
            part = change[near]
            over = (part + self.excess[near, np.newaxis])[:, :, np.newaxis] + part[:, np.newaxis, :]
            np.maximum(over, 0.0, out=over)
            dear = np.where(sides.hard, self.weight, 1.0) * sides.dear + sides.paid
            cost += (dear[near] @ over.reshape(len(part), -1)).reshape(cost.shape)
        if self.single:
            np.fill_diagonal(cost, np.inf)
        else:
            group = np.append(self.own[moves], -1)
            cost[group[:, np.newaxis] == group] = np.inf
        return cost

    def make(self, new: int, old: int, change: Floats) -> None:
        """Let a group choose `new` for `old`, which is not taken again for a while."""
        self.excess = self.excess + change
        self.lost += float(self.loss[new] - self.loss[old])
        self.at[self.own[new]] = new
        self.free[new], self.free[old] = False, True
        self.barred[old] = self.steps + int(self.draw.integers(*TENURE))


def able(field: Field) -> Field:
    """A field without the choices that by themselves break a hard row of which no other group speaks.

    Such a row is a class that has to have something: at the multipliers its best may be as good as nothing.
    """
    spoken = np.zeros((len(field.home), len(field.used)), bool)
    place, row = np.nonzero(field.takes)
    spoken[field.group[place], row] = True
    single = spoken & (spoken.sum(axis=0) == 1)
    activity = field.used + field.takes
    costs = field.costs
    over = (activity > costs.high) & np.isinf(costs.over)
    under = (activity < costs.low) & np.isinf(costs.under)
    wrong = ((over | under) & single[field.group]).any(axis=1)
    for g in np.setdiff1d(field.group, field.group[~wrong]):
        wrong[field.home[g]] = False  # nothing of this group is able
    kept = np.flatnonzero(~wrong)
    group, loss = field.group[kept], field.loss[kept]
    order = np.lexsort((kept != field.home[group], loss, group))
    home = order[np.r_[True, np.diff(group[order]) > 0]]
    return replace(
        field, column=field.column[kept], group=group, loss=loss, takes=field.takes[kept], home=home
    )
