"""How far a plan stays below a bound, spread over what it chose and over the rows.

At multipliers y that prove a bound, a plan's value is the bound less its deficit: what each group's choice loses
against the group's best, and for each row what it leaves unused of the side that y stands for, at y. No part of it can
be below 0: what is left to seek are small losses that together fill the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Program
from allocator.solve.price import Priced, usual_worth

Floats = npt.NDArray[np.float64]

NO_PRICE = 4.0
"""What stands for the price of a hard row while plans near to keeping it are compared: so many times its multiplier,"""

USUAL = 0.3
"""and this share of what a column is usually worth for what it usually takes of the row."""


@dataclass(frozen=True, eq=False)
class RowCosts:
    """What each row adds to the deficit at an activity: convex, in two or three straight pieces.

    low, high    float64 [m]: the bounds, ±inf where open
    under, over  float64 [m]: per unit below low, above high; inf for a hard row
    unused, more float64 [m]: per unit below high where y > 0, above low where y < 0
    """

    low: Floats
    high: Floats
    under: Floats
    over: Floats
    unused: Floats
    more: Floats

    def at(self, activity: Floats) -> Floats:
        """The cost of every row at activities [..., m]."""
        above = activity - self.high
        below = self.low - activity
        with np.errstate(invalid="ignore"):  # 0 × inf, where a bound is open or a row hard
            cost = np.where(
                above > 0, self.over * above, np.where(self.unused > 0, -self.unused * above, 0.0)
            )
            return np.asarray(
                cost
                + np.where(below > 0, self.under * below, np.where(self.more > 0, -self.more * below, 0.0))
            )

    def inside(self, row: int, activity: Floats) -> Floats:
        """The cost of one row at activities [k] that keep it if it is hard."""
        cost = np.zeros(len(activity))
        for rate, bound in ((self.unused[row], self.high[row]), (-self.more[row], self.low[row])):
            if rate:
                cost = np.maximum(cost, rate * (bound - activity))
        for rate, bound in ((self.over[row], self.high[row]), (-self.under[row], self.low[row])):
            if rate and np.isfinite(rate) and np.isfinite(bound):
                cost = np.maximum(cost, rate * (activity - bound))
        return cost

    def kept(self, activity: Floats) -> npt.NDArray[np.bool_]:
        """Whether activities [k, m] keep every hard row, [k]."""
        wrong = ((activity > self.high) | (activity < self.low)) & self.hard
        return np.asarray(~wrong.any(axis=-1))

    def of(self, rows: npt.NDArray[np.intp]) -> RowCosts:
        """Those of some rows."""
        return RowCosts(
            *(v[rows] for v in (self.low, self.high, self.under, self.over, self.unused, self.more))
        )

    def times(self, unit: float) -> RowCosts:
        """The same in another unit: each rate so many times."""
        return RowCosts(
            self.low, self.high, *(unit * v for v in (self.under, self.over, self.unused, self.more))
        )

    # -- partial choices, whose activities are not yet known ----------------------------------------

    def least(self, activity: Floats, up: Floats | float, down: Floats | float) -> Floats:
        """The least that activities [k, m] must cost in all, where they can still move by `up` and `down` [m]."""
        lowest, highest = activity + down, activity + up
        parts = (self.high - highest, lowest - self.low, lowest - self.high, self.low - highest)
        total = np.zeros(len(activity))
        for part, (rows, rate) in zip(parts, self._sides, strict=True):
            if len(rows):
                total += np.maximum(part[:, rows], 0.0) @ rate
        broken = ((lowest > self.high) | (highest < self.low)) & self.hard
        total[broken.any(axis=1)] = np.inf
        return total

    def one(self, row: int, activity: Floats) -> Floats:
        """The cost of one row at activities [k]; inf where it is hard and they break it."""
        cost = self.inside(row, activity)
        if self.hard[row]:
            cost[(activity > self.high[row]) | (activity < self.low[row])] = np.inf
        return cost

    def window(self, row: int, spare: Floats) -> tuple[Floats, Floats]:
        """The activities of one row, from [k] to [k], that cost no more than `spare` [k]; a hair wider."""
        low, high = self.low[row], self.high[row]
        least, most = np.full(len(spare), -np.inf), np.full(len(spare), np.inf)
        if self.unused[row] > 0:
            least = np.maximum(least, high - spare / self.unused[row])
        if self.more[row] > 0:
            most = np.minimum(most, low + spare / self.more[row])
        if self.hard[row]:
            least, most = np.maximum(least, low), np.minimum(most, high)
        else:
            if self.over[row] > 0:
                most = np.minimum(most, high + spare / self.over[row])
            if self.under[row] > 0:
                least = np.maximum(least, low - spare / self.under[row])
        return least - 1e-9 * np.abs(least) - 1e-9, most + 1e-9 * np.abs(most) + 1e-9

    def telling(self, *changes: Floats) -> int | None:
        """The row whose activity, by these changes [k, m], says most about its cost; None where none says anything."""
        spread = np.zeros(len(self.low))
        for change in changes:
            if len(change):
                spread = np.maximum(spread, change.max(axis=0) - change.min(axis=0))
        told = (self.unused + self.more) * spread
        return int(np.argmax(told)) if told.max(initial=0.0) > 0 else None

    @cached_property
    def hard(self) -> npt.NDArray[np.bool_]:
        """The rows that may not be broken [m]."""
        return np.isinf(self.over)

    @cached_property
    def order(self) -> list[int]:
        """The rows, those that leave out most first: one with a multiplier costs on both sides of its bound."""
        idle = (self.unused == 0) & (self.more == 0)
        return sorted(range(len(self.low)), key=lambda r: (idle[r], not self.hard[r]))

    @cached_property
    def _sides(self) -> list[tuple[npt.NDArray[np.intp], Floats]]:
        """For each of `least`'s parts the rows that cost something there, and their rates."""
        bounded = np.isfinite(self.high), np.isfinite(self.low)
        rates = (
            self.unused,
            self.more,
            *(
                np.where(self.hard | ~there, 0.0, rate)
                for rate, there in zip((self.over, self.under), bounded, strict=True)
            ),
        )
        return [(np.flatnonzero(rate > 0), rate[rate > 0]) for rate in rates]


def row_costs(program: Program, seen: Priced, prices: Floats) -> RowCosts:
    """The costs of the rows at the multipliers of `seen`, and with these prices [m], inf for hard."""
    y = seen.multipliers
    low = np.where(program.lower <= -OPEN, -np.inf, program.lower.astype(np.float64))
    high = np.where(program.upper >= OPEN, np.inf, program.upper.astype(np.float64))
    up, down = np.maximum(y, 0.0), np.maximum(-y, 0.0)
    return RowCosts(low, high, prices - down, prices - up, up, down)


def leaning(program: Program, seen: Priced) -> Floats:
    """Prices [m] that stand for those of hard rows while no plan is known: what a row is worth, some times over."""
    usual = USUAL * usual_worth(program)
    return np.asarray(np.minimum(program.prices, (1 + NO_PRICE) * np.abs(seen.multipliers) + usual))
