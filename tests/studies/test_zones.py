"""Search zones: exactly what no known point matches or beats."""

from __future__ import annotations

import itertools
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from allocator.studies.zones import Closed, Zones, leading, outermost


def test_a_point_leaves_two_zones_of_two_objectives() -> None:
    zones = Zones([0, 0], [10, 10])
    zones.add((4, 6))
    assert sorted(map(tuple, zones.corners.tolist())) == [(0, 6), (4, 0)]
    zones.add((6, 3))
    # 4..6 by 3..6 lies between the two
    assert sorted(map(tuple, zones.corners.tolist())) == [(0, 6), (4, 3), (6, 0)]
    zones.add((5, 2))  # beaten by (6, 3): in no zone
    assert len(zones) == 3
    # (6, 0) can reach 4 × 3, (0, 6) 4 × 4, (4, 3) only 2 × 3
    assert zones.corners[zones.widest()].tolist() == [0, 6]


@pytest.mark.parametrize("seed", range(40))
def test_zones_are_all_that_no_point_covers(seed: int) -> None:
    draw = Random(seed)
    k, size = draw.choice(((2, 7), (3, 5), (4, 4)))
    large = draw.choice((0, 0, 2**61))  # corners as Python integers
    zones = Zones([large] * k, [large + size] * k)
    points = [tuple(large + draw.randint(1, size) for _ in range(k)) for _ in range(draw.randint(1, 9))]
    for point in points:
        zones.add(point)
    corners = zones.corners.tolist()
    for image in itertools.product(range(large + 1, large + size + 1), repeat=k):
        covered = any(all(p >= v for p, v in zip(point, image, strict=True)) for point in points)
        inside = any(all(c < v for c, v in zip(corner, image, strict=True)) for corner in corners)
        assert inside != covered
    assert len(outermost(zones.corners)) == len(zones)


def test_a_half_space_closes_by_integers_where_floats_are_even() -> None:
    closed = Closed(Fraction(1, 3), 2)  # the first objective counts thirds
    closed.below((3 * 2**60, 1), Fraction(2**60 + 1))
    # image (1, 1): 3·2⁶⁰·(1/3) + 1 = 2⁶⁰ + 1, just held; (1, 0) falls short by one in 2⁶⁰
    assert closed.hold(np.array([[1, 1], [1, 0], [2, 0]])).tolist() == [True, False, True]
    closed.beyond((None, 0))
    assert closed.hold(np.array([[0, 0], [0, -1]])).tolist() == [True, False]


@pytest.mark.parametrize("kind", [np.int64, object])
def test_the_leading_images_by_the_list(kind: type) -> None:
    draw = Random(7)
    images = np.array([[draw.randint(0, 30) for _ in range(3)] for _ in range(700)], kind)
    kept = leading(images)
    own = [tuple(i) for i in images.tolist()]
    best = {a for a in own if not any(b != a and all(y >= x for x, y in zip(a, b, strict=True)) for b in own)}
    assert {own[i] for i in kept} == best
    assert len(kept) == len(best)
    assert [own[i] for i in kept] == sorted(best, reverse=True)
