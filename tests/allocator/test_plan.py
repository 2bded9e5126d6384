"""A plan's figures by hand: totals that add up, what binds, and the gap that its certificate proves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from allocator.certificate import Certificate
from allocator.plan import binding, measures, totals
from models.rules.cash_ceiling import CashCeiling
from models.rules.domain_share import DomainShare
from tests.allocator.programs import made
from tests.hand import award, facts, line, rule
from tests.planned import planned
from tests.sample import candidate

LINE = line("W", 30, (20, 10), domain="甲领域", kind="企业")
AWARDS = [
    award(
        "A", 100, (60, 40), domain="甲领域", merit=90, recovery=(0, 0, 7), money={"loss": 5, "private": 11}
    ),
    award("B", 80, domain="乙领域", instrument="equity", merit=50, money={"loss": 32, "private": 9}),
]
FACTS = replace(facts(200), first_calls={"稳定支持": 20}, axes=("domain", "instrument", "department"))


# -- totals -----------------------------------------------------------------------------------


def test_totals_of_a_plan() -> None:
    found = totals(FACTS, AWARDS, [LINE])
    assert found["ceiling"] == 200
    assert found["first_calls"] == {"稳定支持": 20}
    assert (found["competitive"], found["count"], found["award"], found["first_year"]) == (180, 2, 180, 140)
    # 60 + 80 to awards and 20 to the line of 200.
    assert found["unused"] == 40
    assert found["outlay"] == {"2026": 160, "2027": 50, "2028": 0}
    assert found["recovery"] == {"2026": 0, "2027": 0, "2028": 7}
    assert (found["merit"], found["loss"], found["private"]) == (140, 37, 20)


def test_totals_by_axis_keep_lines_apart_and_add_up() -> None:
    by = totals(FACTS, AWARDS, [LINE])["by"]
    assert by["domain"] == {
        "甲领域": {"count": 1, "award": 100, "first_year": 60, "lines": 20, "merit": 90},
        "乙领域": {"count": 1, "award": 80, "first_year": 80, "lines": 0, "merit": 50},
    }
    assert set(by["instrument"]) == {"grant", "equity"}
    for axis in ("domain", "instrument"):
        assert sum(own["award"] for own in by[axis].values()) == 180
        assert sum(own["first_year"] for own in by[axis].values()) == 140


def test_totals_of_nothing() -> None:
    found = totals(FACTS, [], [])
    assert (found["count"], found["award"], found["merit"], found["unused"]) == (0, 0, 0, 200)
    assert found["by"]["domain"] == {}


def test_more_paid_than_there_is_shows_as_such() -> None:
    assert totals(FACTS, [award("A", 250)], [])["unused"] == -50


# -- what binds -------------------------------------------------------------------------------


def tight(program, *chosen: int) -> set[tuple[str, str, str]]:
    taken = np.zeros(len(program.gain), bool)
    taken[list(chosen)] = True
    return binding(program, taken)


ROW = {("row 0", "", "cap")}


def test_a_cap_binds_where_nothing_left_out_would_fit() -> None:
    program = made([1] * 4, [([40, 30, 10, 5], None, 75)], groups=[0, 1, 2, 3])
    assert tight(program, 0, 1) == set(), "5 are left, and the last asks for 5"
    tighter = made([1] * 4, [([40, 30, 10, 6], None, 75)], groups=[0, 1, 2, 3])
    assert tight(tighter, 0, 1) == ROW


def test_a_candidate_that_has_its_award_asks_for_no_more() -> None:
    program = made([1] * 3, [([40, 30, 5], None, 75)], groups=[0, 1, 1])
    assert tight(program, 0, 1) == set(), "nobody is left who could take more"


def test_columns_of_no_candidate_each_stand_for_themselves() -> None:
    assert tight(made([1] * 3, [([40, 30, 10], None, 75)]), 0, 1) == ROW
    assert tight(made([1] * 3, [([40, 30, 5], None, 75)]), 0, 1) == set()


def test_fixed_lines_and_barred_options_take_no_step() -> None:
    program = made([1] * 3, [([70, 30, 10], 65, 75)], groups=[0, 1, 2], fixed=[1, 0, 0])
    assert tight(program, 0) == set()


def test_a_floor_binds_where_no_award_could_go() -> None:
    program = made([1] * 3, [([40, 30, 10], 62, None)], groups=[0, 1, 2])
    assert tight(program, 0, 1) == ROW, "70 − 30 is below 62"
    assert tight(program, 0, 1, 2) == set(), "80 less 10 is 70: one could go"


def test_a_row_that_speaks_of_nothing_binds_nothing() -> None:
    assert tight(made([1, 1], [([0, 0], 0, 0)]), 0) == set()


def test_a_priced_clause_that_is_missed_binds_it_is_paid_for() -> None:
    program = made([1, 1], [([40, 30], None, 50)], prices=[1])
    assert tight(program, 0, 1) == set(), "nothing more could be added to it"
    wider = made([1, 1, 1], [([40, 30, 1], None, 50)], prices=[1])
    assert tight(wider, 0, 1) == ROW


# -- rules and proofs -------------------------------------------------------------------------


def test_every_rule_is_measured_and_says_its_sentence() -> None:
    rules = {
        "cash_ceiling": rule(CashCeiling),
        "domain_share": rule(DomainShare, shares={"重点研发专项": {"floor": "10%"}}),
    }
    plan = planned(rules, ("A", "grant", 10_000), candidates=[candidate("A", 100)], lines=())
    assert [(name, m.label) for name, m in measures(plan.compiled, plan.awards)] == [
        ("cash_ceiling", "2026"),
        ("cash_ceiling", "2027"),
        ("domain_share", "重点研发专项"),
    ]
    # 60 of 500 this year: 12 %, at least 10 %; without A there would be nothing, so the floor binds.
    share = plan.ruled[2]
    assert (share.measure.points, share.measure.ok, share.binding) == (1200, True, True)
    assert share.sentence.zh == "重点研发专项本年安排 60.00 万元，占年度整合规模 12%（不低于 10%）：符合。"


@pytest.mark.parametrize(("bound", "gap"), [(80_000_000, 0.0), (80_800_000, 0.01)])
def test_the_certified_gap_is_from_the_multipliers_bound_alone(bound: int, gap: float) -> None:
    # 0.8 × 100万: 80万 of merit, 80 million micro-units.
    plan = planned({}, ("A", "grant", 10_000), candidates=[candidate("A", 100)], lines=())
    proved = replace(plan, certificate=Certificate("", 1, (), Fraction(bound)))
    assert proved.value == 80_000_000
    assert proved.certified_bound == bound / 1_000_000
    assert proved.certified_gap == pytest.approx(gap)


def test_without_a_certificate_nothing_is_claimed() -> None:
    plan = planned({}, candidates=[candidate("A", 100)], lines=())
    assert (plan.certified_bound, plan.certified_gap) == (None, None)
