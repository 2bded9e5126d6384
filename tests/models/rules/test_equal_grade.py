"""Equal level for equal grade, by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.rules import equal_grade
from models.rules.equal_grade import EqualGrade
from tests.hand import award, facts, only, ordered, program, rule, table

HERE = ordered(facts(), {"甲": {"A": 90, "B": 86, "C": 80, "D": 84}})


def at(candidate: str, level: int, amount: int = 10, **more: str) -> object:
    return replace(award(candidate, amount, **more), level=level * 100)


POOL = [at(c, level) for c in "ABCD" for level in (100, 70, 55)]


def unequal(own: EqualGrade, *awards: object) -> int:
    return only(own.measure(awards, HERE), "甲").part


def test_equal_grades_have_equal_levels_and_unequal_grades_need_not() -> None:
    own = rule(EqualGrade, grades={"优": 85, "良": 75})
    # A and B are 优, C and D 良.
    assert unequal(own, at("A", 100), at("B", 100), at("C", 70), at("D", 70)) == 0
    assert unequal(own, at("A", 100), at("B", 70), at("C", 70), at("D", 55)) == 2
    # Below the last grade is one more: with 优 alone C and D still go together.
    assert unequal(rule(EqualGrade, grades={"优": 85}), at("C", 70), at("D", 55)) == 1


def test_who_is_not_taken_is_at_no_level() -> None:
    own = rule(EqualGrade, grades={"优": 75})
    assert unequal(own, at("A", 100), at("C", 100)) == 0
    # One at 100 %, two at 70 %: two unequal pairs of three.
    assert unequal(own, at("A", 100), at("B", 70), at("C", 70)) == 2


def test_another_instrument_is_another_matter() -> None:
    own = rule(EqualGrade, grades={"优": 75})
    assert unequal(own, at("A", 100), at("B", 70, instrument="equity")) == 0
    only_equity = rule(EqualGrade, grades={"优": 75}, instruments=["equity"])
    assert unequal(only_equity, at("A", 100), at("B", 70)) == 0


def test_it_may_ask_for_the_same_money_instead() -> None:
    own = rule(EqualGrade, grades={"优": 75}, same="amount")
    assert unequal(own, at("A", 100, 50), at("B", 70, 50)) == 0
    assert unequal(own, at("A", 100, 50), at("B", 100, 51)) == 1


@pytest.mark.parametrize("paired", [12, 1])
def test_pairs_and_sums_count_every_plan_as_the_measure_does(paired: int, monkeypatch) -> None:
    monkeypatch.setattr(equal_grade, "PAIRED", paired)
    own = rule(EqualGrade, grades={"优": 75})
    made = program([own], POOL, HERE)
    for picks in itertools.product((None, 0, 1, 2), repeat=4):
        chosen = np.zeros(len(POOL), bool)
        chosen[[3 * i + p for i, p in enumerate(picks) if p is not None]] = True
        awards = [a for a, c in zip(POOL, chosen, strict=True) if c]
        measure = only(own.measure(awards, HERE), "甲")
        broken = sum(v * c.unit for v, c in zip(made.violations(chosen), made.clauses, strict=True))
        assert broken == measure.part
        assert measure.ok == (not made.broken(chosen))


@pytest.mark.parametrize("paired", [12, 1])
def test_soft_each_unequal_pair_costs_its_price_in_either_form(paired: int, monkeypatch) -> None:
    monkeypatch.setattr(equal_grade, "PAIRED", paired)
    made = program([rule(EqualGrade, grades={"优": 75}, hard=False, price="10")], POOL, HERE)
    chosen = np.zeros(len(POOL), bool)
    chosen[[0, 4, 7]] = True
    # A at 100 %, B and C at 70 %: two pairs at 10 yuan of merit, 1,000 micro-units each.
    assert made.value(chosen) == -2_000


def test_grades_that_do_not_fall_are_refused_and_unknown_instruments_located() -> None:
    for grades in ({"良": 75, "优": 85}, {"优": 101}, {}):
        with pytest.raises(ValueError, match="grades"):
            rule(EqualGrade, grades=grades)
    found = rule(EqualGrade, grades={"优": 75}, instruments=["loan"]).check(table(POOL), HERE)
    assert [keys for keys, _, _ in found] == [("instruments",)]


def test_a_grade_of_more_than_it_is_for_is_a_located_fault(monkeypatch) -> None:
    monkeypatch.setattr(equal_grade, "MOST", 3)
    ((keys, what, _),) = rule(EqualGrade, grades={"优": 75}).check(table(POOL), HERE)
    assert keys == ("grades",)
    assert what.zh == "甲“优”档有 4 项，超过本规则可处理的 3 项"


def test_it_says_whether_levels_are_equal() -> None:
    own = rule(EqualGrade, grades={"优": 75})
    kept = only(own.measure([at("A", 100)], HERE), "甲")
    assert own.say(kept, HERE).zh == "甲：同档次项目资助比例一致。"
    broken = only(own.measure([at("A", 100), at("B", 70)], HERE), "甲")
    assert own.say(broken, HERE).zh == "甲：同档次而资助比例不一致的有 1 对。"
    assert own.say(broken, HERE).en == "甲: 1 pairs of equal grade at unequal levels."
