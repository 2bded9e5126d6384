"""The core method: multipliers decide most candidates, and only those in doubt go to a solver.

1. Multipliers y of the rows, from the relaxation (for a large program from parts of it). They prove a bound.
2. At y each candidate has a best choice, and every other choice a loss. Plans are sought among the choices that lose
   least (`meet.py`); where none is near enough, these form a core that goes to HiGHS, the rest being decided.
3. A choice that loses more than the distance from that plan to the bound is in no better plan: what is left after
   leaving all such choices out goes to HiGHS, which proves the gap. The bound of the whole is the greater of what HiGHS
   proves of the rest and of the bound less the least loss left out.

Sources: reduced-cost fixing (Dantzig, Fulkerson & Johnson 1954); cores of knapsack problems (Balas & Zemel 1980;
Pisinger 1995).
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocator.program import Bools, Ints, Program
from allocator.solve.door import Answer, Ask
from allocator.solve.dual import multipliers
from allocator.solve.highs import ask_highs, named
from allocator.solve.meet import meet
from allocator.solve.part import asked_of, left, within
from allocator.solve.price import FAR, Priced, price
from allocator.solve.reduce import Reduced

FEW, MOST = 300, 1400
"""Choices other than their groups' best in the first core: all that lose less than the distance from the plan to the
bound where these are no more than `MOST`, so that no second core is needed; else `FEW`."""

LEAST = 1_000
"""Columns below which HiGHS on the whole is as quick."""

STRICT, MANY = 1e-5, 10_000
"""Below this gap, and below this many columns, HiGHS on the whole proves as quickly."""

TYING = 60
"""Rows that tie many candidates, above which the method is not for the program."""

GROWTH = 3
"""How much larger each next core is."""

LARGE = 0.6
"""Where what is left is more than this share of the columns, the whole goes to HiGHS at once."""


def ask_whichever(ask: Ask) -> Answer:
    """The core method where the program suits it, else HiGHS on the whole."""
    strict = ask.gap < STRICT and len(ask.program.gain) < MANY
    return ask_core(ask) if suits(ask.program) and not strict else ask_highs(ask)


def suits(program: Program) -> bool:
    """Whether many candidates are tied together by few rows, so that most are decided by the rows' multipliers.

    A row ties many where it speaks of more than a twentieth of the columns. Many of these, or columns without
    groups, make hard knapsacks, whose cores are nearly the whole.
    """
    columns = len(program.gain)
    grouped = bool((program.groups >= 0).all())
    return columns >= LEAST and grouped and _tying(program) <= TYING


def _tying(program: Program) -> int:
    return int((np.diff(program.matrix.indptr) > len(program.gain) // 20).sum())


def ask_core(ask: Ask) -> Answer:
    """The core method on `ask`; where it cannot help, HiGHS on the whole."""
    begun = time.monotonic()
    program = ask.program
    if ask.excluded:
        return ask_highs(ask)
    y = multipliers(program, ask.seconds, ask.stop, ask.gap)
    seen = None if y is None else price(program, y)
    if seen is None:
        return ask_highs(left(ask, begun))
    answer = _Search(ask, seen, begun).answer()
    if answer.word != "infeasible":
        # what HiGHS on the whole had no time to prove, the multipliers had proved before
        top = float(seen.certificate.bound)
        answer = replace(answer, bound=top if answer.bound is None else min(answer.bound, top))
    return replace(answer, certificate=seen.certificate)


class _Search:
    """Cores of growing size, until the best plan is within the gap of the multipliers' bound, or the rest is small."""

    def __init__(self, ask: Ask, seen: Priced, begun: float) -> None:
        self.ask, self.seen, self.begun = ask, seen, begun
        self.program = ask.program
        self.plan: Bools | None = None
        self.value = Fraction(0)
        if ask.start is not None:
            self.offer(ask.start)

    def offer(self, plan: Bools) -> None:
        """Keep a plan if it is one and better than the last."""
        if not self.program.broken(plan):
            value = self.program.value(plan)
            if self.plan is None or value > self.value:
                self.plan, self.value = plan, value

    def answer(self) -> Answer:
        """The method's answer; where it cannot help, that of HiGHS on the whole."""
        losses = _losses(self.seen)
        self.meet()
        near = (
            Fraction(self.ask.gap) * abs(self.seen.certificate.bound) if self.plan is None else self.distance
        )
        limit = self.seen.limit(max(near, Fraction(0)))
        if (losses <= limit).sum() > MOST or (self.plan is None and (losses <= limit).sum() < FEW):
            limit = _nth(losses, FEW)
        while True:
            if self.plan is not None and self.distance <= 0:
                return Answer("done", (self.plan,), float(self.seen.certificate.bound), solver=named())
            rest = within(self.program, self.seen, limit)
            if len(rest.columns) > LARGE * len(self.program.gain):
                return ask_highs(left(replace(self.ask, start=self.plan), self.begun))
            if not rest.broken:
                answer = ask_highs(self.asked_of(rest))
                for plan in answer.plans:
                    self.offer(rest.whole(plan))
                if answer.word in ("time_limit", "interrupted"):
                    return self.stopped(answer, rest, limit)
                if self.plan is not None:
                    proved = self.proved(answer, rest, limit)
                    if proved - float(self.value) <= self.ask.gap * abs(float(self.value)):
                        return self.done(answer, proved)
                    if self.distance <= Fraction(limit, self.seen.denominator):
                        return self.done(answer, proved)  # nothing was left out that a better plan could need
                    self.meet()
            size = GROWTH * int((losses <= limit).sum())
            grown = _nth(losses, size)
            if self.plan is not None:
                grown = min(self.seen.limit(self.distance) + 1, max(grown, GROWTH * limit))
            if grown <= limit:
                return ask_highs(left(replace(self.ask, start=self.plan), self.begun))
            limit = grown

    def meet(self) -> None:
        """A first plan, or a better one, near the multipliers."""
        enough = float(self.seen.certificate.bound) * self.ask.gap / (1 + self.ask.gap)
        left = self.ask.seconds - (time.monotonic() - self.begun)
        starts = () if self.plan is None else (self.plan,)
        found = meet(self.program, self.seen, abs(enough), starts, left / 2, self.ask.stop, self.ask.seed)
        if found is not None:
            self.offer(found)

    @property
    def distance(self) -> Fraction:
        """How far the multipliers' bound is above what would close the gap."""
        return self.seen.certificate.bound - self.value - abs(self.value) * Fraction(self.ask.gap)

    def asked_of(self, rest: Reduced) -> Ask:
        """The question of what is left."""
        bound = float(self.seen.certificate.bound)
        size = bound * (1 - 2 * self.ask.gap) if self.plan is None else float(self.value)
        return asked_of(self.ask, rest, self.begun, self.plan, size, bound - rest.decided)

    def stopped(self, answer: Answer, rest: Reduced, limit: int) -> Answer:
        """What is known when time or the user ends the search: the best plan, and the least bound."""
        plans = () if self.plan is None else (self.plan,)
        bound = self.proved(answer, rest, limit)
        return Answer(answer.word, plans, bound, slop=answer.slop, solver=answer.solver, detail=answer.detail)

    def proved(self, answer: Answer, rest: Reduced, limit: int) -> float:
        """The bound of the whole: of what was left, as the solver proved it, or of what was left out."""
        bound = self.seen.certificate.bound
        left_out = float(bound - Fraction(limit, self.seen.denominator))
        if answer.word == "infeasible":
            return left_out  # no plan uses only what was left
        if answer.bound is None:
            return float(bound)
        return min(float(bound), max(answer.bound + rest.decided, left_out))

    def done(self, answer: Answer, proved: float) -> Answer:
        """The answer with what was proved of the whole."""
        assert self.plan is not None
        word = "done" if answer.word == "infeasible" else answer.word
        return Answer(
            word,
            (self.plan,),
            max(proved, float(self.value)),
            slop=answer.slop,
            solver=answer.solver or named(),
            detail=answer.detail,
        )


def _losses(seen: Priced) -> Ints:
    """What each choice but its group's best loses: those of columns, and that of nothing once a group."""
    _, first = np.unique(seen.group, return_index=True)
    nothing = seen.none[first]
    return np.concatenate([seen.loss[~seen.best & (seen.loss < FAR)], nothing[nothing > 0]])


def _nth(losses: Ints, size: int) -> int:
    """The loss that `size` choices have at most."""
    if not len(losses):
        return 0
    at = min(size, len(losses) - 1)
    return int(np.partition(losses, at)[at])
