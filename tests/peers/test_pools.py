"""The pools that are timed: what they say they are, the same each time, and with plans."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from allocator.program import OPEN, Program, Rows
from allocator.solve import solve
from tests.peers.pools import SHAPES, TEN, drawn, pool


@pytest.mark.parametrize("seed", [0, 1])
def test_a_pool_of_500_has_3_400_options_and_22_rows_that_tie_all_candidates(seed: int) -> None:
    program = pool(500, seed)
    rows, options = program.shape
    assert rows == 22
    assert 3_100 < options < 3_700
    assert np.unique(program.groups).tolist() == list(range(500))
    assert np.diff(program.matrix.indptr).min() > options * 0.4


def test_every_row_is_divided_as_assembling_would_divide_it() -> None:
    """The rows are made one by one to save memory; assembling them gives the same program."""
    program = pool(200, 3, "tight-capped")
    dense = np.array([c.rule == "pool" for c in program.clauses])
    block = Rows(
        sparse.csr_array(program.matrix[np.flatnonzero(dense)]),
        program.lower[dense],
        program.upper[dense],
        tuple(c for c, kept in zip(program.clauses, dense, strict=True) if kept),
    )
    again = Program.assemble(program.gain, [block], program.groups, program.fixed, program.scale)
    assert (again.matrix.data == block.matrix.data).all()
    assert (again.lower == block.lower).all()
    assert (again.upper == block.upper).all()


def test_the_same_seed_gives_the_same_pool_and_another_another() -> None:
    assert pool(60, 1).digest == pool(60, 1).digest
    assert len({pool(60, seed, shape).digest for seed in (0, 1) for shape in SHAPES}) == 2 * len(SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_plans(shape: str) -> None:
    outcome = solve(pool(120, 0, shape), gap=0.02, time_limit=20)
    assert outcome.has_plan
    assert outcome.chosen is not None
    assert outcome.chosen.sum() > 10


def test_there_are_ten_shapes_and_no_two_alike() -> None:
    assert len(TEN) == 10
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_caps_of_applicants_and_calls_are_rows_of_few_candidates() -> None:
    program = pool(1_000, 0, "calls")
    own = [c.rule for c in program.clauses]
    assert own.count("applicant") == 600
    assert own.count("call") == 50
    calls = program.matrix[[r for r, rule in enumerate(own) if rule == "call"]]
    teams = [len(set(program.groups[calls.indices[a:b]])) for a, b in pairwise(calls.indptr)]
    assert set(teams) == {3}
    applicants = program.matrix[[r for r, rule in enumerate(own) if rule == "applicant"]]
    assert (np.bincount(applicants.indices, minlength=program.shape[1]) == 1).all()


def test_a_floor_with_a_price_is_soft_and_costs_what_the_shape_says() -> None:
    program = pool(50, 0, "priced")
    soft = [c for c in program.clauses if c.price is not None]
    assert [c.side for c in soft] == ["floor"] * 6
    # half a yuan of worth a yuan short: 100 millionths of 万元 a yuan, and 10,000 units of the row a yuan
    assert {c.price for c in soft} == {soft[0].price}
    assert soft[0].price is not None
    assert soft[0].price * 10_000 == 50


def test_gains_at_the_scores_that_the_pool_has_are_its_own() -> None:
    found = drawn(80, 5)
    assert (found.gains(found.score) == found.program.gain).all()
    assert (found.gains(found.score * 0) == 0).all()


def test_another_shape_can_be_made_on_the_spot() -> None:
    tighter = replace(SHAPES["plain"], ceiling=0.01)
    found = pool(50, 0, tighter)
    assert found.upper[0] < pool(50, 0).upper[0]
    assert (found.lower[:3] == -OPEN).all()
    assert (found.upper[1:3] > 0).all()
