"""Rank order within a direction, by hand: 跳项 is what auditors look for first."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from allocator.solve import solve
from models.order import order_of
from models.rules.limit import Limit
from models.rules.pin import Pin
from models.rules.rank_order import RankOrder
from tests import sample
from tests.hand import award, facts, only, ordered, program, rule, table

HERE = ordered(facts(), {"甲·一": {"A": 90, "B": 85, "C": 80, "D": 75}})
POOL = [award(c, 1) for c in "ABCD"]
WHY = {"reason": "单位在建项目逾期", "basis": "会议纪要3号"}


def chosen(names: str) -> np.ndarray:
    return np.array([c in names for c in "ABCD"])


@pytest.mark.parametrize(
    ("taken", "breaks"), [("", 0), ("A", 0), ("ABC", 0), ("B", 1), ("AC", 1), ("BD", 2), ("D", 1), ("ABD", 1)]
)
def test_breaks_are_counted_between_neighbours(taken: str, breaks: int) -> None:
    own = rule(RankOrder)
    measure = only(own.measure([award(c, 1) for c in taken], HERE), "甲·一")
    assert (measure.part, measure.ok) == (breaks, not breaks)
    made = program([own], POOL, HERE)
    assert sum(made.violations(chosen(taken))) == breaks


def test_rows_stand_between_neighbours_only() -> None:
    rows = rule(RankOrder).rows(table(POOL), HERE)
    assert rows.matrix.toarray().tolist() == [[-1, 1, 0, 0], [0, -1, 1, 0], [0, 0, -1, 1]]


def test_equal_scores_have_no_order_among_themselves() -> None:
    own = rule(RankOrder)
    tied = ordered(facts(), {"甲": {"A": 90, "B": 80, "C": 80, "D": 70}})
    for taken, ok in (("AB", True), ("AC", True), ("ABCD", True), ("ABD", False), ("BC", False)):
        assert only(own.measure([award(c, 1) for c in taken], tied), "甲").ok is ok, taken


def test_many_of_equal_score_are_held_to_by_one_row_that_counts_alike() -> None:
    names = [f"b{i}" for i in range(12)]
    own, pool = rule(RankOrder), [award(c, 1) for c in [*names, "low"]]
    tied = ordered(facts(), {"甲": dict.fromkeys(names, 80) | {"low": 70}})
    rows = own.rows(table(pool), tied)
    assert rows.matrix.shape[0] == 1
    made = program([own], pool, tied)
    for count in (0, 5, 12):
        plan = np.array([i < count for i in range(12)] + [True])
        awards = [a for a, c in zip(pool, plan, strict=True) if c]
        assert only(own.measure(awards, tied), "甲").part == 12 - count == sum(made.violations(plan))


def test_a_listed_skip_lets_those_below_be_held_to_the_next_better_one() -> None:
    own = rule(RankOrder, skips={"B": WHY})
    for taken, ok in (("AC", True), ("ACD", True), ("C", False), ("B", False), ("D", False)):
        assert only(own.measure([award(c, 1) for c in taken], HERE), "甲·一").ok is ok, taken
    said = own.say(only(own.measure([award("A", 1)], HERE), "甲·一"), HERE)
    assert said.zh == ("甲·一：按评审排名顺序安排，已说明理由的跳项：B（单位在建项目逾期；会议纪要3号）。")


def test_a_skip_without_reason_or_basis_is_refused_and_an_unknown_one_located() -> None:
    with pytest.raises(ValueError, match="basis"):
        rule(RankOrder, skips={"B": {"reason": "x"}})
    found = rule(RankOrder, skips={"Z": WHY}, directions=["乙"]).check(table(POOL), HERE)
    assert [keys for keys, _, _ in found] == [("directions",), ("skips", "Z")]


def test_only_the_directions_named_are_held() -> None:
    two = ordered(facts(), {"甲": {"A": 90, "B": 80}, "乙": {"C": 90, "D": 80}})
    own = rule(RankOrder, directions=["乙"])
    assert [m.label for m in own.measure([award("B", 1)], two)] == ["乙"]
    assert only(own.measure([award("D", 1)], two), "乙").part == 1


def test_a_direction_of_one_has_nothing_to_order() -> None:
    alone = ordered(facts(), {"甲": {"A": 90}})
    assert rule(RankOrder).measure([award("A", 1)], alone) == []


def test_soft_it_costs_its_price_for_each_break() -> None:
    soft = program([rule(RankOrder, hard=False, price="30000")], POOL, HERE)
    # Two breaks at 30,000 yuan of merit each: 6,000,000 micro-units.
    assert soft.value(chosen("BD")) == -6_000_000


def test_of_all_plans_the_solver_takes_the_best_that_keeps_the_order() -> None:
    costs, worths = {"A": 9, "B": 5, "C": 4, "D": 3}, {"A": 10, "B": 30, "C": 30, "D": 40}
    pool = [award(c, costs[c], merit=worths[c]) for c in "ABCD"]
    order, money = rule(RankOrder), rule(Limit, cap="18元")
    found = solve(program([order, money], pool, HERE), gap=0)
    best = max(
        sum(worths[c] for c in names)
        for n in range(5)
        for names in itertools.combinations("ABCD", n)
        if sum(costs[c] for c in names) <= 18
        and only(order.measure([award(c, 1) for c in names], HERE), "甲·一").ok
    )
    # A, B and C cost all 18 and are worth 70; free of the order B, C and D would be worth 100.
    assert found.value == best == 70


def test_who_failed_has_no_option_or_is_decided_apart_takes_no_part() -> None:
    # G is below the pass mark; B (pinned) and E, F's call stand apart.
    pin = Pin.model_validate({"name": "pin", "candidates": {"C": {"reason": "应急", "basis": "纪要"}}})
    fund = sample.compiled({"rank_order": rule(RankOrder), "pin": pin})
    took_part = order_of(fund.facts).directions
    assert set(took_part) == {"A", "B", "D", "E", "F"}
    assert took_part["E"] == took_part["F"] == "BD1"
    assert took_part["B"] == "重点研发专项"
    assert order_of(fund.facts).scores["F"] == 8200


def test_without_a_rule_on_ranks_the_facts_hold_no_order() -> None:
    assert not order_of(sample.compiled().facts).directions
