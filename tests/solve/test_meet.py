"""Plans by meeting in the middle: what is found is a plan, its deficit is what it lacks to the bound, and no change of
up to three choices in each half is better."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from allocator.program import OPEN, Program
from allocator.solve import solve
from allocator.solve.deficit import row_costs
from allocator.solve.field import Field
from allocator.solve.highs import lp_multipliers
from allocator.solve.meet import meet
from allocator.solve.price import Priced, price
from allocator.solve.ways import Strips, counted, listed
from tests.peers.pools import pool
from tests.solve.programs import knapsack
from tests.solve.test_core import fund


def seen_of(program: Program) -> Priced:
    """The program at its relaxation's multipliers; at any, where it has none."""
    y = lp_multipliers(program)
    if y is None:
        y = np.where(program.upper < OPEN, 1.0, -1.0)
    seen = price(program, y)
    assert seen is not None
    return seen


@pytest.mark.parametrize("seed", range(12))
def test_a_deficit_is_the_bound_less_the_value(seed: int) -> None:
    program = fund(seed, groups=20, soft=seed % 2 == 0)
    seen = seen_of(program)
    best = solve(program, gap=0, method="highs")
    if best.chosen is None:
        return
    lacking = seen.certificate.bound - program.value(best.chosen)
    own = best.chosen & (program.fixed < 0)
    loss = Fraction(int(seen.loss[own].sum()), seen.denominator)
    groups, first = np.unique(seen.group, return_index=True)
    none = ~np.isin(groups, seen.group[best.chosen])
    loss += Fraction(int(seen.none[first][none].sum()), seen.denominator)
    costs = row_costs(program, seen, program.prices).at((program.matrix @ best.chosen).astype(float))
    assert float(loss) + costs.sum() == pytest.approx(
        float(lacking), rel=1e-6, abs=1e-6 * float(seen.certificate.bound)
    )
    field = Field.of(program, seen, [best.chosen])
    assert field is not None
    picks = field.picks(best.chosen)
    assert (field.plan(picks) == best.chosen).all()
    assert field.deficit(picks) == pytest.approx(
        float(lacking), rel=1e-6, abs=1e-6 * float(seen.certificate.bound)
    )


@pytest.mark.parametrize("seed", range(20))
def test_what_is_found_is_a_plan_and_no_worse_than_the_start(seed: int) -> None:
    program = fund(seed, local=seed % 2 == 0, soft=seed % 3 == 0)
    seen = seen_of(program)
    best = solve(program, gap=0, method="highs")
    if best.chosen is None:
        assert meet(program, seen, 1.0) is None
        return
    found = meet(program, seen, 1.0)
    if found is not None:
        assert not program.broken(found)
        assert program.value(found) <= program.value(best.chosen)
    again = meet(program, seen, 1.0, [best.chosen])
    assert again is not None
    assert program.value(again) == program.value(best.chosen)


def test_near_the_best_of_a_fund_of_a_city() -> None:
    program = pool(300, 3, "plain")
    seen = seen_of(program)
    bound = float(seen.certificate.bound)
    found = meet(program, seen, 1e-4 * bound)
    assert found is not None
    assert not program.broken(found)
    assert float(program.value(found)) > bound * (1 - 1e-3)
    assert (meet(program, seen, 1e-4 * bound) == found).all()  # the same seed, the same plan


def test_where_nothing_can_be_a_plan_none_is_found() -> None:
    program = fund(1, local=False)
    lower = program.lower.copy()
    lower[1] = 10**9
    assert meet(replace(program, lower=lower), seen_of(program), 1.0) is None


def test_ways_are_all_ways_by_rank() -> None:
    rank = np.array([3.0, 1.0, 2.0, -1.0])
    group = np.array([0, 0, 1, 2])
    ways, ranks = listed(rank, group)
    every = {(): 0.0}
    for a in range(4):
        every[(a,)] = rank[a]
        for b in range(a + 1, 4):
            if group[a] != group[b]:
                every[a, b] = rank[a] + rank[b]
                for c in range(b + 1, 4):
                    if len({group[a], group[b], group[c]}) == 3:
                        every[a, b, c] = rank[a] + rank[b] + rank[c]
    assert {tuple(sorted(w[w >= 0].tolist())) for w in ways} == set(every)
    assert len(ways) == len(every)
    assert ranks.tolist() == sorted(every.values())
    assert [rank[w[w >= 0]].sum() for w in ways] == pytest.approx(ranks)


@pytest.mark.parametrize("seed", range(20))
def test_strips_hold_all_that_fit(seed: int) -> None:
    draw = np.random.default_rng(seed)
    a, b = draw.normal(0, 10, (60, 2)), draw.normal(0, 10, (50, 2))
    low, high = np.sort(draw.normal(0, 6, (2, 2)), axis=0)
    windows = [(low[0], high[0]), (low[1], high[1])]
    strips = Strips(b, windows)
    found = set()
    for step in (0, 1):
        begin, size = strips.run(a, step)
        left = np.repeat(np.arange(len(size)), size)
        right = strips.order[np.repeat(begin, size) + counted(size)]
        pairs = set(zip(left.tolist(), right.tolist(), strict=True))
        assert not pairs & found
        found |= pairs
    both = a[:, None, :] + b[None, :, :]
    fit = ((both >= low) & (both <= high)).all(axis=2)
    assert set(zip(*np.nonzero(fit), strict=True)) <= found


def test_one_row_is_left_to_others() -> None:
    program = replace(knapsack([9, 8, 7, 6], [5, 4, 3, 2], 9), groups=np.array([0, 0, 1, 2], np.int32))
    assert meet(program, seen_of(program), 0.0) is None
    found = solve(program, gap=0, method="core")
    assert found.value == 21
