"""Plans by meeting in the middle: from a plan, the best way to change up to six choices at once.

The groups are dealt into two halves. In each, the ways to change up to three choices are listed, those that lose least.
Two ways, one of each half, fit together where the two rows that decide most are just filled: they are found by sorting
one half and looking up what each of the other leaves open, some millions of pairs in a tenth of a second. What fits is
checked against every row. A round ends with the plans of the least deficit; the next begins from one of them, the
groups dealt anew.

Sources: two-list search (Horowitz & Sahni 1974); deficits of choices near the multipliers' own as in the core
problems of knapsacks (Balas & Zemel 1980).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np

from allocator.program import Bools, Program
from allocator.solve.field import Field, Picks
from allocator.solve.price import Priced
from allocator.solve.round import Round

LOST, STUCK = 8, 8
"""Rounds in a row without any plan, and without a better one, after which to stop."""

BASES = 6
"""Plans that rounds begin from."""

SOME = 0.1
"""How far to reach at first, as a share of the usual loss, where a plan must be the best."""

ALMOST = 0.98
"""A deficit that is this share of what was asked for is enough."""

Found = list[tuple[float, Picks]]
"""Plans and their deficits, the best first."""


def meet(
    program: Program,
    seen: Priced,
    enough: float,
    starts: Sequence[Bools] = (),
    seconds: float = 60.0,
    stop: threading.Event | None = None,
    seed: int = 0,
) -> Bools | None:
    """The best plan found near the multipliers of `seen`, bool [n], or None; `enough` is a deficit to stop at.

    It may still break a row that floats cannot tell apart: the caller checks it.
    """
    field = Field.of(program, seen, starts)
    return None if field is None else _Search(field, enough, starts, seed).run(seconds, stop)


class _Search:
    """Descents, each from other choices at the multipliers: rounds until a plan is found, then until none is better."""

    def __init__(self, field: Field, enough: float, starts: Sequence[Bools], seed: int) -> None:
        self.field, self.enough = field, enough
        self.draw = np.random.default_rng(seed)
        self.best: Found = []
        for start in starts:
            picks = field.picks(start)
            value = field.deficit(picks)
            if np.isfinite(value):
                self.best.append((value, picks))
        self.best.sort(key=lambda pair: pair[0])

    def run(self, seconds: float, stop: threading.Event | None) -> Bools | None:
        """Descents until there is enough, or as much as is worth the time."""
        end = time.monotonic() + seconds

        def over() -> bool:
            late = time.monotonic() > end or (stop is not None and stop.is_set())
            return late or self.least <= ALMOST * self.enough

        if self.best:
            self.best = self.improved(self.best, over)
        else:
            begun = self.begun(self.field.home, over) or self.begun(self.field.mended(self.field.home), over)
            self.best = self.improved(begun, over) if begun else []
        return self.field.plan(self.best[0][1]) if self.best else None

    @property
    def least(self) -> float:
        """The deficit of the best plan; inf where there is none."""
        return self.best[0][0] if self.best else float("inf")

    def begun(self, home: Picks, over: Callable[[], bool]) -> Found:
        """The first plans found from choices that are none."""
        near, reach = [home], max(self.enough, SOME * float(np.median(self.field.loss)))
        for number in range(LOST):
            if over():
                break
            at = int(self.draw.integers(min(len(near), 2)))
            step = Round(
                self.field, near[at], reach, self.draw, number % 2 == 1, lost=True, lean=number % 3 == 2
            )
            plans = step.plans()
            if plans:
                return plans
            near = step.near or [self.field.mended(near[at])]
            reach *= 1.2 if step.near else 2.0
        return []

    def improved(self, found: Found, over: Callable[[], bool]) -> Found:
        """The best plans that rounds from these find, until `STUCK` find none better."""
        idle = number = 0
        while idle < STUCK and not over() and found[0][0] > ALMOST * self.enough:
            at = int(self.draw.integers(len(found))) if idle else 0
            least = found[0][0]
            step = Round(
                self.field,
                found[at][1],
                least,
                self.draw,
                number % 2 == 1,
                lean=number % 2 == 1,
                second=number % 3 == 2,
            )
            for value, picks in step.plans():
                if all(abs(value - other) > 1e-9 * least for other, _ in found):
                    found = [*found, (value, picks)]
            found = sorted(found, key=lambda pair: pair[0])[:BASES]
            idle = 0 if found[0][0] < least else idle + 1
            number += 1
        return found
