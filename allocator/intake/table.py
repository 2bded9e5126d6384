"""A sheet's rows as records: each column read by its field, every fault with its cell.

Columns hold few distinct cells (scores, labels, years), so each distinct one is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from allocator.intake.cells import Reader, Rounded
from allocator.intake.grid import Cell, Grid, Odd, letters
from allocator.intake.mask import Masked
from allocator.intake.names import PERCENT, Heading, unit_of
from allocator.intake.rows import body
from allocator.intake.said import Fault, said_as, short
from allocator.money import UNITS
from allocator.problems import Place, Problem, Problems
from allocator.records import Records, Sheet
from allocator.words import Text, say

MOST_ALIKE = 200
"""From this many faults of one kind in one column on, one message stands for all of them."""
_ONCE = ("amount_bare",)
"""Faults of a column rather than of its cells."""
_SHOWN = ("money", "share", "count", "score")
"""Kinds whose number a cell's format may show as another one."""
_NAMES = ("text", "label", "code", "year", "flag")
"""Kinds that a cell merged over several rows says of each of them; an amount would be counted twice."""


@dataclass(frozen=True)
class Bound:
    """A column that is a field: where it is, what its heading says, how its cells are read."""

    reader: Reader
    column: int
    heading: str


@dataclass(frozen=True)
class Made:
    """A field that no column holds: one constant, or a text for each row (from 0)."""

    reader: Reader
    make: Callable[[int], str]
    key: str


@dataclass(frozen=True)
class Found:
    """One fault and its cell, until all of a column are known."""

    row: int
    column: int
    heading: str
    fault: Fault
    notice: bool = False


def records(
    grid: Grid,
    sheet: Sheet,
    heading: Mapping[int, Heading],
    start: int,
    bound: Sequence[Bound],
    made: Sequence[Made],
    wanted: Callable[[int], bool] | None,
    problems: Problems,
) -> Records:
    """The records of `grid` from row `start` on; faults go to `problems`, and their values are None.

    `wanted` tells the rows that a scenario keeps; None keeps all.
    """
    columns = {b.reader.field.key: b for b in bound}
    _spread_merges(grid, start, bound)
    names = columns.get((*sheet.unique, "id")[0])
    needed = [b.column for b in bound if b.reader.field.required]
    found_body = body(grid, start, names.column if names else None, needed, heading)
    kept = [r for r in found_body.kept if wanted is None or wanted(r)]
    _note_skipped(grid, found_body.skipped, problems)
    _note_unseen(grid, kept, [b.column for b in bound], problems)
    found: list[Found] = []
    if grid.sheet is None:
        found += _too_wide(grid, kept, max(heading, default=0))
    values: dict[str, list[Any]] = {}
    for field in sheet.fields:
        column = columns.get(field.key)
        if column is not None:
            cells = _cells(grid, kept, column)
            values[field.key] = _read(column.reader, cells, kept, column.column, column.heading, found)
        else:
            values[field.key] = [None] * len(kept)
    for maker in made:
        first = bound[0].column if bound else 0
        texts: list[Cell] = [maker.make(r) for r in kept]
        values[maker.reader.field.key] = _read(maker.reader, texts, kept, first, maker.key, found)
    _repeated(sheet, values, kept, columns, found)
    _report(grid, found, problems)
    return Records(sheet, values, _locator(grid, kept, columns))


def _locator(
    grid: Grid, kept: Sequence[int], columns: Mapping[str, Bound]
) -> Callable[[int, str | None], Place]:
    file, sheet = grid.file, grid.sheet
    names = {key: letters(b.column) for key, b in columns.items()}
    first = letters(min((b.column for b in columns.values()), default=0))

    def locate(row: int, key: str | None) -> Place:
        return Place(file, sheet, f"{names.get(key, first) if key else first}{kept[row] + 1}")

    return locate


