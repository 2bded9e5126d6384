"""A study's results as tables with the charts that are drawn of them: the one form that every medium reads.

The terminal, frames, JSON, the workbook's native charts and drawn pictures all come from the same columns, so that they
cannot say different things.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from allocator.money import show, show_share
from allocator.report.block import Block
from allocator.report.block import Cell as Told
from allocator.report.cells import LOOKS, Figure, Kind
from allocator.words import Lang, Text, same, say

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | Text | Figure | None
"""A cell: money in whole yuan, shares in basis points, worth in micro-units, None where nothing is known; a `Figure`
is of another kind than its column's."""

MONEY = same("万元")

ON_SCREEN = 40
"""Rows of a table that the terminal shows before it refers to the workbook."""


@dataclass(frozen=True)
class Col:
    """One column: its `key` in frames and JSON, its heading, and the kind of value that stands in it."""

    key: str
    title: Text
    kind: Kind = "text"
    sums: bool = False
    widest: float | None = None


@dataclass(frozen=True)
class Graph:
    """A chart of a table's columns, free of any medium.

    kind  lines (x is a quantity), points (x and y are quantities), bars, stacked (x names categories)
    x, y  columns by key; one series for each of `y`
    first  how many rows it shows, from the top down; all where None
    up  what the axis of values measures, where the columns' own titles do not say it
    """

    title: Text
    kind: Literal["lines", "points", "bars", "stacked"]
    x: str
    y: tuple[str, ...]
    first: int | None = None
    up: Text | None = None

    def of(self, table: Table) -> Table:
        """The table of the rows that are shown."""
        return table if self.first is None else replace(table, rows=table.rows[: self.first])


@dataclass(frozen=True)
class Table:
    """Rows under typed columns, the sentences under them, the charts of them.

    on_screen  how many rows the terminal shows, narrow: which columns, where not all have room; the rest is in frames,
    JSON and the workbook
    unit  what money and worth are told in, where a chart's axis names it
    """

    key: str
    title: Text
    columns: tuple[Col, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[Text, ...] = ()
    graphs: tuple[Graph, ...] = ()
    on_screen: int = ON_SCREEN
    narrow: tuple[str, ...] | None = None
    unit: Text = MONEY

    def column(self, key: str) -> int:
        """The place of a column."""
        return next(i for i, c in enumerate(self.columns) if c.key == key)

    def values(self, key: str) -> tuple[Value, ...]:
        """What stands in a column, from the top down."""
        at = self.column(key)
        return tuple(row[at] for row in self.rows)

    def has_amounts(self, worth: bool) -> bool:
        """Whether any column is of money, or of worth where that is told in money too."""
        return any(c.kind == "money" or (worth and c.kind == "worth") for c in self.columns)

    def respoken(self, spoken: Callable[[Text], Text]) -> Table:
        """The table with every text as `spoken` has it, in its charts too."""
        return replace(
            self,
            title=spoken(self.title),
            columns=tuple(replace(c, title=spoken(c.title)) for c in self.columns),
            rows=tuple(tuple(spoken(v) if isinstance(v, Text) else v for v in row) for row in self.rows),
            notes=tuple(spoken(n) for n in self.notes),
            graphs=tuple(
                replace(g, title=spoken(g.title), up=None if g.up is None else spoken(g.up))
                for g in self.graphs
            ),
            unit=spoken(self.unit),
        )

    def block(self) -> Block:
        """The table as the terminal shows it."""
        kept = [i for i, c in enumerate(self.columns) if self.narrow is None or c.key in self.narrow]
        columns = [self.columns[i] for i in kept]
        rows: list[tuple[Told, ...]] = [
            tuple(shown(row[i], self.columns[i].kind) for i in kept) for row in self.rows[: self.on_screen]
        ]
        notes = self.notes
        if len(self.rows) > self.on_screen:
            notes = (say("study.more", count=len(self.rows) - self.on_screen), *notes)
        texts = [i for i, c in enumerate(columns) if c.kind == "text"]
        return Block(
            self.title,
            tuple(c.title for c in columns),
            tuple(rows),
            notes,
            right=tuple(i for i, c in enumerate(columns) if LOOKS[c.kind].divisor),
            wraps=tuple(texts),
        )

    def frame(self, lang: Lang = "en") -> pd.DataFrame:
        """The table as a pandas frame: numbers in their whole units, texts in one language."""
        import pandas as pd

        rows = [[_bare(v, lang) for v in row] for row in self.rows]
        frame = pd.DataFrame(rows, columns=[c.key for c in self.columns])
        whole = {c.key: "Int64" for c in self.columns if LOOKS[c.kind].divisor}
        return frame.astype(whole)

    def as_json(self) -> list[dict[str, Any]]:
        """The rows as plain data: money in yuan, shares in basis points, worth in 万元 of quality-weighted need."""
        return [
            {c.key: _plain(v, c.kind) for c, v in zip(self.columns, row, strict=True)} for row in self.rows
        ]


def text_json(text: Text) -> dict[str, str]:
    """A text as JSON holds it."""
    return {"zh": text.zh, "en": text.en}


def _bare(value: Value, lang: Lang) -> str | int | None:
    """A value without its kind, in one language."""
    own = value.value if isinstance(value, Figure) else value
    return own.to(lang) if isinstance(own, Text) else own


def _plain(value: Value, kind: Kind) -> Any:
    if isinstance(value, Figure):
        return _plain(value.value, value.kind)
    if isinstance(value, Text):
        return text_json(value)
    if kind == "worth" and isinstance(value, int):
        return float(Decimal(value) / LOOKS[kind].divisor)
    return value


def shown(value: Value, kind: Kind) -> Told:
    """A value as people read it on the screen."""
    if isinstance(value, Figure):
        return shown(value.value, value.kind)
    if value is None:
        return "—" if LOOKS[kind].divisor else ""
    if not isinstance(value, int):
        return value
    if kind == "money":
        return show(value)
    if kind == "share":
        return show_share(value)
    divisor = LOOKS[kind].divisor
    if kind == "fine":
        return f"{Decimal(value) / (divisor // 100):,.4f}%"
    if kind in ("worth", "score"):
        return f"{Decimal(value) / divisor:,.2f}"
    return str(value) if kind in ("year", "text") else f"{value:,}"


def rows_of(rows: Sequence[Sequence[Value]]) -> tuple[tuple[Value, ...], ...]:
    """Rows as a table holds them."""
    return tuple(tuple(row) for row in rows)
