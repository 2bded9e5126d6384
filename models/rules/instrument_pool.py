"""Pools of money for instruments: a fixed amount that one form of support may use (66号文 二（二）5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from allocator.contract import Facts, Rule
from allocator.limits import Measure, MoneyBounds, amount_rows
from allocator.money import show
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import Fault, known_labels, money_faults, not_known
from models.shares import MONEY_TITLES, bounds_phrase


class InstrumentPool(Rule):
    """支持方式资金池.

    money       which money the pools hold: this year's by default
    with_lines  whether fixed lines of the instrument draw on its pool too
    pools       instrument -> its pool: `cap` what it holds, `floor` what is to be used of it at least
    """

    key: ClassVar[str] = "instrument_pool"
    title: ClassVar[Text] = Text("支持方式资金池", "Pools for instruments")
    example: ClassVar[Mapping[str, Any]] = {"pools": {"grant": {"floor": "60万元", "cap": "200万元"}}}

    basis: str = "66号文 二（二）5"
    money: str = "first_year"
    with_lines: bool = True
    pools: dict[str, MoneyBounds]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        counted = np.ones(len(options), bool) if self.with_lines else ~options.fixed
        only = sparse.diags_array(counted.astype(np.int64), dtype=np.int64)
        labels = list(self.pools)
        parts = sparse.csr_array(options.by("instrument", self.money, labels) @ only)
        return amount_rows(self.name, labels, parts, self.pools)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        used = dict.fromkeys(self.pools, 0)
        for award in awards:
            instrument = award.labels.get("instrument", "")
            if instrument in used and (self.with_lines or not award.fixed):
                used[instrument] += award.money(self.money, facts.years)
        return [
            Measure(
                self.name, instrument, self.basis, "money", part, self.pools[instrument], money=self.money
            )
            for instrument, part in used.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        pool = facts.title(measure.label)
        money = MONEY_TITLES.get(measure.money, Text(measure.money, measure.money))
        asked = bounds_phrase(measure)
        return Text(
            f"{pool.zh}资金池：{money.zh} {show(measure.part)} 万元{asked.zh}",
            f"Pool for {pool.en}: {money.en} {show(measure.part)} (万元){asked.en}",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = known_labels("instrument", options, facts)
        unknown = [not_known(("pools", i), i, known) for i in self.pools if i not in known]
        return money_faults(self.money, options) + unknown
