"""What a worker does: it holds a hot session for each program that it was given, and answers jobs, one at a time."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from allocator.fan.job import Job
from allocator.program import Program
from allocator.solve.driver import solve
from allocator.solve.outcome import Outcome
from allocator.solve.session import Session

HELD = 2
"""How many programs a worker holds; the one that was asked of longest ago goes first."""


@dataclass(frozen=True)
class Spooled:
    """A program in a file, for workers that see the same disk."""

    file: Path

    def open(self) -> Program:
        """The program."""
        found: Program = pickle.loads(self.file.read_bytes())
        return found


Parcel = Program | Spooled
"""How a program comes to a worker."""


class Worker:
    """Sessions by program and thread (a session belongs to one thread), and the studies that were stopped."""

    def __init__(self) -> None:
        self.local = threading.local()
        self.stops: OrderedDict[str, threading.Event] = OrderedDict()

    def work(self, study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
        """The outcome of one job on the program of that digest."""
        session, stop = self._session(digest, parcel), self.stop(study)
        if job.method is not None:
            program = session.program.with_(job.change)
            return solve(program, job.gap, job.time_limit, job.method, start=job.start, stop=stop)
        return session.solve(job.change, gap=job.gap, time_limit=job.time_limit, start=job.start, stop=stop)

    def stop(self, study: str) -> threading.Event:
        """The event that ends the solves of a study."""
        found = self.stops.setdefault(study, threading.Event())
        self.stops.move_to_end(study)
        while len(self.stops) > 100:
            self.stops.popitem(last=False)
        return found

    def _session(self, digest: str, parcel: Parcel) -> Session:
        held: OrderedDict[str, Session] | None = getattr(self.local, "held", None)
        if held is None:
            held = self.local.held = OrderedDict()
        if digest not in held:
            program = parcel.open() if isinstance(parcel, Spooled) else parcel
            held[digest] = Session(program, threads=1)
        held.move_to_end(digest)
        while len(held) > HELD:
            held.popitem(last=False)[1].close()
        return held[digest]


HERE = Worker()
"""The worker of this process, where the process is a worker."""


def work(study: str, digest: str, parcel: Parcel, job: Job) -> Outcome:
    """The outcome of one job, in a worker's process."""
    return HERE.work(study, digest, parcel, job)


def hush(study: str) -> None:
    """End the solves of a study in this worker, those to come as well."""
    HERE.stop(study).set()


def alive() -> int:
    """This worker's process."""
    return os.getpid()


def begin(line: Connection) -> None:
    """Make this process a worker: Ctrl-C is its parent's to hear, and when the line to the parent is cut, it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_until_cut, args=(line,), daemon=True).start()


def _until_cut(line: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        line.recv_bytes()
    os._exit(0)
