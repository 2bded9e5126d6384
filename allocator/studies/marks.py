"""What a candidate's score is to a plan: its options' gain at any score, and the score at which a decision turns.

The gain of an option is a straight line in the score, by whatever share merit has in the objective: found by making
merit twice what it is. A threshold follows from bounds and plans, and is held to solves at it and a hundredth below.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocator.change import Change
from allocator.compile import gain as gain_of
from allocator.program import Bools, Ints
from allocator.studies.case import Case
from allocator.studies.solves import Solves, bound_of


@dataclass(frozen=True, eq=False)
class Marks:
    """A candidate's score and the pass mark, in hundredths, and what its options gain by its whole score.

    by_score  column -> gain that goes by the score, at the score as it is; 0 where an option's does not
    """

    score: int
    mark: int | None
    by_score: dict[int, int]

    def at(self, k: int, rise: Fraction) -> int | None:
        """The least score at which option k gains `rise` more than it does; None where no score does that."""
        own = self.by_score[k]
        if own <= 0:
            return None
        return max(math.ceil(self.score * (1 + rise / own)), 0)

    def gain(self, gain: Ints, score: int) -> Ints:
        """Every option's gain [n] with the candidate at another score."""
        moved = gain.copy()
        for k, own in self.by_score.items():
            moved[k] = int(gain[k]) + round(Fraction(own * (score - self.score), self.score))
        return moved


def marks_of(case: Case, candidate: str, columns: Sequence[int]) -> Marks | None:
    """The marks of a candidate; None where there is no score, or the objective does not go by it."""
    if case.loaded is None or case.tables is None or case.compiled is None:
        return None
    score, mark = case.loaded.policy.score(case.loaded.scenario, case.tables, candidate)
    if not score:
        return None
    options = case.compiled.options
    merit = options.merit.copy()
    merit[list(columns)] *= 2
    doubled = gain_of(case.loaded.scenario, replace(options, merit=merit), case.compiled.facts)
    by_score = {k: int(doubled[k]) - int(case.program.gain[k]) for k in columns}
    return Marks(score, mark, by_score) if any(by_score.values()) else None


def checked(
    case: Case, solves: Solves, marks: Marks, columns: Sequence[int], plans: Sequence[Bools], at: int
) -> bool:
    """Whether solves show that it is in a best plan at the score `at`, and in none a hundredth below.

    plans  plans that fund it, one of which is a best one at that score if the threshold is right
    """
    seen = []
    for score in (at, max(at - 1, 0)):
        change = Change(gain=marks.gain(case.program.gain, score))
        program = case.program.with_(change)
        outcome = solves(change)
        bound = bound_of(program, outcome)
        if bound is None or outcome.chosen is None:
            return False
        inside = bool(outcome.chosen[list(columns)].any())
        seen.append((inside or max(map(program.value, plans), default=bound - 1) >= bound, inside))
    return seen[0][0] and not seen[1][1]
