"""Writes a study's workbook: a sheet for what it comes to, one for each table, with native charts under it."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

from allocator.report.book import Book
from allocator.report.cells import LOOKS, Column, Picture, Series
from allocator.report.grid import Grid
from allocator.report.page import CHART_ROWS
from allocator.studies.scale import across_scale, up_scale
from allocator.studies.study import Study
from allocator.studies.table import Graph, Table
from allocator.words import Lang, say

MOST_ROWS = 28
"""Rows of a chart that still stands on one paper, below a heading that is repeated there."""

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
                _sheet(book, table, study.in_money)


def _sheet(book: Book, table: Table, in_money: bool) -> None:
    unit = say("study.sheet.unit") if table.has_amounts(in_money) else None
    page = book.page(table.title, table.title, unit)
    label_at = next((i for i, c in enumerate(table.columns) if not LOOKS[c.kind].divisor), 0)
    grid = page.grid([Column(c.title, c.kind, c.sums, widest=c.widest) for c in table.columns], label_at)
    grid.rows(table.rows)
    if any(c.sums for c in table.columns) and table.rows:
        grid.total()
    page.keep_heading(grid, filtered=len(table.rows) > 12)
    for note in table.notes:
        page.note(note)
    if table.graphs and len(table.rows) > 1:
        rows = max(_rows(table, graph) for graph in table.graphs)
        first = page.keep_for_charts((len(table.graphs) + 1) // 2, rows)
        page.charts(first, [_picture(table, graph, grid) for graph in table.graphs], rows)


def _rows(table: Table, graph: Graph) -> int:
    """The rows that a chart takes: bars stand one below the other, and every name has its line."""
    if graph.kind != "bars":
        return CHART_ROWS
    return min(MOST_ROWS, max(CHART_ROWS, 8 + math.ceil(1.2 * len(graph.of(table).rows))))


def _picture(table: Table, graph: Graph, grid: Grid) -> Picture:
    """The native chart of a graph, by where its columns stand."""
    at = [table.column(key) for key in graph.y]
    table = graph.of(table)
    shown = grid.first, grid.first + len(table.rows) - 1
    names = grid.column(table.column(graph.x), shown)
    series = tuple(Series(table.columns[i].title, names, grid.column(i, shown)) for i in at)
    up = up_scale(table, graph)
    if graph.kind in ("bars", "stacked"):
        return Picture(graph.title, graph.kind, series, up)
    return Picture(graph.title, graph.kind, series, up, across_scale(table, graph))
