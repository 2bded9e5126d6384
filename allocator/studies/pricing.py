"""What a change of the program is worth: the difference of two optima, as the interval that both solves prove."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.program import Bools, Program
from allocator.solve import Outcome
from allocator.studies.case import Case
from allocator.studies.solves import Solves, bound_of, value_of
from allocator.studies.study import Ended
from allocator.words import Text, say


@dataclass(frozen=True, eq=False)
class Base:
    """The optimum that changes are held against: a plan, its value, and what is proved, in units of gain."""

    chosen: Bools
    value: Fraction
    bound: Fraction


@dataclass(frozen=True)
class Worth:
    """How much an optimum moves: between `low` and `high`, in units of gain.

    low is None where nothing bounds it from below (no plan was found), high where nothing was proved; gone: proven that
    no plan is left.
    """

    low: Fraction | None
    high: Fraction | None
    gone: bool = False

    @property
    def within(self) -> bool:
        """Whether it cannot be told from nothing."""
        return not self.gone and (self.low is None or self.low <= 0) and (self.high is None or self.high >= 0)

    @property
    def size(self) -> Fraction:
        """What to sort by: the end that is nearer to 0, 0 where they lie on both sides of it."""
        if self.gone:
            return Fraction(-(10**30))
        if self.low is not None and self.low > 0:
            return self.low
        return self.high if self.high is not None and self.high < 0 else Fraction(0)


def base_of(case: Case, solves: Solves) -> tuple[Base | None, Outcome | None]:
    """The case's own plan with its bound, solved here where it brings none; None without a plan."""
    if case.chosen is not None and case.bound is not None:
        own = case.program.value(case.chosen)
        return Base(case.chosen, own, max(Fraction(case.bound), own)), None
    outcome = solves(case.program)
    value, bound = value_of(case.program, outcome), bound_of(case.program, outcome)
    if outcome.chosen is None or value is None or bound is None:
        return None, outcome
    return Base(outcome.chosen, value, bound), outcome


def without_base(outcome: Outcome | None) -> Ended:
    """How a study ends that has no base to go from."""
    return "infeasible" if outcome is not None and outcome.reason == "infeasible" else "stopped"


def worth_of(base: Base, program: Program, outcome: Outcome) -> Worth:
    """How much the optimum of `program` lies above the base's: [v₁ − b₀, b₁ − v₀]."""
    if outcome.reason == "infeasible":
        return Worth(None, None, gone=True)
    value, bound = value_of(program, outcome), bound_of(program, outcome)
    return Worth(None if value is None else value - base.bound, None if bound is None else bound - base.value)


def unasked(base: Base, program: Program, tighter: Program) -> Worth | None:
    """What going over from `program` to `tighter` is worth, where no solve is needed to tell.

    It only takes plans away and leaves the base's own, at its worth; None where it must be solved.
    """
    stays = _only_tighter(program, tighter) and not tighter.broken(base.chosen)
    if stays and tighter.value(base.chosen) == base.value:
        return Worth(base.value - base.bound, base.bound - base.value)
    return None


def _only_tighter(program: Program, other: Program) -> bool:
    """Whether `other` differs in bounds alone, all of them moved inwards, and in no gain."""
    if program.shape != other.shape or not np.array_equal(program.gain, other.gain):
        return False
    if (program.matrix != other.matrix).nnz or not np.array_equal(program.fixed, other.fixed):
        return False
    same = all(a.price == b.price for a, b in zip(program.clauses, other.clauses, strict=True))
    return same and bool((other.lower >= program.lower).all() and (other.upper <= program.upper).all())


def interval(worth: Worth, scale: int, sign: str = "+") -> Text:
    """The interval as people read it, one figure where both ends show the same; `sign` "" leaves a plus out."""
    if worth.gone:
        return say("pricing.gone")
    if worth.low is None or worth.high is None:
        return say("pricing.unknown")
    low, high = (f"{float(v / scale):{sign},.2f}" for v in (worth.low, worth.high))
    return say("pricing.exact", value=low) if low == high else say("pricing.interval", low=low, high=high)
