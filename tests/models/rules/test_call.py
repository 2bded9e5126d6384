"""Calls with competing teams, by hand: 66号文 二（二）1."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.rules.call import CallWinners
from tests.hand import award, facts, only, program, rule, table, written

CALLS = replace(
    facts(), numbers={"winners": {"BD1": 1, "BD2": 2}, "candidates": {}}, labels={"call": ("BD1", "BD2")}
)


def teams(call: str, count: int) -> list:
    return [award(f"{call}-{i}", 10, call=call) for i in range(count)]


def test_one_team_wins_an_open_call_and_two_a_horse_race() -> None:
    own = rule(CallWinners)
    kept = own.measure([*teams("BD1", 1), *teams("BD2", 2)], CALLS)
    assert [(m.label, m.part, m.ok, m.slack) for m in kept] == [("BD1", 1, True, 0), ("BD2", 2, True, 0)]
    broken = own.measure([*teams("BD1", 2), *teams("BD2", 3)], CALLS)
    assert [(m.part, m.ok, m.slack) for m in broken] == [(2, False, -1), (3, False, -1)]


def test_a_call_that_nobody_wins_keeps_its_rule() -> None:
    assert all(m.ok and m.part == 0 for m in rule(CallWinners).measure([], CALLS))


def test_its_rows_count_options_of_the_call_whatever_their_instrument() -> None:
    awards = [
        award("A", 10, call="BD1"),
        award("A", 20, call="BD1", instrument="equity"),
        award("B", 10, call="BD2"),
        award("C", 10),
    ]
    assert written(rule(CallWinners).rows(table(awards), CALLS)) == {
        ("BD1", "cap"): ([1, 1, 0, 0], None, 1),
        ("BD2", "cap"): ([0, 0, 1, 0], None, 2),
    }


def test_the_scenario_may_say_another_number_of_winners() -> None:
    own = rule(CallWinners, winners={"BD1": 2})
    assert only(own.measure(teams("BD1", 2), CALLS), "BD1").ok
    assert only(own.measure(teams("BD2", 3), CALLS), "BD2").part == 3
    none = rule(CallWinners, winners={"BD1": 0})
    assert not only(none.measure(teams("BD1", 1), CALLS), "BD1").ok
    assert program([none], teams("BD1", 1), CALLS).broken(np.array([True])) == ("call · BD1 · cap",)


def test_a_call_that_is_not_on_the_list_is_a_located_fault() -> None:
    ((keys, what, mend),) = rule(CallWinners, winners={"BD9": 1}).check(table([]), CALLS)
    assert keys == ("winners", "BD9")
    assert "BD9" in what.zh
    assert "BD1" in mend.en


def test_fewer_winners_than_none_are_refused_as_the_scenario_is_read() -> None:
    with pytest.raises(ValueError, match="winners"):
        rule(CallWinners, winners={"BD1": -1})


def test_it_names_the_call_by_its_title() -> None:
    said = rule(CallWinners).say(only(rule(CallWinners).measure(teams("BD2", 1), CALLS), "BD2"), CALLS)
    assert said.zh == "榜单 BD2 立项 1 个，最多 2 个。"
    assert said.en == "Call BD2: 1 taken, at most 2."


def test_without_calls_it_has_no_rows_and_no_measures() -> None:
    bare = replace(facts(), numbers={})
    assert len(rule(CallWinners).rows(table([award("A", 1)]), bare)) == 0
    assert rule(CallWinners).measure([award("A", 1)], bare) == []
