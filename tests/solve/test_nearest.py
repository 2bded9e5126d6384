"""A plan goes back towards the one on screen as far as it may, one group or two at a time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocator.program import Bools, Program
from allocator.solve.nearest import apart, nearer
from tests.solve import programs


def bits(text: str) -> np.ndarray:
    return np.array([c == "1" for c in text])


def test_what_need_not_differ_goes_back_and_what_must_stays() -> None:
    # five projects under 4: the screen has the first four, the better plan the last three and the first
    program = programs.knapsack([10, 10, 10, 9, 12], [1, 1, 1, 1, 1], 4)
    screen, best = bits("11110"), bits("10111")
    assert apart(program, best, screen) == 2
    # both go back together, worth 39 against 41
    assert nearer(program, best, screen, Fraction(39)).tolist() == screen.tolist()
    assert nearer(program, best, screen, Fraction(40)).tolist() == best.tolist()


def test_a_group_is_one_difference() -> None:
    program = Program.from_arrays([5, 6, 3], [[1, 1, 1]], [-np.inf], [2], groups=[0, 0, 1])
    assert apart(program, bits("010"), bits("100")) == 1
    assert nearer(program, bits("011"), bits("101"), Fraction(8)).tolist() == [True, False, True]


@pytest.mark.parametrize("seed", range(50))
def test_nothing_that_could_go_back_is_left(seed: int) -> None:
    program = programs.small(seed)
    plans = [p for p in programs.every_plan(program) if not program.broken(p)]
    if len(plans) < 2:
        return
    draw = np.random.default_rng(seed)
    screen = programs.every_plan(program)[draw.integers(2 ** program.shape[1])]
    plan = plans[draw.integers(len(plans))]
    least = min(program.value(plan), program.value(plans[0]))
    found = nearer(program, plan, screen, least)
    assert not program.broken(found)
    assert program.value(found) >= least
    assert apart(program, found, screen) <= apart(program, plan, screen)
    for other in plans:
        if program.value(other) >= least and _between(program, other, found, screen):
            assert apart(program, other, found) not in (1, 2)


def _between(program: Program, other: Bools, found: Bools, screen: Bools) -> bool:
    """Whether `other` is `found` with some whole groups as on screen, and some are."""
    units = {(int(g) if g >= 0 else -1 - k) for k, g in enumerate(program.groups)}
    back = 0
    for unit in units:
        own = np.flatnonzero(program.groups == unit) if unit >= 0 else np.array([-1 - unit])
        if (other[own] == found[own]).all():
            continue
        if not (other[own] == screen[own]).all():
            return False
        back += 1
    return back > 0
