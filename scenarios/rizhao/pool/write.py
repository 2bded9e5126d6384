"""Tables → workbook or CSV files. The same tables give the same bytes: nothing in the file tells the day.

The workbook looks like an office's own: merged title, 单位：万元, units in the heading row, 合计 at the end, A4
landscape.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from .table import Table

WIDTHS = {
    "id": 12,
    "title": 25,
    "department": 10,
    "applicant": 19,
    "credit_code": 20,
    "kind": 9,
    "county": 9,
    "domain": 11,
    "sub_area": 11,
    "industry": 9,
    "nature": 9,
    "direction": 11,
    "call": 11,
    "asks": 9,
    "note": 9,
    "start": 6,
    "end": 6,
    "candidate": 16,
    "expert": 12,
    "line": 13,
    "instrument": 9,
    "basis": 23,
    "mode": 10,
    "winners": 12,
    "recused": 9,
    "total": 12,
    "own": 11,
    "request": 12,
    "valuation": 11,
    "investigator": 11,
    "proof": 15,
    "source": 15,
    "assessor": 16,
    "reason": 42,
}
"""Column widths in characters; 10 elsewhere."""

LEFT = {"title", "applicant", "basis", "note", "source", "reason"}
WRAPPED = {
    "title",
    "applicant",
    "department",
    "county",
    "domain",
    "sub_area",
    "industry",
    "direction",
    "basis",
    "proof",
    "source",
}
FONT, TITLE_FONT = "仿宋", "宋体"
HEAD = 2
"""The heading row's index: after the title and the unit."""

STREAM_FROM = 5_000
"""From this many rows up the workbook is written row by row in constant memory."""


def write_workbook(path: Path, notes: Sequence[Sequence[str]], heading: str, tables: Sequence[Table]) -> None:
    """A workbook with a notes sheet first, then each table. Raises `OSError` where it cannot be written."""
    large = max(len(t) for t in tables) >= STREAM_FROM
    book = xlsxwriter.Workbook(str(path), {"constant_memory": large})
    book.set_properties(
        {
            "title": heading,
            "subject": "示例数据，全部虚构 / illustrative, all invented",
            "author": "allocator",
            "created": datetime(2026, 1, 1),
        }
    )
    styles = _styles(book)
    _write_notes(book, styles, heading, notes)
    for table in tables:
        _write_table(book, styles, table)
    book.close()


