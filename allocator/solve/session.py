"""The hot session: one program, asked again and again with changes, as a planner moves a ratio or a pin.

What a solve learns is kept for the next: the relaxation with its basis (`kept.py`), plans, and bounds, which hold for
every stricter program (`implied.py`). The plan on screen stays where it is still one and within the gap; where it must
change, plans from it are tried first (`hot.py`), and what need not differ goes back (`nearest.py`).
It is the one object of the engine that changes, and it belongs to one thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.change import Change
from allocator.program import SAFE, Bools, Program
from allocator.solve import driver
from allocator.solve.door import Answer, Ask
from allocator.solve.hot import Hot
from allocator.solve.implied import implied
from allocator.solve.kept import Kept, fits
from allocator.solve.nearest import apart, nearer
from allocator.solve.outcome import Outcome, Watch
from allocator.solve.price import price

FIRST = 1e-3
"""The gap of the first answer of two."""

KEPT = 24
"""How many plans a session keeps to begin from."""

PROVED = 12
"""How many programs and their bounds it keeps: a bound holds for every program that is stricter."""


class Session:
    """Answers about one program and its changes; use it from one thread, and `close` it.

    `solve` and `answers` take a change of the base program; their outcome's `program` is the digest of
    `program.with_(change)`, so that it can be checked by anyone without the session.
    """

    def __init__(self, program: Program, *, threads: int = 1, seed: int = 0) -> None:
        self.program = program
        self.threads = threads
        self.seed = seed
        self.plans: list[Bools] = []
        self.proved: list[tuple[Program, Fraction]] = []
        self.relaxation: Kept | None = None
        self.owner = threading.get_ident()
        self.closed = False

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is kept. A closed session answers nothing more."""
        self.plans.clear()
        self.proved.clear()
        self.relaxation = None
        self.closed = True

    def solve(
        self,
        change: Change = Change(),  # noqa: B008 - frozen
        *,
        gap: float = 1e-4,
        time_limit: float = 60.0,
        start: npt.ArrayLike | None = None,
        keep: npt.ArrayLike | None = None,
        watch: Watch | None = None,
        stop: threading.Event | None = None,
    ) -> Outcome:
        """The best plan of the changed program and what is proved of it, as `allocator.solve` has it.

        start  bool [n]: a plan to begin from
        keep   bool [n]: the plan on screen; where it is still one, and within the gap, it is the answer

        Raises `ValueError` for a change that does not fit, a gap or a time limit below 0, and a plan of the wrong
        length; `RuntimeError` where the session is closed or asked from another thread.
        """
        (found,) = self._answers(change, (gap,), time_limit, start, keep, watch, stop)
        return found

    def answers(
        self,
        change: Change = Change(),  # noqa: B008 - frozen
        *,
        gap: float = 1e-4,
        time_limit: float = 60.0,
        start: npt.ArrayLike | None = None,
        keep: npt.ArrayLike | None = None,
        watch: Watch | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Outcome]:
        """As `solve`, in two steps: a first verified plan with its gap, then the asked-for gap.

        There is one step only where the first closes the gap, finds that no plan can be, or is stopped.
        """
        yield from self._answers(change, (max(gap, FIRST), gap), time_limit, start, keep, watch, stop)

    def _answers(
        self,
        change: Change,
        gaps: tuple[float, ...],
        time_limit: float,
        start: npt.ArrayLike | None,
        keep: npt.ArrayLike | None,
        watch: Watch | None,
        stop: threading.Event | None,
    ) -> Iterator[Outcome]:
        begun = time.monotonic()
        if self.closed or threading.get_ident() != self.owner:
            raise RuntimeError("a session answers only the thread that made it, and only until it is closed")
        program = self.program.with_(change)
        screen = driver.as_plan(keep, program)
        kept = None if screen is None or program.broken(screen) else screen
        begin = self._best(program, [driver.as_plan(start, program), kept])
        door = _Door(self, program, screen)
        best: Outcome | None = None
        for gap in gaps:
            left = max(time_limit - (time.monotonic() - begun), 0.0) if time_limit >= 0 else time_limit
            question = Ask(program, (), gap, left, watch, stop, begin, self.threads, self.seed)
            found = _tightened(driver.ask(question, door), best, program)
            best = found
            if found.chosen is not None:
                begin = found.chosen
                self._remember(program, found)
            shown = _calm(found, kept, program, gap)
            if screen is not None and gap == gaps[-1]:
                shown = _near(shown, screen, door.plans, program, gap)
            yield replace(shown, program=program.digest, seconds=time.monotonic() - begun)
            done = found.gap is not None and found.gap <= gaps[-1]
            if done or found.reason not in ("optimal", "within_gap"):
                return

    def _best(self, program: Program, offered: list[Bools | None]) -> Bools | None:
        """The best plan of `program` among those offered and those kept."""
        plans = [p for p in (*offered, *self.plans) if p is not None and not program.broken(p)]
        return max(plans, key=program.value, default=None)

    def _remember(self, program: Program, found: Outcome) -> None:
        """Keep the plan, and what was proved of it."""
        plan = found.chosen
        assert plan is not None
        others = [p for p in self.plans if not np.array_equal(p, plan)]
        self.plans = [plan, *others][:KEPT]
        if found.bound is not None:
            proved = (program, Fraction(found.bound) * program.scale)
            self.proved = [proved, *(p for p in self.proved if p[0] is not program)][:PROVED]

    def _carried(self, program: Program) -> Fraction | None:
        """The least bound proved before that holds for `program` too."""
        return min((bound for old, bound in self.proved if implied(program, old)), default=None)


