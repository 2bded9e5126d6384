"""A place where solves are done: this process, or a pool of processes. A Dask cluster is in `dask_place.py`."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from allocator.fan import worker
from allocator.program import Program
from allocator.words import Text, say

P = ParamSpec("P")
T = TypeVar("T")


class UnknownPlace(ValueError):
    """A place that there is not, or whose library is not installed; `text` says what there is, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NoWorkers(RuntimeError):
    """A place has no worker left, and cannot make one; what is finished is kept."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Place(ABC):
    """Where solves are done, through an `Executor`.

    workers  how many are done at a time
    """

    workers: int
    executor: Executor

    @abstractmethod
    def parcel(self, program: Program) -> Any:
        """The program in the form in which it goes to each worker once."""

    def release(self, program: Program) -> None:  # noqa: B027 - most need nothing
        """Nothing more is asked of a program: its parcel may go."""

    @abstractmethod
    def rebuild(self) -> None:
        """Go on after a worker was lost. Raises `NoWorkers` where there can be none."""

    @abstractmethod
    def close(self) -> None:
        """End the workers that this place has made."""

    def submit(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """`call` with its arguments, done by some worker."""
        return self.executor.submit(call, *args, **kwargs)

    def open(self, study: str, stop: threading.Event | None) -> None:  # noqa: B027 - most need nothing
        """A study begins, and may be stopped."""

    @abstractmethod
    def hush(self, study: str) -> None:
        """End what is at work for a study."""

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that a worker was lost, and nothing of the job."""
        return isinstance(error, BrokenExecutor)


class _AtOnce(Executor):
    """Does what is submitted then and there."""

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        done.set_running_or_notify_cancel()
        try:
            done.set_result(call(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Here(Place):
    """This process and thread: one hot session, one job after the other."""

    def __init__(self) -> None:
        self.workers = 1
        self.executor = _AtOnce()
        self.worker = worker.Worker()

    def submit(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """`call`, done now; a job goes to the worker that lives and ends with this place."""
        own: Any = self.worker.work if call is worker.work else call
        return self.executor.submit(own, *args, **kwargs)

    def open(self, study: str, stop: threading.Event | None) -> None:
        if stop is not None:
            self.worker.stops[study] = stop

    def parcel(self, program: Program) -> Program:
        return program

    def rebuild(self) -> None:
        raise NoWorkers(say("fan.none"))

    def hush(self, study: str) -> None:
        self.worker.stop(study).set()

    def close(self) -> None:
        self.worker = worker.Worker()


def _context() -> Any:
    """Processes forked from a server that has imported what they need; where there is none, new ones."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker.__name__])
    return context


class Processes(Place):
    """A pool of processes on this machine, each with its own hot session.

    They begin afresh (no thread of this process is copied), so a script that opens this place keeps its work under
    `if __name__ == "__main__":`.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.spool = tempfile.TemporaryDirectory(prefix="allocator-fan-")
        self.line: Connection | None = None
        self._start()

    def _start(self) -> None:
        context = _context()
        end, self.line = context.Pipe(duplex=False)
        self.executor = ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=worker.begin, initargs=(end,)
        )

    def _cut(self) -> None:
        """End the pool at once: its workers end when their line is cut."""
        if self.line is not None:
            self.line.close()
            self.line = None
        self.executor.shutdown(wait=False, cancel_futures=True)

    def parcel(self, program: Program) -> worker.Spooled:
        file = Path(self.spool.name) / f"{program.digest}.pickle"
        if not file.exists():
            part = file.with_suffix(".part")
            part.write_bytes(pickle.dumps(replace(program, note={}), protocol=5))
            os.replace(part, file)
        return worker.Spooled(file)

    def release(self, program: Program) -> None:
        (Path(self.spool.name) / f"{program.digest}.pickle").unlink(missing_ok=True)

    def rebuild(self) -> None:
        self._cut()
        self._start()
        try:
            self.executor.submit(worker.alive).result()
        except BrokenExecutor as error:
            raise NoWorkers(say("fan.none")) from error

    def hush(self, study: str) -> None:
        self._cut()
        self._start()

    def close(self) -> None:
        self._cut()
        self.spool.cleanup()
