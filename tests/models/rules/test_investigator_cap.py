"""Limits per principal investigator, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.candidate import investigator
from models.rules.investigator_cap import InvestigatorCap
from tests import sample
from tests.hand import award, facts, line, only, program, rule, table, written

LEAD = "钱（乙）"


def two() -> list:
    return [
        award("A", 100, investigator=LEAD, applicant="甲"),
        award("B", 60, investigator=LEAD, applicant="乙"),
        award("C", 50, investigator="孙（丙）"),
        award("D", 900),
    ]


def test_one_person_leads_so_many_whoever_applies() -> None:
    own = rule(InvestigatorCap, count=1)
    measure = only(own.measure(two(), facts()), LEAD)
    assert (measure.part, measure.ok, measure.slack) == (2, False, -1)
    assert written(own.rows(table(two()), facts())) == {(LEAD, "cap"): ([1, 1, 0, 0], None, 1)}
    assert program([own], two(), facts()).broken(np.array([1, 1, 1, 1], bool)) == (
        f"investigator_cap · {LEAD} · cap",
    )
    assert not program([own], two(), facts()).broken(np.array([1, 0, 1, 1], bool))


def test_money_of_one_person_stops_at_the_last_yuan() -> None:
    own = rule(InvestigatorCap, amount="160元")
    assert only(own.measure(two(), facts()), LEAD).slack == 0
    assert not only(rule(InvestigatorCap, amount="159元").measure(two(), facts()), LEAD).ok


def test_projects_that_name_nobody_and_fixed_lines_are_under_no_cap() -> None:
    own = rule(InvestigatorCap, count=1)
    awards = [award("D", 1), award("E", 1), line("W", 5, investigator=LEAD), award("A", 1, investigator=LEAD)]
    assert [(m.label, m.part) for m in own.measure(awards, facts())] == [(LEAD, 1)]


@pytest.mark.parametrize(
    ("name", "person", "label"),
    [
        ("钱", None, "钱（乙）"),
        ("钱", "3711**********001X", "钱（3711**********001X）"),
        (None, "3711**********001X", "3711**********001X"),
        (None, None, None),
    ],
)
def test_people_are_told_apart_by_id_else_by_name_and_unit(name, person, label) -> None:
    assert investigator(name, person, "乙") == label


def test_two_of_one_name_at_two_units_are_two_people_and_one_id_is_one_person() -> None:
    pool = [
        sample.candidate("A", 30, investigator="李", applicant="甲"),
        sample.candidate("B", 30, investigator="李", applicant="乙"),
        sample.candidate("C", 30, investigator="李", investigator_id="X1", applicant="甲"),
        sample.candidate("D", 30, investigator="李", investigator_id="X1", applicant="乙"),
    ]
    own = rule(InvestigatorCap, count=1)
    fund = sample.compiled({"investigator_cap": own}, candidates=pool, lines=())
    assert {c.label for c in fund.program.clauses} == {"李（X1）"}


def test_it_says_the_person_and_the_limit() -> None:
    own = rule(InvestigatorCap, count=2)
    measure = only(own.measure(two(), facts()), LEAD)
    assert own.say(measure, facts()).zh == "钱（乙） 立项 2 个，最多 2 个。"
    assert measure.basis == "申报通知限项规定"
