"""The equity pilot ratio over its bases, by hand: 66号文 二（二）末2."""

from __future__ import annotations

import numpy as np
import pytest

from models.rules.equity_pilot import PILOT_BASES, EquityPilot
from tests.hand import WAN, award, facts, line, only, program, rule, table, written


def test_the_numerator_is_this_years_capital_and_the_base_the_whole_fund() -> None:
    # 22,000万 a year, 12 % of it is 2,640万.
    own, fund = rule(EquityPilot, floor="12%"), facts(22_000 * WAN)
    at = only(own.measure([award("A", 2_640 * WAN, instrument="equity")], fund))
    assert (at.part, at.whole, at.points, at.ok) == (26_400_000, 220_000_000, 1200, True)
    below = only(own.measure([award("A", 2_640 * WAN - 1, instrument="equity")], fund))
    assert (below.ok, below.slack) == (False, -1)


def test_a_grant_is_no_capital_and_capital_of_later_years_is_not_this_years() -> None:
    awards = [award("A", 500), award("B", 300, (200, 100), instrument="equity")]
    own = rule(EquityPilot, floor="20%")
    assert only(own.measure(awards, facts(1000))).part == 200
    assert written(own.rows(table(awards), facts(1000))) == {("", "floor"): ([0, 2_000_000], 2_000_000, None)}


def test_capital_that_is_first_spoken_for_counts() -> None:
    awards = [line("W", 150, instrument="equity"), award("A", 50, instrument="equity")]
    own = rule(EquityPilot, floor="20%")
    assert only(own.measure(awards, facts(1000))).ok
    assert not program([own], awards, facts(1000)).broken(np.array([True, True]))
    assert program([own], awards, facts(1000)).broken(np.array([True, False])) == ("equity_pilot · floor",)


def test_the_three_bases_of_the_field_give_three_ratios_of_one_plan() -> None:
    # Capital 200. Fund 2,000; 可统筹 1,600; to enterprises 200 + 300 + the line's 500 = 1,000.
    awards = [
        award("A", 200, instrument="equity", kind="企业"),
        award("B", 300, kind="企业"),
        award("C", 400, kind="高校"),
        line("W", 500, kind="企业"),
    ]
    own, fund = rule(EquityPilot), facts(2000, discretionary=1600)
    points = {base: own.over(base, awards, fund, own.limits).points for base in PILOT_BASES}
    assert points == {"fund": 1000, "discretionary": 1250, "enterprise": 2000}


def test_a_base_that_is_a_sum_of_awards_moves_with_the_plan() -> None:
    # Floor 40 % of enterprises' money: 200 of 500 is exactly 40 %; a yuan more of grants breaks it.
    own = rule(EquityPilot, of="enterprise", floor="40%")
    capital = award("A", 200, instrument="equity")
    assert only(own.measure([capital, award("B", 300)], facts())).ok
    assert not only(own.measure([capital, award("B", 301)], facts())).ok
    # A university's grant is in no enterprise's money.
    awards = [capital, award("B", 300), award("C", 999, kind="高校")]
    assert written(own.rows(table(awards), facts())) == {("", "floor"): ([1_200_000, -1_200_000, 0], 0, None)}


def test_with_no_enterprise_money_there_is_no_ratio() -> None:
    own = rule(EquityPilot, of="enterprise", floor="40%")
    measure = only(own.measure([award("C", 10, kind="高校")], facts()))
    assert (measure.points, measure.value, measure.ok, measure.penalty) == (None, None, True, 0)
    assert "占涉企资金 无" in own.say(measure, facts()).zh


def test_with_no_award_at_all_a_floor_on_the_fund_is_missed_by_all_of_it() -> None:
    measure = only(rule(EquityPilot, floor="20%").measure([], facts(1000)))
    assert (measure.part, measure.points, measure.ok, measure.slack) == (0, 0, False, -200)


def test_a_soft_ratio_costs_its_price_for_each_yuan_of_capital_that_lacks() -> None:
    # Floor 200, arranged 150: 50 元 × 1.5 = 75 yuan of merit = 7,500 micro-units.
    own = rule(EquityPilot, floor="20%", hard=False, price="1.5")
    awards = [award("A", 150, instrument="equity", merit=10_000)]
    assert only(own.measure(awards, facts(1000))).penalty == 7_500
    made = program([own], awards, facts(1000))
    assert made.value(np.array([True])) == 10_000 - 7_500
    assert made.value(np.array([False])) == -30_000


@pytest.mark.parametrize(("yuan", "penalty"), [(90, 1_000), (100, 0), (115, 1_500)])
def test_a_target_between_floor_and_cap_pulls_from_both_sides(yuan: int, penalty: int) -> None:
    own = rule(EquityPilot, floor="5%", target="10%", cap="20%", price="1")
    awards = [award("A", yuan, instrument="equity")]
    measure = only(own.measure(awards, facts(1000)))
    assert (measure.ok, measure.penalty) == (True, penalty)
    assert program([own], awards, facts(1000)).value(np.array([True])) == -penalty


def test_a_cap_is_broken_by_one_yuan() -> None:
    own = rule(EquityPilot, cap="20%")
    assert only(own.measure([award("A", 200, instrument="equity")], facts(1000))).ok
    assert not only(own.measure([award("A", 201, instrument="equity")], facts(1000))).ok


def test_it_says_the_ratio_over_its_base() -> None:
    own = rule(EquityPilot, floor="12%", cap="20%")
    said = own.say(
        only(own.measure([award("A", 2_640 * WAN, instrument="equity")], facts(22_000 * WAN))), facts()
    )
    assert (
        said.zh == "股权投资试点本年安排 2,640.00 万元，占年度整合规模 12%（不低于 12%、不高于 20%）：符合。"
    )


def test_an_unknown_base_is_refused() -> None:
    with pytest.raises(ValueError, match="of"):
        rule(EquityPilot, of="everything")
