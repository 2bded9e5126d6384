"""A scenario as a tree of values, each of which knows the file, line and column that it came from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from allocator.problems import Place

Scalar = str | int | Decimal | bool | None
"""What one value can be: text, a bare whole number (`Written`), a bare decimal, true or false, null."""

Keys = tuple[str | int, ...]
"""The way from the root to a value: keys of mappings, numbers in lists."""


class Empty:
    """The value of a key that nothing was written behind; unlike null, which is meant."""


EMPTY: Final = Empty()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was written: a file's line and column (from 1), or a `--set` argument.

    `over` is where the value that this one replaced was written.
    """

    file: Path | None
    line: int = 1
    column: int = 1
    said: str = ""
    over: Source | None = None

    @property
    def folder(self) -> Path:
        """What a relative path that is written here is relative to."""
        return Path.cwd() if self.file is None else self.file.parent

    def shown(self, folder: Path) -> str:
        """The source as people read it, with its file's name as seen from `folder`."""
        if self.file is None:
            return f"--set {self.said}"
        return f"{seen_from(folder, self.file)}:{self.line}:{self.column}"

    def place(self, keys: Keys = ()) -> Place:
        """The source as a problem's place; `keys` lead to the value."""
        key = dotted(keys) or None
        if self.file is None:
            return Place(f"--set {self.said}", key=key)
        return Place(seen_from(Path.cwd(), self.file), line=self.line, column=self.column, key=key)


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its source `at`, and the source of the key that it stands behind."""

    value: Scalar | Empty | Mapping[str, Node] | tuple[Node, ...]
    at: Source
    key: Source | None = None

    @property
    def head(self) -> Source:
        """Where the value is introduced: its key, or its own beginning."""
        return self.key or self.at

    def plain(self) -> Any:
        """The value without sources: dict, list or scalar."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return None if isinstance(self.value, Empty) else self.value

    def child(self, key: str | int) -> Node | None:
        """What stands behind `key`, or at that number of a list; None where nothing does."""
        if isinstance(self.value, Mapping):
            return self.value.get(str(key))
        if isinstance(self.value, tuple) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None

    def at_keys(self, keys: Keys) -> Node | None:
        """The node at the end of `keys`; None where the way breaks off."""
        found: Node | None = self
        for key in keys:
            found = found.child(key) if found is not None else None
        return found

    def walk(self, keys: Keys = ()) -> Iterator[tuple[Keys, Node]]:
        """Every value that is not itself a non-empty mapping or list, with the keys that lead to it."""
        if isinstance(self.value, Mapping) and self.value:
            for key, node in self.value.items():
                yield from node.walk((*keys, key))
        elif isinstance(self.value, tuple) and self.value:
            for number, node in enumerate(self.value):
                yield from node.walk((*keys, number))
        else:
            yield keys, self


def seen_from(folder: Path, file: Path) -> str:
    """`file` relative to `folder`, with forward slashes; its name alone where no relative path leads there."""
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return file.name


_BARE = re.compile(r"""[^.\\"'=\s](?:[^.\\"'=]*[^.\\"'=\s])?""")
_SEGMENT = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^.\\"']|\\.)(?:[^.\\]|\\.)*))\s*(\.|$)""")
_ESCAPED = re.compile(r"\\(.)")


def dotted(keys: Sequence[str | int]) -> str:
    """Keys as one dotted path, labels with a dot in quotes: `rules.domains.limits."1.2 农业".cap`."""
    return ".".join(_segment(str(key)) for key in keys)


def _segment(key: str) -> str:
    if _BARE.fullmatch(key):
        return key
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def undotted(path: str) -> tuple[str, ...]:
    """The keys of a dotted path. A dot inside a label is quoted or escaped; `ValueError` where it cannot be read."""
    keys: list[str] = []
    position, more = 0, True
    while more:
        found = _SEGMENT.match(path, position)
        if not found:
            raise ValueError(path)
        quoted, single, bare, stop = found.groups()
        keys.append(
            single if single is not None else _ESCAPED.sub(r"\1", quoted if bare is None else bare.strip())
        )
        position, more = found.end(), stop == "."
    return tuple(keys)
