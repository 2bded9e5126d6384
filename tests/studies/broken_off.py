"""A study's command in a process of its own, killed when it has kept so many solves; a worker that is killed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from allocator.cli import main
from allocator.fan import Job
from allocator.fan.kept import Kept
from allocator.fan.worker import Parcel, work
from allocator.solve.outcome import Outcome


def takes_its_worker(folder: Path, study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
    """The first job that any worker begins kills that worker, in the middle."""
    try:
        os.close(os.open(folder / "claimed", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return work(study, digest, parcel, job)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def killed(after: int, arguments: list[str]) -> None:
    """The command, killed as soon as `after` solves are on disk."""
    put, done = Kept.put, 0

    def counted(self: Kept, *asked: Any) -> None:
        nonlocal done
        put(self, *asked)
        done += 1
        if done == after:
            os.kill(os.getpid(), signal.SIGKILL)

    Kept.put = counted  # type: ignore[method-assign]
    main(arguments)


if __name__ == "__main__":
    killed(int(sys.argv[1]), sys.argv[2:])
