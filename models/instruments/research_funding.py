"""科研资助: research at universities, institutes and hospitals, paid year by year while the project runs.

66号文 二（二）5. By receiver it is a form of 无偿资助. Instalments are equal, in whole multiples of what awards are
rounded to, by largest remainder: the odd ones come first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from allocator.contract import Facts, Offer, Offers, Reason
from allocator.money import Money, show, split
from allocator.program import Ints
from allocator.records import Records, Tables
from allocator.words import Text
from models.terms import Flows, Terms, candidates, none


class ResearchFunding(Terms):
    """Research funding's terms.

    kinds           whom it is for; years  instalments where a project does not say when it ends
    lump_sum_up_to  an award up to this is paid at once
    """

    key: ClassVar[str] = "research_funding"
    title: ClassVar[Text] = Text("科研资助", "Research funding")
    support: ClassVar[Text] = Text("无偿资助", "Grant")
    form: ClassVar[Text] = Text("前补助·科研资助", "Paid year by year")
    basis: ClassVar[str] = "66号文 二（二）5"

    kinds: tuple[str, ...] = ("高校", "科研院所", "医疗机构", "事业单位")
    years: int = Field(default=3, ge=1)
    lump_sum_up_to: Money = 0

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        records = candidates(tables)
        request = records.ints("request")
        top = request if self.cap is None else np.minimum(request, self.cap)
        first, last = self._spans(records, facts)

        def amount(level: Any) -> Ints:
            return np.asarray(np.minimum(request * level // 10_000, top), np.int64)

        def flows(award: Ints, row: Ints) -> Flows:
            paid = self._outlays(award, first[row], last[row], len(facts.years))
            return paid, none(award, facts), np.zeros_like(award)

        running = (last >= first) & (last < len(facts.years))
        return self.levelled(records, facts, running, amount, flows)

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        first = max((candidate["start"] or facts.years[0]) - facts.years[0], 0)
        last = first + self.years - 1 if candidate["end"] is None else candidate["end"] - facts.years[0]
        if last < first:
            return Reason(Text("项目期已满", "the project has ended"), self.basis)
        if last >= len(facts.years):
            return Reason(
                Text(
                    "项目期超出资金规划年度", "the project runs beyond the years that money is planned over"
                ),
                "fund.horizon",
            )
        asked: int = candidate["request"]
        top = asked if self.cap is None else self.cap
        award = self.awarded(candidate, level, facts, lambda at: min(asked * at // 10_000, top))
        if isinstance(award, Reason):
            return award
        if award < self.minimum:
            return Reason(
                Text(
                    f"按该档次不足最低资助额 {show(self.minimum)} 万元",
                    f"below the least award, {show(self.minimum)}",
                )
            )
        count = 1 if award <= self.lump_sum_up_to else last - first + 1
        parts = [part * self.round_to for part in split(award // self.round_to, [1] * count)]
        after = len(facts.years) - first - count
        return self.offer(candidate, award, (*(0,) * first, *parts, *(0,) * after), (0,) * len(facts.years))

    def _spans(self, records: Records, facts: Facts) -> tuple[Ints, Ints]:
        """The first and the last year of payment as places in the plan's years: int64 [n] each."""
        now = facts.years[0]
        start = np.where(records.known("start"), records.ints("start"), now)
        first = np.maximum(start - now, 0)
        last = np.where(records.known("end"), records.ints("end") - now, first + self.years - 1)
        return first.astype(np.int64), last.astype(np.int64)

    def _outlays(self, award: Ints, first: Ints, last: Ints, years: int) -> Ints:
        """Instalments [k, years]: the same units each year, one more in the earliest where they do not divide."""
        last = np.where(award <= self.lump_sum_up_to, first, last)
        count, units = last - first + 1, award // self.round_to
        place = np.arange(years)[None, :] - first[:, None]
        paid = (units // count)[:, None] + (place < (units % count)[:, None])
        running = (place >= 0) & (place < count[:, None])
        return np.asarray(np.where(running, paid * self.round_to, 0), np.int64)
