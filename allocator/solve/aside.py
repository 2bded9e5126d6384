"""A search for plans in slices of HiGHS's own time, where the whole program is HiGHS's to solve.

While HiGHS branches, in its thread and never beside it, a little of the time that has passed goes to tabu search
(`swap.py`) at the multipliers of the relaxation. Better plans are handed to HiGHS, which cuts off by them and seeks
around them; HiGHS's own better plans are where the search goes on. So a solve costs at most `SHARE` + `ALLOWANCE` more
than HiGHS alone would, and one that HiGHS ends before `BEGIN` costs nothing. What a slice finds depends on the clock.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from allocator.program import Bools, Program
from allocator.solve.door import Ask
from allocator.solve.field import Field, Picks
from allocator.solve.highs import lp_multipliers
from allocator.solve.price import price
from allocator.solve.swap import Swaps, able

BEGIN = 0.2
"""Seconds that HiGHS has to itself at first."""

SHARE, ALLOWANCE = 0.045, 0.04
"""Of HiGHS's own seconds, what may be spent here: this share, and so many seconds beside."""

SLICE = 0.02
"""Seconds of the shortest slice: shorter ones find nothing of theirs in the processor's cache."""

SIZES, STEPS = (40, 40, 60), 2_000
"""Choices that a phase looks at, in turn, and its steps."""

PREPARING, PER_ENTRY = 0.02, 4e-6
"""Seconds that multipliers and arrays may take: at least, and for each entry of the matrix."""

ROWS = 2_000
"""Rows above which arrays without gaps are not for the program."""


class Aside:
    """The search beside one run of HiGHS.

    plan, value  the best plan, checked in integers, and what it is worth in units of gain; None before there is one
    """

    def __init__(self, ask: Ask) -> None:
        self.program = ask.program
        self.draw = np.random.default_rng(ask.seed)
        self.plan: Bools | None = None
        self.value: Fraction | None = None
        self.spent = 0.0
        self.begun = time.monotonic()
        m, n = self.program.shape
        needed = PREPARING + PER_ENTRY * self.program.matrix.nnz
        self.later = np.inf if not n or m > ROWS else needed
        self.work: Iterator[Bools | None] | None = None
        if ask.start is not None:
            self.hear(ask.start)

    @property
    def owed(self) -> float:
        """Seconds that may be spent now."""
        own = time.monotonic() - self.begun - self.spent
        return 0.0 if own < BEGIN else SHARE * own + ALLOWANCE - self.spent

    def hear(self, plan: Bools) -> bool:
        """Go on from this plan if it is one and better than the last; whether it is."""
        value = self.program.value(plan)
        if (self.value is not None and value <= self.value) or self.program.broken(plan):
            return False
        self.plan, self.value = plan, value
        return True

    def turn(self) -> None:
        """Work for as long as is owed."""
        owed = self.owed
        if owed < (SLICE if self.work is not None else self.later):
            return
        begun = time.monotonic()
        end = begun + owed
        if self.work is None:
            self.work = self.search(owed)
        while time.monotonic() < end:
            try:
                found = next(self.work)
            except StopIteration:
                self.later = np.inf
                self.work = iter(())
                break
            if found is not None:
                self.hear(found)
        self.spent += time.monotonic() - begun

    def search(self, seconds: float) -> Iterator[Bools | None]:
        """Plans, each better than those of its phase before; None after a step without."""
        field = _field(self.program, seconds)
        yield None
        if field is None:
            return
        for size in itertools.cycle(SIZES):
            phase = Swaps(field, size, self.from_(field), self.draw)
            if not len(phase.groups):
                return
            for _ in range(STEPS):
                picks = phase.step()
                yield None if picks is None else field.plan(picks)

    def from_(self, field: Field) -> Picks:
        """The choices to go on from: the best plan's, or the groups' own best."""
        return field.home if self.plan is None else field.picks(self.plan)


def _field(program: Program, seconds: float) -> Field | None:
    """The choices near the relaxation's multipliers, which are sought for at most so long."""
    y = lp_multipliers(program, seconds)
    seen = None if y is None else price(program, y)
    field = None if seen is None else Field.of(program, seen, ())
    return None if field is None else able(field)
