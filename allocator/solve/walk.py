"""All choices of a program whose loss at given multipliers stays within a limit, group by group.

By weak duality a plan's value is the multipliers' bound less what its choices lose, less y·slack of its rows. Where the
distance to the bound is small, few choices can pay for themselves: they are walked through in one vectorised pass,
dear ones first, and a partial choice is dropped as soon as what it has lost, or must still lose to keep its rows, is
more than the limit. On the small hard knapsacks that ε-constraint problems end in this is much faster than a
branch-and-bound. Floats only leave out, by a margin far above their rounding; whoever asks checks and values what
comes back in integers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Program
from allocator.solve.price import Priced
from allocator.solve.scaled import Floats

MANY = 200_000
"""Partial choices at which the walk is given up."""

FEW = 64
"""Partial choices up to which it is not worth looking at what their rows must cost."""

WIDE = 90
"""Groups with a choice to make, above which a walk is not begun."""


def walk(program: Program, seen: Priced, limit: int, many: int = MANY) -> npt.NDArray[np.bool_] | None:
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
    ample -= float(_Sides.of(program, seen, ~moved).cost(used[~moved][np.newaxis, :], 0.0, 0.0)[0])
    if not ample >= 0:
        return np.zeros((0, len(base)), bool)
    sides, activity = _Sides.of(program, seen, moved), used[moved][np.newaxis, :]
    changes = [change[:, moved] for change in changes]
    up, down = np.zeros((len(slots) + 1, activity.shape[1])), np.zeros((len(slots) + 1, activity.shape[1]))
    for i in range(len(slots) - 1, -1, -1):
        up[i] = up[i + 1] + changes[i].max(axis=0)
        down[i] = down[i + 1] + changes[i].min(axis=0)
    loss = np.zeros(1)
    steps: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]] = []
    for i, slot in enumerate(slots):
        total = loss[:, np.newaxis] + slot.loss
        parent, choice = np.nonzero(total <= ample)
        loss, activity = total[parent, choice], activity[parent] + changes[i][choice]
        if len(loss) > FEW or i == len(slots) - 1:
            kept = loss + sides.cost(activity, up[i + 1], down[i + 1]) <= ample
            parent, choice, loss, activity = parent[kept], choice[kept], loss[kept], activity[kept]
        steps.append((parent, choice))
        if len(loss) > many:
            return None
    return _plans(base, slots, steps, len(loss))


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
        columns = own[~seen.best[own] & (seen.loss[own] <= limit)]
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


class _Sides:
    """What a row's activity costs: y·slack, and beyond a bound its price less what y pays; a hard row forbids."""

    def __init__(self, low: Floats, high: Floats, y: Floats, price: Floats) -> None:
        self.low, self.high = low, high
        up, down = np.maximum(y, 0.0), np.maximum(-y, 0.0)
        self.hard = np.isinf(price)
        self.costs = [
            (np.flatnonzero(weight > 0), weight[weight > 0])
            for weight in (
                up,
                down,
                np.where(
                    self.hard | np.isinf(high), 0.0, np.maximum(np.where(self.hard, 0.0, price) - up, 0.0)
                ),
                np.where(
                    self.hard | np.isinf(low), 0.0, np.maximum(np.where(self.hard, 0.0, price) - down, 0.0)
                ),
            )
        ]

    @classmethod
    def of(cls, program: Program, seen: Priced, rows: npt.NDArray[np.bool_]) -> _Sides:
        """The sides of some rows."""
        at = np.flatnonzero(rows)
        prices = [program.clauses[r].price for r in at]
        low, high = program.lower[at], program.upper[at]
        return cls(
            np.where(low <= -OPEN, -np.inf, low.astype(np.float64)),
            np.where(high >= OPEN, np.inf, high.astype(np.float64)),
            np.array([float(seen.certificate.numerators[r]) for r in at]),
            np.array([np.inf if p is None else float(p) * seen.denominator for p in prices]),
        )

    def cost(self, act: Floats, up: Floats | float, down: Floats | float) -> Floats:
        """The least that these activities [k, m] must cost, where they can still move by `up` and `down` [m]."""
        least, most = act + down, act + up
        parts = (self.high - most, least - self.low, least - self.high, self.low - most)
        total = np.zeros(len(act))
        for part, (rows, weight) in zip(parts, self.costs, strict=True):
            if len(rows):
                total += np.maximum(part[:, rows], 0.0) @ weight
        broken = ((least > self.high) | (most < self.low)) & self.hard
        total[broken.any(axis=1)] = np.inf
        return total


def _plans(
    base: npt.NDArray[np.bool_],
    slots: list[_Slot],
    steps: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]],
    count: int,
) -> npt.NDArray[np.bool_]:
    """The walks that came to the end, as plans [k, n]."""
    plans = np.repeat(base[np.newaxis, :], count, axis=0)
    at = np.arange(count)
    for slot, (parents, choices) in zip(reversed(slots), reversed(steps), strict=True):
        for j in range(1, len(slot.loss)):
            rows = np.flatnonzero(choices[at] == j)
            if slot.best is not None:
                plans[rows, slot.best] = False
            if j <= len(slot.columns):
                plans[rows, slot.columns[j - 1]] = True
        at = parents[at]
    return plans
