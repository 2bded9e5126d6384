"""A Dask cluster as a place: a local one of processes, or one that is there already, by its scheduler's address.

Whoever reaches a scheduler can run code on its workers: keep it inside a network that you trust, or use tls://.
"""

from __future__ import annotations

from concurrent.futures import CancelledError
from importlib.metadata import version
from typing import Any

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


class Cluster(Place):
    """A Dask cluster through its `Client.get_executor()`; the scheduler itself sends a lost worker's jobs again."""

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
                dashboard_address=None,
                silence_logs=50,
            )
            address = self.own.scheduler_address
        try:
            self.client = distributed.Client(address, timeout=WAIT, set_as_default=False)
            self.client.wait_for_workers(1, timeout=WAIT)
            theirs = set(self.client.run(version, "allocator").values())
        except (OSError, TimeoutError, ModuleNotFoundError) as error:
            self.close()
            raise NoWorkers(say("fan.no_cluster", at=self.at)) from error
        if theirs != {version("allocator")}:
            self.close()
            raise NoWorkers(say("fan.version", theirs=", ".join(sorted(theirs)), own=version("allocator")))
        self.executor = self.client.get_executor(pure=False)
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
