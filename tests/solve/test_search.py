"""Plans of interest only: what a cut-off does to HiGHS, and the search that lives on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from allocator.program import Bools, Program
from allocator.solve import search
from allocator.solve.door import Answer, Ask
from allocator.solve.dual import multipliers
from allocator.solve.highs import ask_highs
from allocator.solve.part import within
from allocator.solve.price import Priced, price
from allocator.solve.search import Search
from tests.peers.pools import pool
from tests.solve import programs


def seen_of(program: Program) -> Priced:
    y = multipliers(program, 30.0)
    assert y is not None
    seen = price(program, y)
    assert seen is not None
    return seen


def without_one(plan: Bools) -> Iterator[Bools]:
    for k in np.flatnonzero(plan):
        less = plan.copy()
        less[k] = False
        yield less


@pytest.mark.parametrize("part", range(4))
def test_nothing_of_interest_is_missed_and_nothing_less_is_proved(part: int) -> None:
    """Against trying all: below the optimum the optimum is found, above it the cut-off is the bound, never less."""
    below = above = 0
    for seed in range(150 * part, 150 * (part + 1)):
        program = programs.small(seed)
        value = programs.best(program)
        if value is None:
            continue
        size = max(1.0, abs(float(value)))
        for shift in (-0.3, -1e-3, 1e-3, 0.3):
            cut = float(value) + shift * size
            answer = ask_highs(Ask(program, above=cut))
            assert answer.word == "done", (seed, shift)
            assert answer.bound is not None
            assert answer.bound + answer.slop + 1e-9 * size >= max(cut, float(value)), (seed, shift)
            plans = [plan for plan in answer.plans if not program.broken(plan)]
            if shift < 0:
                below += 1
                assert max(map(program.value, plans)) == value, (seed, shift)
            else:
                above += 1
                assert answer.bound <= cut + 1e-9 * size, (seed, shift)
    assert below > 150
    assert above > 150


def test_a_plan_that_is_much_better_ends_the_search_with_a_true_bound() -> None:
    program = programs.fund(50)
    value = max(program.value(plan) for plan in ask_highs(Ask(program, gap=1e-2)).plans)
    enough = float(value) * 0.9
    answer = ask_highs(Ask(program, above=float(value) * 0.8, better=enough))
    assert answer.word == "done"
    assert answer.bound is not None
    assert answer.bound >= float(value)
    assert max(float(program.value(plan)) for plan in answer.plans) >= enough


@pytest.mark.parametrize("nodes", [1, 50])
def test_a_quick_proof_that_runs_out_of_nodes_proves_no_less_than_the_optimum(nodes: int) -> None:
    ended = 0
    for seed in range(25):
        program = programs.fund(12, seed)
        best = ask_highs(Ask(program))
        value = max(program.value(plan) for plan in best.plans)
        for cut in (0.97, 1.0, 1.01):
            answer = ask_highs(Ask(program, above=cut * float(value), nodes=nodes))
            assert answer.word == "done"
            assert answer.bound is not None
            assert answer.bound + answer.slop >= max(cut, 1.0) * float(value) * (1 - 1e-12)
            ended += answer.bound > float(value) * max(cut, 1.0) * (1 + 1e-9)
    assert ended or nodes == 50


@pytest.mark.parametrize("seed", range(6))
def test_what_a_plan_chooses_stays_open_whatever_it_loses(seed: int) -> None:
    """So that the plan is one of what is left, and worth the same."""
    program = programs.fund(60)
    seen = seen_of(program)
    start = ask_highs(Ask(program, gap=0.05, seed=seed)).plans[0]
    draw = np.random.default_rng(seed)
    plan: Bools = start.copy()
    plan[draw.permutation(np.flatnonzero(start))[:5]] = (
        False  # whatever else: choosing nothing is a choice too
    )
    for limit in (0, 1, int(np.median(seen.loss))):
        rest = within(program, seen, limit, plan)
        assert (rest.whole(plan[rest.columns]) == plan).all()
        assert rest.program.value(plan[rest.columns]) + rest.decided == program.value(plan)
    assert len(within(program, seen, 0, plan).columns) > len(within(program, seen, 0).columns)


def test_a_first_part_may_find_a_plan_that_is_only_a_little_better() -> None:
    """Where the best is just short of the gap, a plan better by less than the gap closes it."""
    program = programs.fund(60)
    one = Search(program, seen_of(program))
    one.offer(ask_highs(Ask(program, gap=0.05)).plans[0])
    rest = within(program, one.seen, int(np.median(one.seen.loss)), one.plan)
    gap = 0.9 * float((one.bound - one.value) / one.value)
    ask = Ask(program, gap=gap)
    first, later = (
        one._asked_of(ask, rest, time.monotonic(), 0, now).above + rest.decided for now in (True, False)
    )
    closing = float(one.bound) / (1 + gap)
    assert float(one.value) <= first <= closing < float(one.value) * (1 + gap)
    assert later == pytest.approx(float(one.value) * (1 + gap))


@pytest.mark.parametrize(("gap", "size"), [(0.0, 16), (5e-3, 60), (1e-2, 100)])
def test_a_search_from_a_poor_plan_ends_where_one_from_none_does(gap: float, size: int) -> None:
    program = programs.fund(size)
    seen = seen_of(program)
    poor = ask_highs(Ask(program, gap=0.05)).plans[0]
    found = []
    for start in (None, poor):
        one = Search(program, seen)
        if start is not None:
            assert one.offer(start)
            assert not one.offer(start)  # no better than itself
        answer = one.close(Ask(program, gap=gap), time.monotonic())
        assert answer.word == "done"
        assert one.near(gap) or one.bound - one.value <= 2 * Fraction(answer.slop)
        found.append(one)
    for this, other in (found, found[::-1]):
        assert this.value <= other.bound + Fraction(1, 10**6)


def test_for_a_strict_gap_one_tree_goes_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the quick proofs, with no end but that of the tree, and to the same optimum as HiGHS on the whole."""
    monkeypatch.setattr(search, "NODES", 1)
    monkeypatch.setattr(search, "SHORT", 1)
    asked: list[Ask] = []

    def noted(ask: Ask) -> Answer:
        asked.append(ask)
        return ask_highs(ask)

    monkeypatch.setattr(search, "ask_highs", noted)
    program = pool(60, 1, "coarse")
    whole = ask_highs(Ask(program, gap=0.0)).plans[0]
    one = Search(program, seen_of(program))
    assert one.close(Ask(program, gap=0.0), time.monotonic()).word == "done"
    assert one.value == program.value(whole)
    assert one.bound - one.value <= one.value * Fraction(1, 10**9)
    trees = [ask for ask in asked if ask.nodes == search.ALL]
    assert trees
    assert all(ask.better == np.inf for ask in trees)


