"""What stands in the cells of a report: kinds of value and how each looks, columns, ranges, charts by their ranges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from allocator.words import Lang, Text

Kind = Literal["text", "label", "code", "count", "money", "share", "score", "year", "worth", "fine"]
Role = Literal["head", "body", "subtotal", "total"]
Value = str | int | Text | None

FONTS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {"body": "仿宋", "head": "黑体"},
    "en": {"body": "Arial", "head": "Arial"},
}
"""Names as Chinese offices use them; a machine without them takes its own."""

LONGEST_CELL = 32_767
"""Characters that a cell holds; what is longer is cut and marked, never dropped."""

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a text may begin with that a spreadsheet, once the cell is edited, takes for a formula."""


@dataclass(frozen=True)
class Look:
    """How one kind of value stands in its cell.

    divisor  what the number is divided by on its way in (yuan to 万元, basis points to a part of 1); 0: text
    least, widest  the column's width in half-width characters; wider text wraps
    """

    number: str
    align: str
    divisor: int
    least: float
    widest: float


LOOKS: Mapping[Kind, Look] = {
    "text": Look("@", "left", 0, 8, 26),
    "label": Look("@", "center", 0, 6, 12),
    "code": Look("@", "center", 0, 6, 13),
    # “_ ” keeps figures off the line to their right
    "count": Look("#,##0_ ", "right", 1, 5, 16),
    "money": Look("#,##0.00_ ", "right", 10_000, 9, 18),
    "share": Look("0.00%_ ", "right", 10_000, 7, 12),
    "score": Look("0.00_ ", "right", 100, 6, 10),
    "year": Look("0", "center", 1, 6, 8),
    # worth in micro-units; a share in millionths, for breakpoints that basis points cannot tell apart
    "worth": Look("#,##0.00_ ", "right", 1_000_000, 9, 16),
    "fine": Look("0.0000%_ ", "right", 1_000_000, 9, 12),
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    sums    whether subtotals and totals add it up
    span    over how many columns of the sheet it stands
    widest  the width past which its text wraps, in half-width characters; None: the kind's
    """

    title: Text
    kind: Kind = "text"
    sums: bool = False
    span: int = 1
    widest: float | None = None

    @property
    def wraps_at(self) -> float:
        """The width past which its text wraps."""
        return LOOKS[self.kind].widest if self.widest is None else self.widest


@dataclass(frozen=True)
class Figure:
    """A cell of another kind than its column's."""

    value: Value
    kind: Kind


Cell = Value | Figure


@dataclass(frozen=True)
class Range:
    """Cells of one sheet, both ends among them, counted from 0."""

    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int

    def listed(self) -> list[Any]:
        """As a chart's writer takes it."""
        return [self.sheet, self.first_row, self.first_col, self.last_row, self.last_col]


@dataclass(frozen=True)
class Series:
    """One series of a chart, by where its cells are."""

    name: Text
    categories: Range
    values: Range


@dataclass(frozen=True)
class Scale:
    """An axis of quantities: what it measures, its figures' format, its two ends and the step between its marks."""

    name: Text | None
    number: str
    ends: tuple[float, float] | None = None
    step: float | None = None


@dataclass(frozen=True)
class Picture:
    """A native chart: stacked columns, bars (which have room for long names), a doughnut; lines or points.

    up      the axis of values
    across  the x axis of lines and points
    """

    title: Text
    kind: Literal["stacked", "stacked_bars", "bars", "doughnut", "lines", "points"]
    series: tuple[Series, ...]
    up: Scale = Scale(None, "#,##0")
    across: Scale = Scale(None, "0")


def sheet_name(name: str, taken: Sequence[str] = ()) -> str:
    """`name` as a sheet may be called: at most 31 characters, none of []:*?/\\, no apostrophe at its ends.

    One whose name is among `taken` (capitals are no difference) has a number after it.
    """
    wanted, number = _short(name), 1
    found, others = wanted, {t.casefold() for t in taken}
    while found.casefold() in others:
        number += 1
        found = f"{wanted[:27].rstrip()} {number}"
    return found


def _short(name: str) -> str:
    whole = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")
    short = whole[:31]
    if len(whole) > 31 and whole[31] != " " and " " in short[15:]:
        short = short.rpartition(" ")[0]  # not in the middle of a word
    return short.rstrip("' ×·") or "-"


def width_of(text: str) -> int:
    """The width of a text in half-width characters: a full-width one counts as two."""
    return len(text.encode("gbk", "replace"))


def longest_word(text: str) -> int:
    """The widest part of a heading that cannot be broken: a Chinese one breaks anywhere, here after four characters."""
    return max((min(width_of(w), 8) if not w.isascii() else len(w) for w in text.split()), default=0)