def _cells(grid: Grid, kept: Sequence[int], column: Bound) -> list[Cell]:
    c, rows = column.column, grid.rows
    try:
        cells = [rows[r][c] for r in kept]
    except IndexError:
        cells = [rows[r][c] if c < len(rows[r]) else "" for r in kept]
    if grid.sheet is not None and column.reader.field.kind in _SHOWN:
        if column.reader.field.kind == "share":
            _percentages(grid, kept, c, cells)
        else:
            _shown_otherwise(grid, kept, column, cells)
    return cells


def _percentages(grid: Grid, kept: Sequence[int], column: int, cells: list[Cell]) -> None:
    """Write out the numbers of cells that are formatted as percentages: 0.125 is 12.5%."""
    looks = grid.looks()
    marked = None if looks is None else looks.shown
    for i, r in enumerate(kept):
        cell = cells[i]
        if isinstance(cell, float):
            if marked is not None and (r, column) in marked and marked[r, column].percent:
                cells[i] = f"{Decimal(repr(cell)) * 100:f}%"
            elif marked is None and 0 < abs(cell) <= 1:
                cells[i] = Odd("share_unclear", said_as(cell))


def _shown_otherwise(grid: Grid, kept: Sequence[int], column: Bound, cells: list[Cell]) -> None:
    """Refuse numbers whose format shows another number, or another unit, than would be read."""
    looks = grid.looks()
    if looks is None or not looks.shown:
        return
    for i, r in enumerate(kept):
        cell, look = cells[i], looks.shown.get((r, column.column))
        if look is None or not isinstance(cell, float) or not cell:
            continue
        own = UNITS[column.reader.unit] if column.reader.unit else 1
        said = unit_of(look.words)
        means = UNITS[said] if said and said != PERCENT else own
        if means != look.scale * own:
            cells[i] = Odd("number_shown", f"{said_as(cell)}（{look.format}）")


def _read(
    reader: Reader, cells: Sequence[Cell], kept: Sequence[int], column: int, heading: str, found: list[Found]
) -> list[Any]:
    if bool in set(map(type, cells)):  # True and 1.0 are one key
        values = [reader.read(cell) for cell in cells]
    else:
        known = {cell: reader.read(cell) for cell in set(cells)}
        values = [known[cell] for cell in cells]
        if not any(v is None or isinstance(v, (Fault, Rounded, Masked)) for v in known.values()):
            return values
    missing = Fault(
        "missing_choice" if reader.field.choices else "missing", choices="、".join(reader.field.choices)
    )
    for i, value in enumerate(values):
        if value is None and reader.field.required:
            found.append(Found(kept[i], column, heading, missing))
        elif isinstance(value, Fault):
            found.append(Found(kept[i], column, heading, value))
            values[i] = None
        elif isinstance(value, Masked):
            values[i] = str(value)
            found.append(Found(kept[i], column, heading, Fault("masked"), notice=True))
        elif isinstance(value, Rounded):
            values[i] = int(value)
            fault = Fault("score_rounded", value=said_as(cells[i]), points=f"{Decimal(int(value)) / 100}")
            found.append(Found(kept[i], column, heading, fault, notice=True))
    return values


def _spread_merges(grid: Grid, start: int, bound: Iterable[Bound]) -> None:
    """Let a name that is merged over several rows stand in each of them, and an amount in none but the first."""
    kinds = {b.column: b.reader.field.kind for b in bound}
    for (r0, c0), (r1, _) in grid.merged:
        if r0 >= start and r1 > r0 and c0 in kinds and grid[r0, c0] != "":
            value = grid[r0, c0] if kinds[c0] in _NAMES else Odd("cell_merged", f"{letters(c0)}{r0 + 1}")
            for r in range(r0 + 1, min(r1 + 1, len(grid.rows))):
                if any(c != c0 and cell != "" for c, cell in enumerate(grid.rows[r])):
                    grid.rows[r] += [""] * (c0 + 1 - len(grid.rows[r]))
                    grid.rows[r][c0] = value


