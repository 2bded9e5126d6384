"""The frontier of a scenario or program as a study: its points, their bounds, the knee, the plan at hand."""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.fan.fan import Fan
from allocator.fan.place import Here
from allocator.problems import InputFaults
from allocator.report.charts import option
from allocator.solve.epsilon import Asked
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


def test_plans_are_drawn_as_points_for_nothing_lies_between_them() -> None:
    found = frontier(made([5, 4, 1], [([1, 1, 1], None, 2)]), GAINS, exact=True, effort=EXACT)
    ((table, graph),) = found.charts()
    assert graph.kind == "points"
    (series,) = option(table, graph)["series"]
    assert series["type"] == "scatter"
    assert series["data"] == [[3, 9], [10, 6], [11, 5]]


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


def test_steps_are_one_for_each_after_the_first_or_for_each() -> None:
    program = made([5, 4, 1], [([1, 1, 1], None, 2)])
    one = frontier(program, GAINS, exact=True, steps=(2,), effort=EXACT)
    assert one.steps == (1, 2)
    both = frontier(program, GAINS, exact=True, steps=(4, 8), effort=EXACT)
    assert (both.steps, both.complete, both.open) == ((4, 8), True, ())
    # (9, 3), (6, 10), (5, 11): whatever is left out, some listed one is less than 4 and 8 short of it
    for missing in {(9, 3), (6, 10), (5, 11)} - set(pairs(both)):
        assert any(a > missing[0] - 4 and b > missing[1] - 8 for a, b in pairs(both))
    with pytest.raises(InputFaults, match="all 2"):
        frontier(program, GAINS, exact=True, steps=(1, 1, 1))


def test_what_is_not_settled_is_told_as_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    program = made([5, 4, 1], [([1, 1, 1], None, 2)])
    monkeypatch.setattr("allocator.studies.nondominated.LAST", 0)
    monkeypatch.setattr("allocator.solve.epsilon.Epsilon.best", lambda *_: Asked("stopped"))
    found = frontier(program, GAINS, exact=True, effort=Effort(gap=0.0, time_limit=1.0))
    # only the ends are known, (9, 3) and (5, 11), and all between them is open
    assert (found.complete, found.ended) == (False, "stopped")
    assert {(9, 3), (5, 11)} == set(pairs(found))
    assert "100% of the range of Objective 2" in found.sentences()[1].en
    frame = found.frames()["open"]
    assert frame["objective_2_from"].min() <= 3
    assert frame["objective_2_to"].max() >= 11


def test_in_a_given_time_every_floor_has_its_share() -> None:
    asked: list[float] = []

    class Timed(Here):
        def submit(self, call, *args, **kwargs):  # type: ignore[no-untyped-def]
            asked.append(args[-1].time_limit)
            return super().submit(call, *args, **kwargs)

    effort = Effort(gap=0.0, fan=Fan(Timed()), until=time.monotonic() + 40)
    found = frontier(made([5, 4, 1], [([1, 1, 1], None, 2)]), GAINS, points=3, effort=effort)
    assert pairs(found) == [(9, 3), (6, 10), (5, 11)]
    # an end each: 40 · 0.95 / 8, / 4; then two floors in what is left
    assert [round(t) for t in asked] == pytest.approx([5, 10, 19, 38], abs=1.5)
