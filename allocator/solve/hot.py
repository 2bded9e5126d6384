"""One changed program answered from what a session keeps: its multipliers, the plan on screen, bounds that still hold.

1. The multipliers prove a bound. A plan that is known and within the gap of it is the answer.
2. Else plans by exchange (`exchange.py`), from the plan on screen among others, and better ones by meeting in the
   middle (`meet.py`).
3. Else the choices in doubt go to HiGHS, with the best plan to begin from: those that lose no more than what closes
   the gap needs, and, while the best plan is far from that, no more than a part of it. Whatever is proved of them, and
   of what was left out, is a bound of the whole, and the next round needs fewer.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocator.program import Bools, Program
from allocator.solve.core import ask_whichever
from allocator.solve.door import Answer, Ask
from allocator.solve.exchange import Exchange
from allocator.solve.highs import ask_highs, named
from allocator.solve.meet import meet
from allocator.solve.part import asked_of, left, within
from allocator.solve.price import FAR, Priced
from allocator.solve.reduce import Reduced
from allocator.solve.scaled import Floats

NEAR = 1.2
"""A plan this many gaps below the multipliers' bound is near enough: cuts of the relaxation prove the rest."""

ENOUGH = Fraction(7, 10)
"""Where no choice that loses more than this share of the gap is needed, the first part holds all that are."""

PART = Fraction(9, 20)
"""Else the choices in the first part lose at most this share of the gap; more find a better plan no sooner."""

FEW = 100
"""Columns in doubt at first, at least."""

WHOLE = 0.6
"""Where more than this share of the columns is in doubt, the whole goes to HiGHS."""


