"""Limits per applicant, by hand (限项)."""

from __future__ import annotations

import numpy as np
import pytest

from models.rules.applicant_cap import ApplicantCap
from tests.hand import award, facts, line, only, program, rule, table, written

FIRM = "乙"


def test_a_firm_may_have_so_many_projects_and_not_one_more() -> None:
    own = rule(ApplicantCap, count=2)
    awards = [award(c, 10, applicant=FIRM) for c in "ABC"]
    assert only(own.measure(awards[:2], facts()), FIRM).ok
    over = only(own.measure(awards, facts()), FIRM)
    assert (over.part, over.ok, over.slack, over.unit) == (3, False, -1, "count")


def test_a_firm_may_have_so_much_money_to_the_yuan() -> None:
    own = rule(ApplicantCap, amount="30万元")
    at = [award("A", 100_000, applicant=FIRM), award("B", 200_000, applicant=FIRM)]
    assert only(own.measure(at, facts()), FIRM).ok
    over = [award("A", 100_001, applicant=FIRM), award("B", 200_000, applicant=FIRM)]
    assert (only(own.measure(over, facts()), FIRM).ok, only(own.measure(over, facts()), FIRM).slack) == (
        False,
        -1,
    )


def test_firms_are_apart() -> None:
    own = rule(ApplicantCap, count=1)
    measures = own.measure([award("A", 1, applicant="甲"), award("B", 1, applicant="乙")], facts())
    assert [(m.label, m.part, m.ok) for m in measures] == [("甲", 1, True), ("乙", 1, True)]


def test_fixed_lines_and_awards_of_no_applicant_do_not_count() -> None:
    own = rule(ApplicantCap, count=1)
    nobody = line("W2", 5)
    found = own.measure([line("W", 5, applicant=FIRM), nobody, award("A", 1, applicant=FIRM)], facts())
    assert [(m.label, m.part) for m in found] == [(FIRM, 1)]


def test_it_may_count_certain_instruments_only() -> None:
    own = rule(ApplicantCap, count=1, instruments=["equity"])
    awards = [
        award("A", 1, applicant=FIRM),
        award("B", 1, applicant=FIRM, instrument="equity"),
        award("C", 1, applicant=FIRM, instrument="equity"),
    ]
    assert only(own.measure(awards, facts()), FIRM).part == 2
    assert written(own.rows(table(awards), facts())) == {(FIRM, "cap"): ([0, 1, 1], None, 1)}


def test_it_may_count_this_years_money_only() -> None:
    own = rule(ApplicantCap, amount="100元", money="first_year")
    awards = [award("A", 150, (60, 90), applicant=FIRM), award("B", 41, applicant=FIRM)]
    assert only(own.measure(awards, facts()), FIRM).part == 101
    assert written(own.rows(table(awards), facts())) == {(FIRM, "cap"): ([60, 41], None, 100)}


def test_only_firms_that_could_pass_the_cap_have_a_row() -> None:
    # 乙's two projects could reach 60 + 50 = 110 > 100 at their largest options; 甲's one has 100 at most.
    awards = [
        award("A", 100, applicant="甲"),
        award("A", 40, applicant="甲", instrument="equity"),
        award("B", 60, applicant="乙"),
        award("B", 30, applicant="乙", instrument="equity"),
        award("C", 50, applicant="乙"),
    ]
    rows = rule(ApplicantCap, amount="100元").rows(table(awards), facts())
    assert written(rows) == {("乙", "cap"): ([0, 0, 60, 30, 50], None, 100)}


def test_one_project_above_the_cap_alone_has_a_row() -> None:
    own = program([rule(ApplicantCap, amount="99元")], [award("A", 100, applicant="甲")], facts())
    assert own.broken(np.array([True])) == ("applicant_cap · 甲 · cap",)


def test_a_cap_of_no_money_bars_every_award() -> None:
    own = program([rule(ApplicantCap, amount="0元")], [award("A", 1, applicant="甲")], facts())
    assert own.broken(np.array([True])) == ("applicant_cap · 甲 · cap",)


def test_money_or_count_one_of_them() -> None:
    for settings in ({}, {"count": 1, "amount": "1万元"}):
        with pytest.raises(ValueError, match="amount"):
            rule(ApplicantCap, **settings)


def test_an_unknown_instrument_or_money_is_a_located_fault() -> None:
    own = rule(ApplicantCap, amount="1元", instruments=["equities"], money="awards")
    found = own.check(table([]), facts())
    assert [keys for keys, _, _ in found] == [("money",), ("instruments",)]
    assert "equities" in found[1][1].zh
    assert "equity" in found[1][2].zh


def test_without_awards_it_measures_nothing_and_without_options_it_has_no_rows() -> None:
    own = rule(ApplicantCap, count=1)
    assert own.measure([], facts()) == []
    assert len(own.rows(table([]), facts())) == 0


def test_it_says_the_firm_and_its_limit() -> None:
    own = rule(ApplicantCap, amount="30万元")
    said = own.say(only(own.measure([award("A", 250_000, applicant=FIRM)], facts()), FIRM), facts())
    assert said.zh == "乙 合计 25.00 万元，限额 30.00 万元。"
    counted = rule(ApplicantCap, count=2)
    said = counted.say(only(counted.measure([award("A", 1, applicant=FIRM)], facts()), FIRM), facts())
    assert said.en == "乙: 1 awards, at most 2."
