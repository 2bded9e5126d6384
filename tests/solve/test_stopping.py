"""A solve that is stopped, timed out or watched: it ends, keeps its best plan, and no solver is waited for."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from allocator.program import Program
from allocator.solve import Progress, highs, solve
from allocator.solve.door import Ask
from allocator.solve.highs import ask_highs
from tests.solve.programs import chu_beasley, knapsack

THREE = knapsack([60, 100, 120], [10, 20, 30], 50)  # the best plan is the last two, worth 220


def _stop_after(seconds: float) -> threading.Event:
    stop = threading.Event()
    threading.Timer(seconds, stop.set).start()
    return stop


def test_a_stop_ends_the_solve_and_keeps_the_best_plan() -> None:
    outcome = solve(chu_beasley(), gap=0, time_limit=120, stop=_stop_after(0.5))
    assert outcome.reason == "interrupted"
    assert outcome.has_plan
    assert outcome.seconds < 60
    assert outcome.value is not None
    assert outcome.bound is not None
    assert outcome.value < outcome.bound


def test_ctrl_c_ends_the_solve_and_keeps_the_best_plan() -> None:
    import _thread

    assert threading.current_thread() is threading.main_thread()
    threading.Timer(0.7, _thread.interrupt_main).start()
    outcome = solve(chu_beasley(), gap=0, time_limit=120)
    assert outcome.reason == "interrupted"
    assert outcome.has_plan
    assert outcome.seconds < 60


def test_progress_is_told_in_the_callers_own_thread_and_not_too_often() -> None:
    told: list[tuple[Progress, float, int]] = []

    def watch(progress: Progress) -> None:
        told.append((progress, time.monotonic(), threading.get_ident()))

    program = replace(chu_beasley(), scale=1000)
    outcome = solve(program, gap=0, time_limit=2.5, watch=watch)
    assert {ident for _, _, ident in told} == {threading.get_ident()}
    assert all(b - a > 0.2 for (_, a, _), (_, b, _) in pairwise(told))
    last = told[-1][0]
    assert last.value is not None
    assert last.bound is not None
    assert last.gap == pytest.approx((last.bound - last.value) / last.value)
    assert outcome.value is not None
    assert outcome.bound is not None
    assert last.value <= outcome.value + 1e-6
    assert outcome.bound <= last.bound + 1e-6


def test_what_a_watcher_raises_ends_the_solve_and_is_passed_on() -> None:
    def watch(progress: Progress) -> None:
        raise LookupError("the screen is gone")

    begun = time.monotonic()
    with pytest.raises(LookupError, match="the screen is gone"):
        solve(chu_beasley(), gap=0, time_limit=120, watch=watch)
    assert time.monotonic() - begun < 60


def test_a_solver_that_does_not_stop_is_left_behind_with_what_it_has_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from allocator.solve import running

    monkeypatch.setattr(running, "PATIENCE", 0.2)
    go_on = threading.Event()
    ending = running.run(
        lambda: (go_on.wait(), None)[1], Ask(THREE, seconds=60, stop=_stop_after(0.1)), lambda: None
    )
    go_on.set()
    assert ending == ("interrupted", True)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
@pytest.mark.parametrize("raised", [False, True])
def test_a_solver_that_is_left_behind_stands_back(monkeypatch: pytest.MonkeyPatch, raised: bool) -> None:
    from allocator.solve import running

    monkeypatch.setattr(running, "PATIENCE", 0.2)
    go_on, ids = threading.Event(), []

    def work() -> None:
        ids.append(threading.get_native_id())
        go_on.wait()

    def watch(progress: Progress) -> None:
        raise LookupError("the screen is gone")

    def seen(seconds: float) -> Progress:
        return Progress(seconds, None, None, None)

    if raised:
        with pytest.raises(LookupError):
            running.run(work, Ask(THREE, seconds=60, watch=watch), lambda: None, seen)
    else:
        assert running.run(work, Ask(THREE, seconds=60, stop=_stop_after(0.1)), lambda: None).left
    behind, own = (os.getpriority(os.PRIO_PROCESS, tid) for tid in (ids[0], threading.get_native_id()))
    go_on.set()
    assert (behind, own) == (running.LAST, os.getpriority(os.PRIO_PROCESS, 0))
    assert own < behind


def test_highs_is_not_begun_where_it_could_not_even_prepare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would be left behind at work, and the run's other stages would share the machine with it."""
    groups = np.repeat(np.arange(60_000), 4)
    many = Program.from_arrays(
        np.arange(1, 240_001), np.ones((1, 240_000)), [0], [30_000], groups=groups.tolist()
    )
    assert highs.preparing(many) == pytest.approx(144)
    assert highs.preparing(replace(many, fixed=np.zeros(240_000, np.int8))) == 0
    begun = time.monotonic()
    answer = ask_highs(Ask(many, seconds=10))
    assert (answer.word, answer.plans, answer.bound) == ("time_limit", (), None)
    assert "not begun" in answer.detail
    assert time.monotonic() - begun < 5
    loaded: list[object] = []

    def load(numbers: object) -> None:
        loaded.append(numbers)
        raise LookupError

    monkeypatch.setattr(highs, "load", load)
    with pytest.raises(LookupError):  # with more time it is
        ask_highs(Ask(many, seconds=60))
    assert loaded


def test_a_solver_past_its_time_limit_is_told_so() -> None:
    from allocator.solve import running

    told = threading.Event()
    ending = running.run(lambda: (told.wait(), None)[1], Ask(THREE, seconds=0.1), told.set)
    assert ending == ("time_limit", False)
