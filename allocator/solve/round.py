"""One meeting in the middle: the best plans that changing up to six choices of a plan leads to."""

from __future__ import annotations

import itertools

import numpy as np

from allocator.solve.deficit import Floats
from allocator.solve.field import Field, Picks
from allocator.solve.ways import Half, Places, Strips, Ways, counted, ends_of, listed

MOST = 400
"""Changes, of those that lose least, that one round may make."""

WORK = 120_000
"""Pairs of ways looked at in a round."""

ROOMS = 4
"""Times that fuller rows are asked for before the lists are shortened all the same: not every row has a worth."""

CHECKED, CHUNK = 6_000, 1_500
"""Pairs that fit two rows and are checked against all."""

THICK = 0.1
"""Rows that more than this share of the changes touch are looked at first."""

BORN = 3
"""Plans that a round hands on."""


class Round:
    """One meeting in the middle, from one plan or from choices that are not quite one.

    least    the deficit to stay below; where the choices are not a plan (`lost`), how much more it may be than theirs
    shorter  where there are too many pairs, whether to shorten the lists, or to ask for fuller rows
    lean     whether changes that help the other rows come first, rather than those that lose least
    second   whether the row that costs most now is filled, rather than the second of those that decide most
    near     of a round that found no plan, the choices that come nearest
    """

    def __init__(
        self,
        field: Field,
        picks: Picks,
        least: float,
        draw: np.random.Generator,
        shorter: bool,
        *,
        lost: bool = False,
        lean: bool = False,
        second: bool = False,
    ) -> None:
        self.field, self.picks, self.shorter = field, picks, shorter
        self.near: list[Picks] = []
        change = np.flatnonzero(picks[field.group] != np.arange(len(field.group)))
        loss = field.loss[change] - field.loss[picks[field.group[change]]]
        kept = np.argsort(loss, kind="stable")[:MOST]
        self.change, self.loss = change[kept], loss[kept]
        self.group = field.group[self.change]
        self.takes = np.vstack(
            [field.takes[self.change] - field.takes[picks[self.group]], np.zeros(len(field.used))]
        )
        self.activity = field.activity(picks)
        spoken = (self.takes != 0).mean(axis=0)
        split = (np.flatnonzero(spoken > THICK), np.flatnonzero(spoken <= THICK))
        self.parts = [part for part in split if len(part)]
        self.cut = [np.ascontiguousarray(self.takes[:, part]) for part in self.parts]
        self.own = field.fixed + float(field.loss[picks].sum())
        self.room = least
        self.most = least + (max(self.own, 0.0) if lost else 0.0)
        self.lost = lost
        costs = field.costs
        sharp = self.takes.std(axis=0) * (costs.unused + costs.more)
        self.pair = np.argsort(-sharp, kind="stable")[:2]
        if second:
            now = costs.at(self.activity)
            now[self.pair[0]] = 0
            now = np.where(sharp > 0, now, 0)
            if now.sum() > 0:
                self.pair = np.array([self.pair[0], draw.choice(len(now), p=now / now.sum())])
        self.rank = self.loss + self.leaning() if lean else self.loss
        side = draw.random(len(field.home)) < 0.5
        self.halves = [self.half(np.flatnonzero(side[self.group] == s)) for s in (True, False)]

    def leaning(self) -> Floats:
        """What each change by itself makes of the rows but the two that decide most, as if none were hard."""
        soft = self.field.soft
        rest = np.setdiff1d(np.arange(len(self.activity)), self.pair)
        own = soft.of(rest)
        now = self.activity[rest]
        return np.asarray((own.at(now + self.takes[:-1, rest]) - own.at(now)).sum(axis=1))

    def half(self, own: Places) -> Half:
        """The ways that lose least among the changes `own`."""
        ways, rank = listed(self.rank[own], self.group[own])
        made = np.where(ways >= 0, own[ways] if len(own) else -1, -1)
        loss = np.append(self.loss, 0.0)[made].sum(axis=1)
        return Half(made, loss, rank, self.takes[:, self.pair][made].sum(axis=1))

    def window(self, row: int, room: float, ends: tuple[float, float]) -> tuple[float, float]:
        """The changes of a row that cost no more than `room`, as far as they can be reached."""
        costs = self.field.costs
        low, high = costs.low[row], costs.high[row]
        if costs.unused[row] > 0:
            low = high - room / costs.unused[row]
        elif costs.more[row] > 0:
            high = low + room / costs.more[row]
        if np.isfinite(costs.over[row]):
            high = high + _spent(room, costs.over[row])
        if np.isfinite(costs.under[row]) and costs.unused[row] <= 0:
            low = low - _spent(room, costs.under[row])
        now = float(self.activity[row])
        return max(float(low) - now, ends[0]), min(float(high) - now, ends[1])

    def plans(self) -> list[tuple[float, Picks]]:
        """The best plans of the round, and their deficits; `near` is set where there are none."""
        left, right, loss = self.pairs()
        if len(loss) > CHECKED:
            a, b = self.halves
            rank = loss - a.loss[left] - b.loss[right] + a.rank[left] + b.rank[right]
            kept = np.argpartition(rank, CHECKED)[:CHECKED]
            left, right, loss = left[kept], right[kept], loss[kept]
        order = np.argsort(loss, kind="stable")
        a, b = self.halves
        ways = np.concatenate([a.ways[left[order]], b.ways[right[order]]], axis=1)
        own = self.own + a.loss[left[order]] + b.loss[right[order]]
        loss = loss[order]
        good: list[tuple[float, int]] = []
        near: list[tuple[float, int]] = []
        for begin in range(0, len(loss), CHUNK):
            worst = good[BORN - 1][0] if len(good) >= BORN else self.most
            if self.own + loss[begin] >= worst:
                break
            part = slice(begin, begin + CHUNK)
            kept, value = self.worth(ways[part], own[part], worst)
            good += _least(value, begin + kept, self.most)
            good.sort()
            if self.lost and not good:
                activity = self.activity + self.takes[ways[part]].sum(axis=1)
                far = own[part] + self.field.soft.at(activity).sum(axis=1)
                near += _least(far, begin + np.arange(len(far)), np.inf)
        self.near = [] if good else [self.changed(ways[k]) for _, k in sorted(near)[:BORN]]
        return [(value, self.changed(ways[k])) for value, k in good[:BORN]]

    def worth(self, ways: Ways, own: Floats, worst: float) -> tuple[Places, Floats]:
        """Of ways [k, 6] those that keep every row and stay below `worst`, and their deficits.

        Rows that few changes touch are looked at last: what costs too much by the others needs no look.
        """
        kept, value = np.arange(len(ways)), own
        for part, takes in zip(self.parts, self.cut, strict=True):
            activity = self.activity[part] + takes[ways[kept]].sum(axis=1)
            costs = self.field.costs.of(part)
            sound = np.flatnonzero(costs.kept(activity))
            value = value[sound] + costs.at(activity[sound]).sum(axis=1)
            kept = kept[sound][value < worst]
            value = value[value < worst]
        return kept, value

    def pairs(self) -> tuple[Places, Places, Floats]:
        """Ways of the one half and of the other that fit together, and what these lose with the two rows' costs."""
        a, b = self.halves
        room = self.room
        for attempt in itertools.count():
            ends = [ends_of(a.takes[:, k], b.takes[:, k]) for k in (0, 1)]
            windows = [self.window(int(self.pair[k]), room, ends[k]) for k in (0, 1)]
            strips = Strips(b.takes, windows)
            runs = [strips.run(a.takes, step) for step in (0, 1)]
            count = sum(int(size.sum()) for _, size in runs)
            if count <= WORK:
                break
            if self.shorter or attempt >= ROOMS:
                share = max(0.3, 0.9 * float(np.sqrt(WORK / count)))
                a, b = a.first(int(len(a.loss) * share) + 1), b.first(int(len(b.loss) * share) + 1)
                self.halves = [a, b]
            else:
                room *= max(0.4, 0.9 * float(np.sqrt(WORK / count)))
        found = [self.fitting(a, b, strips.order, run, windows) for run in runs]
        left, right, loss = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return left, right, loss

    def fitting(
        self,
        a: Half,
        b: Half,
        order: Places,
        run: tuple[Places, Places],
        windows: list[tuple[float, float]],
    ) -> tuple[Places, Places, Floats]:
        """Of the pairs in `run`, those that fill both rows and lose less than the worst to keep."""
        begin, size = run
        left = np.repeat(np.arange(len(size)), size)
        right = order[np.repeat(begin, size) + counted(size)]
        loss = a.loss[left] + b.loss[right]
        filled = a.takes[left, 0] + b.takes[right, 0]
        kept = (loss < self.most - self.own) & (filled >= windows[0][0]) & (filled <= windows[0][1])
        for k in (0, 1):
            left, right, loss = left[kept], right[kept], loss[kept]
            row = int(self.pair[k])
            taken = filled[kept] if k == 0 else a.takes[left, 1] + b.takes[right, 1]
            loss = loss + self.field.costs.inside(row, taken + self.activity[row])
            kept = loss < self.most - self.own
        return left[kept], right[kept], loss[kept]

    def changed(self, way: Ways) -> Picks:
        """The choices after the changes of one way [6]."""
        picks = self.picks.copy()
        made = way[way >= 0]
        picks[self.group[made]] = self.change[made]
        return picks


def _least(value: Floats, place: Places, most: float) -> list[tuple[float, int]]:
    """The few least values below `most`, with their places."""
    order = np.argsort(value, kind="stable")[:BORN]
    return [(float(value[k]), int(place[k])) for k in order if value[k] < most]


def _spent(room: float, rate: float) -> float:
    """How far a row may go at `rate` a unit for `room`; anywhere where it costs nothing."""
    return room / rate if rate > 0 else float("inf")
