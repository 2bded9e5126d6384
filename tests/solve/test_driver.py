"""What is believed of a solver and what is not: broken plans, false bounds, starts and trivial programs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from allocator.program import OPEN, Bools, Clause, Program
from allocator.solve import Outcome, driver, solve
from allocator.solve.door import Answer, Ask
from allocator.solve.highs import ask_highs
from tests.solve.programs import chu_beasley, knapsack, market_split, priced

THREE = knapsack([60, 100, 120], [10, 20, 30], 50)  # the best plan is the last two, worth 220


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Ask], Answer]], list[Ask]]:
    """Put a door of the test's own in the place of HiGHS's; what it is asked is listed."""

    def put(answer: Callable[[Ask], Answer]) -> list[Ask]:
        asked: list[Ask] = []

        def ask(question: Ask) -> Answer:
            asked.append(question)
            return answer(question)

        monkeypatch.setattr(driver, "find_door", lambda method, solver: ask)
        return asked

    return put


def plan(*columns: int, n: int = 3) -> Bools:
    chosen = np.zeros(n, bool)
    chosen[list(columns)] = True
    return chosen


def chosen(outcome: Outcome) -> list[int]:
    assert outcome.chosen is not None
    return [int(k) for k in np.flatnonzero(outcome.chosen)]


# -- a plan that breaks the program ------------------------------------------------------------------


def test_a_broken_plan_is_excluded_alone_and_the_solver_asked_again(door: Any) -> None:
    def answer(ask: Ask) -> Answer:
        if not ask.excluded:
            return Answer("done", (plan(0, 1, 2),), 280.0, solver="fake")
        return ask_highs(ask)

    asked = door(answer)
    outcome = solve(THREE, gap=0)
    assert (outcome.reason, outcome.value, chosen(outcome)) == ("optimal", 220, [1, 2])
    assert [len(a.excluded) for a in asked] == [0, 1]
    assert (asked[1].excluded[0] == plan(0, 1, 2)).all()


def test_excluding_an_assignment_excludes_nothing_else() -> None:
    """The eight assignments of three columns, excluded one by one, come in the order of their values."""
    bits = Program.from_arrays([4, 2, 1], [[0, 0, 1]], [0], [1])
    seen: list[Fraction] = []
    excluded: tuple[Bools, ...] = ()
    while (answer := ask_highs(Ask(bits, excluded))).plans:
        excluded = (*excluded, answer.plans[0])
        seen.append(bits.value(answer.plans[0]))
    assert seen == [7, 6, 5, 4, 3, 2, 1, 0]
    assert answer.word == "infeasible"


def test_a_solver_that_never_gives_a_plan_fails_with_its_bound_kept(door: Any) -> None:
    asked = door(lambda ask: Answer("done", (plan(0, 1, 2),), 240.0, solver="fake"))
    outcome = solve(THREE, gap=0)
    assert (outcome.reason, outcome.chosen, outcome.value) == ("failed", None, None)
    assert outcome.bound == 240
    assert len(asked) == driver.TRIES + 1


def test_a_broken_plan_never_hides_an_earlier_true_one(door: Any) -> None:
    door(lambda ask: Answer("done", (plan(0, 1, 2), plan(0, 2)), 240.0, solver="fake"))
    outcome = solve(THREE, gap=0)
    assert (outcome.reason, outcome.value, outcome.bound, chosen(outcome)) == ("failed", 180, 240, [0, 2])
    assert "done" in outcome.detail


def test_no_second_try_after_the_clock_or_the_user_has_stopped_it(door: Any) -> None:
    for word in ("time_limit", "interrupted"):
        asked = door(lambda ask, word=word: Answer(word, (plan(0, 1, 2),), 280.0, solver="fake"))
        assert solve(THREE).reason == word
        assert len(asked) == 1


# -- words and bounds ----------------------------------------------------------------------------------


def test_the_word_optimal_is_not_believed_without_its_bound(door: Any) -> None:
    door(lambda ask: Answer("done", (plan(0, 2),), 220.0, solver="fake"))
    outcome = solve(THREE, gap=0.1)
    assert (outcome.reason, outcome.value, outcome.bound) == ("failed", 180, 220)
    assert outcome.gap == pytest.approx(40 / 180)


def test_a_solver_that_gives_no_bound_leaves_the_one_that_needs_no_solver(door: Any) -> None:
    door(lambda ask: Answer("time_limit", (plan(1, 2),), None, solver="fake"))
    outcome = solve(THREE, gap=0)
    assert (outcome.reason, outcome.value, outcome.bound) == ("time_limit", 220, 280)


def test_a_bound_is_rounded_down_to_a_value_that_a_plan_can_have_but_never_past_the_tolerance(
    door: Any,
) -> None:
    for bound, slop, proven in [
        (239.0, 0.0, 220),
        (240.0, 0.0, 240),
        (239.9999, 0.0, 220),
        (239.9999, 1e-3, 240),
    ]:
        door(lambda ask, b=bound, s=slop: Answer("time_limit", (plan(1, 2),), b, s, "fake"))
        outcome = solve(THREE, gap=0)  # every value is a multiple of 20
        assert outcome.bound == proven
        assert outcome.reason == ("optimal" if proven == 220 else "time_limit")


def test_a_bound_that_a_checked_plan_refutes_is_not_taken(door: Any) -> None:
    door(lambda ask: Answer("done", (plan(1, 2),), 0.0, solver="fake"))
    outcome = solve(THREE, gap=0)
    assert (outcome.reason, outcome.value, outcome.bound) == ("failed", 220, 280)
    assert "refuted" in outcome.detail


def test_the_steps_of_a_value_count_the_prices_of_soft_rows_in(door: Any) -> None:
    soft = priced(THREE, Fraction(5, 2))
    door(lambda ask: Answer("time_limit", (plan(1, 2),), 254.0, solver="fake"))
    # weights and cap are multiples of 10, so violations are: 25 apiece, beside gains of 20
    assert solve(soft, gap=0).bound == 250


def test_infeasible_by_its_word_though_a_plan_is_known_is_a_failure(door: Any) -> None:
    door(lambda ask: Answer("infeasible", solver="fake"))
    outcome = solve(THREE, gap=0, start=plan(0, 1))
    assert (outcome.reason, outcome.value) == ("failed", 160)
    assert "infeasible" in outcome.detail


def test_a_gap_of_nothing_is_infinite() -> None:
    assert driver.relative(Fraction(0), Fraction(0)) == 0
    assert driver.relative(Fraction(3), Fraction(0)) == float("inf")
    assert driver.relative(Fraction(-3), Fraction(-4)) == 0.25


# -- starts ----------------------------------------------------------------------------------------------


def test_a_start_is_kept_when_the_solver_finds_nothing(door: Any) -> None:
    asked = door(lambda ask: Answer("time_limit", solver="fake"))
    outcome = solve(THREE, start=plan(0, 1))
    assert (outcome.reason, outcome.value, chosen(outcome)) == ("time_limit", 160, [0, 1])
    assert asked[0].start is not None


def test_a_start_that_breaks_the_program_is_ignored() -> None:
    outcome = solve(THREE, gap=0, start=plan(0, 1, 2))
    assert (outcome.reason, outcome.value) == ("optimal", 220)


def test_a_start_reaches_highs_slacks_and_all() -> None:
    """At a time limit of nothing HiGHS has only what it was given."""
    hard = priced(chu_beasley(), Fraction(3))
    begin = np.arange(250) % 2 == 0
    outcome = solve(hard, gap=0, time_limit=0.01, start=begin)
    assert outcome.reason == "time_limit"
    assert outcome.value is not None
    assert outcome.value >= hard.shown(hard.value(begin))
    at_once = threading.Event()
    at_once.set()
    answer = ask_highs(Ask(hard, gap=0, seconds=5, start=begin, stop=at_once))
    assert answer.word == "interrupted"


def test_a_start_of_the_wrong_length_an_unknown_method_and_a_negative_gap_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\).*3 columns"):
        solve(THREE, start=[True, False])
    with pytest.raises(ValueError, match=r"the methods are auto, .*highs, pulp"):
        solve(THREE, method="simplex")
    with pytest.raises(ValueError, match="method='pulp'"):
        solve(THREE, method="highs", solver="CBC")
    for gap, limit in [(-1e-4, 1.0), (float("nan"), 1.0), (0.0, -1.0), (0.0, float("nan"))]:
        with pytest.raises(ValueError, match="at least 0"):
            solve(THREE, gap=gap, time_limit=limit)


# -- what needs no solver --------------------------------------------------------------------------------


def test_no_columns_no_rows_and_nothing_free_are_answered_exactly(door: Any) -> None:
    asked = door(lambda ask: Answer("failed"))
    nothing = Program.from_arrays([], np.zeros((0, 0)), [], [])
    assert (solve(nothing).reason, solve(nothing).value, solve(nothing).bound) == ("optimal", 0, 0)
    bare = Program.from_arrays([5, -2, 7, 9, 9], np.zeros((0, 5)), [], [], groups=[-1, -1, 3, 3, 3])
    assert chosen(solve(bare)) == [0, 3]
    assert solve(bare).value == 14
    given = replace(THREE, fixed=np.array([1, 0, 1], np.int8))
    assert (solve(given).reason, solve(given).value, solve(given).gap) == ("optimal", 180, 0)
    pinned = replace(bare, fixed=np.array([-1, 1, -1, -1, 1], np.int8))
    assert (chosen(solve(pinned)), solve(pinned).value) == ([0, 1, 4], 12)
    assert asked == []


def test_what_cannot_hold_whatever_is_chosen_is_infeasible_by_name(door: Any) -> None:
    asked = door(lambda ask: Answer("failed"))
    over = replace(THREE, fixed=np.ones(3, np.int8), clauses=(Clause("ceiling", "2026", "cap"),))
    assert (solve(over).reason, solve(over).detail) == ("infeasible", "ceiling · 2026 · cap")
    empty = Program.from_arrays([1, 1], [[0, 0], [1, 1]], [1, 0], [2, 2])
    hollow = replace(empty, clauses=(Clause("floor of nothing", "", "floor"), Clause("cap", "", "cap")))
    assert (solve(hollow).reason, solve(hollow).detail) == ("infeasible", "floor of nothing · floor")
    twice = replace(THREE, groups=np.zeros(3, np.int32), fixed=np.array([1, 1, -1], np.int8))
    assert (solve(twice).reason, solve(twice).bound) == ("infeasible", None)
    assert asked == []


def test_an_empty_soft_row_costs_what_it_costs_and_no_more() -> None:
    row = Program.from_arrays([1, 1], [[0, 0], [1, 1]], [3, 0], [OPEN, 1])
    outcome = solve(replace(row, clauses=(Clause("floor", "", "floor", Fraction(2)), row.clauses[1])), gap=0)
    assert (outcome.reason, outcome.value) == ("optimal", 1 - 6)


def test_gains_of_nothing_and_below_nothing() -> None:
    assert solve(knapsack([0, 0], [1, 1], 1), gap=0).value == 0
    outcome = solve(Program.from_arrays([-3, -2], [[1, 1]], [1], [2]), gap=0)
    assert (outcome.reason, outcome.value, outcome.bound) == ("optimal", -2, -2)


def test_huge_and_tiny_amounts_in_one_program() -> None:
    """10亿 yuan to the yuan beside an award of one yuan, in shares of 10,000: one yuan over is one too many."""
    award = np.array([10**9, 10**9 - 1, 1, 1])
    share = 10_000 * award * np.array([1, 0, 0, 1]) - 5_000 * award  # half at most is the first and the last
    program = Program.from_arrays([10**11, 10**11, 1, 3], [award, share], [-np.inf, -np.inf], [2 * 10**9, 0])
    outcome = solve(program, gap=0)
    assert outcome.chosen is not None
    assert not program.broken(outcome.chosen)
    assert outcome.value == 2 * 10**11 + 1


def test_no_first_plan_in_reach_is_said_with_the_bound_that_there_is() -> None:
    outcome = solve(market_split(), gap=0, time_limit=0.5)
    assert (outcome.reason, outcome.chosen, outcome.value, outcome.gap) == ("time_limit", None, None, None)
    assert outcome.bound is not None
    assert 0 < outcome.bound <= 50
