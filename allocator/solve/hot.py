"""One changed program answered from what a session keeps: its multipliers, the plan on screen, bounds that still hold.

1. The multipliers prove a bound. A plan that is known and within the gap of it is the answer.
2. Else plans by exchange (`exchange.py`), from the plan on screen among others, and better ones by meeting in the
   middle (`meet.py`).
3. Else the choices in doubt go to HiGHS, with the best plan to begin from (`search.py`).
"""

from __future__ import annotations

import time
from fractions import Fraction

from allocator.program import Bools, Program
from allocator.solve.core import ask_whichever
from allocator.solve.door import Answer, Ask
from allocator.solve.exchange import Exchange
from allocator.solve.price import Priced
from allocator.solve.scaled import Floats
from allocator.solve.search import Search, answered


class Hot(Search):
    """A door for one program, that can be asked again for a smaller gap.

    point    an optimal point of the relaxation [n]
    screen   the plan to begin from, though it may be none any more
    carried  a bound of another program that holds for this one too, in units of gain
    plans    all plans that were found
    """

    def __init__(
        self, program: Program, seen: Priced, point: Floats, screen: Bools | None, carried: Fraction | None
    ) -> None:
        super().__init__(program, seen, carried)
        self.point = point
        self.screen = screen
        self.plans: list[Bools] = []
        self.exchange: Exchange | None = None

    def __call__(self, ask: Ask) -> Answer:
        """The answer at `ask.gap`, as any door's."""
        begun = time.monotonic()
        if ask.excluded:
            return ask_whichever(ask)
        if ask.start is not None:
            self.offer(ask.start)
        if not self.near(ask.gap):
            self._exchange(ask)
        self.seek(ask, begun)
        return answered(self, self.close(ask, begun))

    def offer(self, plan: Bools) -> bool:
        """Keep a plan, if it is one; whether it is better than the last."""
        if self.program.broken(plan):
            return False
        self.plans.append(plan)
        return super().offer(plan)

    def _exchange(self, ask: Ask) -> None:
        """Plans by exchange, once."""
        if self.exchange is not None:
            return
        self.exchange = Exchange(self.program, self.seen)
        enough = self.bound / (1 + Fraction(ask.gap)) if self.bound > 0 else self.bound
        starts = [] if self.screen is None else [self.screen]
        for plan in self.exchange.begin(starts, enough, self.point):
            self.offer(plan)
            if ask.stopped:
                return
