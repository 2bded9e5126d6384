"""Awards after proof, by hand: 综合奖补 as 后补助, 66号文 二（二）5."""

from __future__ import annotations

from typing import Any

from allocator.contract import Offer, Reason
from models.instruments.award_subsidy import AwardSubsidy
from tests import sample
from tests.sample import WAN, candidate

FACTS = sample.compiled(candidates=[candidate("A", 100)], lines=()).facts
TERMS = AwardSubsidy(rate=1000, cap=50 * WAN)


def done(spend: float | None, proof: str | None = "专审〔2026〕1号", **more: Any) -> dict[str, Any]:
    return candidate("A", 80, spend=spend, proof=proof, **more)


def priced(row: dict[str, Any], terms: AwardSubsidy = TERMS, level: int = 10_000) -> Offer:
    offer = terms.price(row, level, FACTS)
    assert isinstance(offer, Offer), offer
    return offer


def refused(row: dict[str, Any], terms: AwardSubsidy = TERMS) -> Reason:
    reason = terms.price(row, 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert len(terms.offers(sample.tables(candidates=[row]), FACTS).row) == 0
    return reason


def test_it_is_a_share_of_proven_spend_rounded_down_and_paid_at_once() -> None:
    # 10 % of 345.6万 is 34.56万: 34万, all of it this year.
    offer = priced(done(345.6))
    assert offer.award == 34 * WAN
    assert offer.outlay == (340_000, 0, 0, 0, 0, 0)
    assert offer.recovery == (0,) * 6
    assert offer.money["loss"] == 0
    # Own funds of 80万 go with a request of 80万: 34万 of them with this award.
    assert offer.money["private"] == 34 * WAN
    assert offer.money["equivalent"] == 34 * WAN


def test_without_proof_nothing_is_paid_whatever_was_spent() -> None:
    assert "不予后补助" in refused(done(345.6, None)).text.zh
    assert "核定投入" in refused(done(None)).text.zh


def test_no_more_than_the_cap_and_no_more_than_was_asked_for() -> None:
    assert priced(done(5000)).award == 50 * WAN
    assert priced(done(5000), AwardSubsidy(rate=1000)).award == 80 * WAN
    assert priced(done(300)).award == 30 * WAN


def test_a_level_is_a_share_of_what_is_due() -> None:
    assert priced(done(5000), level=6000).award == 30 * WAN


def test_an_award_below_the_least_is_not_made() -> None:
    # 10 % of 9.9万 is 9,900 元: nothing in whole 万元.
    assert "1.00" in refused(done(9.9)).text.zh
    assert priced(done(9.9), AwardSubsidy(round_to=100, minimum=9_900)).award == 9_900


def test_it_is_for_those_whom_the_terms_name() -> None:
    own = AwardSubsidy(kinds=("企业",), natures=("技术改造", "孵化载体"))
    assert priced(done(300, nature="技术改造"), own).award == 30 * WAN
    assert "单位性质（高校）" in refused(done(300, kind="高校", nature="技术改造"), own).text.zh
    assert "项目性质（基础研究）" in refused(done(300, nature="基础研究"), own).text.zh


def test_its_offers_are_its_prices() -> None:
    rows = [candidate(str(i), 10 + i, spend=30.7 * i + 1, proof="有" if i % 5 else None) for i in range(30)]
    terms = AwardSubsidy(rate=1500, cap=40 * WAN, levels=(10_000, 6000))
    offers = terms.offers(sample.tables(candidates=rows), FACTS)
    for row, level, award in zip(offers.row, offers.level, offers.award, strict=True):
        assert priced(rows[row], terms, int(level)).award == award
    # By hand: number 11 asks for 21万 and spent 338.7万; 15 % of that is 50.805万, the cap 40万: 21万, 60 %: 12.6万.
    own = {int(v): int(a) for r, v, a in zip(offers.row, offers.level, offers.award, strict=True) if r == 11}
    assert own == {10_000: 210_000, 6000: 120_000}
