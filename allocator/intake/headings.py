"""Finds the heading row of a table, and which column is which field.

The heading may stand in any of the first ten rows, over one row or two (申请资金 above 财政 and 自筹), in Chinese
or English, with units in brackets. The row that names the most fields is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from allocator.intake.grid import Grid, Odd
from allocator.intake.names import Heading, announces_unit, heading, key, said_unit
from allocator.records import Field, Sheet

ROWS = 10
"""Rows in which a heading is looked for."""
TITLE, ALIAS, NUMBER = range(3)
"""How well a name fits a field: its own title or key, another name, a mere running number."""
_RUNNING = frozenset(map(key, ("序号", "No.", "#")))


@dataclass(frozen=True)
class Match:
    """Column `column` (from 0) is `field`, as its `heading` says; `rank` says how exactly."""

    field: Field
    column: int
    heading: Heading
    rank: int


@dataclass(frozen=True, eq=False)
class Headings:
    """The heading of a table.

    first, last  its rows from 0 (alike but for a heading over two rows)
    texts        every column's heading, by column
    matches      the columns that are fields, by column
    unit         the unit of money that is announced above it, where one is; `units` all that are announced
    """

    first: int
    last: int
    texts: Mapping[int, Heading]
    matches: tuple[Match, ...]
    units: tuple[str, ...] = ()

    @property
    def unit(self) -> str | None:
        """The one unit of money that is announced above the heading."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def fields(self) -> frozenset[str]:
        """The keys of the fields that have a column."""
        return frozenset(m.field.key for m in self.matches)


def known_names(sheet: Sheet) -> dict[str, list[tuple[int, Field]]]:
    """Every comparable name of the sheet's fields, with how exact it is."""
    names: dict[str, list[tuple[int, Field]]] = {}
    for field in sheet.fields:
        for name in (field.title.zh, field.title.en, field.key):
            names.setdefault(key(name), []).append((TITLE, field))
        for name in field.aliases:
            rank = NUMBER if key(name) in _RUNNING else ALIAS
            names.setdefault(key(name), []).append((rank, field))
    return {name: sorted(found, key=lambda f: f[0]) for name, found in names.items()}


def find(grid: Grid, sheet: Sheet) -> Headings | None:
    """The heading of `sheet` in `grid`, None where no row names a field of it."""
    names = known_names(sheet)
    best: Headings | None = None
    for first, last, texts in _candidates(grid):
        matches = tuple(m for column, said in texts.items() if (m := _match(names, column, said)))
        found = Headings(first, last, texts, matches)
        if best is None or _worth(found) > _worth(best):
            best = found
    if best is None or not best.matches:
        return None
    return Headings(best.first, best.last, best.texts, best.matches, _units(grid, best.first))


def in_row(grid: Grid, sheet: Sheet, row: int, texts: Mapping[int, Heading]) -> Headings:
    """The heading that row `row` is, whatever it matches."""
    names = known_names(sheet)
    matches = tuple(m for column, said in texts.items() if (m := _match(names, column, said)))
    return Headings(row, row, texts, matches, _units(grid, row))


def find_named(grid: Grid, wanted: Sequence[str]) -> tuple[int, Mapping[int, Heading]] | None:
    """The row (of the first ten) that has the most of the headings `wanted`; with its texts by column."""
    keys = {key(w) for w in wanted}
    rows = [
        (sum(key(t.text) in keys for t in texts.values()), -last, texts)
        for _, last, texts in _candidates(grid)
    ]
    best = max(rows, key=lambda r: r[:2], default=(0, 0, {}))
    return (-best[1], best[2]) if best[0] else None


def _worth(found: Headings) -> tuple[int, int, int, int]:
    """More fields; then more units; then one row, since a title above or data below adds none; then the upper."""
    units = sum(m.field.kind == "money" and m.heading.unit is not None for m in found.matches)
    return len(found.fields), units, found.first - found.last, -found.first


def _match(names: Mapping[str, list[tuple[int, Field]]], column: int, said: Heading) -> Match | None:
    for name in said.keys:
        if name in names:
            rank, field = names[name][0]
            return Match(field, column, said, rank)
    return None


def _candidates(grid: Grid) -> Iterator[tuple[int, int, dict[int, Heading]]]:
    """Every reading of the first rows as a heading: one row alone, or two together; first row, last row, texts."""
    rows = [_spread(grid, r) for r in range(min(ROWS, len(grid.rows)))]
    for r, upper in enumerate(rows):
        yield r, r, {c: heading(t) for c, t in enumerate(upper) if t}
        if r + 1 < len(rows) and _may_be_two(grid, r) and not any(map(announces_unit, upper)):
            lower = rows[r + 1]
            width = max(len(upper), len(lower))
            pairs = [
                (upper[c] if c < len(upper) else "", lower[c] if c < len(lower) else "") for c in range(width)
            ]
            yield r, r + 1, {c: _joined(u, w) for c, (u, w) in enumerate(pairs) if u or w}


def _joined(upper: str, lower: str) -> Heading:
    """A heading over two rows: known by its lower part, by both together, or by the upper one where it stands alone."""
    if not upper or not lower or upper == lower:
        return heading(upper or lower)
    above, below = heading(upper), heading(lower)
    both = heading(f"{upper}{lower}")
    return Heading(below.text, (*below.keys, *both.keys), below.unit or above.unit)


def _may_be_two(grid: Grid, row: int) -> bool:
    """Whether a merge joins `row` and the next, or a merged cell of `row` heads several of the next."""
    return any(
        first[0] == row and (last[0] == row + 1 or (last[0] == row and last[1] > first[1]))
        for first, last in grid.merged
    ) or any(cell == "" for cell in grid.rows[row])


def _spread(grid: Grid, row: int) -> list[str]:
    """The texts of a row, with cells that are merged across filled in."""
    texts = ["" if isinstance(c, Odd) or not isinstance(c, str) else c.strip() for c in grid.rows[row]]
    for (r0, c0), (_, c1) in grid.merged:
        if r0 == row and c1 - c0 < 64:
            source = grid[r0, c0]
            texts += [""] * (c1 + 1 - len(texts))
            for c in range(c0, c1 + 1):
                texts[c] = source.strip() if isinstance(source, str) else ""
    return texts


def _units(grid: Grid, first: int) -> tuple[str, ...]:
    said = [said_unit(cell) for row in grid.rows[:first] for cell in row if isinstance(cell, str) and cell]
    return tuple(dict.fromkeys(unit for unit in said if unit))
