"""From a program to an outcome: trivial cases, a door to a solver, and the exact check of what comes back."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.certificate import Certificate
from allocator.program import Bools, Program
from allocator.solve import exact
from allocator.solve.door import Answer, Ask, Door
from allocator.solve.outcome import Outcome, Reason, Watch

METHODS = ("auto", "core", "highs", "pulp")

TRIES = 5
"""How many plans that break the program are excluded, one by one, before a solve is called failed."""

HAIR = 1e-9
"""What is added to a solver's bound, relatively, where that solver did not close the gap."""

FINEST = 2 * HAIR
"""A gap that floats cannot be trusted to close further: a solver that was done at this was done."""


def solve(
    program: Program,
    gap: float = 1e-4,
    time_limit: float = 60.0,
    method: str = "auto",
    solver: str = "HiGHS",
    *,
    watch: Watch | None = None,
    stop: threading.Event | None = None,
    start: npt.ArrayLike | None = None,
    threads: int = 1,
    seed: int = 0,
) -> Outcome:
    """The best plan of `program` and what is proved of it.

    gap         relative; 0 asks for a proven optimum
    time_limit  seconds of wall clock
    method      "highs" (HiGHS itself), "core" (the core method, on HiGHS), "pulp" (whichever solver PuLP has, by
                name), or "auto" (core where it suits the program, else HiGHS; PuLP for another solver)
    solver      "HiGHS", "CBC", "SCIP" or any name that PuLP knows
    watch       called in this thread with the `Progress`, a few times a second at most
    stop        set it from elsewhere, or press Ctrl-C, to end the solve early and keep the best plan
    start       bool [n]: a plan to begin from; one that breaks the program is ignored
    seed        HiGHS's and the searches'; where plans are sought by the clock (any method but "highs" and "pulp", after
                0.2 s) the same seed may still find another plan within the gap

    Every plan returned has passed `program.broken`; the value is recomputed in exact integers. "optimal" means
    that bound and value are equal to the program's own unit, by the word of a solver that computes in floats with
    a tolerance of 1e-7; a proof without floats is the certificate's. Where values are too large for that, a solve
    at gap 0 ends "within_gap" with the gap that is left, at most 2e-9. An unknown method or solver, a negative gap
    or time limit, and a start of the wrong length raise `ValueError`.
    """
    door = find_door(method, solver)
    question = Ask(program, (), gap, time_limit, watch, stop, as_plan(start, program), threads, seed)
    return ask(question, door)


def ask(question: Ask, door: Door) -> Outcome:
    """The outcome of a question at a door; what `solve` raises for its numbers, this does."""
    begun = time.monotonic()
    program, gap, time_limit = question.program, question.gap, question.seconds
    if not gap >= 0 or not time_limit >= 0:
        raise ValueError(f"gap and time_limit must be at least 0, got {gap} and {time_limit}")
    run = _Run(program, gap, begun)
    if question.start is not None:
        run.offer(question.start)
    why = exact.impossible(program)
    if why is not None:
        return run.finish("infeasible", detail=why)
    if not exact.searched(program):
        return run.trivial()
    question = replace(question, gap=_asked(gap))
    hinted = True
    for attempt in range(TRIES + 1):
        left = time_limit - (time.monotonic() - begun)
        answer = door(replace(question, seconds=max(left, 0.0), start=run.chosen if hinted else None))
        broken = run.take(answer)
        if attempt == TRIES or left <= 0 or question.stopped or answer.word in ("interrupted", "time_limit"):
            break
        if broken is not None:
            question = replace(question, excluded=(*question.excluded, broken))
        elif hinted and answer.word == "done" and not run.closed(answer):
            hinted = (
                False  # HiGHS 1.16 may say it is done and hand back no more than the start that it was given
            )
        else:
            break
    return run.conclude(answer, broken is not None)


def as_plan(start: npt.ArrayLike | None, program: Program) -> Bools | None:
    """A plan to begin from, of the program's length."""
    if start is None:
        return None
    begin = np.asarray(start, np.bool_)
    if begin.shape != program.gain.shape:
        raise ValueError(f"start has shape {begin.shape}, the program has {len(program.gain)} columns")
    return begin


