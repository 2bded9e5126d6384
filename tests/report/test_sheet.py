"""The fast worksheet says what XlsxWriter's own says, to the character, but for the hint `spans`."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from allocator.report.sheet import Blank, Formula, Number, Sheet

NUMBERS = (0, 7, -12, 2.5, 1234567.891, 10**15 + 1, 1e-7)


def by_rows(path: Path) -> None:
    """Every kind of cell that tables hold, put in as rows."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("s", Sheet)
        bold, plain = book.add_format({"bold": True}), book.add_format({"border": 1})
        sheet.merge_range(0, 0, 0, 3, "title & <more>", bold)
        word = sheet.text(" 甲 & 乙 < 丙", plain)
        for row, number in enumerate(NUMBERS, 2):
            cells = sheet.cells(row, 0, 28)
            cells[0], cells[28] = word, sheet.text(f"x{row}", bold)
            if row > 2:
                sheet.again()
            cells[2], cells[1] = Number(number, plain), Blank(plain)
        sheet.cells(9, 2, 2)[2] = Formula("SUBTOTAL(9,C3:C9)", bold, 5.5)
        sheet.write_number(10, 0, 3)
        sheet.set_heights({0: 30, 2: 18, 11: 20.5})


def by_cells(path: Path, kind: type[Worksheet]) -> None:
    """The same, cell by cell through XlsxWriter's own methods."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("s", kind)
        bold, plain = book.add_format({"bold": True}), book.add_format({"border": 1})
        sheet.merge_range(0, 0, 0, 3, "title & <more>", bold)
        for row, number in enumerate(NUMBERS, 2):
            sheet.write_string(row, 0, " 甲 & 乙 < 丙", plain)
            sheet.write_string(row, 28, f"x{row}", bold)
            sheet.write_number(row, 2, number, plain)
            sheet.write_blank(row, 1, None, plain)
        sheet.write_formula(9, 2, "=SUBTOTAL(9,C3:C9)", bold, 5.5)
        sheet.write_number(10, 0, 3)
        for row, points in ((0, 30), (2, 18), (11, 20.5)):
            sheet.set_row(row, points)


def parts(path: Path) -> dict[str, str]:
    with ZipFile(path) as file:
        own = {n: file.read(n).decode() for n in file.namelist() if not n.startswith("docProps")}
    return {n: re.sub(r' spans="[0-9:]+"', "", text) for n, text in own.items()}


@pytest.mark.parametrize("kind", [Worksheet, Sheet])
def test_rows_put_in_whole_give_what_single_cells_give(tmp_path: Path, kind: type[Worksheet]) -> None:
    by_rows(tmp_path / "rows.xlsx")
    by_cells(tmp_path / "cells.xlsx", kind)
    mine, theirs = parts(tmp_path / "rows.xlsx"), parts(tmp_path / "cells.xlsx")
    assert mine == theirs
    assert mine["xl/worksheets/sheet1.xml"].count("<c ") == 4 + 4 * len(NUMBERS) + 2


def test_a_sheet_with_comments_is_written_as_ever(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("s", Sheet)
        sheet.cells(0, 0, 0)[0] = Number(4, None)
        sheet.write_comment(3, 1, "注")
    with ZipFile(tmp_path / "a.xlsx") as file:
        xml = file.read("xl/worksheets/sheet1.xml").decode()
        assert "<v>4</v>" in xml
        assert '<row r="4"' in xml
        assert "注" in file.read("xl/comments1.xml").decode()