class Hot:
    """A door for one program, that can be asked again for a smaller gap.

    point    an optimal point of the relaxation [n]
    screen   the plan to begin from, though it may be none any more
    carried  a bound of another program that holds for this one too, in units of gain
    """

    def __init__(
        self, program: Program, seen: Priced, point: Floats, screen: Bools | None, carried: Fraction | None
    ) -> None:
        self.point = point
        self.program = program
        self.seen = seen
        self.screen = screen
        top = seen.certificate.bound
        self.bound = top if carried is None else min(top, carried)
        self.plans: list[Bools] = []
        self.plan: Bools | None = None
        self.value = Fraction(0)
        self.begun = False
        self.exchange: Exchange | None = None

    def __call__(self, ask: Ask) -> Answer:
        """The answer at `ask.gap`, as any door's."""
        begun = time.monotonic()
        if ask.excluded:
            return ask_whichever(ask)
        if ask.start is not None:
            self.offer(ask.start)
        if not self.near(ask.gap):
            self._exchange(ask, begun)
        answer = Answer("done") if self.near(ask.gap) else self._close(ask, begun)
        plans = (*answer.plans, *(() if self.plan is None else (self.plan,)))
        best = tuple(sorted(plans, key=self._worth, reverse=True))
        bound = self.bound if answer.bound is None else min(self.bound, Fraction(answer.bound))
        return replace(
            answer,
            plans=best,
            bound=None if answer.word == "infeasible" else float(bound),
            certificate=self.seen.certificate,
            solver=answer.solver or named(),
        )

    def offer(self, plan: Bools) -> None:
        """Keep a plan, if it is one."""
        if self.program.broken(plan):
            return
        self.plans.append(plan)
        value = self.program.value(plan)
        if self.plan is None or value > self.value:
            self.plan, self.value = plan, value

    def near(self, gap: float) -> bool:
        """Whether the best plan is within the gap."""
        return self.plan is not None and self.bound - self.value <= Fraction(gap) * abs(self.value)

    def _worth(self, plan: Bools) -> tuple[bool, Fraction]:
        broken = bool(self.program.broken(plan))
        return (not broken, Fraction(0) if broken else self.program.value(plan))

    def _exchange(self, ask: Ask, begun: float) -> None:
        """Plans by exchange, once; then better ones from the best of them."""
        if self.exchange is None:
            self.exchange = Exchange(self.program, self.seen)
        enough = self.bound / (1 + Fraction(ask.gap)) if self.bound > 0 else self.bound
        if not self.begun:
            self.begun = True
            starts = [] if self.screen is None else [self.screen]
            for plan in self.exchange.begin(starts, enough, self.point):
                self.offer(plan)
                if ask.stopped:
                    return
        if not self.near(ask.gap) and not ask.stopped:
            self._meet(ask, begun)

    def _meet(self, ask: Ask, begun: float) -> None:
        """Better plans from those that are known, near enough for what is left to be proved of the choices in doubt."""
        enough = NEAR * ask.gap * abs(float(self.seen.certificate.bound))
        starts = () if self.plan is None else (self.plan,)
        seconds = left(ask, begun).seconds / 2
        found = meet(self.program, self.seen, enough, starts, seconds, ask.stop, ask.seed)
        if found is not None:
            self.offer(found)

    @property
    def _distance(self) -> Fraction:
        """How far the multipliers' bound is above the best plan."""
        return self.seen.certificate.bound - self.value

    def _close(self, ask: Ask, begun: float) -> Answer:
        """HiGHS on the choices in doubt, until the gap is closed."""
        top = self.seen.certificate.bound
        size = Fraction(ask.gap) * abs(top)
        whole = self.plan is not None and self._needed(ask.gap) <= ENOUGH * size
        limit = self.seen.limit((ENOUGH if whole else PART) * size)
        limit = max(limit, _nearest(self.seen, FEW)) + 1
        able = int((self.seen.loss < FAR).sum())
        while True:
            if self.plan is not None:
                limit = min(limit, self.seen.limit(self._needed(ask.gap)) + 1)
            rest = within(self.program, self.seen, limit)
            if len(rest.columns) >= WHOLE * able:
                return ask_whichever(left(replace(ask, start=self.plan), begun))
            left_out = top - Fraction(limit, self.seen.denominator)
            if not rest.broken:
                answer = ask_highs(self._asked_of(ask, rest, begun))
                for plan in answer.plans:
                    self.offer(rest.whole(plan))
                proved = left_out if answer.word == "infeasible" else None
                if answer.word != "infeasible" and answer.bound is not None:
                    proved = max(Fraction(answer.bound + answer.slop) + rest.decided, left_out)
                if proved is not None:
                    self.bound = min(self.bound, proved)
                if self.plan is not None:
                    self.bound = max(self.bound, self.value)
                if answer.word in ("time_limit", "interrupted") or self.near(ask.gap):
                    word = "done" if self.near(ask.gap) else answer.word
                    return Answer(word, slop=answer.slop, solver=answer.solver, detail=answer.detail)
            if self.plan is not None and limit > self.seen.limit(self._needed(ask.gap)):
                # nothing was left out that a better plan could need, and still the gap is open
                return ask_whichever(left(replace(ask, start=self.plan), begun))
            limit *= 3

    def _needed(self, gap: float) -> Fraction:
        """The most that a choice of a plan can lose that would open the gap."""
        return max(self._distance - Fraction(gap) * abs(self.value), Fraction(0))

    def _asked_of(self, ask: Ask, rest: Reduced, begun: float) -> Ask:
        """The question of what is left; it ends too where the plan that is known closes the gap."""
        size = float(self.bound if self.plan is None else self.value)
        known = -math.inf if self.plan is None else float(self.value - rest.decided)
        bound = float(self.bound - rest.decided)
        return replace(asked_of(ask, rest, begun, self.plan, size, bound), known=known)


def _nearest(seen: Priced, count: int) -> int:
    """The loss that `count` columns have at most."""
    losses = seen.loss[~seen.best & (seen.loss < FAR)]
    return int(np.partition(losses, count)[count]) if count < len(losses) else 0
