"""The whole solve at its edges: nothing to choose, worth choosing or possible, all alike, sums beyond int64."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from allocator.certificate import certify
from allocator.program import OPEN, Clause, Program
from allocator.solve import Outcome, dual, search, solve
from allocator.solve.view import View
from tests.peers.pools import pool
from tests.solve.programs import agrees, best, small

METHODS = ("auto", "core", "highs")
EACH = pytest.mark.parametrize("method", METHODS)
YI = 10**8


def fund(gain, cost, ceiling, groups=None, more=()):  # type: ignore[no-untyped-def]
    """A fund with a ceiling, and more rows as (coefficients, lower, upper)."""
    n = len(gain)
    rows = [(cost, -OPEN, ceiling), *more]
    return Program(
        gain=np.array(gain, np.int64),
        matrix=sparse.csr_array(np.array([r[0] for r in rows], np.int64).reshape(len(rows), n)),
        lower=np.array([r[1] for r in rows], np.int64),
        upper=np.array([r[2] for r in rows], np.int64),
        groups=np.arange(n, dtype=np.int32) if groups is None else np.array(groups, np.int32),
        fixed=np.full(n, -1, np.int8),
        clauses=tuple(Clause("row", str(r), "cap") for r in range(len(rows))),
    )


def optimal(found: Outcome, program: Program, value: int) -> None:
    assert (found.reason, found.value, found.bound, found.gap) == ("optimal", value, value, 0.0), found
    assert found.chosen is not None
    assert not program.broken(found.chosen)


@EACH
def test_no_candidate(method: str) -> None:
    none = fund([], [], 100)
    optimal(solve(none, gap=0, method=method), none, 0)
    floor = fund([], [], 100, more=[([], 1, OPEN)])
    found = solve(floor, gap=0, method=method)
    assert (found.reason, found.chosen, found.bound) == ("infeasible", None, None)


@EACH
def test_one_candidate(method: str) -> None:
    """Two levels of one candidate: 60 yuan is too much, 50 is not."""
    one = fund([9, 8], [60, 50], 55, groups=[0, 0])
    optimal(solve(one, gap=0, method=method), one, 8)


@EACH
def test_all_merits_zero(method: str) -> None:
    program = fund([0] * 40, list(range(1, 41)), 100, groups=np.arange(40) // 2)
    optimal(solve(program, gap=0, method=method), program, 0)
    # and with a floor that makes it choose all the same
    floored = fund([0] * 40, list(range(1, 41)), 100, np.arange(40) // 2, [(list(range(1, 41)), 90, OPEN)])
    found = solve(floored, gap=0, method=method)
    optimal(found, floored, 0)
    assert found.chosen is not None
    assert found.chosen.any()


@EACH
def test_all_infeasible(method: str) -> None:
    """Every candidate must be funded and none can be."""
    program = fund([5] * 30, [10] * 30, 299, more=[([1] * 30, 30, OPEN)])
    found = solve(program, gap=0, method=method)
    assert (found.reason, found.chosen, found.value, found.gap) == ("infeasible", None, None, None)


@EACH
def test_a_ceiling_of_0(method: str) -> None:
    program = fund([5, 7, 9], [10, 1, 20], 0)
    optimal(solve(program, gap=0, method=method), program, 0)


@EACH
def test_identical_candidates(method: str) -> None:
    """600 candidates of 10 yuan each, all alike: 95 yuan fund nine of them, whichever; twice the same nine."""
    program = fund([7] * 1200, [10, 5] * 600, 95, groups=np.arange(1200) // 2, more=[([1] * 1200, -OPEN, 9)])
    first, second = (solve(program, gap=0, method=method) for _ in range(2))
    optimal(first, program, 63)
    assert first.chosen is not None
    assert second.chosen is not None
    assert (first.chosen == second.chosen).all()


@EACH
def test_ties_between_unlike_candidates(method: str) -> None:
    """Equal worth a yuan everywhere: every yuan is worth 3, so the ceiling is filled to the last one."""
    cost = [1 + k % 17 for k in range(1200)]
    program = fund([3 * c for c in cost], cost, 1_001, groups=np.arange(1200) // 3)
    optimal(solve(program, gap=0, method=method), program, 3_003)


@EACH
def test_huge_and_tiny_amounts_in_one_pool(method: str) -> None:
    """One of 10亿 with nine of 1 yuan under a ceiling of 10亿 and 4 yuan: the tiny ones are counted to the yuan."""
    program = fund([10**9, *range(1, 10)], [10 * YI, *[1] * 9], 10 * YI + 4)
    optimal(solve(program, gap=0, method=method), program, 10**9 + 9 + 8 + 7 + 6)


def billions(n: int, each: int) -> Program:
    """n awards alike: at most 3,000 basis points of what is asked for, and a fifth of it to each fourth candidate."""
    award, own = np.full(n, each, np.int64), np.arange(n)
    share = award * np.where(own % 4 == 0, 8_000, -2_000)
    return Program(
        gain=(1_000 + own % 7).astype(np.int64),
        matrix=sparse.csr_array(
            (
                np.concatenate([10_000 * award, share]),
                np.tile(own, 2).astype(np.int32),
                np.array([0, n, 2 * n]),
            ),
            shape=(2, n),
        ),
        lower=np.array([-OPEN, 0]),
        upper=np.array([3_000 * n * each, OPEN]),
        groups=own.astype(np.int32),
        fixed=np.full(n, -1, np.int8),
        clauses=(Clause("ceiling", "", "cap"), Clause("share", "", "floor")),
    )


def test_a_billion_times_a_million_overflows_nowhere() -> None:
    """All of it in basis points is 10¹⁹, more than 64 bits hold: rows, what breaks them and bounds are exact."""
    n, total = 10**6, 10**6 * 10 * YI
    program = billions(n, 10 * YI)
    everything = np.ones(n, bool)
    assert 10_000 * total > 2**63
    assert program.activity(everything) == [10_000 * total, 500 * total]
    assert program.violations(everything) == [7_000 * total, 0]
    assert program.violations(np.arange(n) % 4 != 0) == [4_500 * total, 1_500 * total]
    assert len(program.broken(everything)) == 1
    # at 1,004 for each 10亿 the ceiling's 3/10 cost 1,004 × 300,000, and what is worth 1,005 and 1,006 adds 1 and 2
    paid = certify(program, [1_004 / (10_000 * 10 * YI), 0.0])
    best = 1_004 * 300_000 + 142_857 + 2 * 142_857
    assert best <= paid.bound <= best * (1 + 1e-4)


@EACH
def test_sums_beyond_64_bits_are_solved_like_any_other(method: str) -> None:
    """3,000 of 10,000 awards of 1,000亿: all of gain 1,006 and 1,005 (1,428 each), and 144 of 1,004."""
    program = billions(10_000, 1_000 * YI)
    found = solve(program, gap=1e-6, method=method)
    best = 1_006 * 1_428 + 1_005 * 1_428 + 1_004 * 144
    assert found.value is not None
    assert found.bound is not None
    assert found.value <= best <= found.bound
    assert found.reason in ("optimal", "within_gap")


@pytest.mark.parametrize("seed", range(4))
@EACH
def test_a_priced_pool_whose_best_is_to_fund_nothing_is_proven(method: str, seed: int) -> None:
    """Gains of 10⁸ and shares that no few candidates meet: HiGHS is sure to 10⁻⁷, a price's last digit is finer."""
    program = pool(4, seed, "priced")
    optimal(solve(program, gap=0, method=method), program, 0)


