"""风险补偿: one pool that bears part of the loss on enrolled (备案) loans; the year's budget tops it up.

66号文 二（三）5. A candidate is a bank's enrolled book, or a firm's loan enrolled. It needs the pay-out
(代偿) that is to be expected of it: loans × default rate × the city's share. What the pool holds above the need of
the loans already in force covers that first, in proportion to the loans; only the rest is asked of the year's money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from allocator.contract import Facts, Offer, Offers, Reason
from allocator.money import Money, Share, show, show_share
from allocator.program import Ints
from allocator.records import Records, Tables
from allocator.words import Text
from models.terms import Flows, Terms, candidates, none

ENROLLED = "enrolled"
"""The candidates' column of loans to be enrolled, and the name under which facts hold their sum."""


@dataclass(frozen=True)
class Pool:
    """Where the pool stands, in yuan.

    need      pay-out to be expected of the loans in force; free  what it holds above that
    top_up    what is lacking for the loans in force, whatever is newly enrolled
    released  what would stay above the need if every candidate's loans were enrolled (结余, which goes to the treasury)
    stopped   whether bad loans have reached the stop line (止付线): then nothing is newly enrolled
    """

    need: int
    free: int
    top_up: int
    released: int
    stopped: bool


class RiskCompensation(Terms):
    """The pool and its terms.

    balance, in_force  what the pool holds, and the enrolled loans that it already stands behind
    default_rate  share of enrolled loans that is expected to be paid out for; share  the city's part of a pay-out
    npl, stop     bad loans of the enrolled books now, and the stop line
    loan_cap      the most that counts of one firm's loans; a bank's book counts whole
    recovery      part of a pay-out that is got back (追偿), in year number `recovery_year` of the plan
    """

    key: ClassVar[str] = "risk_compensation"
    title: ClassVar[Text] = Text("风险补偿", "Risk compensation")
    support: ClassVar[Text] = title
    form: ClassVar[Text] = Text("风险补偿金补充", "Topping up the pool")
    basis: ClassVar[str] = "66号文 二（三）5"

    kinds: tuple[str, ...] = ("企业", "银行")
    balance: Money = 0
    in_force: Money = 0
    default_rate: Share = Field(default=300, le=10_000)
    share: Share = Field(default=3500, le=10_000)
    npl: Share = 0
    stop: Share = 500
    loan_cap: Money = 30_000_000
    recovery: Share = Field(default=0, le=10_000)
    recovery_year: int = Field(default=2, ge=1)

    def pool(self, enrolled: int) -> Pool:
        """Where the pool stands, with candidates' loans of `enrolled` yuan in all."""
        need = self._payout(self.in_force)
        free = max(self.balance - need, 0)
        return Pool(
            need=need,
            free=free,
            top_up=max(need - self.balance, 0),
            released=max(free - self._payout(enrolled), 0),
            stopped=self.npl >= self.stop,
        )

    def enrolled(self, records: Records) -> Ints:
        """Each candidate's loans that count, in yuan: [n]."""
        banks = np.array([kind == "银行" for kind in records["kind"]], bool)
        loans = records.ints(ENROLLED)
        return np.where(banks, loans, np.minimum(loans, self.loan_cap))

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        records = candidates(tables)
        loans = self.enrolled(records)
        whole = int(loans.astype(object).sum()) if len(records) else 0
        state = self.pool(whole)
        wide = loans.astype(object)
        covered = wide * state.free // whole if whole else wide
        due = np.asarray(wide * self.default_rate * self.share // 10**8 - covered, np.int64)
        due = np.minimum(np.maximum(due, 0), records.ints("request"))
        if self.cap is not None:
            due = np.minimum(due, self.cap)

        def amount(level: Any) -> Ints:
            return np.asarray(due * level // 10_000, np.int64)

        def flows(award: Ints, row: Ints) -> Flows:
            paid, back = none(award, facts), none(award, facts)
            paid[:, 0] = award
            got = award * self.recovery // 10_000
            if self.recovery_year < len(facts.years):
                back[:, self.recovery_year] = got
            return paid, back, award - got

        open_to = records.known(ENROLLED) & (not state.stopped)
        return self.levelled(records, facts, open_to, amount, flows)

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        if candidate[ENROLLED] is None:
            return Reason(Text("未填备案贷款", "no enrolled loans are given"), self.basis)
        loans: int = candidate[ENROLLED]
        if candidate["kind"] != "银行":
            loans = min(loans, self.loan_cap)
        whole = facts.numbers[ENROLLED][""]
        state = self.pool(whole)
        if state.stopped:
            return Reason(
                Text(
                    f"备案贷款不良率 {show_share(self.npl)}，达到止付线 {show_share(self.stop)}，暂停新增备案",
                    f"bad loans of {show_share(self.npl)} reach the stop line of {show_share(self.stop)}",
                ),
                self.basis,
            )
        due = max(self._payout(loans) - (loans * state.free // whole if whole else 0), 0)
        due = min(due, candidate["request"])
        if self.cap is not None:
            due = min(due, self.cap)
        award = self.awarded(candidate, level, facts, lambda at: due * at // 10_000)
        if isinstance(award, Reason):
            return award
        if award < self.minimum:
            return Reason(
                Text(
                    f"资金池余额已可覆盖，或所需补充不足 {show(self.minimum)} 万元",
                    f"the pool's balance covers it, or it needs less than {show(self.minimum)}",
                )
            )
        got = award * self.recovery // 10_000
        years = range(len(facts.years))
        recovery = tuple(got if y == self.recovery_year else 0 for y in years)
        return self.offer(candidate, award, (award, *(0 for _ in years[1:])), recovery, loss=award - got)

    def _payout(self, loans: int) -> int:
        """The city's part of the pay-out to be expected of these loans, in yuan, rounded down."""
        return loans * self.default_rate * self.share // 10**8
