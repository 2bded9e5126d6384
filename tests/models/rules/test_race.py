"""Races, by hand: two teams side by side or none."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from models.modes import CALLS, Call
from models.rules.race import Race
from tests.hand import award, facts, only, program, rule, table

HERE = replace(
    facts(),
    own={
        CALLS: {
            "BD1": Call("赛马", 2, None, 1),
            "BD2": Call("揭榜", 1, None, 1),
            "BD3": Call("赛马", 3, None, 2),
        }
    },
)
POOL = [
    award("A", 100, (60, 40), call="BD1"),
    award("A", 80, (50, 30), call="BD1", instrument="equity"),
    award("B", 90, (54, 36), call="BD1"),
    award("C", 50, (30, 20), call="BD1"),
    award("D", 10, call="BD2"),
]


def test_one_team_alone_is_no_race_and_two_or_none_are_in_order() -> None:
    own, made = rule(Race), program([rule(Race)], POOL, HERE)
    for a, b, c, d in itertools.product((0, 1), repeat=4):
        chosen = np.array([a, 0, b, c, d], bool)
        awards = [x for x, taken in zip(POOL, chosen, strict=True) if taken]
        measure = only(own.measure(awards, HERE), "BD1")
        assert measure.ok == (a + b + c != 1) == (not made.broken(chosen))
        assert measure.part == sum(made.violations(chosen))


def test_its_rows_hold_each_team_to_any_of_the_others() -> None:
    rows = rule(Race).rows(table(POOL), HERE)
    assert rows.matrix.toarray().tolist() == [[1, 1, -1, -1, 0], [-1, -1, 1, -1, 0], [-1, -1, -1, 1, 0]]


def test_the_second_stage_is_expected_for_those_that_stay() -> None:
    # 40 + 36 later yuan of two teams, of which one stays: 38 expected; of three, two stay: 96 × 2 / 3 = 64.
    own = rule(Race)
    second = only(own.measure([POOL[0], POOL[2]], HERE), "BD1·第二阶段")
    assert (second.part, second.ok) == (38, True)
    three = [award(c, 80, (48, 32), call="BD3") for c in "XYZ"]
    assert only(own.measure(three, HERE), "BD3·第二阶段").part == 64
    assert only(own.measure([], HERE), "BD1·第二阶段").part == 0
    assert own.say(second, HERE).zh == "赛马 BD1：里程碑考核后保留 1 家，第二阶段预计支出 0.00 万元。"


def test_it_says_why_one_alone_is_no_race() -> None:
    own = rule(Race)
    said = own.say(only(own.measure([POOL[0]], HERE), "BD1"), HERE)
    assert said.zh == "赛马 BD1：至少 2 家并行或不安排：只有 1 家，不成赛马。"
    assert said.en == "Race BD1: 2 teams at least, or none: one team alone is no race."


def test_a_race_of_one_candidate_cannot_be_run() -> None:
    made = program([rule(Race)], POOL[:2], HERE)
    assert made.broken(np.array([True, False])) == ("race · BD1 · cap",)
