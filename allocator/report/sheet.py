"""A worksheet that takes whole rows of cells and writes them fast.

XlsxWriter checks every cell on its way in and looks every one up again on its way out, which is most of what a workbook
of some 100,000 cells takes. Here a table's cells go straight into XlsxWriter's own store of cells, and rows leave it in
one string each. What else it can write (merged cells, charts, comments) it writes as ever.
"""

from __future__ import annotations

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

    def cells(self, row: int, first: int, last: int) -> dict[int, Any]:
        """The cells of a row by column, to be filled from column `first` to `last`."""
        self._check_dimensions(row, first)
        self._check_dimensions(row, last)
        found: dict[int, Any] = self.table[row]
        return found

    def text(self, text: str, form: Any) -> Any:
        """A cell of text, which any number of places may hold; see `again`."""
        return String(self.str_table._get_shared_string_index(text), form)

    def again(self) -> None:
        """Count one more place that holds a text cell made before."""
        self.str_table.count += 1

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
        names = [xl_col_to_name(c) for c in range((self.dim_colmax or 0) + 1)]
        formats: dict[Any, str] = {}
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells = self.table.get(row)
            info = self.row_info.get(row)
            if not cells:
                if info is not None:
                    self._write_empty_row(row, None, info)
                continue
            self._write_row(row, None, info)
            number = str(row + 1)
            said: list[str] = []
            for col in sorted(cells):
                cell = cells[col]
                kind, form = type(cell), cell.format
                if form is None or kind not in _FAST:
                    self.fh.write("".join(said))
                    said = []
                    self._write_cell(row, col, cell)
                    continue
                style = formats.get(form)
                if style is None:
                    style = formats[form] = f'" s="{form._get_xf_index()}"'
                if kind is String:
                    said.append(f'<c r="{names[col]}{number}{style} t="s"><v>{cell.string}</v></c>')
                elif kind is Number:
                    said.append(f'<c r="{names[col]}{number}{style}><v>{cell.number:.16G}</v></c>')
                else:
                    said.append(f'<c r="{names[col]}{number}{style}/>')
            said.append("</row>")
            self.fh.write("".join(said))


_FAST = frozenset((String, Number, Blank))
