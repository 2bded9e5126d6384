"""Rows that tie few: the multipliers that suit them, by hand, against every kink, and against the relaxation."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from allocator.certificate import certify
from allocator.program import OPEN, Clause, Program
from allocator.solve.dual import _improved, _settled, multipliers
from allocator.solve.highs import lp_multipliers
from allocator.solve.local import Local
from allocator.solve.tangents import Entries, best
from allocator.solve.view import View
from tests.peers.pools import pool

INF = np.inf


def one(worth, coefficient, group, lower=-INF, upper=INF, price=INF):  # type: ignore[no-untyped-def]
    """The multiplier of one row."""
    n = len(worth)
    entries = Entries.of(
        np.arange(n), np.array(coefficient, float), np.zeros(n, np.int64), np.array(group), 1
    )
    found = best(entries, np.array(worth, float), *(np.array([float(v)]) for v in (lower, upper, price)))
    return float(found[0])


def test_of_three_teams_one_is_funded_halfway_between_the_best_and_the_next() -> None:
    """Worth 10, 6 and 4: any price from 6 to 10 leaves just the first; 8 leaves it furthest from doubt."""
    assert one([10, 6, 4], [1, 1, 1], [0, 1, 2], upper=1) == 8
    assert one([10, 6, 4], [1, 1, 1], [0, 1, 2], upper=2) == 5
    assert one([10, 6, 4], [1, 1, 1], [0, 1, 2], upper=3) == 0


def test_a_cap_in_yuan_that_falls_between_two_levels_is_priced_at_the_step_between_them() -> None:
    """Two projects at 40 or 100 yuan, worth 50 and 80, 30 and 60; together at most 150: 100 + 40 fits, 200 does not.

    A yuan more is worth (80 − 50) / 60 = ½ in the first and as much in the second: both are in doubt there.
    """
    assert one([50, 80, 30, 60], [40, 100, 40, 100], [0, 0, 1, 1], upper=150) == pytest.approx(0.5)


def test_a_floor_has_a_price_below_0_and_a_soft_cap_none_above_its_own() -> None:
    """At least one of two that lose 3 and 7: paid between 3 and 7, so 5; a price of 2 a unit leaves it missed."""
    assert one([-3, -7], [1, 1], [0, 1], lower=1) == -5
    assert one([-3, -7], [1, 1], [0, 1], lower=1, price=2) == -2
    assert one([10, 6], [1, 1], [0, 1], upper=0, price=7) == 7


def proved(z, worth, coefficient, group, lower, upper):  # type: ignore[no-untyped-def]
    left = worth - coefficient * z
    tops = [max(0.0, left[group == g].max()) for g in np.unique(group)]
    return sum(tops) + (z * upper if z > 0 else z * lower if z < 0 else 0.0)


def test_no_kink_proves_less() -> None:
    """What a row's multiplier proves is least at one of the kinks: all of them tried, for 400 rows of every kind."""
    for seed in range(400):
        draw = np.random.default_rng(seed)
        n = int(draw.integers(1, 12))
        group = np.sort(draw.integers(0, 5, n))
        worth = draw.integers(-50, 100, n).astype(float)
        coefficient = draw.integers(-4 if seed % 2 else 1, 9, n).astype(float)
        some = float(draw.integers(-3, 12))
        lower, upper = [(-INF, some), (some, INF), (some, some + 2)][seed % 3]
        price = INF if seed % 5 else 20.0
        z = one(worth, coefficient, group, lower, upper, price)
        assert not (z > 0 and upper == INF)
        assert not (z < 0 and lower == -INF)
        assert abs(z) <= price
        own = proved(z, worth, coefficient, group, lower, upper)
        kinks = {0.0}
        for j in range(n):
            rivals = [(0.0, 0.0), *((worth[k], coefficient[k]) for k in range(n) if group[k] == group[j])]
            kinks |= {(worth[j] - w) / (coefficient[j] - c) for w, c in rivals if coefficient[j] != c}
        most = max(coefficient[coefficient > 0].sum(), 0)
        if seed % 2 == 0 and most >= (lower if lower > -INF else 0) and upper >= 0:  # it has a least
            able = [
                k for k in kinks if abs(k) <= price and (k <= 0 or upper < INF) and (k >= 0 or lower > -INF)
            ]
            assert own <= min(proved(k, worth, coefficient, group, lower, upper) for k in able) + 1e-6, seed


