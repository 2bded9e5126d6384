"""The cash ceiling by year, with the money first spoken for (66号文 二（一）; two accounts: commitment and cash).

This year everything paid, fixed lines first, stays within 年度规模. In later years what this decision and the renewals
commit stays within a share of those years' assumed ceilings. Expected recoveries relax a later year only by the part
that the fund says (`fund.recoveries_counted`, nothing by default): they go to the treasury.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from allocator.contract import Facts, Rule
from allocator.limits import Measure, MoneyBounds, amount_rows
from allocator.money import Share, show
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text


class CashCeiling(Rule):
    """年度资金上限. `later` is the share of a later year's assumed ceiling that may be committed now."""

    key: ClassVar[str] = "cash_ceiling"
    title: ClassVar[Text] = Text("年度资金上限", "Cash ceiling by year")
    example: ClassVar[Mapping[str, Any]] = {"later": "10%"}
    numbers: ClassVar[Mapping[str, Text]] = {
        "later": Text("以后年度可承诺比例", "share of later years' ceilings")
    }

    basis: str = "66号文 二（一）"
    later: Share = Field(default=4000, le=10_000)

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        limits = self.bounds(facts)
        part = int(facts.own.get("recoveries_counted", 0))
        columns = [options.column(f"outlay.{year}") for year in limits]
        if part:
            columns[1:] = [
                paid - options.column(f"recovery.{year}") * part // 10_000
                for paid, year in zip(columns[1:], list(limits)[1:], strict=True)
            ]
        return amount_rows(self.name, list(limits), options.sums(columns), limits)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        return [
            Measure(
                rule=self.name,
                label=year,
                basis=self.basis,
                unit="money",
                part=self._paid(awards, facts.years.index(int(year)), facts),
                limits=limits,
                money=f"outlay.{year}",
            )
            for year, limits in self.bounds(facts).items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        cap, left = measure.limits.bound("cap") or 0, measure.slack or 0
        kept = left >= 0
        return Text(
            f"{measure.label} 年安排 {show(measure.part)} 万元，上限 {show(cap)} 万元，"
            + (f"尚余 {show(left)} 万元。" if kept else f"超出 {show(-left)} 万元。"),
            f"{measure.label}: {show(measure.part)} paid of at most {show(cap)} (万元), "
            + (f"{show(left)} left." if kept else f"{show(-left)} too much."),
        )

    def _paid(self, awards: Sequence[Award], i: int, facts: Facts) -> int:
        """What is paid in year number i less the part of recoveries that counts against it in later years, in yuan."""
        part = int(facts.own.get("recoveries_counted", 0)) if i else 0
        paid = sum(a.outlay[i] for a in awards)
        return paid - (sum(a.recovery[i] * part // 10_000 for a in awards) if part else 0)

    def bounds(self, facts: Facts) -> dict[str, MoneyBounds]:
        """What each year's payments are held to."""
        first = facts.years[0]
        return {
            str(year): MoneyBounds(cap=ceiling if year == first else ceiling * self.later // 10_000)
            for year, ceiling in facts.ceilings.items()
        }
