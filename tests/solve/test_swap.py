"""Tabu search by exchanges finds plans, each better than the last, that keep every row."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocator.program import Program
from allocator.solve.field import Field
from allocator.solve.highs import lp_multipliers
from allocator.solve.price import price
from allocator.solve.swap import Swaps, able
from tests.solve import programs


def field(program: Program) -> Field | None:
    y = lp_multipliers(program)
    seen = None if y is None else price(program, y)
    found = None if seen is None else Field.of(program, seen, ())
    return None if found is None else able(found)


def plans(program: Program, found: Field, steps: int, size: int = 40, seed: int = 0) -> list[np.ndarray]:
    search = Swaps(found, size, found.home, np.random.default_rng(seed))
    return [found.plan(p) for _ in range(steps) if (p := search.step()) is not None]


def test_small_programs_of_every_kind() -> None:
    searched = reached = 0
    for seed in range(150):
        program = programs.small(seed)
        best = programs.best(program)
        found = field(program) if program.shape[0] and best is not None else None
        if found is None:
            continue
        seen = plans(program, found, 60)
        assert not any(program.broken(p) for p in seen)
        values: list[Fraction] = [program.value(p) for p in seen]
        assert values == sorted(values)
        assert not values or values[-1] <= best  # type: ignore[operator]
        searched += 1
        reached += bool(values) and values[-1] == best
    assert searched > 50
    assert reached > 0.6 * searched


@pytest.mark.parametrize("rows", [5, 10])
def test_hard_knapsacks_come_near_their_bound_in_a_thousand_steps(rows: int) -> None:
    program = programs.chu_beasley(250, rows)
    y = lp_multipliers(program)
    assert y is not None
    seen, found = price(program, y), field(program)
    assert seen is not None
    assert found is not None
    value = program.value(plans(program, found, 1_000)[-1])
    assert value >= Fraction(99, 100) * seen.certificate.bound


def test_the_same_seed_finds_the_same_plans() -> None:
    program = programs.chu_beasley(100, 5)
    found = field(program)
    assert found is not None
    first, again = (plans(program, found, 300, seed=3) for _ in range(2))
    assert len(first) > 1
    assert [p.tolist() for p in first] == [p.tolist() for p in again]


def test_a_class_that_has_to_have_something_is_never_left_with_nothing() -> None:
    """Three classes of two, one of each; the budget of 10 has room for the dear item of the first or of the second."""
    gain, weight, own = [9, 2, 8, 2, 3, 1], [6, 2, 6, 2, 2, 1], [0, 0, 1, 1, 2, 2]
    floors = [[int(g == k) for g in own] for k in range(3)]
    program = Program.from_arrays(gain, [weight, *floors], [-np.inf, 1, 1, 1], [10, *[np.inf] * 3], own)
    found = field(program)
    assert found is not None
    assert (found.column >= 0).all()
    best = plans(program, found, 30)[-1]
    assert np.flatnonzero(best).tolist() == [0, 3, 4]