class _Run:
    """What a solve knows so far: the best plan that passed the check, and the least bound."""

    def __init__(self, program: Program, gap: float, begun: float) -> None:
        self.program = program
        self.gap = gap
        self.begun = begun
        self.step = exact.step(program)
        self.bound = exact.group_bound(program)
        self.chosen: Bools | None = None
        self.value: Fraction | None = None
        self.solver = ""
        self.doubt = ""
        self.certificate: Certificate | None = None

    def offer(self, chosen: Bools) -> bool:
        """Keep `chosen` if it is a plan and better than the last; whether it is a plan."""
        if self.program.broken(chosen):
            return False
        value = self.program.value(chosen)
        if self.value is None or value > self.value:
            self.chosen, self.value = chosen, value
        return True

    def take(self, answer: Answer) -> Bools | None:
        """Believe what can be checked of `answer`; the solver's best assignment if that breaks the program."""
        self.solver = answer.solver
        self.certificate = answer.certificate or self.certificate
        sound = [self.offer(plan) for plan in answer.plans]
        if answer.bound is not None:
            self.tighten(answer.bound, answer.slop)
        return answer.plans[0] if sound and not sound[0] else None

    def tighten(self, bound: float, slop: float) -> None:
        """Take a solver's bound, loosened by its tolerance and rounded down to a value that a plan can have.

        A bound within the tolerance of the best plan is that plan's value: the solver has closed the gap. A bound
        from a later try is as true as the first: what was excluded were no plans. A bound that a checked plan exceeds
        by more than the tolerance is no bound, and is not taken.
        """
        size = abs(bound)
        if self.value is not None and Fraction(bound) + Fraction(slop + HAIR * size) < self.value:
            self.doubt = f"a bound of {bound / self.program.scale} was refuted by the plan"
            return
        near = Fraction(bound) + Fraction(max(slop, 1e-13 * size))
        if self.value is not None and exact.floor_to(self.step, near) <= self.value:
            self.bound = min(self.bound, self.value)
            return
        self.bound = min(self.bound, exact.floor_to(self.step, near + Fraction(HAIR * size)))

    def closed(self, answer: Answer) -> bool:
        """Whether the gap is closed, as asked for or as far as the floats of `answer`'s solver can tell."""
        if self.value is None:
            return False
        left = self.bound - self.value
        largest = int(np.abs(self.program.gain).max(initial=0))
        allowed = max(
            Fraction(max(self.gap, FINEST)) * abs(self.value), Fraction(answer.slop + HAIR * largest)
        )
        return left <= allowed

    def trivial(self) -> Outcome:
        """The answer where no row speaks of a free column."""
        chosen = exact.best_of_groups(self.program)
        if not self.offer(chosen):
            return self.finish("infeasible", detail=", ".join(self.program.broken(chosen)))
        self.bound = self.program.value(chosen)
        return self.finish("optimal")

    def conclude(self, answer: Answer, broken: bool) -> Outcome:
        """The outcome after the last answer, in the order of what is proved, then of why it stopped."""
        if self.value is None:
            if answer.word == "done":
                return self.finish("failed", detail=answer.detail or "no plan passed the exact check")
            return self.finish(answer.word, detail=answer.detail)
        self.bound = max(self.bound, self.value)
        if self.bound == self.value:
            return self.finish("optimal", detail=answer.detail)
        left = relative(self.bound, self.value)
        if left <= self.gap:
            return self.finish("within_gap", detail=answer.detail)
        if answer.word == "done" and self.closed(answer):
            return self.finish(
                "within_gap", detail=f"{answer.solver} closed the gap as far as floats can tell"
            )
        if answer.word in ("time_limit", "interrupted"):
            return self.finish(answer.word, detail=answer.detail)
        said = f"{answer.solver} said {answer.word}" + (", of a plan that is none" if broken else "")
        return self.finish("failed", detail=answer.detail or said)

    def finish(self, reason: Reason, detail: str = "") -> Outcome:
        """The outcome, in shown units; an infeasible program has no bound."""
        bound = None if reason == "infeasible" else self.bound
        return Outcome(
            reason=reason,
            chosen=self.chosen,
            value=None if self.value is None else self.program.shown(self.value),
            bound=self.shown(bound),
            gap=None if self.value is None or bound is None else relative(bound, self.value),
            seconds=time.monotonic() - self.begun,
            solver=self.solver,
            detail="; ".join(part for part in (detail, self.doubt) if part),
            certificate=self.certificate,
        )

    def shown(self, bound: Fraction | None) -> float | None:
        """A bound in shown units: the value's own figure where they are equal, else never rounded below itself."""
        if bound is None:
            return None
        seen = self.program.shown(bound)
        if bound == self.value or Fraction(seen) * self.program.scale >= bound:
            return seen
        return math.nextafter(seen, math.inf)


def relative(bound: Fraction, value: Fraction) -> float:
    """(bound − value) / |value|; 0 where they are equal, inf where only the value is 0."""
    if bound == value:
        return 0.0
    return float((bound - value) / abs(value)) if value else math.inf


def _asked(gap: float) -> float:
    """The gap to ask a solver for: tighter by what its tolerance takes back."""
    return max(0.0, gap - 4 * HAIR)


def find_door(method: str, solver: str) -> Door:
    """The way to `solver` by `method`, found without solving anything.

    A method that there is not, or that is not for that solver, raises `ValueError`; a solver that PuLP does not know,
    or does not find on this machine, `UnknownSolver`, which says in both languages what there is.
    """
    if method not in METHODS:
        raise ValueError(f"method is {method!r}; the methods are {', '.join(METHODS)}")
    if method in ("highs", "core") and solver.lower() != "highs":
        raise ValueError(f"method {method!r} is HiGHS's; for {solver} write method='pulp'")
    if method == "pulp" or solver.lower() != "highs":
        from allocator.solve import pulp_gate

        return pulp_gate.door(solver)
    from allocator.solve import core, highs

    return {"auto": core.ask_whichever, "core": core.ask_core, "highs": highs.ask_highs}[method]
