"""Many solves of programs over the same columns: one effort, counted, each begun from the best plan that is known."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.change import Change
from allocator.program import Bools, Clause, Program, Rows
from allocator.solve import Outcome, solve
from allocator.solve.exact import floor_to, step
from allocator.solve.session import Session
from allocator.studies.case import Case
from allocator.studies.study import Effort


class Solves:
    """Solves for one study, on one hot session.

    done  how many there were
    """

    def __init__(self, case: Case, effort: Effort) -> None:
        self.effort = effort
        self.gap = case.gap if effort.gap is None else effort.gap
        self.time_limit = case.time_limit if effort.time_limit is None else effort.time_limit
        self.session = Session(case.program)
        self.done = 0

    @property
    def ended(self) -> bool:
        """Whether somebody has asked for an end."""
        return self.effort.stopped

    def __call__(
        self,
        asked: Program | Change,
        start: Bools | None = None,
        *,
        gap: float | None = None,
        seconds: float | None = None,
        keep: Bools | None = None,
    ) -> Outcome:
        """The outcome of a program, or of a change of the case's; over the same columns, what is known is used.

        `start` is a plan to begin from, `keep` one to stay with while it is within the gap; both ignored where none.
        """
        self.done += 1
        goal = self.gap if gap is None else gap
        limit = self.time_limit if seconds is None else seconds
        try:
            change = asked if isinstance(asked, Change) else Change.between(self.session.program, asked)
        except ValueError:
            assert isinstance(asked, Program)
            fits = start is not None and start.shape == asked.gain.shape
            return solve(
                asked, gap=goal, time_limit=limit, start=start if fits else None, stop=self.effort.stop
            )
        return self.session.solve(
            change, gap=goal, time_limit=limit, start=start, keep=keep, stop=self.effort.stop
        )


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
