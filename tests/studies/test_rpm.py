"""Robust portfolios: extreme points, dominance and core indices by hand, by brute force, and as published."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import openpyxl
import pytest

from allocator.program import Program
from allocator.studies.polytope import Weights
from allocator.studies.rpm import nondominated_portfolios
from tests.allocator.programs import made, sound_plans


def test_an_order_of_three_has_the_three_known_extreme_points() -> None:
    found = Weights.of(3, [((0,), (1,)), ((1,), (2,))]).extremes
    thirds, half = Fraction(1, 3), Fraction(1, 2)
    assert set(found) == {(1, 0, 0), (half, half, 0), (thirds, thirds, thirds)}


def test_bounds_cut_the_corners_off() -> None:
    assert set(Weights.of(2, least="0.2").extremes) == {
        (Fraction(1, 5), Fraction(4, 5)),
        (Fraction(4, 5), Fraction(1, 5)),
    }


def test_weights_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="no weights fit"):
        Weights.of(2, least="0.6").extremes  # noqa: B018


def test_drawn_weights_fit_what_is_known() -> None:
    drawn = Weights.of(3, [((0,), (1,))], least="0.1").drawn(50, seed=3)
    assert np.allclose(drawn.sum(axis=1), 1)
    assert (drawn[:, 0] >= drawn[:, 1] - 1e-12).all()
    assert (drawn >= 0.1 - 1e-12).all()


def test_one_of_three_projects_by_hand() -> None:
    # A (3, 1) and B (1, 3) beat each other at one end; C (1, 1) loses to A there and ties at the other
    program = made([0, 0, 0], [([1, 1, 1], None, 1)])
    found = nondominated_portfolios(program, [np.array([3, 1, 1]), np.array([1, 3, 1])], Weights.of(2))
    assert found is not None
    assert sorted(np.flatnonzero(p).tolist() for p in found.plans) == [[0], [1]]
    assert [found.index(np.arange(3) == k) for k in range(3)] == [Fraction(1, 2), Fraction(1, 2), 0]


def test_intervals_that_overlap_leave_both_in() -> None:
    program = made([0, 0], [([1, 1], None, 1)])
    for low, high, left in (([5, 3], [6, 4], 1), ([5, 3], [6, 6], 2)):
        found = nondominated_portfolios(program, [np.array(low)] * 2, Weights.of(2), [np.array(high)] * 2)
        assert found is not None
        assert len(found.plans) == left


@pytest.mark.parametrize("seed", range(24))
def test_against_every_portfolio_of_a_small_pool(seed: int) -> None:
    draw = Random(seed)
    n, k = draw.randint(3, 8), draw.randint(2, 3)
    cost = [draw.randint(1, 9) for _ in range(n)]
    groups = [draw.choice((-1, 0, 1)) for _ in range(n)]
    program = made([0] * n, [(cost, None, sum(cost) // 2)], groups)
    low = [np.array([draw.randint(0, 9) for _ in range(n)]) for _ in range(k)]
    high = [s + np.array([draw.choice((0, 0, 1, 3)) for _ in range(n)]) for s in low]
    weights = Weights.of(k, [((0,), (1,))] if draw.random() < 0.7 else [])
    found = nondominated_portfolios(program, low, weights, high)
    assert found is not None

    def value(point: tuple[Fraction, ...], scores: list[np.ndarray], own: set[int]) -> Fraction:
        return sum((w * int(s[j]) for w, s in zip(point, scores, strict=True) for j in own), Fraction(0))

    sound = [set(np.flatnonzero(p).tolist()) for p in sound_plans(program)]

    def dominates(a: set[int], b: set[int]) -> bool:
        gains = [value(e, low, a - b) - value(e, high, b - a) for e in weights.extremes]
        return min(gains) >= 0 and max(gains) > 0

    wanted = [a for a in sound if not any(dominates(b, a) for b in sound if b != a)]
    got = [set(np.flatnonzero(p).tolist()) for p in found.plans]
    assert sorted(map(sorted, got)) == sorted(map(sorted, wanted))


def test_published_bridges(bench: Path) -> None:
    book = openpyxl.load_workbook(bench / "rpm" / "bridges.xlsx", data_only=True)
    rows = list(itertools.islice(book["projects"].iter_rows(values_only=True), 1, 47))
    scores = [np.array([round(float(r[c]) * 1000) for r in rows]) for c in range(2, 8)]
    matrix = np.array([[r[8] for r in rows], [r[9] for r in rows], [1] * 46], float)
    program = Program.from_arrays(np.zeros(46, int), matrix, [-np.inf, 837, -np.inf], [1_030_260, np.inf, 6])
    # DPS, traffic, carrying, width, salt, looks
    orders = [((0,), (1,)), ((1,), (4,)), ((1,), (5,)), ((2, 3), (4,)), ((2, 3), (5,)), ((0,), (2, 3))]
    found = nondominated_portfolios(program, scores, Weights.of(6, orders, least="0.02"))
    assert found is not None
    listed = book["nd-prefs"].iter_rows(values_only=True, min_row=2)
    published = {tuple(int(v) for v in row[1:47]) for row in listed if row[0] is not None}
    assert {tuple(p.astype(int).tolist()) for p in found.plans} == published
    index = [found.index(np.arange(46) == k) for k in range(46)]
    assert (len(published), index.count(Fraction(1)), index.count(Fraction(0))) == (246, 0, 24)
