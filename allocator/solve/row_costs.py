"""What the activities of a program's rows cost against the bound of its multipliers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Program
from allocator.solve.price import Priced
from allocator.solve.scaled import Floats


class RowCosts:
    """What a row's activity costs: y·slack, and beyond a bound its price less what y pays; a hard row forbids."""

    def __init__(self, low: Floats, high: Floats, y: Floats, price: Floats) -> None:
        self.low, self.high = low, high
        up, down = np.maximum(y, 0.0), np.maximum(-y, 0.0)
        self.hard = np.isinf(price)
        own = np.where(self.hard, 0.0, price)
        over = np.where(self.hard | np.isinf(high), 0.0, np.maximum(own - up, 0.0))
        under = np.where(self.hard | np.isinf(low), 0.0, np.maximum(own - down, 0.0))
        self.weights = (up, down, over, under)
        self.costs = [(np.flatnonzero(weight > 0), weight[weight > 0]) for weight in self.weights]
        # a row with a multiplier costs on both sides of its bound
        self.order = sorted(range(len(y)), key=lambda r: (y[r] == 0, not self.hard[r]))

    def one(self, r: int, act: Floats) -> Floats:
        """What these activities [k] of row `r` cost."""
        slack_up, slack_down = self.weights[0][r], self.weights[1][r]
        total = np.zeros(len(act))
        if slack_up:
            total += slack_up * np.maximum(self.high[r] - act, 0.0)
        if slack_down:
            total += slack_down * np.maximum(act - self.low[r], 0.0)
        if self.hard[r]:
            total[(act > self.high[r]) | (act < self.low[r])] = np.inf
        else:
            if self.weights[2][r]:
                total += self.weights[2][r] * np.maximum(act - self.high[r], 0.0)
            if self.weights[3][r]:
                total += self.weights[3][r] * np.maximum(self.low[r] - act, 0.0)
        return total

    def telling(self, *changes: Floats) -> int | None:
        """The row whose activity says most about its cost; None where none says anything."""
        spread = np.zeros(len(self.low))
        for change in changes:
            if len(change):
                spread = np.maximum(spread, change.max(axis=0) - change.min(axis=0))
        told = (self.weights[0] + self.weights[1]) * spread
        return int(np.argmax(told)) if told.max(initial=0.0) > 0 else None

    def window(self, r: int, spare: Floats) -> tuple[Floats, Floats]:
        """The activities [k] of row `r` that cost no more than `spare` [k], a hair wider."""
        up, down, over, under = (float(w[r]) for w in self.weights)
        least, most = np.full(len(spare), -np.inf), np.full(len(spare), np.inf)
        if up:
            least = np.maximum(least, self.high[r] - spare / up)
        if down:
            most = np.minimum(most, self.low[r] + spare / down)
        if self.hard[r]:
            least, most = np.maximum(least, self.low[r]), np.minimum(most, self.high[r])
        if over:
            most = np.minimum(most, self.high[r] + spare / over)
        if under:
            least = np.maximum(least, self.low[r] - spare / under)
        return least - 1e-9 * np.abs(least) - 1e-9, most + 1e-9 * np.abs(most) + 1e-9

    @classmethod
    def of(cls, program: Program, seen: Priced, rows: npt.NDArray[np.bool_]) -> RowCosts:
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
