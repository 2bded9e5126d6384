"""Commitments for later years: what this decision promises beyond the year, within a share of ceilings yet to come.

FIELD, two accounts: 立项总额 counts in the year of its decision, cash as it is paid. `cash_ceiling` holds the cash of
each year; this rule holds the promise: the part of new awards' 立项总额 that is not paid this year, by year and in all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from allocator.contract import Facts, Rule
from allocator.limits import Measure, MoneyBounds, amount_rows
from allocator.money import Share, Unreadable, show
from allocator.options import Award, OptionTable
from allocator.program import Ints, Rows
from allocator.words import Text, catalogue

WORDS = catalogue("models.words")
TOTAL = "合计"
"""The label of all later years together."""


class CommitmentLimit(Rule):
    """以后年度承诺上限.

    by_year     share of each later year's assumed ceiling that new awards may promise
    total       share of all assumed later ceilings together that they may promise, for whichever years
    with_lines  whether what fixed lines (renewals) still owe counts too
    """

    key: ClassVar[str] = "commitment_limit"
    title: ClassVar[Text] = Text("以后年度承诺上限", "Limit on later commitments")
    example: ClassVar[Mapping[str, Any]] = {"by_year": "12%", "total": "12%"}
    numbers: ClassVar[Mapping[str, Text]] = {
        "by_year": Text("分年度承诺比例", "share of each later year"),
        "total": Text("合计承诺比例", "share of all later years"),
    }

    basis: str = "66号文 二（一）、二（三）5"
    by_year: Share | None = Field(default=None, le=10_000)
    total: Share | None = Field(default=None, le=10_000)
    with_lines: bool = False

    @model_validator(mode="after")
    def _any(self) -> CommitmentLimit:
        if self.by_year is None and self.total is None:
            raise Unreadable("commitment_limit.none", words=WORDS)
        return self

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        limits = self._limits(facts)
        counted = np.ones(len(options), bool) if self.with_lines else ~options.fixed
        later = options.outlay[:, 1:]
        columns: list[Ints] = []
        for label in limits:
            owed = later.sum(axis=1) if label == TOTAL else options.column(f"outlay.{label}")
            columns.append(np.where(counted, owed, 0))
        return amount_rows(self.name, list(limits), options.sums(columns), limits)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        counted = [a for a in awards if self.with_lines or not a.fixed]
        return [
            Measure(
                rule=self.name,
                label=label,
                basis=self.basis,
                unit="money",
                part=sum(
                    sum(a.outlay) - a.outlay[0] if label == TOTAL else a.money(f"outlay.{label}", facts.years)
                    for a in counted
                ),
                limits=limits,
                money="outlay" if label == TOTAL else f"outlay.{label}",
            )
            for label, limits in self._limits(facts).items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        cap, left = measure.limits.bound("cap") or 0, measure.slack or 0
        year = Text(f"{measure.label} 年", measure.label)
        when = Text("以后年度合计", "later years in all") if measure.label == TOTAL else year
        key = "commitment_limit.kept" if left >= 0 else "commitment_limit.over"
        return WORDS.say(key, when=when, part=show(measure.part), cap=show(cap), left=show(abs(left)))

    def _limits(self, facts: Facts) -> dict[str, MoneyBounds]:
        """The caps by year and in all, in yuan rounded down; a year without an assumed ceiling has none of its own."""
        later = {year: c for year, c in facts.ceilings.items() if year != facts.years[0]}
        found: dict[str, MoneyBounds] = {}
        if self.by_year is not None:
            found = {str(y): MoneyBounds(cap=c * self.by_year // 10_000) for y, c in later.items()}
        if self.total is not None:
            found[TOTAL] = MoneyBounds(cap=sum(later.values()) * self.total // 10_000)
        return found
