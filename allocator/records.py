"""Records as they came in: columns of plain Python values, each of which knows its cell.

A `Sheet` says what a table holds, a `Field` what a column holds; readers, templates, checks and the normalised
copies in a run's folder all go by them. None in a column means absent, which is never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from allocator.problems import Place
from allocator.program import Bools, Ints
from allocator.words import Text

Kind = Literal["text", "label", "money", "share", "count", "year", "score", "flag", "code"]
"""How a cell is read, and what it becomes.

text, code  str (a code loses inner space and is upper-cased)
label       str, one of the field's choices where these are closed
money       int, whole yuan
share       int, basis points (a bare 12.5 in a column headed % is 12.5 %)
count, year int
score       int, hundredths of a point
flag        bool (是/否, Y/N, √, 1/0; blank is absent)
"""


@dataclass(frozen=True)
class Field:
    """One column: its key, its heading in both languages, other headings it is known by, how it is read.

    `unit` is what a bare number means where neither heading nor cell says (money only: 元, 万元, ...; None: an
    error). `low` and `high` bound the read value. `choices` closes a label. A `personal` number is masked,
    whatever it is.
    """

    key: str
    title: Text
    kind: Kind = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unit: str | None = None
    low: int | None = None
    high: int | None = None
    note: Text | None = None
    personal: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table of the input: its key, its sheet's name in both languages, its columns.

    `unique` names the columns that together must not repeat. A `required` sheet must be there.
    """

    key: str
    title: Text
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    required: bool = True

    def field(self, key: str) -> Field:
        """The field of that key. Raises `KeyError`."""
        for f in self.fields:
            if f.key == key:
                return f
        raise KeyError(key)


@dataclass(frozen=True, eq=False)
class Records:
    """A sheet as read: for each field a list of values, None where absent, all of one length.

    `locate(row, key)` gives the cell that a value came from (the row's first cell where key is None).
    """

    sheet: Sheet
    columns: Mapping[str, Sequence[Any]]
    locate: Callable[[int, str | None], Place] = field(repr=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, key: str) -> Sequence[Any]:
        return self.columns[key]

    def row(self, i: int) -> dict[str, Any]:
        """Row i as a dict of its values."""
        return {key: values[i] for key, values in self.columns.items()}

    def ints(self, key: str) -> Ints:
        """A whole-number column as int64 [n]; 0 where absent: ask `known` before believing a 0."""
        return np.array([0 if v is None else v for v in self.columns[key]], np.int64)

    def known(self, key: str) -> Bools:
        """Where a column says something: bool [n]."""
        return np.array([v is not None for v in self.columns[key]], bool)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Row by id, for sheets with an `id` column; the first where an id repeats."""
        found: dict[str, int] = {}
        for i, key in enumerate(self.columns["id"]):
            found.setdefault(key, i)
        return found


Tables = Mapping[str, Records]
"""All sheets of an input by their keys."""
