"""Research funding, by hand: universities and institutes, year by year, 66号文 二（二）5."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.contract import Offer, Reason
from models.instruments.research_funding import ResearchFunding
from tests import sample
from tests.sample import WAN, candidate

FACTS = sample.compiled(candidates=[candidate("A", 100)], lines=()).facts
TERMS = ResearchFunding(levels=(10_000, 7000), cap=100 * WAN)


def work(request: float, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": "高校", "nature": "基础研究", "start": None, "end": None, **more}
    return candidate("A", request, **row)  # type: ignore[arg-type]


def priced(row: dict[str, Any], terms: ResearchFunding = TERMS, level: int = 10_000) -> Offer:
    """The price, which the vectorised offers must have too."""
    offer = terms.price(row, level, FACTS)
    assert isinstance(offer, Offer), offer
    found = terms.offers(sample.tables(candidates=[row]), FACTS)
    at = found.level.tolist().index(level)
    assert (int(found.award[at]), tuple(found.outlay[at].tolist())) == (offer.award, offer.outlay)
    return offer


def refused(row: dict[str, Any], terms: ResearchFunding = TERMS) -> Reason:
    reason = terms.price(row, 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert len(terms.offers(sample.tables(candidates=[row]), FACTS).row) == 0
    return reason


def test_it_is_paid_in_equal_instalments_while_the_project_runs() -> None:
    # 60万 from 2026 to 2028: 20万 a year.
    offer = priced(work(60, start=2026, end=2028))
    assert offer.award == 60 * WAN
    assert offer.outlay == (200_000, 200_000, 200_000, 0, 0, 0)
    assert offer.money == {"equivalent": 60 * WAN, "private": 60 * WAN, "loss": 0}


def test_what_does_not_divide_goes_to_the_earlier_years_in_whole_ten_thousands() -> None:
    # 50万 over three years: 17, 17, 16.
    assert priced(work(50, start=2026, end=2028)).outlay == (170_000, 170_000, 160_000, 0, 0, 0)
    # 70 % of 50万 is 35万: 12, 12, 11.
    assert priced(work(50, start=2026, end=2028), level=7000).outlay[:3] == (120_000, 120_000, 110_000)
    # To the yuan where awards are: 1,000,001 over two years.
    exact = ResearchFunding(round_to=1)
    assert priced(work(100.0001, start=2026, end=2027), exact).outlay[:2] == (500_001, 500_000)


def test_a_project_that_starts_later_is_paid_from_then_and_one_that_runs_already_from_now() -> None:
    assert priced(work(40, start=2027, end=2028)).outlay == (0, 200_000, 200_000, 0, 0, 0)
    assert priced(work(40, start=2024, end=2027)).outlay == (200_000, 200_000, 0, 0, 0, 0)


def test_years_are_assumed_where_a_project_does_not_say_when_it_ends() -> None:
    assert priced(work(60)).outlay == (200_000, 200_000, 200_000, 0, 0, 0)
    assert priced(work(60), ResearchFunding(years=2)).outlay[:3] == (300_000, 300_000, 0)


def test_a_small_award_is_paid_at_once() -> None:
    terms = ResearchFunding(lump_sum_up_to=20 * WAN)
    assert priced(work(20, start=2026, end=2028), terms).outlay[:2] == (200_000, 0)
    assert priced(work(21, start=2026, end=2028), terms).outlay[:3] == (70_000, 70_000, 70_000)


def test_a_project_that_has_ended_or_outlasts_the_plan_is_refused() -> None:
    assert "已满" in refused(work(60, start=2023, end=2025)).text.zh
    assert refused(work(60, start=2026, end=2032)).basis == "fund.horizon"
    assert priced(work(60, start=2026, end=2031)).outlay == (100_000,) * 6


def test_no_more_than_the_cap_and_no_less_than_the_least() -> None:
    assert priced(work(300, end=2027)).award == 100 * WAN
    assert "5.00" in refused(work(4), ResearchFunding(minimum=5 * WAN)).text.zh


def test_firms_have_other_instruments() -> None:
    assert "企业" in refused(work(60, kind="企业")).text.zh


@pytest.mark.parametrize("years", [1, 2, 3, 4, 5, 6])
def test_instalments_add_up_whatever_the_years(years: int) -> None:
    for request in (7, 13, 59, 100):
        offer = priced(work(request, start=2026, end=2025 + years))
        assert sum(offer.outlay) == offer.award == request * WAN
        assert max(offer.outlay[:years]) - min(offer.outlay[:years]) <= WAN
