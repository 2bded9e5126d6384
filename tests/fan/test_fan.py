"""A study's solves at every place: the same outcomes, whoever dies on the way."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.change import Change
from allocator.fan import Fan, Job, NoWorkers, Tally, UnknownPlace, open_fan, worker
from allocator.solve import solve
from tests.fan.tasks import (
    VICTIM,
    always_dies,
    base,
    jobs,
    never_ends,
    says_who,
    told,
    waits_to_be_killed,
)

PATIENCE = 120.0


@pytest.fixture(scope="module")
def processes() -> Iterator[Fan]:
    with open_fan("processes:2") as fan:
        yield fan


@pytest.fixture(scope="module")
def dask() -> Iterator[Fan]:
    with open_fan("dask:2") as fan:
        yield fan


@pytest.fixture(params=["here", "processes", "dask"])
def fan(request: pytest.FixtureRequest) -> Iterator[Fan]:
    """Each place in turn; the task is put back afterwards."""
    if request.param == "here":
        with open_fan("here") as found:
            yield found
        return
    found = request.getfixturevalue(request.param)
    before = found.task
    yield found
    found.task = before


def cold() -> list[tuple[object, ...]]:
    """Each job solved by itself, with no session and no fan."""
    found = []
    for job in jobs():
        program = base().with_(job.change)
        outcome = solve(program, gap=0)
        found.append((outcome.reason, outcome.value, outcome.bound, outcome.gap, program.digest))
    return found


def until(ready: Callable[[], bool]) -> None:
    """Wait for a condition; fail where it does not come."""
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_every_place_gives_what_solving_each_alone_gives(fan: Fan) -> None:
    told_of: list[Tally] = []
    found = dict(fan.solve(base(), jobs(), tell=told_of.append))
    assert [told(found[k]) for k in range(8)] == cold()
    assert told_of[-1] == Tally(wanted=8, done=8)
    assert [t.done for t in told_of] == list(range(1, 9))


@pytest.mark.parametrize("place", ["processes", "dask"])
def test_a_worker_killed_in_the_middle_costs_time_and_no_result(
    place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    fan: Fan = request.getfixturevalue(place)
    before, fan.task = fan.task, partial(waits_to_be_killed, tmp_path)

    def kill() -> None:
        until((tmp_path / "pid").exists)
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = dict(fan.solve(base(), jobs()))
    finally:
        fan.task = before
        killer.join()
    assert [told(found[k]) for k in range(8)] == cold()


def test_a_result_that_is_here_counts_though_its_worker_dies_then(
    dask: Fan, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import Client

    gather = Client._gather

    async def gathered(client: Client, futures: list[Any], *args: Any, **kwargs: Any) -> Any:
        found = await gather(client, futures, *args, **kwargs)
        for future in futures:
            client.futures[future.key].lose()
        return found

    monkeypatch.setattr(Client, "_gather", gathered)
    assert [told(outcome) for _, outcome in sorted(dask.solve(base(), jobs()))] == cold()


def test_a_job_that_kills_every_worker_fails_alone() -> None:
    with open_fan("processes:1") as fan:
        fan.task = always_dies
        told_of: list[Tally] = []
        found = dict(fan.solve(base(), jobs(6), tell=told_of.append))
    assert found[VICTIM].reason == "failed"
    assert "given up" in found[VICTIM].detail
    others = [k for k in range(6) if k != VICTIM]
    assert [told(found[k]) for k in others] == [cold()[k] for k in others]
    assert told_of[-1].lost >= 3


def test_workers_are_other_processes_and_stay(processes: Fan) -> None:
    before, processes.task = processes.task, says_who
    first, second = ({outcome.solver for _, outcome in processes.solve(base(), jobs())} for _ in range(2))
    processes.task = before
    assert str(os.getpid()) not in first
    assert len(first | second) <= 2


def test_stopping_ends_it_at_once_and_the_place_lives_on(processes: Fan, tmp_path: Path) -> None:
    before, processes.task = processes.task, partial(never_ends, tmp_path)
    stop = threading.Event()

    def watch() -> None:
        until((tmp_path / "begun").exists)
        stop.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert list(processes.solve(base(), jobs(), stop=stop)) == []
    watcher.join()
    processes.task = before
    assert len(list(processes.solve(base(), jobs(2)))) == 2


def test_here_a_stop_gives_what_was_finished() -> None:
    stop = threading.Event()
    with open_fan("here") as fan:
        found = []
        for k, _ in fan.solve(base(), jobs(), stop=stop):
            found.append(k)
            if len(found) == 3:
                stop.set()
    assert found == [0, 1, 2]


def test_leaving_the_loop_leaves_nothing_at_work(processes: Fan) -> None:
    next(iter(processes.solve(base(), jobs())))
    assert [told(o) for _, o in processes.solve(base(), jobs(1))] == cold()[:1]


def test_a_running_cluster_is_used_by_its_address(dask: Fan) -> None:
    with open_fan(dask.place.own.scheduler_address) as fan:  # type: ignore[attr-defined]
        assert fan.workers == 2
        found = dict(fan.solve(base(), jobs(2)))
    assert [told(found[k]) for k in range(2)] == cold()[:2]
    assert dask.place.client.status == "running"  # type: ignore[attr-defined]


def test_a_change_that_does_not_fit_is_said_wherever_it_is_solved(fan: Fan) -> None:
    with pytest.raises(ValueError, match="the program has 2"):
        list(fan.solve(base(), [Job(Change(upper={9: 1}))]))


def test_two_programs_in_one_fan_are_kept_apart(fan: Fan) -> None:
    other = base().with_(Change(gain=np.asarray(base().gain[::-1].copy())))
    for program in (base(), other, base()):
        ((_, outcome),) = fan.solve(program, [Job(gap=0)])
        assert outcome.value == solve(program, gap=0).value
        assert outcome.program == program.digest


def test_no_jobs_are_no_outcomes(fan: Fan) -> None:
    assert list(fan.solve(base(), [])) == []


@pytest.mark.parametrize(
    "on", ["", "there", "processes:0", "processes:two", "dask:-1", "tcp:", "tcp://", "here:2"]
)
def test_a_place_that_there_is_not_is_said_in_both_languages(on: str) -> None:
    with pytest.raises(UnknownPlace) as found:
        open_fan(on)
    assert "processes:N" in found.value.text.zh
    assert "processes:N" in found.value.text.en


def test_a_cluster_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from allocator.fan import dask_place

    monkeypatch.setattr(dask_place, "WAIT", 0.3)
    with pytest.raises(NoWorkers, match="no Dask cluster answers at tcp"):
        open_fan("tcp://127.0.0.1:1")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal is sent there")
def test_a_worker_of_its_own_cluster_is_deaf_to_ctrl_c(dask: Fan) -> None:
    """A terminal sends it to the workers too; what is kept, told and ended is the study's to say."""
    asked = dask.place.submit(worker.alive)
    pid = asked.result()
    os.kill(pid, signal.SIGINT)
    time.sleep(0.5)
    os.kill(pid, 0)  # raises where there is no such process
    assert pid in dask.place.client.run(worker.alive).values()  # type: ignore[attr-defined]
