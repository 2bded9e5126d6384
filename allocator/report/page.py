"""One sheet of a workbook, written from its top down: title, tables, notes, charts, the line for signatures.

Widths and heights are set when everything is there: a column is as wide as its content, up to where its text wraps.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from allocator.report.cells import Column, Picture, width_of
from allocator.report.drawing import draw
from allocator.report.grid import Grid
from allocator.report.sheet import Sheet
from allocator.words import Text, say

if TYPE_CHECKING:
    from allocator.report.book import Book

A4 = 9
ACROSS, DOWN = (297 - 26) / 25.4 * 96, (210 - 34) / 25.4 * 96
"""Pixels across and down a landscape A4 page within its margins."""

PAD = 1.4
"""Width that a column has beyond its content, in half-width characters."""

LINE = 18.0
"""The height of a row of one line, in points."""

SQUEEZE = 1.6
"""A sheet that would take up to so many papers is made to fit on one: a second with three rows helps nobody."""

LAST = 0.35
"""A sheet of a few papers whose last one would hold no more than this part of a paper is made to fit on one less."""

FEW = 4
"""So many papers are a few."""

DENSE = 0.8
"""A long table that is narrower than its paper is printed at this scale: 8 points, and a fifth fewer papers."""

FONT_ROOM = 0.74
"""Part of the page's width that is used where the scale is set by hand: a viewer without the file's fonts makes columns
up to a third wider, and one that no longer fits would split every page."""

SMALLEST = 0.5
"""No page is scaled further down than this to fit on its paper."""

CHART_LEAST = 620
"""Pixels that a page with charts is wide at least: the columns of a narrow table are widened."""

CHART_ROWS = 17
ROW_PIXELS = 20


@dataclass(frozen=True)
class _Note:
    row: int
    text: str
    size: int
    head: bool


class Page:
    """A sheet being written; `row` is the next free one."""

    def __init__(self, book: Book, name: str, title: str, unit: str) -> None:
        self.book, self.name, self.title, self.unit = book, name, title, unit
        self.lang = book.lang
        self.sheet = book.file.add_worksheet(name, Sheet)
        self.row = 2
        self.columns = 1
        self.least: defaultdict[int, float] = defaultdict(float)
        self.wrapped: list[tuple[int, int, int, int]] = []
        """Cells whose text may take several lines: row, first column, columns, width of the text."""
        self.bodies: list[tuple[int, int]] = []
        """First and last row of each table, its headings among them."""
        self._by_hand: dict[int, int] = {}
        self._signed: int | None = None
        self._heights_set: dict[int, float] = {}
        self._notes: list[_Note] = []
        self._charts: list[tuple[int, int, Sequence[Picture]]] = []
        self._freeze: tuple[int, int] | None = None
        self._repeat: int | None = None
        self._breaks: list[int] = []
        self._ends: list[int] = []
        self._finished = False

    # -- writing --------------------------------------------------------------------------------

    def grid(self, columns: Sequence[Column], label_at: int = 0, split_by: int | None = None) -> Grid:
        """A table with its headings at the next row. See `Grid`."""
        return Grid(self, columns, label_at, split_by)

    def keep_heading(self, grid: Grid, columns: int = 0, filtered: bool = False) -> None:
        """Keep the grid's heading in sight: frozen with the first `columns`, and repeated on every printed page."""
        self._freeze = (grid.head + 1, columns)
        self._repeat = grid.head
        if filtered and grid.last >= grid.first:
            self.sheet.autofilter(grid.head, 0, grid.last, grid.width - 1)

    def heading(self, text: Text) -> None:
        """The title of a part of the page."""
        self.row += 1
        self._note(text, 11, head=True)

    def note(self, text: Text) -> None:
        """A sentence across the page."""
        self._note(text, 10, head=False)

    def sign(self) -> None:
        """The line for those who fill in and check."""
        self.row += 1
        self._signed = self.row
        self.row += 1

    def keep_for_charts(self, bands: int, rows: int = CHART_ROWS) -> int:
        """Keep `bands` bands of so many rows free for charts, and say where they begin."""
        first = self.row + 1
        self.row = first + bands * rows
        return first

    def charts(self, first: int, pictures: Sequence[Picture], rows: int = CHART_ROWS) -> None:
        """Native charts, two abreast, in the bands of so many rows that were kept from row `first` on."""
        for i in range(0, len(pictures), 2):
            self._charts.append((first + i // 2 * rows, rows, pictures[i : i + 2]))

    def new_paper(self) -> None:
        """What follows begins on a new sheet of paper."""
        self._breaks.append(self.row)

    def may_end(self) -> None:
        """What follows begins on a new sheet of paper too where this one would not hold it."""
        self._ends.append(self.row)

    def _note(self, text: Text, size: int, head: bool) -> None:
        self._notes.append(_Note(self.row, self.book.words(text), size, head))
        self.row += 1

    def needs(self, column: int, width: float) -> None:
        """The column is to be at least this wide."""
        self.least[column] = max(self.least[column], width)

    def keep_lines(self, row: int, lines: int) -> None:
        """A row of a table is to be at least so many lines tall: somebody writes into it."""
        self._by_hand[row] = lines

    # -- laying out -----------------------------------------------------------------------------

    def finish(self) -> None:
        """Set widths and heights, put titles, notes and charts across the page, and set up the paper."""
        if self._finished:
            return
        self._finished = True
        widths = [max(self.least[c], 4.0) + PAD for c in range(self.columns)]
        if self._charts:
            widths = _widened(widths, CHART_LEAST)
        for c, width in enumerate(widths):
            self.sheet.set_column(c, c, width)
        self._titles(widths)
        self._heights(widths)
        for note in self._notes:
            lines = math.ceil(width_of(note.text) * 1.1 / sum(widths))
            self._height(note.row, max(LINE, lines * (note.size + 4)))
            self._across(note.row, 0, self.columns - 1, note.text, self.book.plain(note.size, head=note.head))
        if self._signed is not None:
            self._height(self._signed, LINE + 4)
            self._across(self._signed, 0, self.columns - 1, self._spread(sum(widths)), self.book.plain(10))
        pixels = _pixels(widths)
        for row, rows, _ in self._charts:
            for r in range(row, row + rows):
                self._height(r, ROW_PIXELS * 0.75)
        self.sheet.set_heights(self._heights_set)
        for row, rows, pictures in self._charts:
            draw(self, row, pictures, pixels, rows * ROW_PIXELS)
        self._paper(pixels)

    def _spread(self, width: float) -> str:
        """The places to sign, set apart over the width of the page."""
        parts = self.book.words(say("book.sign")).split("|")
        gap = max(2, int((width - sum(width_of(p) for p in parts)) / len(parts)) - 1)
        return (" " * gap).join(parts)

    def _titles(self, widths: Sequence[float]) -> None:
        book, last = self.book, self.columns - 1
        self._height(0, 30)
        self._across(0, 0, last, self.title, book.plain(16, "center", head=True))
        total, reached, split = sum(widths), 0.0, 0
        while split < last - 1 and reached + widths[split] < total * 0.75:
            reached += widths[split]
            split += 1
        marked = book.mark and book.mark not in book.title
        left = f"{book.title}　{book.mark}" if marked else book.title
        if self.title == book.title:
            left = book.mark if marked else ""
        room = sum(widths) if last == 0 or not self.unit else sum(widths[: max(split, 1)])
        self._height(1, LINE * math.ceil(width_of(left) * 1.1 / max(room, 1.0)))
        if last == 0 or not self.unit:
            self._across(1, 0, last, left, book.plain(10, "left"))
            return
        split = max(split, 1)
        self._across(1, 0, split - 1, left, book.plain(10, "left"))
        self._across(1, split, last, self.unit, book.plain(10, "right"))

    def _heights(self, widths: Sequence[float]) -> None:
        """Rows of one line are set; so are those whose text wraps: merged cells would not grow by themselves."""
        lines = dict(self._by_hand)
        rooms: dict[tuple[int, int], float] = {}
        waste = (
            1.5 if self.lang == "zh" else 4.0
        )  # a line ends before a character or a word that does not fit
        for row, first, span, width in self.wrapped:
            room = rooms.get((first, span))
            if room is None:
                room = rooms[first, span] = max(sum(widths[first : first + span]) - waste, 2.0)
            lines[row] = max(lines.get(row, 1), math.ceil(width * 0.97 / room))
        for grid_first, grid_last in self.bodies:
            for row in range(grid_first, grid_last + 1):
                tall = lines.get(row, 1)
                self._height(row, LINE if tall == 1 else min(409.0, tall * 13.5 + 4.5))

    def _parted(self) -> list[int]:
        """Where papers end: past the smallest scale a further paper, from where it may begin, reads better."""
        breaks = []
        for top, end in pairwise([0, *self._breaks, self.row]):
            may = [row for row in self._ends if top < row < end]
            if may and self._fits(top, end) <= SMALLEST:
                breaks.append(may[-1])
            breaks.append(end)
        return breaks[:-1]

    def _between_bands(self, scale: float) -> list[int]:
        """Where papers end so that none cuts a chart in two: before each band of charts that they have no room for."""
        top, breaks = 0, []
        for row, rows, _ in self._charts:
            if self._tall(top, row + rows) * scale > 0.94 * DOWN:
                breaks.append(row)
                top = row
        return breaks

    def _fits(self, first: int, last: int) -> float:
        """The scale at which the rows from one down to another stand on one paper."""
        return 0.94 * DOWN / self._tall(first, last)

    def _tall(self, first: int, last: int) -> float:
        """The pixels from one row of the sheet down to another."""
        return sum(self._heights_set.get(r, 15.0) for r in range(first, last)) / 0.75

    def _height(self, row: int, points: float) -> None:
        self._heights_set[row] = points

    def _across(self, row: int, first: int, last: int, text: str, form: Any) -> None:
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", form)
        self.sheet.write_string(row, first, text, form)

    def _paper(self, pixels: int) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        footer = self.book.words(say("book.footer", page="&P", pages="&N"))
        name = self.name.replace("&", "&&")
        sheet.set_footer(f"&L&9{name}&C&9{footer}&R&9{self.book.mark.replace('&', '&&')}")
        sheet.print_area(0, 0, max(self.row - 1, 2), self.columns - 1)
        fits = min(1.0, ACROSS / pixels)
        papers = papers_for(self._tall(0, self.row) / DOWN, fits)
        if not self._breaks and self._charts and papers != 1:
            scale = min(1.0, ACROSS / pixels * FONT_ROOM)
            sheet.set_print_scale(max(10, int(scale * 100)))
            sheet.set_h_pagebreaks(self._between_bands(scale))
        elif not self._breaks:
            sheet.fit_to_pages(1, papers)
        else:  # a page that is fitted to its width ignores breaks, so this one is scaled by hand
            breaks = self._parted()
            first, *rest = (self._fits(top, end) for top, end in pairwise([0, *breaks, self.row]))
            scale = min(1.0, ACROSS / pixels * FONT_ROOM, first, *(r for r in rest if r > SMALLEST))
            sheet.set_print_scale(max(10, int(scale * 100)))
            sheet.set_h_pagebreaks(breaks)
        freeze = self._freeze or (2, 0)
        sheet.freeze_panes(*freeze)
        if self._repeat is not None:
            sheet.repeat_rows(self._repeat, self._repeat)


def _pixels(widths: Sequence[float]) -> int:
    """What columns of these widths take on the screen."""
    return sum(int(w * 7 + 5) for w in widths)


def _widened(widths: list[float], least: int) -> list[float]:
    """The widths of a table that is at least so many pixels wide, each column wider by the same part."""
    more = max(least - _pixels(widths), 0) / (7 * sum(widths))
    return [w * (1 + more) + bool(more) / 7 for w in widths]


def papers_for(tall: float, fits: float) -> int:
    """The papers in height that a sheet is made to fit on; 0 leaves that open.

    tall  its height at full scale, in papers; fits: the scale at which it is as wide as its paper, at most 1
    """
    needed = tall * fits
    if needed <= SQUEEZE:
        return 1
    whole = int(needed)
    if whole <= FEW and needed - whole <= LAST:
        return whole
    return math.ceil(tall * DENSE) + 1 if fits > DENSE else 0
