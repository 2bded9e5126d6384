"""The core method: multipliers decide most candidates, and only those in doubt go to a solver.

1. Multipliers y of the rows, from the relaxation (for a large program from parts of it). They prove a bound.
2. At y each candidate has a best choice, and every other choice a loss. The candidates with the smallest margins form a
   core; the rest are decided; the core goes to HiGHS and gives a first plan.
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

from allocator.program import Bools, Program
from allocator.solve.door import Answer, Ask
from allocator.solve.dual import multipliers
from allocator.solve.highs import ask_highs
from allocator.solve.outcome import Progress, Watch
from allocator.solve.price import Priced, price
from allocator.solve.reduce import Reduced, reduce

FIRST = 60
"""Candidates in the first core, beside three for each row that ties many of them."""

LEAST = 1_000
"""Columns below which HiGHS on the whole is as quick."""

STRICT, MANY = 1e-5, 10_000
"""Below this gap, and below this many columns, HiGHS on the whole proves as quickly."""

TYING = 60
"""Rows that tie many candidates, above which the method is not for the program."""

GROWTH = 3
"""How much larger each next core is."""

EASY = 2_000
"""Columns that HiGHS may be left with for the proof, whatever the size of the last core."""

SHARE = 0.6
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
    y = multipliers(program, ask.seconds, ask.stop)
    seen = None if y is None else price(program, y)
    if seen is None:
        return ask_highs(_left(ask, begun))
    return replace(_Search(ask, seen, begun).answer(), certificate=seen.certificate)


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
        size = FIRST + 3 * _tying(self.program)
        while True:
            core = _closest(self.program, self.seen, size)
            if len(core.columns) > SHARE * len(self.program.gain) or size > GROWTH * len(self.program.gain):
                return ask_highs(_left(replace(self.ask, start=self.plan), self.begun))
            if not core.broken:
                answer = ask_highs(_on(self.ask, core, self.begun, self.ask.gap / 4, self.plan))
                for plan in answer.plans:
                    self.offer(core.whole(plan))
                if answer.word in ("time_limit", "interrupted"):
                    return self.stopped(answer)
            if self.plan is not None:
                if self.distance <= 0:
                    bound = float(self.seen.certificate.bound)
                    return Answer("done", (self.plan,), bound, solver=_name())
                rest = _within(self.program, self.seen, self.seen.limit(self.distance))
                if len(rest.columns) <= max(EASY, 2 * len(core.columns)):
                    return self.prove(rest)
            size *= GROWTH

    @property
    def distance(self) -> Fraction:
        """How far the multipliers' bound is above what would close the gap."""
        return self.seen.certificate.bound - self.value - abs(self.value) * Fraction(self.ask.gap)

    def stopped(self, answer: Answer) -> Answer:
        """What is known when time or the user ends the search: the best plan, and the multipliers' bound."""
        plans = () if self.plan is None else (self.plan,)
        bound = float(self.seen.certificate.bound)
        return Answer(answer.word, plans, bound, solver=answer.solver, detail=answer.detail)

    def prove(self, rest: Reduced) -> Answer:
        """Solve what could still be in a better plan; what was left out is worth less than the gap allows."""
        assert self.plan is not None
        bound = self.seen.certificate.bound
        left_out = bound - Fraction(self.seen.limit(self.distance), self.seen.denominator)
        answer = ask_highs(_on(self.ask, rest, self.begun, self.ask.gap, self.plan))
        for plan in answer.plans:
            self.offer(rest.whole(plan))
        if answer.word == "infeasible":
            proved = float(
                left_out
            )  # no plan uses only what was left, so none is better than what was left out
        elif answer.bound is None:
            proved = float(bound)
        else:
            proved = answer.bound + rest.decided
        return Answer(
            "done" if answer.word == "infeasible" else answer.word,
            (self.plan,),
            min(float(bound), max(proved, float(left_out))),
            slop=answer.slop,
            solver=answer.solver or _name(),
            detail=answer.detail,
        )


def _closest(program: Program, seen: Priced, size: int) -> Reduced:
    """The program with all but about `size` of the closest candidates decided."""
    groups, first = np.unique(seen.group, return_index=True)
    margins = seen.margin[first]
    edge = np.partition(margins, min(size, len(margins) - 1))[min(size, len(margins) - 1)]
    opened = np.isin(seen.group, groups[margins <= edge])
    return reduce(program, opened, seen.best & ~opened)


def _within(program: Program, seen: Priced, limit: int) -> Reduced:
    """The program without every choice that loses more than `limit`."""
    possible = seen.loss <= limit
    decided = seen.margin > limit
    return reduce(program, possible & ~decided, seen.best & decided)


def _on(ask: Ask, rest: Reduced, begun: float, gap: float, start: Bools | None) -> Ask:
    """The same question of what is left; the gap is of the whole's value, so it is wider on a part of it."""
    program = rest.program
    begin = None
    if start is not None:
        begin = start[rest.columns]
        if program.broken(begin) or (rest.whole(begin) != start).any():
            begin = None
    whole = abs(float(ask.program.value(start))) if start is not None else float(abs(rest.decided))
    part = max(whole - rest.decided, 1e-3 * whole, 1.0)
    return replace(
        _left(ask, begun),
        program=program,
        gap=gap * max(whole, 1.0) / part,
        start=begin,
        watch=_shifted(ask.watch, rest, ask.program.scale),
    )


def _left(ask: Ask, begun: float) -> Ask:
    return replace(ask, seconds=max(ask.seconds - (time.monotonic() - begun), 0.0))


def _shifted(watch: Watch | None, rest: Reduced, scale: int) -> Watch | None:
    """Progress of the whole: what is decided is added, and the gap taken of the sums."""
    if watch is None:
        return None
    tell, more = watch, rest.decided / scale

    def shifted(seen: Progress) -> None:
        value = None if seen.value is None else seen.value + more
        bound = None if seen.bound is None else seen.bound + more
        gap = None if value is None or bound is None or not value else (bound - value) / abs(value)
        tell(Progress(seen.seconds, value, bound, gap))

    return shifted


def _name() -> str:
    from importlib.metadata import version

    return f"HiGHS {version('highspy')}"
