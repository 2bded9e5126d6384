"""The multipliers of the rows: any of them bounds every plan by weak duality, recomputed here in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocator.program import OPEN, Program
from allocator.solve import highs, solve
from allocator.solve.highs import lp_multipliers
from tests.solve.programs import best, fund, knapsack, priced, small


def weak_duality(program: Program, y: list[Fraction]) -> Fraction:
    """Σ y·b + Σ over groups of max(0, max gain − yA), fixed columns where they are fixed; checks y's signs."""
    total = Fraction(0)
    for r, value in enumerate(y):
        price = program.clauses[r].price
        assert price is None or abs(value) <= price, r
        if value:
            bound = int(program.upper[r] if value > 0 else program.lower[r])
            assert abs(bound) < OPEN, f"row {r} has no bound on that side"
            total += value * bound
    dense = program.matrix.toarray()
    best_of: dict[object, Fraction] = {}
    taken = {int(g) for g in program.groups[program.fixed == 1] if g >= 0}
    for k in range(program.shape[1]):
        reduced = int(program.gain[k]) - sum(
            (y[r] * int(a) for r, a in enumerate(dense[:, k]) if a), Fraction(0)
        )
        if program.fixed[k] == 1:
            total += reduced
        elif program.fixed[k] < 0 and int(program.groups[k]) not in taken:
            own: object = int(program.groups[k]) if program.groups[k] >= 0 else f"lone {k}"
            best_of[own] = max(best_of.get(own, Fraction(0)), reduced)
    return total + sum(best_of.values(), Fraction(0))


def fractions(y: np.ndarray, program: Program) -> list[Fraction]:
    """The floats as they are; one that float rounding has put past its price is put back."""
    exact = [Fraction(float(v)) for v in y]
    return [
        v if c.price is None else max(-c.price, min(c.price, v))
        for v, c in zip(exact, program.clauses, strict=True)
    ]


def test_a_knapsacks_multiplier_is_the_worth_of_its_breaking_item() -> None:
    """60/10, 100/20, 120/30 into 50: the third item breaks, 4 a unit; the relaxation is worth 240."""
    program = knapsack([60, 100, 120], [10, 20, 30], 50)
    y = lp_multipliers(program)
    assert y is not None
    assert y == pytest.approx([4.0])
    assert weak_duality(program, [Fraction(4)]) == 240


def test_a_floor_that_costs_something_has_a_multiplier_below_nothing() -> None:
    program = Program.from_arrays([-3, -2], [[2, 1]], [2], [np.inf])
    y = lp_multipliers(program)
    assert y is not None
    assert y == pytest.approx([-1.5])
    assert weak_duality(program, [Fraction(-3, 2)]) == -3


def test_a_soft_rows_multiplier_is_at_most_its_price() -> None:
    program = priced(knapsack([60, 100, 120], [10, 20, 30], 50), Fraction(7, 2))
    y = lp_multipliers(program)
    assert y is not None
    assert y == pytest.approx([3.5])


def test_multipliers_bound_the_optimum_and_come_near_it() -> None:
    near = 0
    tried = 0
    for seed in range(400):
        program = small(seed)
        truth = best(program)
        if truth is None or not program.shape[0]:
            continue
        y = lp_multipliers(program)
        if y is None:
            continue
        tried += 1
        bound = weak_duality(program, fractions(y, program))
        assert bound >= truth, seed
        near += bound <= truth + (abs(program.gain).max() if program.shape[1] else 0) + abs(truth) / 10**6
    assert tried > 200
    assert near > 0.8 * tried, "the relaxation of a small program is mostly within one option's gain"


def test_any_multipliers_of_the_right_signs_bound_the_optimum() -> None:
    rng = np.random.default_rng(0)
    for seed in range(150):
        program = small(seed)
        truth = best(program)
        if truth is None:
            continue
        y = []
        for r, c in enumerate(program.clauses):
            low = Fraction(0) if program.lower[r] <= -OPEN else Fraction(-int(rng.integers(0, 50)), 7)
            high = Fraction(0) if program.upper[r] >= OPEN else Fraction(int(rng.integers(0, 50)), 7)
            value = high if rng.random() < 0.5 else low
            y.append(value if c.price is None else max(-c.price, min(c.price, value)))
        assert weak_duality(program, y) >= truth, seed


def test_simplex_and_interior_points_come_to_the_same_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    program = fund(150)
    bounds = []
    for threshold in (10**9, 0):
        monkeypatch.setattr(highs, "INTERIOR", threshold)
        y = lp_multipliers(program)
        assert y is not None
        bounds.append(weak_duality(program, [Fraction(float(v)) for v in y]))
    assert float(bounds[1] / bounds[0]) == pytest.approx(1, abs=1e-5)
    value = solve(program, gap=0.01).value
    assert value is not None
    assert min(bounds) / program.scale >= value


def test_no_rows_have_no_multipliers_and_no_time_gives_none() -> None:
    assert lp_multipliers(Program.from_arrays([1, 2], np.zeros((0, 2)), [], [])) == pytest.approx([])
    late = lp_multipliers(fund(400), time_limit=0.0)
    assert late is None or (late.shape == (22,) and np.isfinite(late).all())
