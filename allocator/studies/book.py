"""Writes a study's workbook: a sheet for what it comes to, one for each table, with native charts under it."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

from allocator.report.book import Book
from allocator.report.cells import LOOKS, Column, Picture, Series
from allocator.report.grid import Grid
from allocator.studies.study import Study
from allocator.studies.table import Graph, Table
from allocator.words import Lang, say

MADE = datetime(2020, 9, 28)
"""The date that the file bears: the same results are the same bytes."""


def write_book(study: Study, path: Path, lang: Lang, mark: str = "") -> None:
    """Write the workbook of a study. `mark` stands beside the title of every sheet."""
    with Book(path, lang, title=study.title.to(lang), made=MADE, mark=mark, spoken=study.spoken) as book:
        said = study.said()
        if said:
            page = book.page(say("study.sheet.said"), study.title)
            page.grid([Column(say("study.sheet.sentence"), "text", widest=110)]).rows([[t] for t in said])
        for table in study.tables():
            if table.rows or table.notes:
                _sheet(book, table)


def _sheet(book: Book, table: Table) -> None:
    money = any(c.kind == "money" for c in table.columns)
    page = book.page(table.title, table.title, say("study.sheet.unit") if money else None)
    label_at = next((i for i, c in enumerate(table.columns) if not LOOKS[c.kind].divisor), 0)
    grid = page.grid([Column(c.title, c.kind, c.sums, widest=c.widest) for c in table.columns], label_at)
    grid.rows(table.rows)
    if any(c.sums for c in table.columns) and table.rows:
        grid.total()
    page.keep_heading(grid, filtered=len(table.rows) > 12)
    for note in table.notes:
        page.note(note)
    if table.graphs and len(table.rows) > 1:
        first = page.keep_for_charts((len(table.graphs) + 1) // 2)
        page.charts(first, [_picture(table, graph, grid) for graph in table.graphs])


def rounded_out(low: float, high: float) -> tuple[float, float]:
    """The least stretch of whole steps about `low` to `high`: steps of 1, 2 or 5 by a power of ten, five or more."""
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(k * power for k in (5, 2, 1) if k * power <= (high - low) / 5)
    return round(math.floor(low / step) * step, 9), round(math.ceil(high / step) * step, 9)


def _picture(table: Table, graph: Graph, grid: Grid) -> Picture:
    """The native chart of a graph, by where its columns stand."""
    at, x = [table.column(key) for key in graph.y], table.columns[table.column(graph.x)]
    table = graph.of(table)
    shown = grid.first, grid.first + len(table.rows) - 1
    names = grid.column(table.column(graph.x), shown)
    series = tuple(Series(table.columns[i].title, names, grid.column(i, shown)) for i in at)
    number = LOOKS[table.columns[at[0]].kind].number.removesuffix("_ ")
    if graph.kind in ("bars", "stacked"):
        return Picture(graph.title, graph.kind, series, number)
    look = LOOKS[x.kind]
    known = [v / look.divisor for v in table.values(graph.x) if isinstance(v, int)]
    reach = (min(known), max(known)) if known and min(known) < max(known) else None
    if reach is not None and graph.kind == "points":
        reach = rounded_out(*reach)
    return Picture(graph.title, graph.kind, series, number, x.title, look.number.removesuffix("_ "), reach)