def tied(seed: int, groups: int = 300) -> Program:
    """Groups of two options; rows that tie three groups each, overlapping, of every kind; one ceiling."""
    draw = np.random.default_rng(seed)
    n = 2 * groups
    own = np.repeat(np.arange(groups), 2)
    cost = draw.integers(5, 60, n)
    rows, lower, upper = [cost], [-OPEN], [int(cost.sum() // 5)]
    for _ in range(groups // 2):
        some = np.isin(own, draw.choice(groups, 3, replace=False))
        kind = draw.integers(0, 4)
        rows.append(some * (cost if kind == 0 else 1))
        lower.append(1 if kind == 2 else 1 if kind == 3 else -OPEN)
        upper.append(OPEN if kind == 2 else 60 if kind == 0 else 1)
    return Program(
        gain=(cost * draw.integers(50, 100, n)).astype(np.int64),
        matrix=sparse.csr_array(np.array(rows, np.int64)),
        lower=np.array(lower, np.int64),
        upper=np.array(upper, np.int64),
        groups=own.astype(np.int32),
        fixed=np.full(n, -1, np.int8),
        clauses=tuple(Clause("row", str(r), "cap") for r in range(len(rows))),
    )


@pytest.mark.parametrize("seed", range(6))
def test_turns_never_raise_what_is_proved_and_prove_what_they_say(seed: int) -> None:
    program = tied(seed)
    view = View(program)
    assert len(view.local.turns) > 1
    y = np.zeros(len(program.clauses))
    y[0] = 40.0
    seen = [view.at(y, sweeps=0), view.at(y, sweeps=1), view.at(y, sweeps=3)]
    for one_, next_ in pairwise(seen):
        assert next_.bound <= one_.bound + 1e-6 * abs(one_.bound)
    for look in seen:
        assert look.bound == pytest.approx(float(certify(program, look.y).bound), rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_at_the_end_rows_that_share_groups_are_seen_to_until_it_no_longer_helps(seed: int) -> None:
    """One round leaves nearly all of what many do, and multipliers by parts end at the whole's."""
    program = tied(seed, 1_000)
    best_of = lp_multipliers(program)
    assert best_of is not None
    whole = float(certify(program, best_of).bound)
    start = np.zeros(len(best_of))
    start[0] = best_of[0]
    view = View(program)
    once = view.at(start, sweeps=1)
    assert _settled(view, once).bound - whole < 0.2 * (once.bound - whole)
    found = _improved(View(program), 1.1 * start, 1e-6, time.monotonic() + 60, None)
    assert whole * (1 - 1e-9) <= float(certify(program, found).bound) <= whole * (1 + 1e-6)


def test_rows_that_no_choice_can_break_are_left_out() -> None:
    matrix = sparse.csr_array(np.array([[3.0, 5.0, 2.0], [3.0, 5.0, 2.0], [0.0, 0.0, 0.0]]))
    of = np.array([0, 0, 1])
    none = np.full(3, -INF)
    local = Local(matrix, np.array([4, 7, 9]), none, np.array([7.0, 6.0, 0.0]), np.full(3, INF), of)
    assert local.rows.tolist() == [7]  # 5 + 2 is within 7


def test_a_pool_with_applicants_and_calls_is_proved_as_well_by_parts_as_whole() -> None:
    program = pool(1_200, 3, "calls")
    whole = certify(program, lp_multipliers(program)).bound
    parts = certify(program, multipliers(program, 30.0)).bound
    assert whole * (1 - 1e-9) <= parts <= whole * (1 + 2e-5)


def test_samples_hold_each_other_and_keep_tied_groups_together() -> None:
    view = View(pool(1_200, 3, "calls"))
    small, rows = view.sample(100)
    large, more = view.sample(300)
    assert np.isin(small.groups, large.groups).all()
    assert np.isin(rows, more).all()
    assert (rows >= 22).sum() > 5  # calls and applicants among them, each whole
    whole = np.diff(view.program.matrix.indptr)[rows[rows >= 22]]
    assert (np.diff(small.matrix.indptr)[rows >= 22] == whole).all()


def test_fixed_lines_take_their_room_and_leave_their_candidate_nothing() -> None:
    program = tied(1)
    fixed = program.fixed.copy()
    fixed[[0, 3, 7]] = [1, 0, 1]
    program = replace(program, fixed=fixed)
    y = np.zeros(len(program.clauses))
    y[0] = 30.0
    look = View(program).at(y, sweeps=2)
    assert look.bound == pytest.approx(float(certify(program, look.y).bound), rel=1e-9)
    assert look.choice[0] == look.choice[3] == -1
