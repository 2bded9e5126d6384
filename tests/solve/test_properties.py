"""What must hold of any program whatever: relaxing only helps, and no order of rows or columns matters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.program import OPEN, Program
from allocator.solve import solve
from tests.solve.programs import permuted, small, with_upper

SEEDS = st.integers(0, 10**6)


def optimum(program: Program) -> float | None:
    outcome = solve(program, gap=0)
    assert outcome.reason in ("optimal", "infeasible", "within_gap"), outcome
    return outcome.value


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_the_order_of_rows_and_columns_does_not_matter(seed: int) -> None:
    program = small(seed)
    rng = np.random.default_rng(seed + 1)
    other = permuted(program, rng.permutation(program.shape[0]), rng.permutation(program.shape[1]))
    assert optimum(other) == optimum(program)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(0, 3), st.integers(0, 10**7))
def test_a_higher_cap_never_lowers_the_optimum(seed: int, which: int, more: int) -> None:
    program = small(seed)
    if not program.shape[0]:
        return
    row = which % program.shape[0]
    if program.upper[row] >= OPEN:
        return
    before, after = optimum(program), optimum(with_upper(program, row, int(program.upper[row]) + more))
    if before is not None:
        assert after is not None
        assert after >= before


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_the_bound_of_a_relaxed_program_is_never_below_the_value_of_the_original(seed: int) -> None:
    program = small(seed)
    value = optimum(program)
    if value is None:
        return
    n = program.shape[1]
    for relaxed in (
        replace(program, groups=np.full(n, -1, np.int32)),
        replace(program, lower=np.full_like(program.lower, -OPEN)),
        replace(program, upper=np.full_like(program.upper, OPEN)),
        replace(program, fixed=np.full(n, -1, np.int8)),
    ):
        bound = solve(relaxed, gap=0.1).bound
        assert bound is not None
        assert bound >= value


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_same_program_gives_the_same_plan(seed: int) -> None:
    first, second = solve(small(seed)), solve(small(seed))
    assert (first.reason, first.value, first.bound) == (second.reason, second.value, second.bound)
    assert first.chosen is None or (first.chosen == second.chosen).all()  # type: ignore[union-attr]
