"""What rows cost: three ways of asking agree, row by row and in all."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.solve.deficit import RowCosts

INF = np.inf


def costs() -> RowCosts:
    """Four rows: a hard cap of 10 at a multiplier of 3; a floor of 5 at 2, priced at 6; 4 to 8 priced at 1; open."""
    return RowCosts(
        low=np.array([-INF, 5.0, 4.0, -INF]),
        high=np.array([10.0, INF, 8.0, INF]),
        under=np.array([INF, 4.0, 1.0, INF]),
        over=np.array([INF, 6.0, 1.0, INF]),
        unused=np.array([3.0, 0.0, 0.0, 0.0]),
        more=np.array([0.0, 2.0, 0.0, 0.0]),
    )


def test_costs_by_hand() -> None:
    # 2 unused at 3; 3 more than the floor at 2; 1 above 8 at 1; nothing
    assert costs().at(np.array([8.0, 8.0, 9.0, 99.0])).tolist() == [6.0, 6.0, 1.0, 0.0]
    # 11 breaks the cap; 2 short of the floor at 6 − 2; 1 below 4 at 1
    assert costs().at(np.array([11.0, 3.0, 3.0, 0.0])).tolist() == [INF, 8.0, 1.0, 0.0]
    assert costs().times(10.0).at(np.array([8.0, 8.0, 9.0, 99.0])).tolist() == [60.0, 60.0, 10.0, 0.0]


def test_row_by_row_and_in_all_are_what_they_are_at_once() -> None:
    activity = np.random.default_rng(1).integers(0, 14, (60, 4)).astype(np.float64)
    whole = costs().at(activity)
    assert np.isinf(whole).any()
    for row in range(4):
        assert costs().one(row, activity[:, row]).tolist() == whole[:, row].tolist()
    assert costs().least(activity, 0.0, 0.0).tolist() == pytest.approx(whole.sum(axis=1).tolist())


def test_the_least_is_that_of_the_best_place_within_reach() -> None:
    at = np.array([[6.0, 9.0, 12.0, 0.0]])
    # row 0 may rise to 10: 0; row 1 may fall to 7: 2 more at 2; row 2 may fall to 10: 2 above 8
    least = costs().least(at, np.array([4.0, 1.0, 0.0, 0.0]), np.array([0.0, -2.0, -2.0, 0.0]))
    assert least.tolist() == [6.0]


@pytest.mark.parametrize("row", range(3))
def test_the_window_of_an_allowance_holds_what_costs_no_more(row: int) -> None:
    for spare in (0.0, 3.0, 7.5):
        (low,), (high,) = costs().window(row, np.array([spare]))
        steps = np.linspace(-5.0, 20.0, 251)
        within = steps[costs().one(row, steps) <= spare]
        assert within.tolist() == steps[(steps >= low) & (steps <= high)].tolist()
