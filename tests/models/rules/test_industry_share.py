"""Shares by industry, by hand."""

from __future__ import annotations

import numpy as np

from models.rules.industry_share import IndustryShare
from tests.hand import award, facts, line, only, program, rule, table, written

ONE, OTHER = "钢铁", "化工"


def test_it_counts_the_money_of_its_label_with_the_lines_against_the_fund() -> None:
    # 150,000 of awards and 50,000 of a line are 20 % of 1,000,000; another label and none at all do not count.
    awards = [
        line("W", 50_000, industry=ONE),
        award("A", 150_000, industry=ONE),
        award("B", 300_000, industry=OTHER),
        award("C", 40_000),
    ]
    own = rule(IndustryShare, shares={ONE: {"floor": "20%"}, OTHER: {"cap": "29.99%"}})
    one, other = own.measure(awards, facts(1_000_000))
    assert (one.part, one.whole, one.ok, one.slack) == (200_000, 1_000_000, True, 0)
    assert (other.part, other.ok, other.slack) == (300_000, False, -100)
    assert written(own.rows(table(awards), facts(1_000_000))) == {
        (ONE, "floor"): ([500_000_000, 1_500_000_000, 0, 0], 2_000_000_000, None),
        (OTHER, "cap"): ([0, 0, 3_000_000_000, 0], None, 2_999_000_000),
    }


def test_one_yuan_too_much_breaks_it_in_row_and_measure_alike() -> None:
    own = rule(IndustryShare, shares={ONE: {"cap": "10%"}})
    for yuan, ok in ((100_000, True), (100_001, False)):
        awards = [award("A", yuan, industry=ONE)]
        assert only(own.measure(awards, facts(1_000_000)), ONE).ok is ok
        assert (not program([own], awards, facts(1_000_000)).broken(np.array([True]))) is ok


def test_a_label_that_neither_scenario_nor_records_have_is_a_located_fault() -> None:
    own = rule(IndustryShare, shares={ONE: {}, "没有": {}})
    ((keys, _what, mend),) = own.check(table([award("A", 1, industry=ONE)]), facts())
    assert keys == ("shares", "没有")
    assert ONE in mend.en


def test_it_says_so() -> None:
    own = rule(IndustryShare, shares={ONE: {"floor": "5%"}})
    measure = only(own.measure([award("A", 60_000, industry=ONE)], facts(1_000_000)), ONE)
    assert own.say(measure, facts()).zh == f"{ONE}本年安排 6.00 万元，占年度整合规模 6%（不低于 5%）：符合。"
    assert (own.title.zh, own.title.en) == ("产业占比", "Share of industries")
    assert "66号文" in measure.basis
