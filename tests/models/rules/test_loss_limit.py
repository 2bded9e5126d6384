"""Limits on losses, by hand: the expected one, and the mean of the worst outcomes."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from allocator.compile import Compiled
from allocator.held import Held
from allocator.solve import Outcome, solve
from models.losses import Outcomes, worst
from models.rules.loss_limit import LossLimit
from tests.hand import award, facts, line, only, program, rule, table, written

E, W = "预期损失", "最坏情形损失"


def risky(candidate: str, amount: int, loss: int, **more: object) -> object:
    return award(candidate, amount, instrument="equity", money={"loss": loss}, **more)


POOL = [risky(c, 100, 40, merit=60 + i) for i, c in enumerate("ABCDEF")]


def limit(amount: str, count: int = 20, level: str = "90%", **more: object) -> LossLimit:
    return rule(LossLimit, worst={"amount": amount, "level": level, "outcomes": count, **more})


def test_the_expected_loss_holds_to_the_last_yuan_without_fixed_lines() -> None:
    own = rule(LossLimit, expected="80元")
    awards = [line("W", 5), *POOL[:2]]
    assert (only(own.measure(awards, facts()), E).part, only(own.measure(awards, facts()), E).ok) == (
        80,
        True,
    )
    assert not only(own.measure([*awards, risky("G", 3, 1)], facts()), E).ok
    assert written(own.rows(table(awards), facts()))[E, "cap"] == ([0, 40, 40], None, 80)


def test_an_award_is_lost_whole_in_about_its_part_of_the_outcomes() -> None:
    drawn = Outcomes(10_000, 7, "industry", 0)
    total = drawn.total([risky("A", 1_000, 400)])
    assert set(total.tolist()) == {0, 1_000}
    # 4,000 of 10,000 expected; four standard deviations are 196.
    assert abs(int((total > 0).sum()) - 4_000) < 200
    assert drawn.total([risky("A", 1_000, 1_000)]).tolist() == [1_000] * 10_000
    assert drawn.total([risky("A", 1_000, 0)]).sum() == 0


def test_draws_are_the_same_whatever_else_is_there_and_for_every_level_of_a_candidate() -> None:
    drawn = Outcomes(50, 1, "industry", 0)
    alone, both = drawn.total([POOL[0]]), drawn.total(POOL[:2])
    assert (both >= alone).all()
    half = drawn.total([risky("A", 50, 20)])
    assert (half * 2 == alone).all()
    assert not (Outcomes(50, 2, "industry", 0).total([POOL[0]]) == alone).all()
    # The generator itself is part of the record: these four draws never change.
    assert drawn.draws("A", None)[:4].tolist() == KNOWN


def test_one_group_fails_together_where_it_is_said_to() -> None:
    one = [risky(c, 100, 40, industry="钢铁") for c in "AB"]
    apart, joined = Outcomes(4_000, 1, "industry", 0), Outcomes(4_000, 1, "industry", 10_000)
    assert set(joined.total(one).tolist()) == {0, 200}
    assert set(apart.total(one).tolist()) == {0, 100, 200}
    unlike = [one[0], risky("B", 100, 40, industry="化工")]
    assert set(joined.total(unlike).tolist()) == {0, 100, 200}


def test_the_worst_outcomes_are_the_largest_losses() -> None:
    assert worst(np.array([5, 9, 1, 9, 7]), 2).tolist() == [1, 3]
    assert worst(np.array([3, 3, 3]), 2).tolist() == [0, 1]


@pytest.mark.parametrize("count", [5, 40])
def test_rows_and_cuts_say_what_the_measure_says_on_every_plan(count: int) -> None:
    """With 5 outcomes all 10 sets of 2 are rows; with 40 the sets of 4 are found."""
    own = limit("180元", count, "60%" if count == 5 else "90%")
    options = table(POOL)
    made = program([own], POOL, facts())
    assert (made.shape[0] > 1) == (count == 5)
    seen: Counter[bool] = Counter()
    for picks in itertools.product((False, True), repeat=6):
        chosen = np.array(picks)
        measure = only(own.measure([a for a, c in zip(POOL, picks, strict=True) if c], facts()), W)
        keys = own.cuts(options, facts(), chosen)
        assert measure.ok == (not keys)
        if count == 5:
            assert measure.ok == (not made.broken(chosen))
        if keys:  # the row that is found is broken by the plan that it is found for
            more = own.cut_rows(options, facts(), keys)
            assert int((more.matrix @ chosen.astype(np.int64))[0]) > int(more.upper[0])
        seen[measure.ok] += 1
    assert min(seen[True], seen[False]) > 5


@pytest.mark.parametrize("seed", range(6))
def test_of_all_plans_the_best_that_keeps_the_limit_is_found_by_adding_rows(seed: int) -> None:
    own = limit("150元", 30, "90%", seed=seed)
    made = program([own], POOL, facts())
    held = Held(Compiled(facts(), table(POOL), {own.name: own}, made))

    def ask(program, start, gap, seconds) -> Outcome:
        return solve(program, gap=gap, time_limit=seconds, start=start)

    outcome = held.solve(made, ask, 0, 30, None)
    best = max(
        sum(a.merit for a in plan)
        for n in range(7)
        for plan in itertools.combinations(POOL, n)
        if only(own.measure(plan, facts()), W).ok
    )
    assert outcome.value == best
    assert outcome.bound == best
    again = Held.from_json(held.compiled, held.as_json())
    assert again.whole.program.digest == held.whole.program.digest
    assert held.log  # without a row all six would be taken


def test_a_key_that_is_no_tail_makes_no_row() -> None:
    own = limit("150元", 20, "90%")
    for key in ((0,), (0, 0), (0, 20), (0, 1, 2)):
        with pytest.raises(ValueError, match="tail"):
            own.cut_rows(table(POOL), facts(), [key])


def test_the_mean_is_rounded_up_so_that_it_never_seems_kept_where_it_is_not() -> None:
    # In some seed A alone (101 元) is lost in one of the two worst of ten outcomes: a mean of 50.5, which is above 50.
    one = [risky("A", 101, 10)]
    seed = next(s for s in range(100) if (Outcomes(10, s, "industry", 0).total(one) > 0).sum() == 1)
    measure = only(limit("50元", 10, "80%", seed=seed).measure(one, facts()), W)
    assert (measure.part, measure.ok) == (51, False)
    assert only(limit("51元", 10, "80%", seed=seed).measure(one, facts()), W).ok


def test_only_the_instruments_that_it_names_are_limited() -> None:
    mixed = [risky("A", 100, 40), award("B", 100, instrument="grant", money={"loss": 40})]
    assert only(rule(LossLimit, expected="1元").measure(mixed, facts()), E).part == 40
    both = rule(LossLimit, expected="80元", instruments=["equity", "grant"])
    assert only(both.measure(mixed, facts()), E).part == 80
    assert written(both.rows(table(mixed), facts()))[E, "cap"][0] == [40, 40]
    ((keys, _, _),) = rule(LossLimit, expected="1元", instruments=["loan"]).check(table(mixed), facts())
    assert keys == ("instruments",)


def test_settings_that_ask_for_nothing_or_for_part_of_an_outcome_are_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        rule(LossLimit)
    with pytest.raises(ValueError, match="whole number"):
        limit("1元", 15, "90%")
    ((keys, _, _),) = limit("1元", together="10%", axis="planet").check(table(POOL), facts())
    assert keys == ("worst", "axis")


def test_it_says_how_many_outcomes_and_how_sure() -> None:
    own = limit("150万元", 100, "95%")
    said = own.say(only(own.measure([], facts()), W), facts())
    assert said.zh == (
        "100 种抽样情形中最坏的 5 种平均损失 0.00 万元（置信水平 95%），不超过 150.00 万元：符合。"
    )
    assert "CVaR at 95%" in said.en
    expected = rule(LossLimit, expected="1元")
    assert expected.say(only(expected.measure(POOL[:1], facts()), E), facts()).zh.endswith("：超出。")


KNOWN = [1358987934, 2785892758, 2185235814, 727750682]
