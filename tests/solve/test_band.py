"""Bands below a bound in a direction of several objectives."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from allocator.solve.band import Directions, sound
from allocator.solve.epsilon import Epsilon
from tests.allocator.programs import at_random, made, plans


def test_two_objectives_of_equal_spans_are_weighed_alike_where_the_frontier_is_even() -> None:
    # one of two projects, (8, 0) or (0, 8): from (0, 0) outwards the relaxation meets (4, 4) on z1 + z2 = 8
    program = made([8, 0], [([1, 1], None, 1)])
    seen = Directions(program, np.array([[0, 8]]), [8, 8]).outwards((0, 0))
    assert seen is not None
    first, second = seen.weights
    assert first == pytest.approx(second, rel=0.01)
    assert float(seen.bound / first) == pytest.approx(8, rel=0.01)
    listed = seen.plans(seen.bound - seen.worth((7, 0)))
    assert listed is not None
    assert sorted(np.flatnonzero(p).tolist() for p in listed) == [[0], [1]]


@pytest.mark.parametrize("seed", range(60))
def test_a_band_holds_all_plans_that_are_worth_as_much(seed: int) -> None:
    program, draw = at_random(seed), Random(500 + seed)
    others = np.array(
        [[draw.randint(-5, 20) for _ in program.gain] for _ in range(draw.choice((1, 2)))], np.int64
    )
    problem = Epsilon(program, others)
    spans = [int(h - low) for low, h in zip(problem.lowest, problem.highest, strict=True)]
    seen = Directions(program, others, spans).outwards(problem.lowest)
    there = [p for p in plans(program) if not program.broken(p)]
    if seen is None:
        return
    worths = {tuple(p): seen.worth((program.value(p), *(int(r[p].sum()) for r in others))) for p in there}
    assert all(w <= seen.bound for w in worths.values())
    for distance in (Fraction(0), seen.bound - max(worths.values(), default=seen.bound), seen.bound / 3):
        if distance < 0 or (found := seen.plans(distance)) is None:
            continue
        assert {tuple(p) for p in found} >= {p for p, w in worths.items() if w >= seen.bound - distance}
        assert sound(program, found).all()
        assert not any(program.broken(p) for p in found)
