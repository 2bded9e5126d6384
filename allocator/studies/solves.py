"""Many solves of programs over the same columns: one effort, counted, wherever they are done.

Solves go through the effort's fan. What a rule finds only as plans break it (the worst of many outcomes) is looked for
in each plan that comes back: one that breaks a row is asked for again with it, until none is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.change import Change
from allocator.fan.fan import Fan
from allocator.fan.job import Job
from allocator.fan.place import Here
from allocator.held import ROUGH, Held, finding
from allocator.program import OPEN, Bools, Clause, Program, Rows
from allocator.solve.driver import relative
from allocator.solve.exact import floor_to, step
from allocator.solve.outcome import Outcome, Reason
from allocator.studies.case import Case
from allocator.studies.study import Effort

PACK = 8
"""Questions that are made ready at a time, for each of several workers."""


@dataclass(frozen=True, eq=False)
class Question:
    """One solve: a program, or a change of the case's own; a plan to begin from, and what else its plans are held to.

    held  of another scenario's program: what its rules find; None for the case's own
    """

    asked: Program | Change
    start: Bools | None = None
    held: Held | None = None


class Solves:
    """Solves for one study, in hot sessions of the case's program.

    done  how many there were
    """

    def __init__(self, case: Case, effort: Effort) -> None:
        self.effort = effort
        self.gap = case.gap if effort.gap is None else effort.gap
        self.time_limit = case.time_limit if effort.time_limit is None else effort.time_limit
        self.fan = Fan(Here()) if effort.fan is None else effort.fan
        self.program = case.program
        self.held = case.held
        self.done = 0

    @property
    def ended(self) -> bool:
        """Whether somebody has asked for an end."""
        return self.effort.stopped

    @property
    def room(self) -> int:
        """How many questions to make ready at a time, where making one takes a while."""
        return 1 if self.fan.workers == 1 else PACK * self.fan.workers

    def __call__(
        self,
        asked: Program | Change,
        start: Bools | None = None,
        *,
        gap: float | None = None,
        seconds: float | None = None,
        keep: Bools | None = None,
        held: Held | None = None,
    ) -> Outcome:
        """The outcome of a program, or of a change of the case's; over the same columns, what is known is used.

        `start` is a plan to begin from, `keep` one to stay with while it is within the gap; both ignored where none.
        """
        question = Question(asked, start if keep is None else keep, held)
        for _, outcome in self.many([question], gap=gap, seconds=seconds):
            return outcome if keep is None else self.calm(asked, outcome, keep, gap)
        return Outcome("interrupted", None, None, None, None, 0.0)

    def many(
        self, questions: Sequence[Question], *, gap: float | None = None, seconds: float | None = None
    ) -> Iterator[tuple[int, Outcome]]:
        """Each question's number and outcome, in the order of finishing; once a stop is asked for, no more come."""
        goal = self.gap if gap is None else gap
        limit = self.time_limit if seconds is None else seconds
        open_ = [self._opened(q, goal, limit) for q in questions]
        waiting = list(range(len(open_)))
        while waiting and (len(open_) == 1 or not self.ended):
            again: list[int] = []
            asked = [(open_[k].program, open_[k].job) for k in waiting]
            for i, outcome in self.fan.each(asked, stop=self.effort.stop, partial=True):
                k, self.done = waiting[i], self.done + 1
                answer = open_[k].answered(outcome, goal, limit)
                if answer is None:
                    again.append(k)
                else:
                    yield k, answer
            waiting = sorted(again)

    def calm(
        self, asked: Program | Change, outcome: Outcome, keep: Bools | None, gap: float | None = None
    ) -> Outcome:
        """`outcome` with the plan `keep` where that is a plan of what was asked, and within the gap too."""
        program = self.program.with_(asked) if isinstance(asked, Change) else asked
        if keep is None or outcome.bound is None or keep.shape != program.gain.shape or program.broken(keep):
            return outcome
        value, bound = program.value(keep), Fraction(outcome.bound) * program.scale
        if bound - value > Fraction(self.gap if gap is None else gap) * abs(value):
            return outcome
        found = relative(bound, value)
        reason = outcome.reason
        if reason in ("optimal", "within_gap"):
            reason = "optimal" if found == 0 else "within_gap"
        return replace(outcome, reason=reason, chosen=keep, value=program.shown(value), gap=found)

    def _opened(self, question: Question, gap: float, limit: float) -> _Open:
        held = self.held if question.held is None else question.held
        rough = max(gap, ROUGH) if held is not None and finding(held.compiled.rules) else gap
        asked, base, start = question.asked, self.program, question.start
        if isinstance(asked, Program):
            try:
                asked = Change.between(base, asked)
            except ValueError:
                base, asked = question.asked, Change()  # type: ignore[assignment]
        if start is not None and start.shape != base.gain.shape:
            start = None
        return _Open(base, Job(asked, rough, limit, start), held)


