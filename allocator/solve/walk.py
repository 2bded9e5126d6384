"""All choices of a program whose loss at given multipliers stays within a limit, group by group.

By weak duality a plan's value is the multipliers' bound less what its choices lose, less y·slack of its rows. Where the
distance to the bound is small, few choices can pay for themselves. They are listed by meeting in the middle (Horowitz
& Sahni 1974): the groups with a choice to make are dealt into two halves, each half's partial choices are listed by
loss, and only pairs whose losses together stay within the limit are looked at, row by row. On the small hard knapsacks
that ε-constraint problems end in this is much faster than a branch-and-bound. Floats only leave out, by a margin far
above their rounding; whoever asks checks and values what comes back in integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.program import Program
from allocator.solve.deficit import RowCosts, row_costs
from allocator.solve.price import FAR, Priced
from allocator.solve.scaled import Floats

MANY = 200_000
"""Partial choices of one half at which the walk is given up."""

PAIRS = 20_000_000
"""Pairs of partial choices that are looked at, at most."""

CHUNK = 1 << 17
"""Pairs that are looked at together."""

BINS = 400
"""Steps of loss in which choices are counted."""

WIDE = 200
"""Groups with a choice to make, above which a walk is not begun."""

CLASSES = 32
"""Classes of like loss into which a half is cut."""

Places = npt.NDArray[np.intp]
Steps = list[tuple[Places, Places]]


def walk(program: Program, seen: Priced, limit: int, pairs: int = PAIRS) -> npt.NDArray[np.bool_] | None:
    """Every plan [k, n] that loses at most `limit`, in units of gain × denominator; None where that is too many.

    A few that lose a hair more, or break a row by what floats cannot see, may be among them.
    """
    slots = _slots(program, seen, limit)
    if len(slots) > WIDE:
        return None
    base = seen.best | (program.fixed == 1)
    used = np.asarray(program.matrix @ base.astype(np.int64), np.float64)
    changes = _changes(program, slots)
    moved = np.zeros(len(used), bool)
    for change in changes:
        moved |= (change != 0).any(axis=0)
    ample = limit + 1e-9 * (abs(float(seen.certificate.bound)) * seen.denominator + limit) + 1.0
    of_all = row_costs(program, seen, program.prices).times(float(seen.denominator))
    ample -= float(of_all.of(np.flatnonzero(~moved)).least(used[~moved][np.newaxis, :], 0.0, 0.0)[0])
    if not ample >= 0:
        return np.zeros((0, len(base)), bool)
    costs, start = of_all.of(np.flatnonzero(moved)), used[moved]
    changes = [change[:, moved] for change in changes]
    halves = []
    for own in (range(0, len(slots), 2), range(1, len(slots), 2)):
        half = _Half.of([slots[i] for i in own], [changes[i] for i in own], len(start), ample)
        if half is None:
            return None
        halves.append(half)
    first, second = halves
    first.drop(costs, start, second, ample)
    second.drop(costs, start, first, ample)
    found = _pairs(costs, start, first, second, ample, pairs)
    if found is None:
        return None
    left, right = found
    plans = np.repeat(base[np.newaxis, :], len(left), axis=0)
    first.write(plans, left)
    second.write(plans, right)
    return plans


def depth(program: Program, seen: Priced, limit: int, choices: int) -> int:
    """The greatest loss up to `limit` within which there are about so many choices at most, rows forgotten."""
    while limit > BINS:
        slots = _slots(program, seen, limit)
        if len(slots) <= WIDE:
            count = np.zeros(BINS + 1)
            count[0] = 1.0
            for slot in slots:
                before = count.copy()
                for loss in slot.loss[1:]:
                    at = int(loss * BINS // limit)
                    if at <= BINS:
                        count[at:] += before[: BINS + 1 - at]
            within = int(np.searchsorted(np.cumsum(count), choices, side="right"))
            if within > BINS:
                return limit
            if within > BINS // 8:
                return int(limit * (within - 1) // BINS)
        limit = limit // 4
    return limit


@dataclass(frozen=True, eq=False)
class _Slot:
    """One group's choices: its best first (loss 0), then `columns`, then nothing where its best is a column."""

    own: npt.NDArray[np.intp]
    best: int | None
    columns: npt.NDArray[np.intp]
    loss: tuple[int, ...]


def _slots(program: Program, seen: Priced, limit: int) -> list[_Slot]:
    """The groups that have more than their best choice within the limit, the dearest to leave first."""
    groups = np.unique(seen.group[seen.margin <= limit])
    order = np.argsort(seen.group, kind="stable")
    begin, end = np.searchsorted(seen.group[order], groups), np.searchsorted(seen.group[order], groups + 1)
    slots = []
    for low, high in zip(begin, end, strict=True):
        own = order[low:high]
        best = own[seen.best[own]]
        columns = own[~seen.best[own] & (seen.loss[own] <= limit) & (seen.loss[own] < FAR)]  # FAR: not free
        loss = [0, *seen.loss[columns].tolist()]
        if len(best) and seen.none[best[0]] <= limit:
            loss.append(int(seen.none[best[0]]))
        if len(loss) > 1:
            slots.append(_Slot(own, int(best[0]) if len(best) else None, columns, tuple(loss)))
    return sorted(slots, key=lambda s: -min(s.loss[1:]))


