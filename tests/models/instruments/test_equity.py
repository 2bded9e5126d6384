"""Equity, by hand: the stake after the money is in, survival, exit, and what is missing."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from allocator.contract import Offer, Reason
from models.instruments.equity import Equity
from tests import sample
from tests.sample import WAN, candidate

FACTS = sample.compiled(candidates=[candidate("A", 100)], lines=()).facts


def firm(request: float, valuation: float | None, **more: Any) -> dict[str, Any]:
    return candidate("A", request, valuation=valuation, **more)


def priced(terms: Equity, row: dict[str, Any], level: int = 10_000) -> Offer:
    offer = terms.price(row, level, FACTS)
    assert isinstance(offer, Offer), offer
    return offer


def test_the_stake_cap_is_on_the_company_with_the_money_in_it() -> None:
    # 30 % of the company after: capital ≤ 1,400 × 30/70 = 600万; then 600 / (1,400 + 600) is exactly 30 %.
    assert priced(Equity(stake_cap=3000), firm(900, 1400)).award == 600 * WAN
    # 1,000万 × 3/7 = 428.57万: 428万, and 428/1,428 = 29.97 %.
    assert priced(Equity(stake_cap=3000), firm(900, 1000)).award == 428 * WAN
    # A request below the cap is met whole.
    assert priced(Equity(stake_cap=3000), firm(400, 1400)).award == 400 * WAN


def test_no_stake_is_ever_above_its_cap_in_integers() -> None:
    draw = Random(1)
    for _ in range(500):
        cap, pre, asked = draw.randint(1, 9999), draw.randint(1, 10**10), draw.randint(10**6, 10**9)
        terms = Equity(stake_cap=cap, round_to=1, minimum=1)
        row = firm(1, 1) | {"request": asked, "valuation": pre}
        offer = terms.price(row, 10_000, FACTS)
        offers = terms.offers(sample.tables(candidates=[row]), FACTS)
        capital = offer.award if isinstance(offer, Offer) else 0
        assert offers.award.tolist() == ([capital] if capital else [])
        assert 10_000 * capital <= cap * (pre + capital)
        # and one yuan more would be above it, or above the request
        more = capital + 1
        assert more > asked or 10_000 * more > cap * (pre + more)


def test_a_surviving_stake_brings_its_multiple_in_the_exit_year() -> None:
    # 100万; 60 % live: 60万, at 1.8 times 108万, four years on; 40万 are the expected loss.
    offer = priced(Equity(survival=6000, multiple=18_000, exit_year=4), firm(100, 1000))
    assert offer.outlay == (1_000_000, 0, 0, 0, 0, 0)
    assert offer.recovery == (0, 0, 0, 0, 1_080_000, 0)
    assert offer.money["loss"] == 400_000


def test_an_exit_past_the_planned_years_is_not_shown() -> None:
    # Six years, numbered 0 to 5: an exit in year 5 is the last that shows.
    assert priced(Equity(exit_year=5), firm(100, 1000)).recovery[5] == 1_080_000
    late = priced(Equity(exit_year=6), firm(100, 1000))
    assert late.recovery == (0,) * 6
    assert late.money["loss"] == 400_000
    offers = Equity(exit_year=6).offers(sample.tables(candidates=[firm(100, 1000)]), FACTS)
    assert offers.recovery.sum() == 0


def test_survival_and_multiple_round_down_in_that_order() -> None:
    # 1,000,001 × 33.33 % = 333,300.3 → 333,300; × 1.0001 = 333,333.33 → 333,333. Loss: the rest, 666,701.
    terms = Equity(survival=3333, multiple=10_001, round_to=1)
    offer = priced(terms, firm(100.0001, 1000))
    assert offer.award == 1_000_001
    assert (offer.recovery[5], offer.money["loss"]) == (333_333, 666_701)


def test_the_grant_equivalent_and_the_private_money_of_capital() -> None:
    offer = priced(Equity(equivalent=6000), firm(200, 1000, own=300, other=100), 5000)
    # 100万 of capital counts as 60万; half the request carries half of 400万.
    assert (offer.award, offer.money["equivalent"], offer.money["private"]) == (1_000_000, 600_000, 2_000_000)


def test_without_a_valuation_there_is_a_reason_and_not_zero() -> None:
    reason = Equity().price(firm(100, None), 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert "投前估值" in reason.text.zh
    assert len(Equity().offers(sample.tables(candidates=[firm(100, None)]), FACTS).row) == 0


def test_only_enterprises_take_capital() -> None:
    reason = Equity().price(firm(100, 1000, kind="高校"), 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert "不是企业" in reason.text.zh
    assert len(Equity().offers(sample.tables(candidates=[firm(100, 1000, kind="高校")]), FACTS).row) == 0


def test_a_stake_too_small_to_make_has_its_reason() -> None:
    # 30/70 of 200万 is 85.7万, below the least of 100万.
    reason = Equity().price(firm(300, 200), 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert "100.00" in reason.text.zh
    assert priced(Equity(minimum=85 * WAN), firm(300, 200)).award == 85 * WAN


def test_a_cap_on_the_deal_holds_beside_the_stakes() -> None:
    assert priced(Equity(cap=500 * WAN), firm(900, 5000)).award == 500 * WAN
    # 100 % and 60 % of 900万 are both cut to 500万: one option.
    offers = Equity(cap=500 * WAN, levels=(10_000, 6000, 5000)).offers(
        sample.tables(candidates=[firm(900, 5000)]), FACTS
    )
    assert list(zip(offers.level.tolist(), offers.award.tolist(), strict=True)) == [
        (10_000, 5_000_000),
        (5000, 4_500_000),
    ]


@pytest.mark.parametrize(
    "settings", [{"stake_cap": 0}, {"stake_cap": 10_000}, {"survival": 10_001}, {"exit_year": 0}]
)
def test_terms_that_cannot_be_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Equity(**settings)