class _Door:
    """The way to the answer about one changed program: hot where that is of use, else as a cold solve goes."""

    def __init__(self, session: Session, program: Program, screen: Bools | None) -> None:
        self.session, self.program, self.screen = session, program, screen
        self.ordinary = driver.find_door("auto", "HiGHS")
        self.hot: Hot | None = None
        self.tried = False

    def __call__(self, ask: Ask) -> Answer:
        begun = time.monotonic()
        if not self.tried:
            self.tried = True
            self.hot = self._found(ask.seconds)
        left = replace(ask, seconds=max(ask.seconds - (time.monotonic() - begun), 0.0))
        return self.ordinary(left) if self.hot is None else self.hot(left)

    @property
    def plans(self) -> list[Bools]:
        """Every plan that was met."""
        return [] if self.hot is None else self.hot.plans

    def _found(self, seconds: float) -> Hot | None:
        session, program = self.session, self.program
        if not fits(program):
            return None
        if session.relaxation is None:
            session.relaxation = Kept(session.program.shape[0])
        y = session.relaxation.multipliers(program, seconds)
        seen = None if y is None else price(program, y)
        if seen is None or abs(seen.certificate.bound) > SAFE:
            return None
        screen = self.screen if self.screen is not None else next(iter(session.plans), None)
        return Hot(program, seen, session.relaxation.point, screen, session._carried(program))


def _tightened(found: Outcome, before: Outcome | None, program: Program) -> Outcome:
    """`found` with the bound of an earlier answer where that is lower: both are true."""
    if before is None or before.bound is None or found.bound is None or before.bound >= found.bound:
        return found
    return _with_plan(replace(found, bound=before.bound), found.chosen, program)


def _calm(found: Outcome, kept: Bools | None, program: Program, gap: float) -> Outcome:
    """`found` with the plan on screen where that is within the gap too."""
    if kept is None or found.bound is None:
        return found
    value = program.value(kept)
    bound = Fraction(found.bound) * program.scale
    if bound - value > Fraction(gap) * abs(value):
        return found
    return _with_plan(found, kept, program)


def _near(found: Outcome, screen: Bools, others: list[Bools], program: Program, gap: float) -> Outcome:
    """`found` with a plan nearer to the one on screen where that is within the gap too."""
    if found.chosen is None or found.bound is None or found.reason not in ("optimal", "within_gap"):
        return found
    bound = Fraction(found.bound) * program.scale
    least = min(bound / (1 + Fraction(gap)), program.value(found.chosen))
    if bound <= 0 or np.array_equal(found.chosen, screen):
        return found
    within = [p for p in others if program.value(p) >= least]
    nearest = min([found.chosen, *within], key=lambda p: apart(program, p, screen))
    return _with_plan(found, nearer(program, nearest, screen, least), program)


def _with_plan(found: Outcome, chosen: Bools | None, program: Program) -> Outcome:
    """`found` with another plan of the program, or another bound."""
    if chosen is None or found.bound is None:
        return found
    value = program.value(chosen)
    gap = driver.relative(Fraction(found.bound) * program.scale, value)
    reason = found.reason
    if reason in ("optimal", "within_gap"):
        reason = "optimal" if gap == 0 else "within_gap"
    return replace(found, reason=reason, chosen=chosen, value=program.shown(value), gap=gap)
