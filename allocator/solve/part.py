"""A question about a part of a program: the choices in doubt at its multipliers, the others being decided."""

from __future__ import annotations

import time
from dataclasses import replace

from allocator.program import Bools, Program
from allocator.solve.door import Ask
from allocator.solve.outcome import Progress, Watch
from allocator.solve.price import Priced
from allocator.solve.reduce import Reduced, reduce


def within(program: Program, seen: Priced, limit: int) -> Reduced:
    """The program without every choice that loses more than `limit`."""
    decided = seen.margin > limit
    return reduce(program, (seen.loss <= limit) & ~decided, seen.best & decided)


def asked_of(ask: Ask, rest: Reduced, begun: float, plan: Bools | None, size: float, bound: float) -> Ask:
    """The same question of what is left, from `plan` where that chooses nothing else.

    The gap is of the whole's value, of this `size`, so here it is an absolute one; `bound` is the whole's.
    """
    begin = None
    if plan is not None:
        begin = plan[rest.columns]
        if rest.program.broken(begin) or (rest.whole(begin) != plan).any():
            begin = None
    return replace(
        left(ask, begun),
        program=rest.program,
        gap=0.0,
        spare=ask.gap * abs(size) * (1 - 1e-6),
        ceiling=bound,
        start=begin,
        watch=_shifted(ask.watch, rest.decided, ask.program.scale),
    )


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
