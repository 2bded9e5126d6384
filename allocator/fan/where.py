"""`--on`: the place of a fan by its name."""

from __future__ import annotations

import os
from pathlib import Path

from allocator.fan.fan import Fan
from allocator.fan.kept import Kept
from allocator.fan.place import Here, Place, Processes, UnknownPlace
from allocator.words import say


def open_fan(on: str = "here", *, keep: Path | None = None, resume: bool = False) -> Fan:
    """The fan of a place; use it in a `with`.

    on      "here"; "processes" or "processes:N"; "dask" or "dask:N" (a cluster of this machine, made and ended with
            the fan); "tcp://host:port" or "tls://host:port" (the scheduler of a Dask cluster). N: by default one a core
    keep    the folder in which finished solves stay, until the study calls `fan.whole()`
    resume  whether those that are there already are taken, after a check

    Raises `UnknownPlace` for another name or a library that is not installed, `NoWorkers` where no cluster answers.
    """
    return Fan(_place(on.strip()), None if keep is None else Kept(keep, read=resume))


def _place(on: str) -> Place:
    name, _, rest = on.partition(":")
    if on == "here":
        return Here()
    if name in ("tcp", "tls") and rest.startswith("//") and rest[2:]:
        from allocator.fan.dask_place import Cluster

        return Cluster(on)
    count = _count(rest) if rest or not on.endswith(":") else None
    if count is None or name not in ("processes", "dask"):
        raise UnknownPlace(say("fan.unknown", on=on))
    if name == "processes":
        return Processes(count)
    from allocator.fan.dask_place import Cluster

    return Cluster(count)


def _count(text: str) -> int | None:
    """How many workers; one a core where nothing is said, None where it is no number of workers."""
    if not text:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 1024 else None
