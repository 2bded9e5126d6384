"""Which rows below a heading are records: totals, footers, repeated headings and blank rows are not.

A row in the middle that merely lacks its id is a record with a fault, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from unicodedata import normalize

from allocator.intake.grid import Cell, Grid
from allocator.intake.names import Heading, key, tidy

Why = Literal["row_total", "row_footer", "row_heading", "row_numbers"]

_TOTAL = re.compile(
    r".{0,16}(?:合计|总计|小计|共计|累计|平均分?|均值)(?:\(.*\))?"
    r"|(?:grand ?)?(?:sub ?)?totals?(?:\(.*\))?|average|mean",
    re.I,
)
_FOOTER = re.compile(
    r"(?:注|说明|备注|填表说明|填[表报](?:人|单位|日期|时间)|制表(?:人|单位|日期)?|审[核批](?:人|意见)?|复核人?|经办人?"
    r"|(?:单位|部门|项目)?负责人|(?:分管|主管)领导|联系(?:人|电话)|日期|单位(?:公章|盖章)?|盖章"
    r"|prepared by|approved by|reviewed by|checked by|notes?|remarks?|source)(?:\d{1,2})?\s*(?:[:(].*|$)",
    re.I | re.S,
)


@dataclass(frozen=True)
class Body:
    """The rows of a table: `kept` are records; `skipped` is why others are none, by row (from 0)."""

    kept: list[int]
    skipped: dict[int, Why] = field(default_factory=dict)


def body(
    grid: Grid,
    start: int,
    id_column: int | None,
    needed: Sequence[int],
    heading: Mapping[int, Heading],
) -> Body:
    """The records from row `start` on. `id_column` holds what names a record; `needed` are the columns required."""
    kept: list[int] = []
    skipped: dict[int, Why] = {}
    names: dict[Cell, bool] = {}
    for r in range(start, len(grid.rows)):
        row = grid.rows[r]
        name = row[id_column] if id_column is not None and id_column < len(row) else ""
        plain = names.get(name)
        if plain is None:
            plain = names[name] = _names_a_record(name)
        if plain:
            kept.append(r)
        elif not blank(row):
            why = _why(row, name if id_column is not None else None, needed)
            if why:
                skipped[r] = why
            else:
                kept.append(r)
    for r in [r for r in kept[:200] if _repeats(grid.rows[r], heading)]:
        skipped[r] = "row_heading"
    if kept and kept[0] == start and _counts_columns(grid.rows[start]):
        skipped[start] = "row_numbers"
    _end(grid, kept, skipped, needed)
    return Body([r for r in kept if r not in skipped], skipped)


def blank(row: Sequence[Cell]) -> bool:
    """Whether a row says nothing at all."""
    return not any(not isinstance(cell, str) or tidy(cell) for cell in row)


def _names_a_record(name: Cell) -> bool:
    if not isinstance(name, str):
        return True
    said = normalize("NFKC", tidy(name))
    return bool(said) and not _TOTAL.fullmatch(_close(said)) and not _FOOTER.fullmatch(said)


def _why(row: Sequence[Cell], name: Cell | None, needed: Sequence[int]) -> Why | None:
    """What a row is that has no plain id: a total or a footer if its first words say so, else a record."""
    first = next((cell for cell in row if isinstance(cell, str) and tidy(cell)), "")
    if name is None:
        if all(c < len(row) and row[c] != "" for c in needed):
            return None
    elif name != "" and name != first:
        return None
    said = normalize("NFKC", tidy(first))
    if _TOTAL.fullmatch(_close(said)):
        return "row_total"
    return "row_footer" if _FOOTER.fullmatch(said) else None


def _close(said: str) -> str:
    return re.sub(r"[\s:]+", "", said)


def _repeats(row: Sequence[Cell], heading: Mapping[int, Heading]) -> bool:
    """Whether a row is the heading again, as pages pasted below each other have it."""
    pairs = [(cell, heading[c].text) for c, cell in enumerate(row) if c in heading and cell != ""]
    return len(pairs) >= 2 and all(isinstance(cell, str) and key(cell) == key(text) for cell, text in pairs)


def _counts_columns(row: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns: 1, 2, 3, ... as printed forms have it below their heading."""
    filled = [cell for cell in row if cell != ""]
    return len(filled) >= 5 and all(
        cell == n or (isinstance(cell, str) and key(cell) == str(n)) for n, cell in enumerate(filled, 1)
    )


def _end(grid: Grid, kept: Sequence[int], skipped: dict[int, Why], needed: Sequence[int]) -> None:
    """What follows a footer and fills no two of the required columns is footer too: a note's further lines."""
    footers = [r for r, why in skipped.items() if why == "row_footer"]
    if not footers:
        return
    least = min(2, len(needed))
    for r in reversed(kept):
        row = grid.rows[r]
        if r in skipped or sum(c < len(row) and row[c] != "" for c in needed) >= least:
            if r not in skipped:
                break
        elif r > footers[0]:
            skipped[r] = "row_footer"
