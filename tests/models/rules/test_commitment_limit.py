"""Commitments for later years, by hand: the promise is held by year and in all, apart from the cash."""

from __future__ import annotations

import pytest

from models.rules.commitment_limit import CommitmentLimit
from tests.hand import award, facts, line, only, rule, table, written

# Ceilings: 1,000,000 in 2026 and as much assumed for 2027; 2028 has none.
FUND = facts(1_000_000)


def test_what_a_new_award_promises_is_its_total_less_this_years_cash() -> None:
    own = rule(CommitmentLimit, by_year="30%", total="50%")
    awards = [award("A", 900_000, (400_000, 300_000, 200_000))]
    year, whole = (only(own.measure(awards, FUND), label) for label in ("2027", "合计"))
    assert (year.part, year.limits.bound("cap"), year.ok) == (300_000, 300_000, True)
    # 500,000 are promised for 2027 and 2028, against half of the one ceiling that is assumed.
    assert (whole.part, whole.limits.bound("cap"), whole.slack) == (500_000, 500_000, 0)


def test_one_yuan_more_breaks_it() -> None:
    own = rule(CommitmentLimit, by_year="30%", total="50%")
    more = [award("A", 900_001, (400_000, 300_000, 200_001))]
    assert only(own.measure(more, FUND), "2027").ok
    assert only(own.measure(more, FUND), "合计").slack == -1


def test_a_year_without_an_assumed_ceiling_counts_in_all_and_has_no_limit_of_its_own() -> None:
    own = rule(CommitmentLimit, by_year="30%", total="50%")
    found = own.measure([award("A", 600_000, (0, 0, 600_000))], FUND)
    assert {m.label: m.ok for m in found} == {"2027": True, "合计": False}


def test_renewals_are_earlier_promises_unless_the_rule_counts_them() -> None:
    awards = [line("W", 0, (10, 250_000)), award("A", 100_000, (0, 100_000))]
    assert only(rule(CommitmentLimit, by_year="30%").measure(awards, FUND), "2027").part == 100_000
    both = rule(CommitmentLimit, by_year="30%", with_lines=True)
    assert only(both.measure(awards, FUND), "2027").slack == -50_000


def test_a_share_that_does_not_come_out_even_is_rounded_down() -> None:
    # 33.33 % of 1,000,001 is 333,300.3333.
    assert only(rule(CommitmentLimit, total="33.33%").measure([], facts(1_000_001)), "合计").slack == 333_300


def test_its_rows_are_what_is_paid_later() -> None:
    awards = [line("W", 30, (20, 10)), award("A", 100, (60, 30, 10)), award("B", 5)]
    assert written(rule(CommitmentLimit, by_year="1%", total="2%").rows(table(awards), facts(1000))) == {
        ("2027", "cap"): ([0, 30, 0], None, 10),
        ("合计", "cap"): ([0, 40, 0], None, 20),
    }
    with_lines = rule(CommitmentLimit, total="2%", with_lines=True)
    assert written(with_lines.rows(table(awards), facts(1000))) == {("合计", "cap"): ([10, 40, 0], None, 20)}


def test_it_says_how_much_more_may_be_promised() -> None:
    own = rule(CommitmentLimit, by_year="30%", total="50%")
    found = own.measure([award("A", 300_001, (0, 300_001))], FUND)
    assert own.say(found[0], FUND).zh == "2027 年新承诺 30.00 万元，上限 30.00 万元，超出 0.00 万元。"
    assert (
        own.say(found[1], FUND).en
        == "New commitments for later years in all: 30.00 of at most 50.00 (万元), 20.00 left."
    )


def test_a_rule_that_limits_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="by_year"):
        rule(CommitmentLimit)
