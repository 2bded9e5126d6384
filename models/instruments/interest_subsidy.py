"""贷款贴息: part of the interest that a firm has paid (先付后贴), at no more than the LPR, settled once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from allocator.contract import Facts, Offer, Offers, Reason
from allocator.money import Money, Share, show
from allocator.program import Ints
from allocator.records import Tables
from allocator.words import Text
from models.candidate import ENTERPRISE_KIND
from models.terms import Flows, Terms, candidates, enterprises, in_year, none


class InterestSubsidy(Terms):
    """An interest subsidy's terms.

    rate  share of the eligible interest that is paid
    lpr   the year's loan prime rate: interest above it is the firm's own
    cap   the most for one firm in a year; nobody gets more than was asked for
    calls whether a team in a call may take one: a call's winner is paid for the call's task, not for its loan
    """

    key: ClassVar[str] = "interest_subsidy"
    title: ClassVar[Text] = Text("贷款贴息", "Interest subsidy")
    support: ClassVar[Text] = title
    form: ClassVar[Text] = Text("先付后贴", "Refunded interest")
    basis: ClassVar[str] = "66号文 二（三）5"

    round_to: Money = 100
    rate: Share = 4000
    lpr: Share = 300
    calls: bool = True

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        records = candidates(tables)
        eligible_interest = np.minimum(records.ints("interest"), records.ints("loan") * self.lpr // 10_000)
        due = eligible_interest * self.rate // 10_000
        due = np.minimum(due, records.ints("request"))
        if self.cap is not None:
            due = np.minimum(due, self.cap)

        def amount(level: Any) -> Ints:
            return np.asarray(due * level // 10_000, np.int64)

        def flows(award: Ints, row: Ints) -> Flows:
            return in_year(award, 0, facts), none(award, facts), np.zeros_like(award)

        eligible = enterprises(records) & records.known("loan") & records.known("interest")
        if not self.calls:
            eligible &= ~records.known("call")
        return self.levelled(records, facts, eligible, amount, flows)

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        if candidate["kind"] != ENTERPRISE_KIND:
            return Reason(Text("申报单位不是企业", "the applicant is not an enterprise"))
        if not self.calls and candidate["call"] is not None:
            return Reason(
                Text("榜单项目按榜单任务资助，不安排贴息", "a call pays for its task, not for a loan")
            )
        if candidate["loan"] is None or candidate["interest"] is None:
            return Reason(Text("未填贷款金额或实付利息", "no loan or no interest paid is given"))
        due = min(candidate["interest"], candidate["loan"] * self.lpr // 10_000) * self.rate // 10_000
        due = min(due, candidate["request"])
        if self.cap is not None:
            due = min(due, self.cap)
        award = self.awarded(candidate, level, facts, lambda at: due * at // 10_000)
        if isinstance(award, Reason):
            return award
        if award < self.minimum:
            return Reason(
                Text(
                    f"不足最低贴息额 {show(self.minimum)} 万元",
                    f"below the least subsidy, {show(self.minimum)}",
                )
            )
        never = (0,) * len(facts.years)
        return self.offer(candidate, award, (award, *never[1:]), never)
