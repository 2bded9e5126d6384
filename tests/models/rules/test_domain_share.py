"""Shares of domains, by hand: 66号文 二（二）1–5."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from models.rules.domain_share import DomainShare
from tests.hand import WAN, award, facts, line, only, program, rule, table, written

A, B = "甲领域", "乙领域"


def shares(**bounds: object) -> DomainShare:
    return rule(DomainShare, shares={A: bounds})


def points_to(yuan: int) -> list:
    return [award("A", yuan, domain=A), award("B", 50_000, domain=B)]


def test_a_floor_holds_at_exactly_its_share_and_not_one_yuan_below() -> None:
    # 20 % of a fund of 1,000,000 元 is 200,000 元.
    fund = facts(1_000_000)
    at = only(shares(floor="20%").measure(points_to(200_000), fund), A)
    assert (at.part, at.whole, at.ok, at.slack, at.points) == (200_000, 1_000_000, True, 0, 2000)
    below = only(shares(floor="20%").measure(points_to(199_999), fund), A)
    assert (below.ok, below.slack, below.residual("floor")) == (False, -1, -10_000)
    # 19.9999 % rounds to 2000 basis points: the verdict does not come from what is printed.
    assert below.points == 2000


def test_a_cap_holds_at_exactly_its_share_and_not_one_yuan_above() -> None:
    fund = facts(1_000_000)
    assert only(shares(cap="20%").measure(points_to(200_000), fund), A).ok
    above = only(shares(cap="20%").measure(points_to(200_001), fund), A)
    assert (above.ok, above.slack) == (False, -1)


def test_a_share_of_a_fund_that_does_not_divide_is_decided_in_integers() -> None:
    # A third of a fund of 1,000,001 元 at 33.33 %: 333,300.3333 元, so 333,300 is short and 333,301 is enough.
    fund = facts(1_000_001)
    assert not only(shares(floor="33.33%").measure(points_to(333_300), fund), A).ok
    assert only(shares(floor="33.33%").measure(points_to(333_301), fund), A).ok


def test_its_row_is_ten_thousand_times_the_money_against_the_share_of_the_fund() -> None:
    rows = shares(floor="20%", cap="60%").rows(table(points_to(200_000)), facts(1_000_000))
    assert written(rows) == {
        (A, "floor"): ([2_000_000_000, 0], 2_000_000_000, None),
        (A, "cap"): ([2_000_000_000, 0], None, 6_000_000_000),
    }


def test_a_soft_floor_costs_its_price_for_each_yuan_short_in_measure_and_row_alike() -> None:
    # Floor 200,000, paid 150,000: short by 50,000 元 at 0.3 yuan of merit each = 15,000 yuan of merit,
    # in micro-units of 万元 (a hundredth of a yuan each) 1,500,000.
    soft = shares(floor="20%", hard=False, price="0.3")
    awards, fund = points_to(150_000), facts(1_000_000)
    measure = only(soft.measure(awards, fund), A)
    assert measure.ok
    assert not measure.kept
    assert measure.penalty == 1_500_000
    own = program([soft], awards, fund)
    assert own.value(np.array([True, False])) == -1_500_000
    assert not own.broken(np.array([True, False]))
    # Nothing at all: short by all 200,000 元.
    assert own.value(np.array([False, False])) == -6_000_000


def test_a_target_is_missed_on_both_sides_at_the_same_price() -> None:
    # Target 20 % = 200,000 元, price 1: 30,000 below costs what 30,000 above costs, 3,000,000 micro-units.
    aimed, fund = shares(floor="10%", target="20%", price="1"), facts(1_000_000)
    for yuan in (170_000, 230_000):
        measure = only(aimed.measure(points_to(yuan), fund), A)
        assert (measure.ok, measure.penalty) == (True, 3_000_000)
        own = program([aimed], points_to(yuan), fund)
        assert own.value(np.array([True, False])) == -3_000_000
    assert only(aimed.measure(points_to(200_000), fund), A).penalty == 0


def test_a_target_without_a_price_is_shown_and_does_not_steer() -> None:
    shown = shares(target="20%")
    assert len(shown.rows(table(points_to(1)), facts())) == 0
    measure = only(shown.measure(points_to(1), facts()), A)
    assert (measure.ok, measure.penalty, measure.residual("target")) == (True, 0, -1_999_990_000)


def test_a_price_on_a_hard_rule_prices_its_target_and_leaves_its_floor_hard() -> None:
    both, fund = shares(floor="10%", target="20%", price="1"), facts(1_000_000)
    own = program([both], points_to(99_999), fund)
    assert own.broken(np.array([True, False])) == (f"domain_share · {A} · floor",)
    sides = {c.side: c.price for c in own.clauses}
    assert sides["floor"] is None
    assert sides["target"] is not None


def test_the_price_of_a_share_row_is_for_its_own_unit_a_ten_thousandth_of_a_yuan() -> None:
    soft = shares(floor="20%", hard=False, price="2")
    (clause,) = soft.rows(table(points_to(3)), facts(1_000_000)).clauses
    # 2 yuan of merit a yuan is 200 micro-units, and 200 / 10,000 for each ten-thousandth.
    assert (clause.price, clause.unit) == (Fraction(200, 10_000), Fraction(1, 10_000))
    # Divided by its gcd, 30,000, the row has a unit of 3 元 and a price of 600 for it.
    (clause,) = program([soft], points_to(3), facts(30_000)).clauses
    assert (clause.price, clause.unit) == (600, 3)


def test_standing_lines_of_a_domain_count_unless_it_says_otherwise() -> None:
    awards = [line("W", 150_000, domain=A), award("A", 50_000, domain=A)]
    assert only(shares(floor="20%").measure(awards, facts()), A).ok
    without = rule(DomainShare, with_lines=False, shares={A: {"floor": "20%"}})
    measure = only(without.measure(awards, facts()), A)
    assert (measure.part, measure.ok) == (50_000, False)
    assert written(without.rows(table(awards), facts()))[A, "floor"][0] == [0, 500_000_000]


@pytest.mark.parametrize(
    ("money", "part"),
    [("first_year", 120_000), ("award", 200_000), ("outlay.2027", 80_000), ("outlay", 200_000)],
)
def test_it_shares_the_money_that_it_names(money: str, part: int) -> None:
    awards = [award("A", 200_000, (120_000, 80_000), domain=A)]
    own = rule(DomainShare, money=money, shares={A: {"cap": "100%"}})
    assert only(own.measure(awards, facts()), A).part == part
    assert written(own.rows(table(awards), facts()))[A, "cap"][0] == [10_000 * part]


def test_bases_that_are_constants_are_the_years_sums() -> None:
    # 100 万 of a fund of 1,000 万 is 10 %; of 400 万 open to competition, 25 %; of 可统筹 800 万, 12.5 %.
    fund = facts(1000 * WAN, competitive=400 * WAN, discretionary=800 * WAN)
    awards = [award("A", 100 * WAN, domain=A)]
    found = {
        base: only(rule(DomainShare, of=base, shares={A: {}}).measure(awards, fund), A).points
        for base in ("fund", "competitive", "discretionary")
    }
    assert found == {"fund": 1000, "competitive": 2500, "discretionary": 1250}


def test_a_base_of_what_is_awarded_moves_with_the_plan() -> None:
    # 100,000 of 100,000 + 300,000 is exactly 25 %; one yuan more elsewhere and it is less.
    own = rule(DomainShare, of="awarded", shares={A: {"floor": "25%"}})
    a = award("A", 100_000, domain=A)
    assert only(own.measure([a, award("B", 300_000, domain=B)], facts()), A).ok
    assert not only(own.measure([a, award("B", 300_001, domain=B)], facts()), A).ok
    # Its row: (10,000 − 2,500) × 100,000 for the domain's own option, −2,500 × 300,000 for another's.
    rows = own.rows(table([a, award("B", 300_000, domain=B)]), facts())
    assert written(rows) == {(A, "floor"): ([750_000_000, -750_000_000], 0, None)}


def test_a_base_of_enterprises_money_leaves_universities_out_of_the_whole_only() -> None:
    own = rule(DomainShare, of="enterprise", shares={A: {"floor": "50%"}})
    awards = [award("A", 100, domain=A, kind="高校"), award("B", 200, domain=B, kind="企业")]
    measure = only(own.measure(awards, facts()), A)
    assert (measure.part, measure.whole, measure.ok) == (100, 200, True)
    assert written(own.rows(table(awards), facts()))[A, "floor"][0] == [1_000_000, -1_000_000]


def test_with_nothing_awarded_the_share_is_none_and_reads_so() -> None:
    own = rule(DomainShare, of="awarded", shares={A: {"floor": "25%"}})
    measure = only(own.measure([], facts()), A)
    assert (measure.whole, measure.points, measure.value, measure.ok) == (0, None, None, True)
    assert "占实际安排资金 无" in own.say(measure, facts()).zh
    assert "none of money arranged" in own.say(measure, facts()).en


def test_it_says_money_share_bounds_and_verdict() -> None:
    own = shares(floor="5%", cap="8%")
    said = own.say(only(own.measure(points_to(60_000), facts(1_000_000)), A), facts())
    assert said.zh == "甲领域本年安排 6.00 万元，占年度整合规模 6%（不低于 5%、不高于 8%）：符合。"
    short = own.say(only(own.measure(points_to(10_000), facts(1_000_000)), A), facts())
    assert short.zh.endswith("：未达到。")


def test_a_domain_that_is_not_of_the_scenario_is_a_located_fault() -> None:
    ((keys, what, mend),) = rule(DomainShare, shares={A: {}, "丙领域": {}}).check(table([]), facts())
    assert keys == ("shares", "丙领域")
    assert "丙领域" in what.zh
    assert A in mend.zh
    assert "丙领域" in what.en


def test_money_that_is_not_a_column_is_a_located_fault() -> None:
    for money in ("awards", "outlay.2099", "award.2026"):
        found = rule(DomainShare, money=money, shares={A: {}}).check(table([]), facts())
        assert [keys for keys, _, _ in found] == [("money",)], money


def test_a_domain_with_no_candidates_still_has_its_floor() -> None:
    # An empty row keeps its bound: the program knows at once that the floor cannot hold.
    awards = [award("B", 1, domain=B)]
    own = program([shares(floor="20%")], awards, facts())
    assert own.broken(np.array([True])) == (f"domain_share · {A} · floor",)
    assert not only(shares(floor="20%").measure(awards, facts()), A).ok


def test_bounds_that_cross_and_soft_bounds_without_a_price_are_refused() -> None:
    with pytest.raises(ValueError, match="cross"):
        shares(floor="30%", cap="20%")
    with pytest.raises(ValueError, match="price"):
        shares(floor="30%", hard=False)


def test_ten_yi_times_many_does_not_overflow() -> None:
    # Half of 40 awards of 10亿元 is 2·10^10 元, 2·10^14 ten-thousandths: floor and sum meet to the last of them.
    # 100,000 such awards are 10^14 元; 50 % of that, in ten-thousandths, 5·10^17, still inside 2^62.
    many = 100_000
    options = table([award(f"c{i}", 10**9, domain=A if i % 2 else B) for i in range(40)])
    own = shares(floor="50%")
    rows = own.rows(options, facts(40 * 10**9))
    assert int((rows.matrix @ np.ones(40, np.int64))[0]) == 20 * 10**13 == int(rows.lower[0])
    fund = facts(many * 10**9)
    assert int(own.rows(options, fund).lower[0]) == 5000 * many * 10**9


def test_a_bound_past_the_room_of_64_bits_is_refused_and_never_taken_for_open() -> None:
    # 50 % of 10^15 元 is a bound of 5 × 10^18 ten-thousandths, past 2^62 ≈ 4.6 × 10^18.
    with pytest.raises(OverflowError):
        shares(floor="50%").rows(table([award("A", 1, domain=A)]), facts(10**15))