class _Open:
    """A question that is not answered yet, with the rows found for it so far."""

    def __init__(self, program: Program, job: Job, held: Held | None) -> None:
        self.program, self.job, self.held = program, job, held
        self.lifted = _lifted(program.with_(job.change)) if held is not None else frozenset()
        self.seconds = 0.0

    def answered(self, outcome: Outcome, gap: float, limit: float) -> Outcome | None:
        """The answer; None where it is to be asked again."""
        self.seconds += outcome.seconds
        if self.held is None or outcome.chosen is None:
            return outcome
        rows = self._missing(outcome.chosen)
        if rows is None and (self.job.gap <= gap or outcome.reason == "interrupted"):
            return outcome
        left = limit - self.seconds
        if outcome.reason == "interrupted" or left <= 0:
            # the bound is one of a program that leaves rows out, so of the whole too
            ended: Reason = "interrupted" if outcome.reason == "interrupted" else "time_limit"
            kept = outcome if rows is None else replace(outcome, chosen=None, value=None, gap=None)
            return replace(kept, reason=ended)
        if rows is None:
            self.job = replace(self.job, gap=gap, time_limit=left, start=outcome.chosen)
        else:
            self.job = replace(self.job, change=self.job.change | Change(added=rows), time_limit=left)
        return None

    def _missing(self, chosen: Bools) -> Rows | None:
        """The rows that a plan breaks, but for those of clauses that the question lifts."""
        assert self.held is not None
        rows = self.held.missing(chosen)
        if rows is None or not self.lifted:
            return rows
        own = [i for i, c in enumerate(rows.clauses) if (c.rule, c.label, c.side) not in self.lifted]
        return rows if len(own) == len(rows) else picked(rows, own)


def picked(rows: Rows, own: Sequence[int]) -> Rows | None:
    """Some rows of a block; None where there are none."""
    if not own:
        return None
    at = list(own)
    clauses = tuple(rows.clauses[i] for i in at)
    return Rows(sparse.csr_array(rows.matrix[at, :]), rows.lower[at], rows.upper[at], clauses)


def _lifted(program: Program) -> frozenset[tuple[str, str, str]]:
    """The clauses all of whose rows are open on both sides."""
    open_ = (program.lower <= -OPEN) & (program.upper >= OPEN)
    named = [(c.rule, c.label, c.side) for c in program.clauses]
    closed = {n for n, o in zip(named, open_, strict=True) if not o}
    return frozenset(n for n, o in zip(named, open_, strict=True) if o and n not in closed)


def bound_of(program: Program, outcome: Outcome) -> Fraction | None:
    """The outcome's bound in units of gain, exactly where the solve was closed; None where nothing was proved."""
    if outcome.bound is None:
        return None
    if outcome.chosen is not None and outcome.bound == outcome.value:
        return program.value(outcome.chosen)
    unit = step(program)
    raised = Fraction(outcome.bound) * program.scale
    return floor_to(unit, raised + unit / 2) if unit else raised


def value_of(program: Program, outcome: Outcome) -> Fraction | None:
    """The value of the outcome's plan in units of gain; None where there is no plan."""
    return None if outcome.chosen is None else program.value(outcome.chosen)


def rows(found: Sequence[tuple[npt.ArrayLike, int, int]], rule: str, labels: Sequence[str] = ()) -> Rows:
    """Hard rows to add: coefficients [n], lower, upper (±OPEN where open); named `rule` and a label."""
    block = sparse.csr_array(np.array([np.asarray(c, np.int64) for c, _, _ in found]).reshape(len(found), -1))
    names = labels or [str(i) for i in range(len(found))]
    return Rows(
        block,
        np.array([low for _, low, _ in found], np.int64),
        np.array([high for _, _, high in found], np.int64),
        tuple(Clause(rule, name, "cap", counted=True) for name in names),
    )
