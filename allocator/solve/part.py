"""A question about a part of a program: the choices in doubt at its multipliers, the others being decided."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np

from allocator.program import Bools, Program
from allocator.solve.door import Ask
from allocator.solve.outcome import Progress, Watch
from allocator.solve.price import Priced
from allocator.solve.reduce import Reduced, reduce


def within(program: Program, seen: Priced, limit: int, plan: Bools | None = None) -> Reduced:
    """The program without every choice that loses more than `limit`, but those of `plan`."""
    decided = seen.margin > limit
    opened = seen.loss <= limit
    if plan is not None:
        other = np.zeros(int(seen.group.max(initial=-1)) + 1, bool)
        other[seen.group[plan != (seen.best & decided)]] = True
        decided &= ~other[seen.group]
        opened |= plan
    return reduce(program, opened & ~decided, seen.best & decided)


def asked_of(ask: Ask, rest: Reduced, begun: float, plan: Bools | None, size: float, bound: float) -> Ask:
    """The same question of what is left, from `plan` where that chooses nothing else.

    The gap is of the whole's value, of this `size`, so here it is an absolute one; `bound` is what is known of the
    rest's. With a plan only what is better by more than the gap is looked for.
    """
    begin = None
    if plan is not None:
        begin = plan[rest.columns]
        if rest.program.broken(begin) or (rest.whole(begin) != plan).any():
            begin = None
    spare = spared(ask.gap, size)
    return replace(
        left(ask, begun),
        program=rest.program,
        gap=0.0,
        spare=spare,
        above=-math.inf if plan is None else size - rest.decided + spare,
        ceiling=bound,
        start=begin,
        watch=_shifted(ask.watch, rest.decided, ask.program.scale),
    )


def spared(gap: float, value: float) -> float:
    """The gap of a plan's value as an absolute one, a hair less: the sum in floats stays within it."""
    return gap * abs(value) * (1 - 1e-6)


def left(ask: Ask, begun: float) -> Ask:
    """The same question, with the time that is left of it."""
    return replace(ask, seconds=max(ask.seconds - (time.monotonic() - begun), 0.0))


def _shifted(watch: Watch | None, decided: int, scale: int) -> Watch | None:
    """Progress of the whole: what is decided is added, and the gap taken of the sums."""
    if watch is None:
        return None
    tell, more = watch, decided / scale

    def shifted(seen: Progress) -> None:
        value, bound = (None if v is None else v + more for v in (seen.value, seen.bound))
        gap = None if value is None or bound is None or not value else (bound - value) / abs(value)
        tell(Progress(seen.seconds, value, bound, gap))

    return shifted
