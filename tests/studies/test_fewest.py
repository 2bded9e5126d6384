"""The fewest changes against a plan, held to every plan of small programs."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from allocator.program import Bools, Program
from allocator.solve.driver import solve
from allocator.solve.nearest import nearer
from allocator.studies.fewest import MOVED, OTHERWISE, fewest
from tests.allocator.programs import at_random, made, sound_plans


def changes(program: Program, plan: Bools, screen: Bools) -> int:
    """What the candidates that enter, leave or stay otherwise count, one group at a time."""
    count = 0
    for group in set(program.groups.tolist()):
        own = np.flatnonzero(program.groups == group)
        if group < 0:
            count += MOVED * int((plan[own] != screen[own]).sum())
        elif (plan[own] != screen[own]).any():
            count += OTHERWISE if plan[own].any() and screen[own].any() else MOVED
    return count


def found(program: Program, plan: Bools, screen: Bools, least: Fraction) -> Bools:
    chosen = solve(fewest(program, plan, screen, least), gap=0.0, start=plan).chosen
    assert chosen is not None
    assert not program.broken(chosen)
    assert program.value(chosen) >= least
    return chosen


def test_where_two_at_a_time_lead_nowhere_the_whole_exchange_is_found() -> None:
    """A and B together cost and gain what C does, neither can come back alone; the fourth at 35 is what must change."""
    program = made([5, 5, 10, 20, 35], [([2, 3, 5, 5, 5], None, 10)], groups=[0, 1, 2, 3, 3])
    screen, best = np.array([1, 1, 0, 1, 0], bool), np.array([0, 0, 1, 0, 1], bool)
    assert (nearer(program, best, screen, Fraction(45)) == best).all()
    fewer = found(program, best, screen, Fraction(45))
    assert changes(program, fewer, screen) == OTHERWISE
    assert fewer.tolist() == [True, True, False, False, True]


@pytest.mark.parametrize("seed", range(60))
def test_no_plan_that_is_worth_as_much_changes_fewer(seed: int) -> None:
    program, draw = at_random(seed), Random(seed)
    plans = list(sound_plans(program))
    if not plans:
        return
    plan, screen = draw.choice(plans), draw.choice(plans)
    least = program.value(plan) - draw.randint(0, 3)
    own = changes(program, found(program, plan, screen, least), screen)
    fewer = min(changes(program, p, screen) for p in plans if program.value(p) >= least)
    if any(c.price is not None for c in program.clauses):
        assert fewer <= own <= changes(program, plan, screen)
    else:
        assert own == fewer
