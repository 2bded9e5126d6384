"""Binds the columns of a found table to fields: by headings, and by what a scenario's `columns:` says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from allocator.data import ColumnSource, TableSource
from allocator.intake.cells import Reader
from allocator.intake.grid import Grid, letters
from allocator.intake.headings import Headings, Match, find, find_named, in_row
from allocator.intake.names import PERCENT, key, nearest
from allocator.intake.said import Fault, said_as
from allocator.intake.table import Bound, Made, records
from allocator.problems import Problems
from allocator.records import Field, Records, Sheet

PEEK = 50
"""Rows below a heading in which a column without one is looked for."""


@dataclass(frozen=True, eq=False)
class _Table:
    """One table while its columns are being bound."""

    grid: Grid
    sheet: Sheet
    source: TableSource
    headings: Headings
    problems: Problems

    def fault(self, code: str, column: int = 0, at: str | None = None, **values: Any) -> None:
        """Note a fault at a cell of the heading row; `at` is the scenario's key where that is to be mended."""
        self.problems.add(self.grid.place(self.headings.last, column, at), f"intake.{code}", **values)

    def column(self, name: str, at: str) -> int | None:
        """The column headed `name`, by its whole text; None, and a fault, where there is none or there are two."""
        found = [c for c, t in self.headings.texts.items() if key(t.text) == key(name)]
        if len(found) == 1:
            return found[0]
        if found:
            self.fault(
                "column_twice", found[1], at, heading=name, first=letters(found[0]), second=letters(found[1])
            )
        else:
            there = [t.text for t in self.headings.texts.values()]
            self.fault("named_absent", 0, at, name=name, near=nearest(name, there) or "、".join(there[:20]))
        return None


def bind(grid: Grid, sheet: Sheet, source: TableSource, problems: Problems) -> Records | None:
    """`grid` as the records of `sheet`; None where its columns cannot be told, with the faults noted."""
    headings = _headings(grid, sheet, source)
    if headings is None:
        wanted = "、".join(f.title.zh for f in sheet.fields if f.required)
        problems.add(grid.place(0, 0), "intake.heading_absent", wanted=wanted)
        return None
    table = _Table(grid, sheet, source, headings, problems)
    before = len(problems.errors)
    bound, made = _bind(table)
    wanted_row = _where(table)
    if len(problems.errors) > before:
        return None
    found = records(grid, sheet, headings.texts, headings.last + 1, bound, made, wanted_row, problems)
    constants = dict(_constants(table))
    if constants:
        columns = {k: [constants[k]] * len(found) if k in constants else v for k, v in found.columns.items()}
        found = Records(sheet, columns, found.locate)
    if sheet.required and not len(found):
        table.fault("table_filtered" if source.where else "table_empty")
    return found


def _headings(grid: Grid, sheet: Sheet, source: TableSource) -> Headings | None:
    named = [c.column for c in source.columns.values() if c.column is not None] + list(source.where)
    if not named:
        return find(grid, sheet)
    row = find_named(grid, named)
    return in_row(grid, sheet, *row) if row else None


def _bind(table: _Table) -> tuple[list[Bound], list[Made]]:
    """The columns and templates of the scenario first, then what the headings say of the fields that are left."""
    by_scenario = dict(_said(table))
    fixed = {*by_scenario, *table.source.constants}
    bound = [b for b in by_scenario.values() if isinstance(b, Bound)]
    made = [m for m in by_scenario.values() if isinstance(m, Made)]
    used = {b.column for b in bound}
    matches = [m for m in table.headings.matches if m.field.key not in fixed and m.column not in used]
    spare: set[int] = set()
    told: set[int | None] = set()
    for field in table.sheet.fields:
        own = sorted((m for m in matches if m.field is field), key=lambda m: m.rank)
        if len(own) > 1 and own[0].rank == own[1].rank:
            first, second = own[0], own[1]
            table.fault(
                "field_twice",
                second.column,
                heading=second.heading.text,
                first=f"{letters(first.column)}{table.headings.last + 1}",
                title=field.title,
            )
        elif own:
            bound.append(Bound(_reader(table, own[0]), own[0].column, own[0].heading.text))
        elif field.required and field.key not in fixed:
            told.add(_missing(table, field))
        spare |= {m.column for m in own[1:]}
    bare = [m for m in matches if m.field.kind == "money" and m.heading.unit is None]
    if bare and len(table.headings.units) > 1:
        table.fault("units_conflict", bare[0].column, units=", ".join(table.headings.units))
    if not table.source.columns:
        _unknown(table, {m.column for m in matches} | spare | told)
    return bound, made