def _changes(program: Program, slots: list[_Slot]) -> list[Floats]:
    """What each choice of each group changes in the rows against its best one [choices, m]."""
    columns = np.concatenate([np.zeros(0, np.intp), *(slot.columns for slot in slots)])
    bests = np.array([-1 if slot.best is None else slot.best for slot in slots], np.intp)
    dense = program.matrix[:, np.concatenate([columns, np.maximum(bests, 0)])].toarray().T.astype(np.float64)
    own = np.where((bests >= 0)[:, np.newaxis], dense[len(columns) :], 0.0)
    found, at = [], 0
    for slot, best in zip(slots, own, strict=True):
        rows = [np.zeros((1, len(best))), dense[at : at + len(slot.columns)] - best, -best[np.newaxis, :]]
        found.append(np.vstack(rows)[: len(slot.loss)])
        at += len(slot.columns)
    return found


class _Half:
    """The partial choices of some of the groups, by their loss.

    loss [k] ascending, change [k, m] of the rows' activity, at [k] the place of each at the end of `steps`
    """

    def __init__(self, slots: Sequence[_Slot], steps: Steps, loss: Floats, change: Floats) -> None:
        self.slots, self.steps = slots, steps
        self.at = np.argsort(loss, kind="stable")
        self.loss, self.change = loss[self.at], change[self.at]

    @classmethod
    def of(cls, slots: Sequence[_Slot], changes: Sequence[Floats], rows: int, ample: float) -> _Half | None:
        """All that lose at most `ample`, the dearest groups first; None where they are too many."""
        loss, change = np.zeros(1), np.zeros((1, rows))
        steps: Steps = []
        for slot, moves in zip(slots, changes, strict=True):
            total = loss[:, np.newaxis] + np.array(slot.loss, np.float64)
            parent, choice = np.nonzero(total <= ample)
            loss, change = total[parent, choice], change[parent] + moves[choice]
            steps.append((parent, choice))
            if len(loss) > MANY:
                return None
        return cls(slots, steps, loss, change)

    def drop(self, costs: RowCosts, start: Floats, other: _Half, ample: float) -> None:
        """Leave out what no partial choice of the other half can make good."""
        if len(other.loss) and len(self.loss):
            ends = other.change.max(axis=0), other.change.min(axis=0)
            kept = self.loss + costs.least(start + self.change, *ends) <= ample
            self.at, self.loss, self.change = self.at[kept], self.loss[kept], self.change[kept]

    def write(self, plans: npt.NDArray[np.bool_], which: npt.NDArray[np.intp]) -> None:
        """Write these partial choices [k] into `plans` [k, n]."""
        at = self.at[which]
        for slot, (parents, choices) in zip(reversed(self.slots), reversed(self.steps), strict=True):
            for j in range(1, len(slot.loss)):
                rows = np.flatnonzero(choices[at] == j)
                if slot.best is not None:
                    plans[rows, slot.best] = False
                if j <= len(slot.columns):
                    plans[rows, slot.columns[j - 1]] = True
            at = parents[at]


def _pairs(
    costs: RowCosts, start: Floats, first: _Half, second: _Half, ample: float, most: int
) -> tuple[Places, Places] | None:
    """The pairs (left [k], right [k]) whose losses, rows and all, are within `ample`; None where it looks at too many.

    The second half is cut into classes of like loss, each in the order of one row's activity: of this the rest of the
    allowance leaves a window.
    """
    r = costs.telling(first.change, second.change)
    found: list[tuple[Places, Places]] = []
    looked = 0
    for own in np.array_split(np.arange(len(second.loss)), min(CLASSES, max(len(second.loss), 1))):
        if not len(own):
            continue
        spare = ample - second.loss[own[0]] - first.loss
        spare = spare[: int(np.searchsorted(-spare, 0.0, side="right"))]
        begin, count = np.zeros(len(spare), np.intp), np.full(len(spare), len(own), np.intp)
        if r is not None:
            own = own[np.argsort(second.change[own, r], kind="stable")]
            act = start[r] + first.change[: len(spare), r]
            low, high = costs.window(r, spare)
            begin = np.searchsorted(second.change[own, r], low - act, side="left")
            count = np.searchsorted(second.change[own, r], high - act, side="right") - begin
        looked += int(np.maximum(count, 0).sum())
        if looked > most:
            return None
        for left, right in _dealt(begin, np.maximum(count, 0)):
            right = own[right]
            loss = first.loss[left] + second.loss[right]
            for row in costs.order:
                act = start[row] + first.change[left, row] + second.change[right, row]
                loss = loss + costs.one(row, act)
                kept = loss <= ample
                left, right, loss = left[kept], right[kept], loss[kept]
            found.append((left, right))
    none = np.zeros(0, np.intp)
    return np.concatenate([none, *(f[0] for f in found)]), np.concatenate([none, *(f[1] for f in found)])


def _dealt(begin: Places, counts: Places) -> Iterator[tuple[Places, Places]]:
    """The pairs (i, begin[i] … begin[i] + counts[i] − 1), CHUNK or so at a time."""
    some = np.flatnonzero(counts)
    ends = np.cumsum(counts[some])
    at = 0
    while at < len(some):
        done = int(ends[at - 1]) if at else 0
        end = max(at + 1, int(np.searchsorted(ends, done + CHUNK, side="right")))
        own, each = some[at:end], counts[some[at:end]]
        within = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
        yield np.repeat(own, each), np.repeat(begin[own], each) + within
        at = end
