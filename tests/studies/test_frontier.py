"""The frontier of a scenario or program as a study: its points, their bounds, the knee, the plan at hand."""

from __future__ import annotations

import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.problems import InputFaults
from allocator.studies.frontier import Frontier, frontier
from allocator.studies.study import Effort
from tests.allocator.programs import made, sound_plans
from tests.models.funds import SmallFund

EXACT = Effort(gap=0.0)
GAINS = ([5, 4, 1], [1, 2, 9])


def pairs(found: Frontier) -> list[tuple[int, ...]]:
    return [tuple(map(int, p.image)) for p in found.points]


def test_three_pairs_of_three_projects() -> None:
    found = frontier(made([5, 4, 1], [([1, 1, 1], None, 2)]), GAINS, exact=True, effort=EXACT)
    assert pairs(found) == [(9, 3), (6, 10), (5, 11)]
    # shares of the ranges 5..9 and 3..11: 1 + 0; 1/4 + 7/8; 0 + 1
    assert (found.complete, found.knee, found.ended) == (True, 1, "whole")
    frame = found.frames()["points"]
    assert frame["objective_1"].tolist() == [9, 6, 5]
    assert frame["bound"].tolist() == [9, 6, 5]
    assert "no other" not in found.sentences()[0].en


def test_evenly_spaced_floors_give_points_of_the_frontier_with_bounds() -> None:
    found = frontier(made([5, 4, 1], [([1, 1, 1], None, 2)]), GAINS, points=3, effort=EXACT)
    # floors at 3, 7 and 11
    assert pairs(found) == [(9, 3), (6, 10), (5, 11)]
    assert not found.complete
    assert all(p.bound is None or p.bound >= p.image[0] for p in found.points)


@pytest.mark.parametrize("seed", range(0, 30, 2))
def test_each_point_is_feasible_and_no_plan_beats_its_bound(seed: int) -> None:
    fund = SmallFund(seed)
    if fund.best() is None or len(fund.program.gain) > 12:
        return
    other = np.arange(len(fund.program.gain), dtype=np.int64)[::-1]
    found = frontier(fund.program, [fund.program.gain, other], points=4, effort=EXACT)
    sound = sound_plans(fund.program)
    images = [(fund.program.value(p), Fraction(int(other[p].sum()))) for p in sound]
    assert found.points
    for point in found.points:
        assert not fund.program.broken(point.chosen)
        assert max(v for v, o in images if o >= point.image[1]) == point.image[0]


def test_the_plan_at_hand_is_placed_among_the_points() -> None:
    program = made([5, 4, 1], [([1, 1, 1], None, 2)])
    found = frontier(program, GAINS, exact=True, effort=EXACT)
    assert found.places == ()  # a plain program brings no plan of its own
    assert [t.key for t in found.tables()] == ["points"]


def test_stopped_before_it_began_it_says_so() -> None:
    stop = threading.Event()
    stop.set()
    found = frontier(
        made([5, 4, 1], [([1, 1, 1], None, 2)]), GAINS, exact=True, effort=Effort(0.0, stop=stop)
    )
    assert found.ended == "stopped"
    assert not found.complete


def test_an_unknown_objective_is_a_fault_with_the_names_there_are() -> None:
    with pytest.raises(InputFaults) as caught:
        frontier(Path(__file__).resolve().parents[2] / "scenarios/rizhao/baseline.yaml", ("merit", "glory"))
    (problem,) = caught.value.problems
    assert "glory" in problem.what.en
    assert "leverage" in problem.mend.en


def test_no_plan_no_frontier() -> None:
    found = frontier(made([5], [([1], 2, None)]), [[5], [1]], effort=EXACT)
    assert (found.ended, found.points) == ("infeasible", ())
    assert found.sentences()
