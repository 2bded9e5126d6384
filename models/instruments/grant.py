"""无偿资助: money given, paid by milestones, at one of several levels of the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import model_validator

from allocator.contract import Facts, Offer, Offers, Reason
from allocator.money import Money, Share, Unreadable, show, split
from allocator.program import Bools, Ints
from allocator.records import Records, Tables
from allocator.words import Text
from models.candidate import ENTERPRISE_KIND
from models.terms import WORDS, Flows, Terms, candidates, enterprises, none


class Grant(Terms):
    """A grant's terms.

    milestones      shares paid in the first year, the second, ...; they add up to 100 %
    lump_sum_up_to  a grant up to this is paid at once
    own_match       own and other funds that an enterprise must bring, as a share of the grant
    """

    key: ClassVar[str] = "grant"
    title: ClassVar[Text] = Text("无偿资助", "Grant")
    support: ClassVar[Text] = Text("无偿资助", "Grant")
    form: ClassVar[Text] = Text("前补助", "Paid ahead")
    basis: ClassVar[str] = "66号文 二（三）5"

    milestones: tuple[Share, ...] = (10_000,)
    lump_sum_up_to: Money = 0
    own_match: Share = 0

    @model_validator(mode="after")
    def _whole(self) -> Grant:
        if sum(self.milestones) != 10_000:
            raise Unreadable("grant.milestones", words=WORDS)
        return self

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        records = candidates(tables)
        request = records.ints("request")
        top = np.minimum(request, self.cap) if self.cap is not None else request

        def amount(level: Any) -> Ints:
            return np.asarray(np.minimum(request * level // 10_000, top), np.int64)

        def flows(award: Ints, row: Ints) -> Flows:
            return self._outlays(award, len(facts.years)), none(award, facts), np.zeros_like(award)

        everyone = np.ones(len(records), bool)
        return self.levelled(
            records, facts, everyone, amount, flows, lambda award: self._matched(records, award)
        )

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        asked: int = candidate["request"]
        top = asked if self.cap is None else self.cap
        award = self.awarded(candidate, level, facts, lambda at: min(asked * at // 10_000, top))
        if isinstance(award, Reason):
            return award
        if award < self.minimum:
            return Reason(
                Text(
                    f"按该档次不足最低资助额 {show(self.minimum)} 万元",
                    f"below the least grant, {show(self.minimum)}",
                )
            )
        stated = [v for v in (candidate["own"], candidate["other"]) if v is not None]
        brought = sum(stated)
        if candidate["kind"] == ENTERPRISE_KIND and self.own_match and not stated:
            return Reason(
                Text(
                    "未填自筹资金，无法核对配套比例",
                    "no own funds are stated, so that the match cannot be seen",
                ),
                "instruments.grant.own_match",
            )
        if candidate["kind"] == ENTERPRISE_KIND and brought * 10_000 < award * self.own_match:
            return Reason(
                Text(
                    "企业自筹资金达不到配套比例", "the enterprise brings less of its own than the match asks"
                ),
                "instruments.grant.own_match",
            )
        paid = (award,) if award <= self.lump_sum_up_to else split(award, self.milestones)
        never = (0,) * len(facts.years)
        return self.offer(candidate, award, (*paid, *never[len(paid) :]), never)

    def _matched(self, records: Records, award: Ints) -> Bools:
        brought = records.ints("own") + records.ints("other")
        return ~enterprises(records) | (brought * 10_000 >= award * self.own_match)

    def _outlays(self, award: Ints, years: int) -> Ints:
        """Instalments [k, years] by largest remainder, as `money.split` makes them one at a time."""
        shares = np.array(self.milestones, np.int64)
        parts, rest = award[:, None] * shares // 10_000, award[:, None] * shares % 10_000
        left = award - parts.sum(axis=1)
        rank = np.argsort(np.argsort(-rest, axis=1, kind="stable"), axis=1, kind="stable")
        parts += rank < left[:, None]
        paid = np.zeros((len(award), years), np.int64)
        paid[:, : len(shares)] = parts
        at_once = award <= self.lump_sum_up_to
        paid[at_once] = 0
        paid[at_once, 0] = award[at_once]
        return paid
