"""Least regret and guarded plans, each held to every plan that there is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from allocator.chance import wilson
from allocator.studies.regret import cvar, guarded, least_regret
from tests.allocator.programs import made, sound_plans


def test_the_interval_of_a_share() -> None:
    # Wilson's own for 8 of 10 at 95 %: 0.4902 to 0.9433
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 10)[0] == 0
    assert 0 < wilson(0, 10)[1] < 0.31
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_middle_way_is_the_safe_one() -> None:
    # one of three fits: A is best for the one judgement (10, 0), C for the other (0, 10), B never (7, 7)
    program = made([10, 7, 0], [([1, 1, 1], None, 1)])
    found = least_regret(program, [np.array([10, 7, 0]), np.array([0, 7, 10])], gap=0)
    assert found is not None
    assert np.flatnonzero(found.chosen).tolist() == [1]
    assert (found.worst, found.unregretted, found.cost) == (3, 10, 3)


@pytest.mark.parametrize("seed", range(6))
def test_least_regret_against_every_plan(seed: int) -> None:
    draw = Random(seed)
    n = draw.randint(3, 7)
    cost = [draw.randint(1, 9) for _ in range(n)]
    program = made([draw.randint(1, 20) for _ in range(n)], [(cost, None, sum(cost) // 2)])
    gains = [np.array([draw.randint(0, 20) for _ in range(n)]) for _ in range(3)]
    found = least_regret(program, gains, gap=0, within=0)
    sound = sound_plans(program)
    tops = [max(int(g[p].sum()) for p in sound) for g in gains]
    least = min(max(t - int(g[p].sum()) for t, g in zip(tops, gains, strict=True)) for p in sound)
    assert found is not None
    assert found.worst == least
    assert found.proven <= least


def test_the_worst_fifth_of_five_draws() -> None:
    losses = np.array([[5, 0], [0, 0], [1, 1], [9, 2], [0, 3]])
    assert cvar(losses, np.array([True, True]), Fraction(4, 5)) == 11
    assert cvar(losses, np.array([True, False]), Fraction(3, 5)) == Fraction(14, 2)


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_is_said_to_lose_less_than_nothing(seed: int) -> None:
    """Solved roughly, a judgement's best may be beaten by a plan that is found later; it is the best from then on."""
    draw = Random(40 + seed)
    n = 14
    cost = [draw.randint(5, 30) for _ in range(n)]
    program = made([draw.randint(10, 60) for _ in range(n)], [(cost, None, sum(cost) // 2)])
    gains = [np.array([draw.randint(0, 60) for _ in range(n)]) for _ in range(3)]
    found = least_regret(program, gains, gap=0.2, within=0.01)
    assert found is not None
    missed = [t - int(g[found.chosen].sum()) for t, g in zip(found.best, gains, strict=True)]
    assert found.worst == max(missed)
    assert min(missed) >= 0
    assert 0 <= found.proven <= found.worst


@pytest.mark.parametrize("seed", range(6))
def test_guarded_against_every_plan(seed: int) -> None:
    draw = Random(100 + seed)
    n = draw.randint(3, 7)
    program = made([draw.randint(1, 20) for _ in range(n)], [([1] * n, None, n - 1)])
    losses = np.array([[draw.choice((0, 0, draw.randint(1, 9))) for _ in range(n)] for _ in range(10)])
    alpha, limit = Fraction(7, 10), draw.randint(3, 14)
    found = guarded(program, losses, limit, alpha, gap=0)
    sound = [p for p in sound_plans(program) if cvar(losses, p, alpha) <= limit]
    assert found is not None
    assert found.settled
    assert cvar(losses, found.chosen, alpha) == found.cvar <= limit
    assert program.value(found.chosen) == max(program.value(p) for p in sound)


@pytest.mark.parametrize("seed", range(12))
def test_with_a_priced_rule_each_judgement_counts_it_against_every_plan(seed: int) -> None:
    draw = Random(200 + seed)
    n = draw.randint(4, 8)
    cost, share = ([draw.randint(1, 9) for _ in range(n)] for _ in range(2))
    program = made(
        [draw.randint(1, 20) for _ in range(n)],
        [(cost, None, sum(cost) // 2), (share, draw.randint(5, sum(share)), None), (cost, 3, 9)],
        prices=[None, Fraction(draw.randint(1, 9), 2), Fraction(draw.randint(1, 5))],
    )
    gains = [np.array([draw.randint(0, 20) for _ in range(n)]) for _ in range(3)]
    found = least_regret(program, gains, gap=0, within=0)
    judged = [replace(program, gain=g) for g in gains]
    sound = sound_plans(program)
    tops = [max(j.value(p) for p in sound) for j in judged]
    regrets = [max(t - j.value(p) for t, j in zip(tops, judged, strict=True)) for p in sound]
    assert found is not None
    assert found.best == tuple(tops)
    assert found.worst == found.most == min(regrets)
    assert found.proven <= found.worst
    assert found.cost == max(program.value(p) for p in sound) - program.value(found.chosen) >= 0
