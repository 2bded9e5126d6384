"""Shares of instruments, by hand: 66号文 二（二）5, 二（三）5."""

from __future__ import annotations

import numpy as np

from models.rules.instrument_share import InstrumentShare
from tests.hand import award, facts, line, only, program, rule, table, written


def test_it_is_over_the_competitive_money_and_without_fixed_lines_by_default() -> None:
    # 300,000 of grants over 600,000 of competitive money: 50 %; the line's grant of 200,000 stays out.
    awards = [line("W", 200_000, instrument="grant"), award("A", 300_000)]
    own = rule(InstrumentShare, shares={"grant": {"floor": "50%"}})
    fund = facts(1_000_000, competitive=600_000)
    measure = only(own.measure(awards, fund), "grant")
    assert (measure.part, measure.whole, measure.points, measure.ok) == (300_000, 600_000, 5000, True)
    assert written(own.rows(table(awards), fund)) == {
        ("grant", "floor"): ([0, 3_000_000_000], 3_000_000_000, None)
    }


def test_over_what_is_awarded_the_lines_are_in_neither_part_nor_whole() -> None:
    awards = [line("W", 999_999, instrument="grant"), award("A", 40), award("B", 60, instrument="equity")]
    own = rule(InstrumentShare, of="awarded", shares={"grant": {"floor": "40%"}, "equity": {"cap": "59.99%"}})
    grant, equity = own.measure(awards, facts())
    assert (grant.part, grant.whole, grant.ok) == (40, 100, True)
    assert (equity.part, equity.whole, equity.ok) == (60, 100, False)
    assert written(own.rows(table(awards), facts())) == {
        # 40 × (10000 − 4000) against 60 × 4000: exactly the share.
        ("grant", "floor"): ([0, 240_000, -240_000], 0, None),
        # 60 × (10000 − 5999) − 40 × 5999 = 240,060 − 239,960 = 100 > 0: above the cap.
        ("equity", "cap"): ([0, -239_960, 240_060], None, 0),
    }


def test_with_lines_they_count_in_both() -> None:
    awards = [line("W", 100, instrument="grant"), award("A", 100, instrument="equity")]
    own = rule(InstrumentShare, of="awarded", with_lines=True, shares={"grant": {"cap": "50%"}})
    measure = only(own.measure(awards, facts()), "grant")
    assert (measure.part, measure.whole, measure.ok) == (100, 200, True)
    made = program([own], awards, facts())
    assert not made.broken(np.array([True, True]))
    # Without the equity the line alone is 100 % of what is arranged.
    assert made.broken(np.array([True, False])) == ("instrument_share · grant · cap",)


def test_a_line_without_an_instrument_counts_in_the_whole_and_in_no_part() -> None:
    awards = [line("W", 300), award("A", 100)]
    own = rule(InstrumentShare, of="awarded", with_lines=True, shares={"grant": {"floor": "25%"}})
    measure = only(own.measure(awards, facts()), "grant")
    assert (measure.part, measure.whole, measure.ok) == (100, 400, True)
    assert written(own.rows(table(awards), facts()))["grant", "floor"][0] == [-750_000, 750_000]


def test_a_soft_cap_costs_its_price_a_yuan_over() -> None:
    # Cap 30 % of 1,000 元 = 300; 450 arranged: 150 over at 2 = 300 yuan of merit = 30,000 micro-units.
    own = rule(InstrumentShare, shares={"equity": {"cap": "30%", "hard": False, "price": "2"}})
    awards = [award("A", 450, instrument="equity")]
    assert only(own.measure(awards, facts(1000)), "equity").penalty == 30_000
    assert program([own], awards, facts(1000)).value(np.array([True])) == -30_000


def test_a_soft_floor_over_what_is_awarded_is_priced_in_yuan_of_that_plan() -> None:
    # Equity 100 of 500 awarded, floor 30 % = 150: short by 50 元 at 1 = 5,000 micro-units.
    own = rule(
        InstrumentShare, of="awarded", shares={"equity": {"floor": "30%", "hard": False, "price": "1"}}
    )
    awards = [award("A", 400), award("B", 100, instrument="equity")]
    assert only(own.measure(awards, facts()), "equity").penalty == 5_000
    made = program([own], awards, facts())
    assert made.value(np.array([True, True])) == -5_000
    # With nothing awarded nothing is short: 30 % of nothing.
    assert made.value(np.array([False, False])) == 0
    assert only(own.measure([], facts()), "equity").penalty == 0


def test_the_shares_are_of_the_money_named() -> None:
    awards = [award("A", 100, (60, 40)), award("B", 60, instrument="equity")]
    by = {
        money: only(
            rule(InstrumentShare, of="awarded", money=money, shares={"grant": {}}).measure(awards, facts()),
            "grant",
        ).points
        for money in ("first_year", "award")
    }
    # 60 of 120 this year; 100 of 160 committed.
    assert by == {"first_year": 5000, "award": 6250}


def test_an_instrument_that_is_not_of_the_scenario_is_a_located_fault() -> None:
    ((keys, what, mend),) = rule(InstrumentShare, shares={"loan": {}}).check(table([]), facts())
    assert keys == ("shares", "loan")
    assert "loan" in what.en
    assert "grant" in mend.en