def _too_wide(grid: Grid, kept: Sequence[int], last: int) -> Iterable[Found]:
    """Rows of a text file with more cells than the heading: an unquoted delimiter has shifted them."""
    for r in kept:
        if len(grid.rows[r]) > last + 1 and any(cell != "" for cell in grid.rows[r][last + 1 :]):
            yield Found(r, last + 1, "", Fault("row_wide", cells=len(grid.rows[r]), columns=last + 1))


def _repeated(
    sheet: Sheet,
    values: Mapping[str, Sequence[Any]],
    kept: Sequence[int],
    columns: Mapping[str, Bound],
    found: list[Found],
) -> None:
    if not sheet.unique or not all(key in columns for key in sheet.unique):
        return
    at = columns[sheet.unique[-1]]
    headings = " + ".join(columns[key].heading for key in sheet.unique)
    seen: dict[tuple[Any, ...], int] = {}
    for i, names in enumerate(zip(*(values[key] for key in sheet.unique), strict=True)):
        if None in names:
            continue
        first = seen.setdefault(names, i)
        if first != i:
            cell = f"{letters(at.column)}{kept[first] + 1}"
            fault = Fault("repeated", value=short(" + ".join(map(str, names))), first=cell)
            found.append(Found(kept[i], at.column, headings, fault))


def _note_skipped(grid: Grid, skipped: Mapping[int, str], problems: Problems) -> None:
    """One notice for each reason, at the first row that was skipped for it."""
    for why in dict.fromkeys(skipped.values()):
        rows = sorted(r for r, w in skipped.items() if w == why)
        said = ", ".join(str(r + 1) for r in rows[:5]) + (", …" if len(rows) > 5 else "")
        problems.add(grid.place(rows[0], 0), f"intake.{why}", level="notice", rows=said)


def _note_unseen(grid: Grid, kept: Sequence[int], columns: Sequence[int], problems: Problems) -> None:
    """What is read though its reader may not see it: hidden rows and columns, and rows that are struck out."""
    looks = grid.looks()
    if looks is None or not (looks.rows or looks.columns or looks.struck):
        return
    struck = {r for r, c in looks.struck if c in columns}
    for why, rows in (("row_hidden", looks.rows), ("row_struck", struck)):
        _note_skipped(grid, {r: why for r in kept if r in rows}, problems)
    hidden = sorted(c for c in columns if c in looks.columns)
    if hidden:
        said = ", ".join(map(letters, hidden))
        problems.add(grid.place(0, hidden[0]), "intake.column_hidden", level="notice", columns=said)


def _report(grid: Grid, found: Iterable[Found], problems: Problems) -> None:
    """Note the faults in reading order; many alike in one column are said once."""
    groups: dict[tuple[int, str], list[Found]] = {}
    for f in found:
        groups.setdefault((f.column, f.fault.code), []).append(f)
    said: list[tuple[Found, Text | None]] = []
    for alike in groups.values():
        alike.sort(key=lambda f: f.row)
        if (
            len(alike) > (0 if alike[0].notice or alike[0].fault.code in _ONCE else MOST_ALIKE)
            and len(alike) > 1
        ):
            last = f"{letters(alike[-1].column)}{alike[-1].row + 1}"
            said.append((alike[0], say("intake.more", count=len(alike) - 1, last=last)))
        else:
            said += [(f, None) for f in alike]
    for f, more in sorted(said, key=lambda s: (s[0].row, s[0].column)):
        own = Problems()
        own.add(
            grid.place(f.row, f.column),
            f"intake.{f.fault.code}",
            level="notice" if f.notice else "error",
            heading=f.heading,
            **f.fault.values,
        )
        for problem in own:
            problems.note(problem if more is None else replace(problem, what=_with(problem, more)))


def _with(problem: Problem, more: Text) -> Text:
    return Text(problem.what.zh + more.zh, problem.what.en + more.en)
