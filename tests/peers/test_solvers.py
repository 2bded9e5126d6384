"""The peers are asked the same question: on small pools, hard and priced rows alike, all find the one optimum."""

from __future__ import annotations

from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest

from allocator.program import Program
from allocator.solve import solve
from tests.peers.pools import Shape, pool
from tests.peers.solvers import SOLVERS, ask, checked
from tests.solve.programs import best, small

LOOSE = (
    Shape(ceiling=0.5, floor=0.2, cap=3.0),
    Shape(ceiling=0.5, floor=0.9, cap=3.0, price=Fraction(1, 2)),
    Shape(ceiling=0.5, floor=0.2, cap=3.0, applicants=0.6, calls=0.05),
)
"""Shapes that so small a pool has plans in."""


def needed(name: str) -> None:
    module = {"SCIP": "pyscipopt", "CP-SAT": "ortools"}.get(name, "pulp")
    if find_spec(module) is None:
        pytest.skip(f"{name} is not installed: pip install 'allocator[bench]'")


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("shape", LOOSE, ids=["hard", "priced", "sparse"])
def test_every_peer_proves_the_same_optimum(name: str, shape: Shape) -> None:
    needed(name)
    program = pool(9, 1, shape)
    found = ask(name, program, 0.0, 60.0)
    expected = solve(program, gap=0, time_limit=60)
    assert found.sound
    assert expected.value
    assert found.value == pytest.approx(expected.value * program.scale, rel=1e-9)
    assert found.gap is not None
    assert found.gap < 1e-6


@pytest.mark.parametrize("name", SOLVERS)
def test_every_peer_takes_fixed_columns_negative_gains_and_rows_of_two_bounds(name: str) -> None:
    needed(name)
    tried = 0
    for seed in range(40):
        program = small(seed)
        value = best(program)
        if value is None or not program.shape[0] or abs(program.matrix.data).max(initial=0) > 10**4:
            continue
        found = ask(name, program, 0.0, 10.0)
        assert found.sound, seed
        assert found.value == pytest.approx(float(value), rel=1e-9, abs=1e-6), seed
        tried += 1
    assert tried >= 8


def test_a_plan_that_breaks_a_row_counts_for_nothing() -> None:
    program = Program.from_arrays([3, 4], [[2, 2]], [-np.inf], [3])
    both = checked(program, np.array([1.0, 0.9999]), 7.0, 1.0)
    assert not both.sound
    assert both.gap is None
    one = checked(program, np.array([1e-7, 0.9999]), 5.0, 1.0)
    assert (one.sound, one.value, one.gap) == (True, 4.0, 0.25)


def test_a_limit_is_kept_and_the_gap_is_what_was_proved() -> None:
    program = pool(200, 0)
    found = ask("HiGHS", program, 0.0, 1.0)
    quick = solve(program, gap=0.02)
    assert quick.value is not None
    assert found.bound is not None
    assert found.bound >= quick.value * program.scale
    assert found.gap is None or found.gap > 0
