"""股权投资: capital for a stake, through an entrusted manager; part of it comes back when the stake is sold.

66号文 二（二）末2: 变无偿拨款为资本金注入，变“奖补”为股权.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from allocator.contract import Facts, Offer, Offers, Reason
from allocator.money import Money, Share, show
from allocator.program import Ints
from allocator.records import Tables
from allocator.words import Text
from models.candidate import ENTERPRISE_KIND
from models.terms import Flows, Terms, candidates, enterprises, in_year, none


class Equity(Terms):
    """An equity investment's terms.

    stake_cap  the most of the company after the money is in: capital / (投前估值 + capital)
    survival   share of stakes that live to be sold; multiple: what a surviving one brings, of its cost
    exit_year  years until the sale; past the planned years the proceeds are not shown
    """

    key: ClassVar[str] = "equity"
    title: ClassVar[Text] = Text("股权投资", "Equity")
    support: ClassVar[Text] = title
    form: ClassVar[Text] = Text("资本金注入", "Capital")
    basis: ClassVar[str] = "66号文 二（二）末2、二（三）5"

    minimum: Money = 1_000_000
    stake_cap: Share = Field(default=3000, gt=0, lt=10_000)
    survival: Share = Field(default=6000, le=10_000)
    multiple: Share = 18_000
    exit_year: int = Field(default=5, ge=1)

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        records = candidates(tables)
        request, valuation = records.ints("request"), records.ints("valuation")
        top = valuation * self.stake_cap // (10_000 - self.stake_cap)
        if self.cap is not None:
            top = np.minimum(top, self.cap)

        def amount(level: Any) -> Ints:
            return np.asarray(np.minimum(request * level // 10_000, top), np.int64)

        def flows(award: Ints, row: Ints) -> Flows:
            kept = award * self.survival // 10_000
            back = none(award, facts)
            if self.exit_year < len(facts.years):
                back = in_year(kept * self.multiple // 10_000, self.exit_year, facts)
            return in_year(award, 0, facts), back, award - kept

        return self.levelled(records, facts, enterprises(records) & records.known("valuation"), amount, flows)

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        if candidate["kind"] != ENTERPRISE_KIND:
            return Reason(Text("申报单位不是企业", "the applicant is not an enterprise"), self.basis)
        if candidate["valuation"] is None:
            return Reason(Text("未填投前估值", "no pre-money valuation is given"))
        top: int = candidate["valuation"] * self.stake_cap // (10_000 - self.stake_cap)
        if self.cap is not None:
            top = min(top, self.cap)
        award = self.awarded(
            candidate, level, facts, lambda at: min(candidate["request"] * at // 10_000, top)
        )
        if isinstance(award, Reason):
            return award
        if award < self.minimum:
            return Reason(
                Text(
                    f"不足最低投资额 {show(self.minimum)} 万元",
                    f"below the least investment, {show(self.minimum)}",
                )
            )
        kept = award * self.survival // 10_000
        back = kept * self.multiple // 10_000
        years = range(len(facts.years))
        recovery = tuple(back if y == self.exit_year else 0 for y in years)
        return self.offer(candidate, award, (award, *(0 for _ in years[1:])), recovery, loss=award - kept)
