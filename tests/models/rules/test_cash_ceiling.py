"""The cash ceiling by year, by hand: 66号文 二（一）."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.rules.cash_ceiling import CashCeiling
from tests.hand import WAN, award, facts, line, only, program, rule, table, written


def test_this_year_everything_paid_fits_the_ceiling_to_the_yuan() -> None:
    own, fund = rule(CashCeiling), facts(1_000_000)
    awards = [line("W", 400_000), award("A", 900_000, (600_000, 300_000))]
    at = only(own.measure(awards, fund), "2026")
    assert (at.part, at.ok, at.slack) == (1_000_000, True, 0)
    over = only(own.measure([*awards, award("B", 1)], fund), "2026")
    assert (over.part, over.ok, over.slack) == (1_000_001, False, -1)


def test_commitments_of_a_later_year_stay_within_a_share_of_its_assumed_ceiling() -> None:
    # 40 % of 1,000,000 is 400,000 for 2027: the new award's 300,000 and the renewal's 100,000 just fit.
    own, fund = rule(CashCeiling), facts(1_000_000)
    awards = [line("W", 0, (50_000, 100_000)), award("A", 900_000, (600_000, 300_000))]
    assert only(own.measure(awards, fund), "2027").ok
    assert only(own.measure(awards, fund), "2027").slack == 0
    tighter = rule(CashCeiling, later="39.99%")
    assert not only(tighter.measure(awards, fund), "2027").ok


def test_a_later_share_that_does_not_come_out_even_is_rounded_down() -> None:
    # 33.33 % of 1,000,001 = 333,300.3333 元; a payment of 333,301 does not fit, 333,300 does.
    own, fund = rule(CashCeiling, later="33.33%"), facts(1_000_001)
    assert only(own.measure([award("A", 333_300, (0, 333_300))], fund), "2027").ok
    assert not only(own.measure([award("A", 333_301, (0, 333_301))], fund), "2027").ok


def test_a_year_without_an_assumed_ceiling_is_not_limited() -> None:
    own = rule(CashCeiling)
    awards = [award("A", 10**9, (0, 0, 10**9))]
    assert {m.label for m in own.measure(awards, facts())} == {"2026", "2027"}
    assert not program([own], awards, facts()).broken(np.array([True]))


def test_its_rows_are_the_outlays_of_each_year_the_lines_first() -> None:
    awards = [line("W", 30, (20, 10)), award("A", 100, (60, 40)), award("B", 5)]
    assert written(rule(CashCeiling).rows(table(awards), facts(1000))) == {
        ("2026", "cap"): ([20, 60, 5], None, 1000),
        ("2027", "cap"): ([10, 40, 0], None, 400),
    }


def test_commitment_is_not_cash() -> None:
    # 立项总额 90 with 30 this year: the ceiling of 30 holds.
    assert only(rule(CashCeiling).measure([award("A", 90, (30, 30, 30))], facts(30)), "2026").ok


def test_a_ceiling_of_nothing_lets_nothing_be_paid() -> None:
    own = program([rule(CashCeiling)], [award("A", 1)], facts(0))
    assert own.broken(np.array([True])) == ("cash_ceiling · 2026 · cap",)
    assert not own.broken(np.array([False]))


def test_lines_above_the_ceiling_leave_no_plan() -> None:
    own = program([rule(CashCeiling)], [line("W", 11), award("A", 1)], facts(10))
    assert own.broken(np.array([True, False])) == ("cash_ceiling · 2026 · cap",)


def test_no_awards_pay_nothing() -> None:
    assert [(m.part, m.ok) for m in rule(CashCeiling).measure([], facts(10))] == [(0, True), (0, True)]
    assert rule(CashCeiling).rows(table([]), facts(10)).matrix.shape == (2, 0)


def test_it_says_what_is_left_or_too_much_in_wan() -> None:
    own, fund = rule(CashCeiling), facts(100 * WAN)
    left = own.say(only(own.measure([award("A", 60 * WAN)], fund), "2026"), fund)
    assert left.zh == "2026 年安排 60.00 万元，上限 100.00 万元，尚余 40.00 万元。"
    over = own.say(only(own.measure([award("A", 130 * WAN)], fund), "2026"), fund)
    assert over.zh.endswith("超出 30.00 万元。")
    assert over.en == "2026: 130.00 paid of at most 100.00 (万元), 30.00 too much."


def test_a_share_above_all_of_a_later_year_is_refused() -> None:
    with pytest.raises(ValueError, match="later"):
        rule(CashCeiling, later="100.01%")


def test_ten_yi_for_each_of_many_is_summed_without_overflow() -> None:
    # 3,000 awards of 10亿元 in the measure: 3 × 10^12 元, one above the ceiling.
    awards = [award(f"c{i}", 10**9) for i in range(3000)]
    fund = replace(facts(3000 * 10**9 - 1))
    assert only(rule(CashCeiling).measure(awards, fund), "2026").slack == -1
    made = program([rule(CashCeiling)], awards, fund)
    assert made.broken(np.ones(3000, bool)) == ("cash_ceiling · 2026 · cap",)
