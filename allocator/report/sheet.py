"""A worksheet that takes whole rows of cells and writes them fast.

XlsxWriter checks every cell on its way in and looks every one up again on its way out, which is most of what a workbook
of some 100,000 cells takes. Here a table's cells go straight into XlsxWriter's own store of cells, and rows leave it in
one string each. What else it can write (merged cells, charts, comments) it writes as ever.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    RowInfo,
    Worksheet,
)

Blank, Formula, Number, String = CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple
"""A cell by its kind: (format), (formula without its “=”, format, value), (number, format), (index of text, format)."""

PIXELS = 4.0 / 3.0
"""Pixels of one point."""


class Sheet(Worksheet):  # type: ignore[misc]
    """One worksheet."""

    fh: Any

    def cells(self, row: int, first: int, last: int) -> dict[int, Any]:
        """The cells of a row by column, to be filled from column `first` to `last`."""
        self._check_dimensions(row, first)
        self._check_dimensions(row, last)
        found: dict[int, Any] = self.table[row]
        return found

    def text(self, text: str, form: Any) -> Any:
        """A cell of text, which any number of places may hold; see `again`."""
        return String(self.str_table._get_shared_string_index(text), form)

    def again(self, places: int = 1) -> None:
        """Count more places that hold text cells made before."""
        self.str_table.count += places

    def set_heights(self, heights: dict[int, float]) -> None:
        """The heights of rows, in points."""
        made: dict[int, RowInfo] = {}
        for row, points in heights.items():
            pixels = int(points * PIXELS + 0.5)
            if pixels not in made:
                made[pixels] = RowInfo(height=pixels)
            self.row_info[row] = made[pixels]
            self.row_sizes[row] = [pixels, False]
        if heights:
            first = self.dim_colmin or 0
            self._check_dimensions(min(heights), first)
            self._check_dimensions(max(heights), first)

    def _write_rows(self) -> None:
        """All rows, in the form that XlsxWriter gives them but for `spans`, a hint that readers may do without."""
        if self.comments:
            super()._write_rows()
            return
        names = [f'<c r="{xl_col_to_name(c)}' for c in range((self.dim_colmax or 0) + 1)]
        styles: dict[Any, str] = {}
        openings: dict[int, tuple[str, str]] = {}
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells = self.table.get(row)
            info = self.row_info.get(row)
            if not cells:
                if info is not None:
                    self._write_empty_row(row, None, info)
                continue
            if id(info) not in openings:
                openings[id(info)] = self._opening(info)
            number = str(row + 1)
            before, after = openings[id(info)]
            said = [before, number, after]
            for col in sorted(cells):
                cell = cells[col]
                kind, form = type(cell), cell.format
                if form is None or kind not in _FAST:
                    self.fh.write("".join(said))
                    said = []
                    self._write_cell(row, col, cell)
                    continue
                style = styles.get(form)
                if style is None:
                    style = styles[form] = f'" s="{form._get_xf_index()}"'
                if kind is String:
                    said.append(f'{names[col]}{number}{style} t="s"><v>{cell.string}</v></c>')
                elif kind is Number:
                    said.append(f"{names[col]}{number}{style}><v>{cell.number:.16G}</v></c>")
                else:
                    said.append(f"{names[col]}{number}{style}/>")
            said.append("</row>")
            self.fh.write("".join(said))

    def _opening(self, info: RowInfo | None) -> tuple[str, str]:
        """A row's opening tag as XlsxWriter writes it, before and after the row's number."""
        file, self.fh = self.fh, StringIO()
        try:
            self._write_row(0, None, info)
            before, after = self.fh.getvalue().split('r="1"', 1)
        finally:
            self.fh = file
        return f'{before}r="', f'"{after}'


_FAST = frozenset((String, Number, Blank))
