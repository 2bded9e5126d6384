"""Groups decided on together, by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from allocator.solve import solve
from models.rules.group import Groups
from tests.hand import award, facts, line, only, program, rule, table, written

WHY = {"reason": "统筹布局", "basis": "会议纪要1号"}


def group(*candidates: str, **more: object) -> Groups:
    return rule(Groups, groups={"示范": {"candidates": list(candidates), **WHY, **more}})


def pool() -> list:
    return [award("A", 1), award("A", 2, instrument="equity"), award("B", 1), award("C", 1), award("D", 1)]


def test_at_most_and_at_least_count_candidates_not_options() -> None:
    own = group("A", "B", "C", at_most=2, at_least=1)
    assert written(own.rows(table(pool()), facts())) == {
        ("示范", "floor"): ([1, 1, 1, 1, 0], 1, None),
        ("示范", "cap"): ([1, 1, 1, 1, 0], None, 2),
    }
    taken = [award("A", 2, instrument="equity"), award("B", 1)]
    measure = only(own.measure(taken, facts()), "示范")
    assert (measure.part, measure.ok, measure.basis) == (2, True, "会议纪要1号")
    assert not only(own.measure([*taken, award("C", 1)], facts()), "示范").ok
    assert not only(own.measure([award("D", 1)], facts()), "示范").ok


def test_exactly_is_both_and_says_how_it_can_have_no_plan() -> None:
    own = group("A", "B", exactly=1)
    assert not only(own.measure(pool()[:1] + pool()[2:3], facts()), "示范").ok
    said = own.say(only(own.measure(pool()[:1], facts()), "示范"), facts())
    assert said.zh == (
        "组合“示范”（统筹布局；会议纪要1号）共 2 项，安排 1 项，"
        "应当恰好 1 项（可安排的不足或超过此数时无解）：符合。"
    )
    assert "no plan where fewer can be" in said.en


def test_exactly_two_of_which_one_has_an_option_is_a_located_fault() -> None:
    ((keys, what, _mend),) = group("A", "E", exactly=2).check(table(pool()), facts())
    assert keys == ("groups", "示范")
    assert what.zh == "要安排 2 项，而所列 2 项中只有 1 项有可用的支持方式，无解"
    assert "there is no plan" in what.en
    # A soft one may fall short.
    assert not group("A", "E", exactly=2, hard=False, price="1").check(table(pool()), facts())


def test_more_fixed_lines_than_it_allows_is_a_located_fault() -> None:
    awards = [line("W1", 1), line("W2", 1), award("A", 1)]
    ((keys, what, _),) = group("W1", "W2", "A", at_most=1).check(table(awards), facts())
    assert keys == ("groups", "示范")
    assert "2 项" in what.zh


def test_all_or_none_is_a_ring_whose_breaks_are_counted() -> None:
    own = group("A", "B", "C", all_or_none=True)
    rows = own.rows(table(pool()), facts())
    assert rows.matrix.toarray().tolist() == [[1, 1, -1, 0, 0], [0, 0, 1, -1, 0], [-1, -1, 0, 1, 0]]
    made = program([own], pool(), facts())
    for picks in itertools.product((0, 1), repeat=4):
        chosen = np.array([picks[0], 0, *picks[1:]], bool)
        awards = [a for a, c in zip(pool(), chosen, strict=True) if c]
        measure = only(own.measure(awards, facts()), "示范")
        assert measure.ok == (sum(picks[:3]) in (0, 3)) == (not made.broken(chosen))
        assert measure.part == sum(made.violations(chosen))


def test_a_soft_group_costs_its_price_for_each_one_too_many() -> None:
    own = group("A", "B", "C", at_most=1, hard=False, price="5000")
    made = program([own], pool(), facts())
    # Three of at most one: two too many at 5000 yuan of merit, 500,000 micro-units each.
    assert made.value(np.array([1, 0, 1, 1, 0], bool)) == -1_000_000


def test_the_solver_keeps_all_or_none_where_one_alone_would_pay() -> None:
    awards = [award("A", 5, merit=100), award("B", 6, merit=1), award("C", 5, merit=60)]
    cap = rule_of_money(10)
    outcome = solve(program([group("A", "B", all_or_none=True), cap], awards, facts(10)), gap=0)
    assert outcome.chosen is not None
    assert outcome.chosen.tolist() == [False, False, True]


def rule_of_money(yuan: int) -> object:
    from models.rules.limit import Limit

    return rule(Limit, cap=f"{yuan}元")


@pytest.mark.parametrize("settings", [{}, {"exactly": 1, "at_most": 1}, {"all_or_none": True, "exactly": 1}])
def test_one_kind_of_demand_each(settings: dict) -> None:
    with pytest.raises(ValueError, match="one of"):
        group("A", "B", **settings)


def test_an_unknown_candidate_is_a_located_fault_and_one_listed_twice_is_refused() -> None:
    ((keys, what, _),) = group("A", "Z", at_most=1).check(table(pool()), facts())
    assert keys == ("groups", "示范", "candidates")
    assert "Z" in what.en
    with pytest.raises(ValueError, match="twice"):
        group("A", "A", at_most=1)


def test_a_reason_and_a_basis_are_asked_for() -> None:
    with pytest.raises(ValueError, match="reason"):
        rule(Groups, groups={"示范": {"candidates": ["A"], "at_most": 1}})