def test_a_search_that_may_take_no_time_keeps_its_plan_and_the_multipliers_bound() -> None:
    program = programs.fund(150)
    found = Search(program, seen_of(program))
    found.offer(ask_highs(Ask(program, gap=0.05)).plans[0])
    answer = found.close(replace(Ask(program), seconds=0.0), time.monotonic())
    assert answer.word == "time_limit"
    assert found.value < found.bound <= found.top


def test_a_bound_that_a_plan_refutes_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that proves too much is not believed: the multipliers' bound is what is left."""
    program = programs.fund(40)
    seen = seen_of(program)
    high = ask_highs(Ask(program, gap=1e-3)).plans[0]
    low = next(plan for plan in without_one(high) if not program.broken(plan))
    found = Search(program, seen)
    found.offer(low)
    wrong = float(program.value(low)) * (1 + 1e-6)
    monkeypatch.setattr(search, "ask_highs", lambda ask: Answer("time_limit", (), wrong))
    monkeypatch.setattr(search, "LARGE", 0.0)
    found.close(Ask(program), time.monotonic())
    assert float(found.bound) == pytest.approx(wrong)
    found.offer(high)
    assert found.bound == found.top
    monkeypatch.setattr(search, "ask_highs", lambda ask: Answer("time_limit", (), wrong))
    found.close(Ask(program), time.monotonic())
    assert found.bound == found.top  # said once more, and known to be wrong
