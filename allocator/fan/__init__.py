"""Where a study's solves go: this process, a pool of processes, a Dask cluster; one interface, and none is lost.

with open_fan("processes:2") as fan:
    for k, outcome in fan.solve(program, [Job(change) for change in changes]):
        ...
"""

from __future__ import annotations

from allocator.fan.fan import Fan, Tally
from allocator.fan.job import Job
from allocator.fan.kept import Kept
from allocator.fan.place import NoWorkers, Place, UnknownPlace
from allocator.fan.where import open_fan

__all__ = ["Fan", "Job", "Kept", "NoWorkers", "Place", "Tally", "UnknownPlace", "open_fan"]
