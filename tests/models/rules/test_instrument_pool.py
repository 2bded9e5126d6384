"""Pools of money for instruments, by hand."""

from __future__ import annotations

import numpy as np

from models.rules.instrument_pool import InstrumentPool
from tests.hand import WAN, award, facts, line, only, program, rule, table, written


def test_a_pool_holds_to_the_last_yuan_with_the_lines_that_draw_on_it() -> None:
    # 30万 of a line and 70万 of an award fill a pool of 100万; one yuan more does not fit.
    own = rule(InstrumentPool, pools={"equity": {"cap": "100万元"}})
    lines = line("W", 30 * WAN, instrument="equity")
    for extra, ok in ((0, True), (1, False)):
        awards = [lines, award("A", 70 * WAN + extra, instrument="equity"), award("B", 999 * WAN)]
        measure = only(own.measure(awards, facts()), "equity")
        assert (measure.part, measure.ok, measure.slack) == (100 * WAN + extra, ok, -extra)
    assert written(own.rows(table(awards), facts())) == {
        ("equity", "cap"): ([300_000, 700_001, 0], None, 1_000_000)
    }


def test_without_lines_it_holds_the_awards_alone() -> None:
    own = rule(InstrumentPool, with_lines=False, pools={"equity": {"cap": "70万元"}})
    awards = [line("W", 30 * WAN, instrument="equity"), award("A", 70 * WAN, instrument="equity")]
    assert only(own.measure(awards, facts()), "equity").slack == 0
    assert written(own.rows(table(awards), facts()))["equity", "cap"][0] == [0, 700_000]


def test_what_is_to_be_used_at_least_is_a_floor_and_may_have_a_price() -> None:
    # 40万 of at least 50万 are used: 10万 short at 0.2 yuan of merit each are 2万 yuan, 2,000,000 micro-units.
    soft = rule(InstrumentPool, pools={"grant": {"floor": "50万元", "hard": False, "price": "0.2"}})
    awards = [award("A", 40 * WAN)]
    assert only(soft.measure(awards, facts()), "grant").penalty == 2_000_000
    assert program([soft], awards, facts()).value(np.array([True])) == -2_000_000
    hard = rule(InstrumentPool, pools={"grant": {"floor": "50万元"}})
    assert program([hard], awards, facts()).broken(np.array([True])) == ("instrument_pool · grant · floor",)


def test_it_holds_the_money_that_it_names() -> None:
    own = rule(InstrumentPool, money="award", pools={"grant": {"cap": "1万元"}})
    awards = [award("A", 10_000, (6_000, 4_000))]
    assert only(own.measure(awards, facts()), "grant").part == 10_000
    assert only(rule(InstrumentPool, pools={"grant": {}}).measure(awards, facts()), "grant").part == 6_000


def test_an_unknown_instrument_or_money_is_a_located_fault() -> None:
    own = rule(InstrumentPool, money="awards", pools={"loan": {}})
    assert [keys for keys, _, _ in own.check(table([]), facts())] == [("money",), ("pools", "loan")]


def test_it_says_what_the_pool_holds() -> None:
    own = rule(InstrumentPool, pools={"grant": {"cap": "50万元"}})
    said = own.say(only(own.measure([award("A", 40 * WAN)], facts()), "grant"), facts())
    assert said.zh == "grant资金池：本年安排 40.00 万元（不高于 50.00）：符合。"
    assert said.en == "Pool for grant: this year's money 40.00 (万元) (at most 50.00): kept."
