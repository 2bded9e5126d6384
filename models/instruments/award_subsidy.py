"""综合奖补 as 后补助: a share of what was properly spent, paid once it is proven; no proof, no payment.

66号文 二（二）5. By timing it is a form of 无偿资助: the project is done, the money follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from allocator.contract import Facts, Offer, Offers, Reason
from allocator.money import Share, show
from allocator.program import Ints
from allocator.records import Tables
from allocator.words import Text
from models.terms import Flows, Terms, candidates, in_year, none


class AwardSubsidy(Terms):
    """An award after the fact.

    rate  share of the eligible, proven spend (核定投入) that is paid, at most `cap` and what was asked for
    """

    key: ClassVar[str] = "award_subsidy"
    title: ClassVar[Text] = Text("综合奖补", "Award subsidy")
    support: ClassVar[Text] = Text("无偿资助", "Grant")
    form: ClassVar[Text] = Text("后补助·综合奖补", "Paid after proof")
    basis: ClassVar[str] = "66号文 二（二）5"

    rate: Share = 1000

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        records = candidates(tables)
        due = np.minimum(records.ints("spend") * self.rate // 10_000, records.ints("request"))
        if self.cap is not None:
            due = np.minimum(due, self.cap)

        def amount(level: Any) -> Ints:
            return np.asarray(due * level // 10_000, np.int64)

        def flows(award: Ints, row: Ints) -> Flows:
            return in_year(award, 0, facts), none(award, facts), np.zeros_like(award)

        proven = records.known("spend") & records.known("proof")
        return self.levelled(records, facts, proven, amount, flows)

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        if candidate["spend"] is None:
            return Reason(Text("未填核定投入", "no eligible spend is given"), self.basis)
        if candidate["proof"] is None:
            return Reason(
                Text("未附投入核定依据，不予后补助", "no proof of the spend: no payment"), self.basis
            )
        due = min(candidate["spend"] * self.rate // 10_000, candidate["request"])
        if self.cap is not None:
            due = min(due, self.cap)
        award = self.awarded(candidate, level, facts, lambda at: due * at // 10_000)
        if isinstance(award, Reason):
            return award
        if award < self.minimum:
            return Reason(
                Text(
                    f"不足最低奖补额 {show(self.minimum)} 万元",
                    f"below the least award, {show(self.minimum)}",
                )
            )
        never = (0,) * len(facts.years)
        return self.offer(candidate, award, (award, *never[1:]), never)