def _styles(book: Any) -> dict[str, Any]:
    cell = {"font_name": FONT, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    money = cell | {"num_format": "#,##0.00", "align": "right", "text_wrap": False}
    bold = {"bold": True, "bg_color": "#F2F2F2"}
    return {
        "title": book.add_format(
            {"font_name": TITLE_FONT, "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}
        ),
        "unit": book.add_format({"font_name": FONT, "font_size": 10, "align": "right", "valign": "vcenter"}),
        "head": book.add_format(
            cell | {"font_name": TITLE_FONT, "bold": True, "align": "center", "bg_color": "#DDEBF7"}
        ),
        "left": book.add_format(cell),
        "centre": book.add_format(cell | {"align": "center"}),
        "money": book.add_format(money),
        "whole": book.add_format(cell | {"num_format": "0", "align": "center"}),
        "total": book.add_format(cell | bold | {"align": "center"}),
        "total_money": book.add_format(money | bold),
    }


def _page(page: Any, repeat_to: int) -> None:
    """A4 landscape, one page wide, the heading on every page."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, repeat_to)
    page.center_horizontally()
    page.set_footer("&L审核：&C第 &P 页 共 &N 页&R填表人：")


def _write_notes(book: Any, styles: dict[str, Any], heading: str, notes: Sequence[Sequence[str]]) -> None:
    page = book.add_worksheet("说明")
    _page(page, 1)
    for column, width in enumerate((20, 58, 62, 34)):
        page.set_column(column, column, width)
    page.set_row(0, 34)
    page.merge_range(0, 0, 0, 3, heading, styles["title"])
    for column, caption in enumerate(("事项", "说明", "In English", "来源 Origin")):
        page.write_string(1, column, caption, styles["head"])
    for row, texts in enumerate(notes, 2):
        # Row height by the longest text: a Chinese character takes two of a column's characters.
        lines = max(-(-len(texts[1]) * 2 // 56), -(-len(texts[2]) // 60), -(-len(texts[3]) * 2 // 32))
        page.set_row(row, 8 + 14 * max(1, lines))
        for column, text in enumerate(texts):
            page.write_string(row, column, text, styles["centre" if column == 0 else "left"])
    page.freeze_panes(2, 0)


def _write_table(book: Any, styles: dict[str, Any], table: Table) -> None:
    page = book.add_worksheet(table.sheet.title.zh)
    last = len(table.columns) - 1
    _page(page, HEAD)
    for column, key in enumerate(table.columns):
        page.set_column(column, column, WIDTHS.get(key, 10))
    page.set_row(0, 34)
    page.merge_range(0, 0, 0, last, table.heading, styles["title"])
    money = any(f.kind == "money" for f in table.fields)
    page.merge_range(1, 0, 1, last, "单位：万元" if money else "单位：分", styles["unit"])
    page.set_row(HEAD, 32)
    for column, caption in enumerate(table.captions):
        page.write_string(HEAD, column, caption.replace("（", "\n（"), styles["head"])
    page.freeze_panes(HEAD + 1, 2)
    bottom = HEAD + len(table)
    page.autofilter(HEAD, 0, bottom, last)
    columns = [
        (i, _style_name(f.kind, f.key), values)
        for i, (f, values) in enumerate(zip(table.fields, table.columns.values(), strict=True))
    ]
    widest = [(WIDTHS.get(key, 10), table.columns[key]) for key in table.columns if key in WRAPPED]
    for row in range(len(table)):
        page.set_row(HEAD + 1 + row, 5 + 13 * _lines(row, widest))
        for column, style, values in columns:
            value = values[row]
            if value is None:
                page.write_blank(HEAD + 1 + row, column, None, styles[style])
            elif isinstance(value, str):
                page.write_string(HEAD + 1 + row, column, value, styles[style])
            else:
                page.write_number(HEAD + 1 + row, column, value, styles[style])
    if table.summed:
        _write_total(page, styles, table, bottom + 1)


def _lines(row: int, wrapped: Sequence[tuple[int, Sequence[str | None]]]) -> int:
    """Lines that a row's longest text takes; a Chinese character is 1.9 times as wide as a column's own."""
    most = 1
    for width, values in wrapped:
        text = values[row] or ""
        tenths = sum(19 if ord(c) > 0x2E7F or c in "“”" else 10 for c in text)
        most = max(most, -(-tenths // (10 * width)))
    return most


def _style_name(kind: str, key: str) -> str:
    if kind == "money":
        return "money"
    if kind in ("count", "year", "score"):
        return "whole"
    return "left" if key in LEFT else "centre"


def _write_total(page: Any, styles: dict[str, Any], table: Table, row: int) -> None:
    page.set_row(row, 18)
    page.write_string(row, 0, "合计", styles["total"])
    for column, key in enumerate(list(table.columns)[1:], 1):
        if key in table.summed:
            name = xl_col_to_name(column)
            formula = f"=SUM({name}{HEAD + 2}:{name}{row})"
            page.write_formula(row, column, formula, styles["total_money"], table.total(key))
        else:
            page.write_blank(row, column, None, styles["total"])


def write_csv(folder: Path, tables: Sequence[Table]) -> list[Path]:
    """One UTF-8 CSV file per table (with a byte-order mark, which Excel wants), named after its sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for table in tables:
        path = folder / f"{table.sheet.title.zh}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.captions)
            writer.writerows(zip(*table.columns.values(), strict=True))
        found.append(path)
    return found
