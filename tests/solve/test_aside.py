"""What is sought beside HiGHS: within its share of the time, checked, and taken by HiGHS."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from allocator.program import Program
from allocator.solve import aside, solve
from allocator.solve.aside import Aside
from allocator.solve.door import Ask
from allocator.solve.highs import ask_highs
from tests.solve import programs


class Clock:
    """Seconds that pass only by being looked at, a thousandth each time, or by being told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(aside, "time", SimpleNamespace(monotonic=found.monotonic))
    return found


def test_it_never_spends_more_than_its_share(clock: Clock) -> None:
    beside = Aside(Ask(programs.chu_beasley(100, 5)))
    for _ in range(300):
        clock.now += 0.02
        beside.turn()
        own = clock.now - beside.spent
        assert beside.spent <= 0.05 * own + 0.05
    assert beside.spent > 0.03 * clock.now
    assert beside.value is not None
    assert not beside.program.broken(beside.plan)  # type: ignore[arg-type]


def test_what_highs_ends_at_once_is_left_alone(clock: Clock) -> None:
    beside = Aside(Ask(programs.chu_beasley(100, 5)))
    clock.now = aside.BEGIN - 0.02
    beside.turn()
    assert beside.work is None
    assert beside.spent == 0


def test_a_program_of_very_many_rows_is_left_alone(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "ROWS", 4)
    beside = Aside(Ask(programs.chu_beasley(100, 5)))
    clock.now = 100.0
    beside.turn()
    assert beside.work is None


def test_it_goes_on_from_better_plans_only() -> None:
    program = Program.from_arrays([5, 4, 3], [[2, 2, 2]], [-np.inf], [4])
    beside = Aside(Ask(program, start=np.array([True, False, False])))
    assert beside.value == 5 * program.scale
    assert not beside.hear(np.array([False, True, False]))
    assert not beside.hear(np.array([True, True, True]))  # does not fit
    assert beside.hear(np.array([True, True, False]))
    assert beside.value == 9 * program.scale


def test_highs_takes_the_plan_that_is_found_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    program = programs.chu_beasley(250, 10)
    found = Aside(Ask(program))
    found.begun -= 20.0
    for _ in range(40):
        found.turn()
        found.begun -= 2.0
    assert found.plan is not None
    monkeypatch.setattr(Aside, "turn", lambda self: None)
    answer = ask_highs(Ask(program, seconds=1.0), found)
    alone = ask_highs(Ask(program, seconds=1.0))
    assert program.value(answer.plans[0]) >= found.value  # HiGHS's own last incumbent
    assert program.value(alone.plans[0]) < found.value


def test_plans_of_a_hard_solve_hold_and_bounds_are_true() -> None:
    program = programs.chu_beasley(100, 5)
    best = solve(program, gap=0, time_limit=1.5, method="auto")
    assert best.chosen is not None
    assert best.value is not None
    assert best.bound is not None
    assert not program.broken(best.chosen)
    begun = time.monotonic()
    loose = solve(program, gap=5e-3, time_limit=20, method="auto")
    assert time.monotonic() - begun < 20
    assert loose.has_plan
    assert loose.bound is not None
    assert loose.bound >= best.value
    assert best.bound >= (loose.value or 0)
