"""A Dask cluster as a place: a local one of processes, or one that is there already, by its scheduler's address.

Whoever reaches a scheduler can run code on its workers: keep it inside a network that you trust, or use tls://.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

from allocator.fan import worker
from allocator.fan.place import NoWorkers, Place, UnknownPlace
from allocator.program import Program
from allocator.words import say

try:
    import distributed
    from distributed.comm import CommClosedError
except ImportError as error:
    raise UnknownPlace(say("fan.extra")) from error

WAIT = 30.0
"""Seconds that a cluster has to answer, and to have a worker."""


P = ParamSpec("P")
T = TypeVar("T")


class _Tasks(Executor):
    """A Dask client as an `Executor`.

    `Client.get_executor()` asks a task's state once its result is here. Where the worker dies in between, the task
    counts as lost by then, and the result is taken for an error, or never told. Here the result alone is asked.
    """

    def __init__(self, client: Any) -> None:
        self.client = client

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        task = self.client.submit(call, *args, pure=False, **kwargs)
        future: Future[T] = Future()

        def hand_over(task: Any) -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(task.result())
            except (Exception, CancelledError) as error:
                future.set_exception(error)

        def cancelled(future: Future[T]) -> None:
            if future.cancelled():
                task.cancel()

        future.add_done_callback(cancelled)
        task.add_done_callback(hand_over)
        return future


class Deaf(distributed.WorkerPlugin):  # type: ignore[misc]
    """Makes a worker of this place's own cluster deaf to Ctrl-C, which a terminal sends to all: the study hears it."""

    def setup(self, worker: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class Cluster(Place):
    """A Dask cluster, by its client; the scheduler itself sends a lost worker's jobs again."""

    def __init__(self, at: str | int) -> None:
        self.at = at
        self.own: Any = None
        self.client: Any = None
        self.parcels: dict[str, Any] = {}
        self._start()

    def _start(self) -> None:
        address = self.at
        if isinstance(address, int):
            self.own = distributed.LocalCluster(
                n_workers=address,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # with none, Dask warns where its usual port is taken
                silence_logs=50,
            )
            address = self.own.scheduler_address
        try:
            self.client = distributed.Client(address, timeout=WAIT, set_as_default=False)
            self.client.wait_for_workers(1, timeout=WAIT)
            if self.own is not None:
                self.client.register_plugin(Deaf())
            theirs = set(self.client.run(version, "allocator").values())
        except (OSError, TimeoutError, ModuleNotFoundError) as error:
            self.close()
            raise NoWorkers(say("fan.no_cluster", at=self.at)) from error
        if theirs != {version("allocator")}:
            self.close()
            raise NoWorkers(say("fan.version", theirs=", ".join(sorted(theirs)), own=version("allocator")))
        self.executor = _Tasks(self.client)
        self.workers = max(1, sum(self.client.nthreads().values()))

    def parcel(self, program: Program) -> Any:
        """A future of the program, which the cluster brings to each worker once."""
        if program.digest not in self.parcels:
            (found,) = self.client.scatter([program], broadcast=True, hash=False)
            self.parcels[program.digest] = found
        return self.parcels[program.digest]

    def release(self, program: Program) -> None:
        self.parcels.pop(program.digest, None)

    def rebuild(self) -> None:
        self.parcels.clear()
        if self.client.status == "running":
            try:
                self.client.wait_for_workers(1, timeout=WAIT)
                return
            except (OSError, TimeoutError):
                pass
        self.close()
        self._start()

    def hush(self, study: str) -> None:
        if self.client.status == "running":
            self.client.run(worker.hush, study, on_error="ignore")

    def lost(self, error: BaseException) -> bool:
        kinds = (
            distributed.KilledWorker,
            CommClosedError,
            CancelledError,
            OSError,
        )
        return super().lost(error) or isinstance(error, kinds)

    def close(self) -> None:
        self.parcels.clear()
        if self.client is not None:
            self.client.close(timeout=WAIT)
        if self.own is not None:
            self.own.close(timeout=WAIT)
            self.own = None
