"""What workers do in these tests: their work, and dying in the middle of it. As a module: a study that is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from allocator.change import Change
from allocator.fan import Job, open_fan
from allocator.fan.worker import Parcel, work
from allocator.program import Program
from allocator.solve.outcome import Outcome

VICTIM = 3
"""The job in the middle of which a worker dies."""


def base() -> Program:
    """Twenty projects under two caps: each job moves the first one."""
    rng = np.random.default_rng(7)
    weight = rng.integers(5, 40, (2, 20))
    return Program.from_arrays(rng.integers(10, 60, 20), weight, [-np.inf] * 2, weight.sum(axis=1) // 2)


def jobs(count: int = 8) -> list[Job]:
    """The cap at other sizes, each proven to the last unit: whoever solves it finds the same value."""
    cap = int(base().upper[0])
    return [Job(Change(upper={0: cap - 11 * k}), gap=0, time_limit=60) for k in range(count)]


def _victim(job: Job) -> bool:
    return job.change.upper == jobs(VICTIM + 1)[VICTIM].change.upper


def waits_to_be_killed(folder: Path, study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
    """The victim, the first time, says which process it is in and waits there for its end."""
    if _victim(job):
        try:
            os.close(os.open(folder / "claimed", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return work(study, digest, parcel, job)
        (folder / "part").write_text(str(os.getpid()))
        os.replace(folder / "part", folder / "pid")
        threading.Event().wait()
    return work(study, digest, parcel, job)


def always_dies(study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
    """The victim takes its worker with it, each time."""
    if _victim(job):
        os.kill(os.getpid(), signal.SIGKILL)
    return work(study, digest, parcel, job)


def says_who(study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
    """As `work`; the solver's name is the process."""
    from dataclasses import replace

    return replace(work(study, digest, parcel, job), solver=str(os.getpid()))


def never_ends(folder: Path, study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
    """At work until it is told to stop; says that it has begun."""
    (folder / "begun").touch()
    threading.Event().wait()
    raise AssertionError


def killed_study(folder: str, on: str, after: int) -> None:
    """A study that keeps what it finishes, and is killed after some outcomes."""
    with open_fan(on, keep=Path(folder)) as fan:
        for done, _ in enumerate(fan.solve(base(), jobs()), 1):
            if done == after:
                os.kill(os.getpid(), signal.SIGKILL)


def told(outcome: Outcome) -> tuple[Any, ...]:
    """What two outcomes of one question must agree in."""
    return outcome.reason, outcome.value, outcome.bound, outcome.gap, outcome.program


if __name__ == "__main__":
    killed_study(sys.argv[1], sys.argv[2], int(sys.argv[3]))