def test_no_multipliers_prove_less_than_the_best_plan_of_two_thousand_programs() -> None:
    """Any multipliers, drawn: their certificate, and what a look at the groups says of them, are never below."""
    some = 0
    for seed in range(2_000):
        program = small(seed)
        value = best(program)
        if value is None:
            continue
        some += 1
        draw = np.random.default_rng(seed)
        worth = float(np.abs(program.gain).max(initial=1)) / max(
            float(np.abs(program.matrix.data).max(initial=1)), 1
        )
        y = draw.normal(0, worth, len(program.clauses)) * (draw.random(len(program.clauses)) < 0.8)
        certificate = certify(program, y)
        assert certificate.bound >= value, seed
        if (program.groups >= 0).all():
            exact = np.array(certificate.numerators, float) / certificate.denominator
            look = View(program).at(exact, sweeps=seed % 3)
            assert certify(program, look.y).bound >= value, seed
            assert look.bound >= float(value) - 1e-6 * (1 + abs(float(value))), seed
    assert some > 1_000


def test_parts_of_programs_at_the_edge_prove_no_less_than_the_best_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The core method where even programs of a few columns are taken by samples and parts."""
    for name, value in {"WHOLE": 0, "SAMPLE": 2, "LARGER": 2}.items():
        monkeypatch.setattr(dual, name, value)
    monkeypatch.setattr(search, "LARGE", 1.0)
    for seed in range(100):
        program = small(seed)
        program = replace(
            program,
            groups=np.where(program.groups < 0, 9 + np.arange(program.shape[1]), program.groups).astype(
                np.int32
            ),
        )
        value = best(program)
        found = solve(program, gap=0, method="core")
        agrees(found, program, value, seed)
