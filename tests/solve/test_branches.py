"""Branches where some choices are made: their bounds hold, and what is found there is a plan of the whole."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pytest

from allocator.solve.branches import Branches
from allocator.solve.door import Ask
from allocator.solve.meet import meet
from allocator.solve.search import Search
from tests.peers.pools import pool
from tests.solve import programs
from tests.solve.test_search import seen_of


@pytest.mark.parametrize("part", range(4))
def test_no_plan_of_a_branch_is_worth_more_than_its_bound(part: int) -> None:
    """Against trying all, on small programs of every kind of row."""
    looked = 0
    for seed in range(150 * part, 150 * (part + 1)):
        program = programs.small(seed)
        if programs.best(program) is None or not all(program.shape):
            continue
        branches = Branches(program, seen_of(program))
        for number in range(3):
            branch = branches.draw(None, 10.0, np.random.default_rng(number))
            if branch is None:
                continue
            best = programs.best(branch.program)
            if best is not None:
                looked += 1
                assert branch.bound >= best + branches.rest.decided, (seed, number)
    assert looked > 100


def test_what_is_found_in_a_branch_is_a_plan_of_the_whole_that_makes_its_choices() -> None:
    program = pool(500, 3, "capped")
    branches = Branches(program, seen_of(program))
    found = 0
    for number in range(6):
        branch = branches.draw(None, 10.0, np.random.default_rng(number))
        assert branch is not None
        assert (branch.program.fixed >= 0).any()
        picked = meet(branch.program, branch.seen, 0.0, (), 10.0)
        if picked is None:
            continue
        fixed = branch.program.fixed
        assert (picked[fixed >= 0] == fixed[fixed >= 0]).all()
        plan = branches.whole(picked)
        if not program.broken(plan):
            found += 1
            assert program.value(plan) <= branch.bound
    assert found


def test_a_branch_that_cannot_hold_a_better_plan_is_not_handed_out() -> None:
    program = pool(500, 3, "capped")
    seen = seen_of(program)
    branches = Branches(program, seen)
    best = seen.certificate.bound
    assert branches.draw(best, 10.0, np.random.default_rng(0)) is None
    close = best * (1 - Fraction(1, 10_000))
    for number in range(4):
        branch = branches.draw(close, 10.0, np.random.default_rng(number))
        assert branch is None or branch.bound > close


def test_where_nothing_near_the_multipliers_is_a_plan_a_branch_has_one() -> None:
    """A few candidates as large as a tenth of the fund: nothing that changes six choices fits the rows."""
    program = pool(500, 7, "heavy")
    search = Search(program, seen_of(program))
    ask = Ask(program, gap=1e-4, seconds=60.0)
    begun = time.monotonic()
    search.meet(ask, begun)
    assert search.plan is None
    for _ in range(10):
        search.elsewhere(ask, begun)
    assert search.plan is not None
