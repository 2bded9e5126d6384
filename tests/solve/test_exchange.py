"""Exchange finds plans, each better than the last, that keep every row and are worth what its costs say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocator.program import Program
from allocator.solve.exchange import Exchange
from allocator.solve.highs import lp_multipliers
from allocator.solve.price import Priced, price
from tests.solve import programs


def seen(program: Program) -> Priced:
    found = price(program, lp_multipliers(program))  # type: ignore[arg-type]
    assert found is not None
    return found


def values(program: Program, plans: list[np.ndarray]) -> list[Fraction]:
    assert not [program.broken(p) for p in plans if program.broken(p)]
    return [program.value(p) for p in plans]


@pytest.mark.parametrize("seed", range(60))
def test_small_programs_of_every_kind(seed: int) -> None:
    program = programs.small(seed)
    if not program.shape[0] or programs.best(program) is None:
        return
    exchange = Exchange(program, seen(program))
    best = programs.best(program)
    plans = list(exchange.begin([], best))
    found = values(program, plans)
    assert found == sorted(found)
    assert not found or found[-1] <= best


def test_most_small_programs_are_solved_by_exchange_alone() -> None:
    solvable = solved = 0
    for seed in range(30):
        program = programs.small(seed)
        best = programs.best(program)
        if program.shape[0] and best is not None:
            plans = list(Exchange(program, seen(program)).begin([], best))
            solvable += 1
            solved += bool(plans) and program.value(plans[-1]) == best
    assert solved > 0.9 * solvable


def test_three_projects_under_one_ceiling() -> None:
    # worth 60, 100, 120 at 10, 20, 30 under 50: the multiplier 4 takes the first two and leaves 20 of room;
    # the best plan exchanges the first for the third
    program = programs.knapsack([60, 100, 120], [10, 20, 30], 50)
    plans = list(Exchange(program, seen(program)).begin([], Fraction(10**6)))
    assert plans[-1].tolist() == [False, True, True]


def test_a_fund_comes_near_its_bound_and_the_same_each_time() -> None:
    program = programs.fund(400, 1)
    priced = seen(program)
    runs = []
    for _ in range(2):
        exchange = Exchange(program, priced)
        plans = list(exchange.begin([], priced.certificate.bound))
        runs.append(plans[-1])
    assert (runs[0] == runs[1]).all()
    assert priced.certificate.bound - program.value(runs[0]) < Fraction(2, 1000) * program.value(runs[0])
