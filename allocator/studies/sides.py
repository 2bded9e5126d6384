"""The plans that a comparison sets side by side: of scenarios, of finished runs, decided lists, today's practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from allocator.certificate import certify
from allocator.conclude import taken_by_orders
from allocator.data import DataSettings
from allocator.intake import read
from allocator.options import Award
from allocator.plan import Ruled, judge
from allocator.problems import InputFaults, Problems
from allocator.program import Bools
from allocator.solve.dual import multipliers
from allocator.solve.outcome import Reason
from allocator.studies.case import Case
from allocator.studies.solves import Solves, bound_of
from allocator.studies.study import Effort
from allocator.words import Text, same, say

PRICING = 20.0
"""Seconds that finding a plan's prices may take; they explain, and prove nothing."""


@dataclass(frozen=True, eq=False)
class Side:
    """One plan in a comparison.

    chosen    bool [n] of its case's options, None where there is no plan
    bound     what was proved, in units of gain; None of a list that nobody optimised
    why       how the solve ended, None of a list
    outside   candidates of a decided list that no option here stands for, with what was approved in yuan
    nearest   candidates of a decided list whose approved amount no option gives: the nearest one stands in
    unnamed   rows of a decided list without an id (sums, as a rule), which are not read
    """

    name: Text
    case: Case
    chosen: Bools | None
    bound: Fraction | None = None
    why: Reason | None = None
    outside: tuple[tuple[str, int | None], ...] = ()
    nearest: tuple[str, ...] = ()
    unnamed: int = 0

    @cached_property
    def value(self) -> Fraction:
        """What its plan is worth, in units of gain."""
        assert self.chosen is not None
        return self.case.program.value(self.chosen)

    @property
    def tolerance(self) -> Fraction:
        """The distance from its value to what was proved; 0 of a list."""
        return Fraction(0) if self.bound is None else max(self.bound - self.value, Fraction(0))

    @cached_property
    def awards(self) -> dict[str, Award]:
        """Its awards by candidate."""
        if self.chosen is None:
            return {}
        return {a.candidate: a for a in self.case.awards(self.chosen) if not a.fixed}

    @cached_property
    def ruled(self) -> tuple[Ruled, ...]:
        """What every rule measures on it."""
        if self.chosen is None or self.case.compiled is None:
            return ()
        return judge(self.case.compiled, self.case.awards(self.chosen), self.chosen)

    @cached_property
    def prices(self) -> tuple[Fraction, ...]:
        """The multipliers of its program's rows, in units of gain per unit of row: estimates of what each is worth."""
        program = self.case.program
        found = certify(program, multipliers(program, PRICING))
        return tuple(Fraction(n, found.denominator) for n in found.numerators)


def side_of(case: Case, effort: Effort) -> Side:
    """A scenario's plan, solved here, or a finished run's own."""
    name = same(case.name)
    if case.chosen is not None:
        bound = None if case.bound is None else Fraction(case.bound)
        return Side(name, case, case.chosen, bound)
    effort.step(say("compare.step", name=case.name))
    outcome = Solves(case, effort)(case.program)
    return Side(name, case, outcome.chosen, bound_of(case.program, outcome), outcome.reason)


def practices(case: Case) -> list[Side]:
    """Today's practice over the same candidates, each way of it."""
    if case.compiled is None or case.tables is None:
        return []
    taken = taken_by_orders(case.scenario, case.tables, case.compiled)
    return [Side(order.title, case, chosen) for order, chosen in taken.values()]


def earlier(case: Case, path: Path | None) -> Mapping[str, Mapping[str | None, int]]:
    """What each label of some axes had before there was this fund, by the case's own records or by the workbook `path`.

    Raises `InputFaults` where that cannot be read.
    """
    if case.loaded is None or case.tables is None:
        return {}
    policy = case.loaded.policy
    sheet = policy.before_sheet()
    if path is None or sheet is None:
        return policy.before(case.tables)
    problems = Problems()
    wanted = replace(sheet, required=True)
    tables = read(DataSettings(workbook=path.resolve()), (wanted,), problems, Path.cwd())
    if problems.errors:  # of its other sheets nothing is asked
        raise InputFaults(problems.errors)
    return policy.before(tables)
