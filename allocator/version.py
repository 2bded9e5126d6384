"""Which allocator this is: its number and the state of its own files, as `0.1.0+3fa29c01e5d2`.

A number alone does not tell two states of a program under development apart, and a run's folder outlives both.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path

from allocator.policy import GROUP


@cache
def own_version() -> str:
    """The number, and after `+` twelve digits of a SHA-256 over the code and words of engine and policies."""
    packages = {"allocator", *(entry.module.partition(".")[0] for entry in entry_points(group=GROUP))}
    return f"{version('allocator')}+{state([folder for name in packages for folder in _folders(name)])}"


def state(packages: list[Path]) -> str:
    """Twelve digits of a SHA-256 over the .py and .toml files of folders; line ends do not count."""
    told = hashlib.sha256()
    for package in sorted(packages, key=lambda folder: folder.name):
        for name in sorted(_sources(str(package), "")):
            with open(f"{package}/{name}", "rb") as file:
                content = file.read().replace(b"\r\n", b"\n")
            told.update(f"{package.name}/{name}\0{len(content)}\0".encode() + content)
    return told.hexdigest()[:12]


def _sources(folder: str, prefix: str) -> Iterator[str]:
    """The .py and .toml files below a folder, by their paths from it; pathlib would take three times as long."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from _sources(entry.path, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".toml")):
            yield prefix + entry.name


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)
    return [] if spec is None else [Path(folder) for folder in spec.submodule_search_locations or ()]
