"""The walk near a bound: it lists what a list of all plans has there."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from allocator.solve.price import price
from allocator.solve.walk import depth, walk
from tests.allocator.programs import at_random, made, plans


def test_three_projects_of_which_two_fit() -> None:
    # at a multiplier of 4 for the one row: bound 2·4 + (5-4) + 0 + 0 = 9; {0,1} loses 0, {0} 4 (its slack), {0,2} 3
    program = made([5, 4, 1], [([1, 1, 1], None, 2)])
    seen = price(program, np.array([4.0]))
    assert seen is not None
    assert seen.certificate.bound == 9

    def taken(distance: int) -> set[tuple[int, ...]]:
        found = walk(program, seen, distance * seen.denominator)
        assert found is not None
        return {tuple(np.flatnonzero(p).tolist()) for p in found}

    assert taken(0) == {(0, 1)}
    assert taken(3) == {(0, 1), (0, 2)}
    assert taken(4) == {(0, 1), (0, 2), (0,), (1, 2)}


@pytest.mark.parametrize("seed", range(80))
def test_every_plan_near_the_bound_is_listed(seed: int) -> None:
    program, draw = at_random(seed), Random(seed)
    y = np.array([draw.choice((-1, 0, 1, 1)) * draw.random() * 3 for _ in range(program.shape[0])])
    seen = price(program, y)
    if seen is None:
        return
    sound = [p for p in plans(program) if not program.broken(p)]
    below = sorted(seen.certificate.bound - program.value(p) for p in sound)
    for distance in {*below[:3], *below[-1:]}:
        found = walk(program, seen, seen.limit(distance))
        assert found is not None
        near = {tuple(p) for p in sound if seen.certificate.bound - program.value(p) <= distance}
        listed = [tuple(p) for p in found]
        assert len(set(listed)) == len(listed)
        assert near <= set(listed)


@pytest.mark.parametrize("choices", [10, 1_000, 100_000])
def test_the_depth_holds_about_as_many_choices_as_were_asked_for(choices: int) -> None:
    draw = Random(choices)
    gain = [draw.randint(10, 1000) for _ in range(17)]
    program = made(gain, [([1] * 17, None, 17)])  # a row that never binds: the walk lists every choice
    seen = price(program, np.zeros(1))
    assert seen is not None
    limit = sum(gain) * seen.denominator
    found = walk(program, seen, depth(program, seen, limit, choices))
    assert found is not None
    assert choices / 2 < len(found) <= choices
    assert depth(program, seen, limit, 2**18) == limit


def test_too_many_pairs_are_not_looked_at() -> None:
    program = made([7, 5, 3, 2, 1, 1], [([1] * 6, None, 6)])
    seen = price(program, np.zeros(1))
    assert seen is not None
    assert walk(program, seen, 19 * seen.denominator, pairs=10) is None
