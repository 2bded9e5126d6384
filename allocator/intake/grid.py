"""One sheet as it stands in its file, before anybody knows what its columns mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.intake.looks import Looks
from allocator.problems import Place

Cell = Any
"""str ('' is blank), float, bool, date, datetime, time, timedelta, or `Odd`."""

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of a merged range, from 0."""


@dataclass(frozen=True)
class Odd:
    """A cell that holds no value though it is not blank: `code` is the fault to report, `text` what stands there."""

    code: str
    text: str = ""


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of one sheet, row by row from A1; rows may be of unequal length.

    `sheet` is None for a text file. `looks` is what the sheet's look says (number formats, what is hidden or struck
    out), None where the file cannot tell; it is looked up only when asked.
    """

    file: str
    sheet: str | None
    rows: list[list[Cell]]
    merged: Sequence[Merge] = ()
    visible: bool = True
    looks: Callable[[], Looks | None] = lambda: None

    def place(self, row: int | None = None, column: int | None = None, key: str | None = None) -> Place:
        """The cell at `row`, `column` (from 0), or the sheet as a whole."""
        cell = None if row is None else f"{letters(column or 0)}{row + 1}"
        return Place(self.file, self.sheet, cell, key=key)

    def __getitem__(self, at: tuple[int, int]) -> Cell:
        row = self.rows[at[0]] if at[0] < len(self.rows) else []
        return row[at[1]] if at[1] < len(row) else ""


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
