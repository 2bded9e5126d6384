"""What an axis of a chart is called, in what unit, and where it begins and ends: one word for every medium."""

from __future__ import annotations

import math
from collections.abc import Iterable

from allocator.report.cells import LOOKS, Figure, Kind, Scale
from allocator.studies.table import Graph, Table
from allocator.words import Text

PERCENT: frozenset[Kind] = frozenset({"share", "fine"})
WHOLE: frozenset[Kind] = frozenset({"count", "year"})


def called(title: Text | None, kind: Kind, unit: Text) -> Text | None:
    """A quantity with the unit that its figures do not show themselves: money and worth are told in `unit`."""
    if kind not in ("money", "worth"):
        return title
    return unit if title is None else Text(f"{title.zh}（{unit.zh}）", f"{title.en} ({unit.en})")


def up_name(table: Table, graph: Graph) -> Text | None:
    """What the axis of values measures; None where a legend says it all."""
    columns = [table.columns[table.column(key)] for key in graph.y]
    title = graph.up or (columns[0].title if len(columns) == 1 else None)
    return called(title, columns[0].kind, table.unit)


def across_name(table: Table, graph: Graph) -> Text | None:
    """What the x axis of lines and points measures."""
    x = table.columns[table.column(graph.x)]
    return called(x.title, x.kind, table.unit)


def up_scale(table: Table, graph: Graph) -> Scale:
    """The axis of values; bars begin at 0, and stacked ones end above their sum."""
    kind = table.columns[table.column(graph.y[0])].kind
    columns = [_known(table, key) for key in graph.y]
    known = [v for own in columns for v in own if v is not None]
    if graph.kind == "stacked":
        known = [sum(v or 0.0 for v in row) for row in zip(*columns, strict=True)]
    if graph.kind in ("bars", "stacked"):
        known.append(0.0)
    return _scale(up_name(table, graph), kind, known)


def across_scale(table: Table, graph: Graph) -> Scale:
    """The x axis of lines and points."""
    kind = table.columns[table.column(graph.x)].kind
    known = [v for v in _known(table, graph.x) if v is not None]
    return _scale(across_name(table, graph), kind, known)


def rounded_out(low: float, high: float, least: float = 0.0) -> tuple[float, float, float]:
    """The least stretch of whole steps about `low` to `high`, and the step: 1, 2 or 5 by a power of ten, four or more.

    least  no step is smaller. About a single value a twentieth of it is left on either side; nothing but 0 is 0 to 1.
    """
    if low == high:
        room = abs(low) / 20
        low, high = (low - room, high + room) if room else (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = max(least, next(k * power for k in (5, 2, 1) if k * power <= (high - low) / 4 * (1 + 1e-9)))
    ends = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
    return round(ends[0], 9), round(ends[1], 9), round(step, 9)


def _scale(name: Text | None, kind: Kind, known: Iterable[float]) -> Scale:
    values = list(known)
    number = LOOKS[kind].number.removesuffix("_ ")
    if not values:
        return Scale(name, number)
    low, high, step = rounded_out(min(values), max(values), 1.0 if kind in WHOLE else 0.0)
    return Scale(name, _number(kind, step), (low, high), step)


def _number(kind: Kind, step: float) -> str:
    """The format of an axis's figures: as many decimals as tell one step from the next."""
    if kind == "year":
        return "0"
    shown = step * 100 if kind in PERCENT else step
    decimals = max(0, -math.floor(math.log10(shown) + 1e-9))
    part = "." + "0" * decimals if decimals else ""
    return f"0{part}%" if kind in PERCENT else f"#,##0{part}"


def _known(table: Table, key: str) -> list[float | None]:
    """A column as its cells hold it; None where nothing is known."""
    kind = table.columns[table.column(key)].kind
    values = [v.value if isinstance(v, Figure) else v for v in table.values(key)]
    return [v / (LOOKS[kind].divisor or 1) if isinstance(v, int) else None for v in values]