def _reader(table: _Table, match: Match) -> Reader:
    unit, field = match.heading.unit, match.field
    if field.kind != "money":
        return Reader(field, percent=unit == PERCENT)
    return Reader(field, unit=(None if unit == PERCENT else unit) or table.headings.unit or field.unit)


def _missing(table: _Table, field: Field) -> int | None:
    """Tell that a field has no column, at the heading that may be meant for it; that heading's column."""
    taken = {m.column for m in table.headings.matches}
    free = {t.text: c for c, t in table.headings.texts.items() if c not in taken}
    names = (field.title.zh, field.title.en, *field.aliases)
    near = next((found for name in names if (found := nearest(name, free, 0.6))), None)
    row = table.headings.last + 1
    if near is None:
        table.fault("column_missing", title=field.title, row=row)
        return None
    table.fault("column_missing_near", free[near], title=field.title, row=row, near=near)
    return free[near]


def _unknown(table: _Table, known: Collection[int | None]) -> None:
    """Headings that are no field's: told, since a misspelt one would otherwise be lost in silence."""
    names = [n for f in table.sheet.fields for n in (f.title.zh, f.title.en, *f.aliases)]
    for column, text in table.headings.texts.items():
        if column not in known:
            near = nearest(text.text, names, 0.6)
            code = "column_unknown_near" if near else "column_unknown"
            place = table.grid.place(table.headings.last, column)
            table.problems.add(place, f"intake.{code}", level="notice", heading=text.text, near=near)
    below = table.grid.rows[table.headings.last + 1 :][:PEEK]
    for column in range(max(map(len, below), default=0)):
        row = next((r for r, cells in enumerate(below) if column < len(cells) and cells[column] != ""), None)
        if row is not None and column not in table.headings.texts and table.grid.sheet is not None:
            place = table.grid.place(table.headings.last + 1 + row, column)
            table.problems.add(place, "intake.column_unnamed", level="notice")


# -- what the scenario says -------------------------------------------------------------------


def _said(table: _Table) -> Iterator[tuple[str, Bound | Made | None]]:
    fields = {f.key: f for f in table.sheet.fields}
    base = f"data.{table.sheet.key}"
    for name in table.source.constants:
        if name not in fields:
            _no_field(table, name, f"{base}.constants.{name}")
    for name, said in table.source.columns.items():
        at = f"{base}.columns.{name}"
        if name not in fields:
            _no_field(table, name, at)
        elif said.column is None:
            make = _template(table, said.template or "", at)
            yield name, make and Made(Reader(fields[name], unit=said.unit or fields[name].unit), make, name)
        else:
            column = table.column(said.column, at)
            yield name, None if column is None else _named(table, fields[name], said, column)


def _named(table: _Table, field: Field, said: ColumnSource, column: int) -> Bound:
    heading = table.headings.texts[column]
    own = None if heading.unit == PERCENT else heading.unit
    reader = Reader(
        field,
        unit=said.unit or own or table.headings.unit or field.unit,
        percent=heading.unit == PERCENT,
        out_of=said.out_of,
        values=said.map,
    )
    return Bound(reader, column, heading.text)


def _no_field(table: _Table, name: str, at: str) -> None:
    known = [f.key for f in table.sheet.fields]
    table.fault("field_unknown", 0, at, name=name, near=nearest(name, known) or ", ".join(known))


def _template(table: _Table, template: str, at: str) -> Callable[[int], str] | None:
    try:
        pieces = [(text, name) for text, name, _, _ in Formatter().parse(template)]
    except ValueError:
        table.fault("template", 0, at, template=template)
        return None
    columns = {n: -1 if n == "row" else table.column(n, at) for _, n in pieces if n is not None}
    if None in columns.values():
        return None

    def make(row: int) -> str:
        return "".join(
            text
            + (
                ""
                if name is None
                else str(row + 1)
                if name == "row"
                else said_as(table.grid[row, columns[name] or 0])
            )
            for text, name in pieces
        )

    return make


def _where(table: _Table) -> Callable[[int], bool] | None:
    wanted: list[tuple[int, str]] = []
    for name, value in table.source.where.items():
        column = table.column(name, f"data.{table.sheet.key}.where.{name}")
        if column is not None:
            wanted.append((column, key(value)))
    if not wanted:
        return None
    return lambda r: all(key(said_as(table.grid[r, c])) == value for c, value in wanted)


def _constants(table: _Table) -> Iterator[tuple[str, Any]]:
    fields: Mapping[str, Field] = {f.key: f for f in table.sheet.fields}
    for name, said in table.source.constants.items():
        if name in fields:
            value = Reader(fields[name], unit=fields[name].unit, percent=False).read(said)
            if isinstance(value, Fault):
                at = f"data.{table.sheet.key}.constants.{name}"
                table.fault(value.code, 0, at, heading=fields[name].title, **value.values)
            else:
                yield name, value
