"""Grants, by hand: levels, rounding, milestones, lump sums, own match."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.contract import Offer, Reason
from allocator.problems import Problems
from models.checks import check
from models.instruments.grant import Grant
from tests import sample
from tests.sample import WAN, candidate

FACTS = sample.compiled(candidates=[candidate("A", 100)], lines=()).facts


def priced(terms: Grant, level: int = 10_000, **more: Any) -> Offer:
    offer = terms.price(candidate("A", **{"request": 100, **more}), level, FACTS)
    assert isinstance(offer, Offer), offer
    return offer


def offered(terms: Grant, *rows: dict[str, Any]) -> list[tuple[int, int, int, list[int]]]:
    found = terms.offers(sample.tables(candidates=rows), FACTS)
    columns = (found.row, found.level, found.award, found.outlay)
    return [(int(r), int(v), int(a), o[:3].tolist()) for r, v, a, o in zip(*columns, strict=True)]


def test_a_level_is_a_share_of_the_request_rounded_down_to_whole_ten_thousands() -> None:
    # 70 % of 123.45万 is 86.415万: 86万.
    terms = Grant(levels=(10_000, 7000))
    assert priced(terms, request=123.45).award == 123 * WAN
    assert priced(terms, 7000, request=123.45).award == 86 * WAN
    assert offered(terms, candidate("A", 123.45)) == [
        (0, 10_000, 1_230_000, [1_230_000, 0, 0]),
        (0, 7000, 860_000, [860_000, 0, 0]),
    ]


def test_milestones_are_paid_by_largest_remainder_and_add_up_to_the_yuan() -> None:
    # 333,333 元 by 50/30/20: 166,666.5, 99,999.9, 66,666.6; the two yuan left go to .9 and .6.
    terms = Grant(milestones=(5000, 3000, 2000), round_to=1)
    assert priced(terms, request=33.3333).outlay == (166_666, 100_000, 66_667, 0, 0, 0)
    assert offered(terms, candidate("A", 33.3333)) == [(0, 10_000, 333_333, [166_666, 100_000, 66_667])]


def test_of_equal_remainders_the_earlier_year_gets_the_yuan() -> None:
    # 10,001 元 in halves: 5,000.5 each.
    terms = Grant(milestones=(5000, 5000), round_to=1)
    assert priced(terms, request=1.0001).outlay[:2] == (5_001, 5_000)
    assert offered(terms, candidate("A", 1.0001))[0][3] == [5_001, 5_000, 0]


def test_a_small_grant_is_paid_at_once() -> None:
    terms = Grant(milestones=(6000, 4000), lump_sum_up_to=60 * WAN)
    assert priced(terms, request=60).outlay[:2] == (600_000, 0)
    assert priced(terms, request=61).outlay[:2] == (366_000, 244_000)
    assert [o for *_, o in offered(terms, candidate("A", 60), candidate("B", 61))] == [
        [600_000, 0, 0],
        [366_000, 244_000, 0],
    ]


def test_a_cap_is_the_most_and_capped_levels_count_once() -> None:
    # 100 % of 400万 and 85 % of it, 340万, are both cut to 300万: one option; 70 %, 280万, is another.
    terms = Grant(levels=(10_000, 8500, 7000), cap=300 * WAN)
    assert offered(terms, candidate("A", 400)) == [
        (0, 10_000, 3_000_000, [3_000_000, 0, 0]),
        (0, 7000, 2_800_000, [2_800_000, 0, 0]),
    ]


def test_below_the_least_grant_there_is_a_reason_and_no_option() -> None:
    terms = Grant(levels=(10_000, 7000), minimum=20 * WAN)
    row = candidate("A", 28)
    assert isinstance(terms.price(row, 10_000, FACTS), Offer)
    # 70 % of 28万 is 19.6万, down to 19万.
    reason = terms.price(row, 7000, FACTS)
    assert isinstance(reason, Reason)
    assert "20.00" in reason.text.zh
    assert [level for _, level, _, _ in offered(terms, row)] == [10_000]


def test_an_enterprise_brings_its_match_to_the_yuan_and_others_need_not() -> None:
    # 1:1 on 100万: own 60万 and other 40万 are enough, a yuan less is not; a university brings nothing.
    terms = Grant(own_match=10_000)
    at = candidate("A", 100, own=60, other=40)
    short = {**at, "own": 60 * WAN - 1}
    free = candidate("C", 100, own=0, kind="高校")
    assert isinstance(terms.price(at, 10_000, FACTS), Offer)
    assert isinstance(terms.price(short, 10_000, FACTS), Reason)
    assert isinstance(terms.price(free, 10_000, FACTS), Offer)
    assert [r for r, *_ in offered(terms, at, {**short, "id": "B"}, free)] == [0, 2]


def test_a_lower_level_may_be_matched_where_the_full_one_is_not() -> None:
    # Own 70万 match 70万 of 100万 and not the whole.
    terms = Grant(levels=(10_000, 7000), own_match=10_000)
    assert [(level, award) for _, level, award, _ in offered(terms, candidate("A", 100, own=70))] == [
        (7000, 700_000)
    ]


def test_funds_that_are_not_stated_are_no_match() -> None:
    terms = Grant(own_match=1)
    row = candidate("A", 100, own=None, other=None)
    reason = terms.price(row, 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert "自筹" in reason.text.zh
    assert offered(terms, row) == []


def test_private_money_goes_with_the_part_of_the_request_that_is_met() -> None:
    # Own 150万 and other 50万 with a request of 100万; a grant of 70万 carries 70 % of the 200万.
    offer = priced(Grant(), 7000, own=150, other=50)
    assert offer.money == {"equivalent": 700_000, "private": 1_400_000, "loss": 0}


def test_a_grant_comes_back_in_no_year() -> None:
    assert priced(Grant()).recovery == (0,) * 6


def test_terms_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="100 %"):
        Grant(milestones=(5000, 4000))
    for levels in ((7000, 10_000), (7000, 7000), ()):
        with pytest.raises(ValueError, match="levels"):
            Grant(levels=levels)
    with pytest.raises(ValueError, match="origins"):
        Grant.model_validate({"origins": {"caps": {"source": "x", "standing": "assumed"}}})


def test_milestones_past_the_planned_years_are_a_fault_of_the_scenario() -> None:
    settings = sample.scenario(instruments={"grant": Grant(milestones=(5000, 3000, 2000))})
    problems = Problems()
    check(settings, sample.tables(), problems)
    assert not [p for p in problems.errors if p.code == "fund.horizon"]
    settings.fund = settings.fund.model_copy(update={"horizon": 2})
    check(settings, sample.tables(), problems)
    (fault,) = [p for p in problems.errors if p.code == "fund.horizon"]
    assert fault.place.key == "instruments.grant.milestones"


def test_nobody_is_offered_nothing() -> None:
    assert offered(Grant()) == []


def test_own_funds_that_are_not_stated_are_not_zero_but_unknown() -> None:
    """The reason says that nothing was stated, not that it is too little."""
    terms = Grant(own_match=10_000)
    reason = terms.price(sample.candidate("A", 100, own=None, other=None), 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert "未填" in reason.text.zh
