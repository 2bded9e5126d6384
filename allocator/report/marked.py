"""The user's own workbook again, with what is wrong marked in it: the cell filled, and the message as its comment.

Every sheet, style and formula is kept. What is no .xlsx is written as one, cell by cell.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from allocator.intake.book import open_book
from allocator.intake.grid import Odd
from allocator.problems import Problem, Problems
from allocator.words import Lang

ERROR, NOTICE = "FFFF9999", "FFFFF2CC"
AUTHOR = "allocator"
HEIGHT, WIDTH = 30, 320
"""Points for each line of a comment, and across."""


def write_marked(source: Path, file: str, problems: Sequence[Problem], target: Path, lang: Lang) -> int:
    """Write `source` (called `file` in problems) to `target` with its faulty cells marked; how many were.

    `target` is written whole or not at all. Raises `InputFaults` where `source` cannot be opened as a table at all.
    """
    own = [p for p in problems if p.place.file == file and (p.place.cell or p.level == "error")]
    book = _opened(source, file)
    by_cell: dict[tuple[str | None, str], list[Problem]] = {}
    for problem in own:
        cell = problem.place.cell or "A1"
        by_cell.setdefault((problem.place.sheet, cell), []).append(problem)
    marked = sum(_mark(book, sheet, cell, found, lang) for (sheet, cell), found in by_cell.items())
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", suffix=".xlsx", dir=target.parent)
    os.close(handle)
    try:
        book.save(name)
        os.chmod(name, 0o644)
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
    return marked


def suffix_of(source: Path) -> str:
    """How a marked copy of `source` must be called: .xlsx, or .xlsm where it has macros."""
    return ".xlsm" if source.suffix.lower() == ".xlsm" else ".xlsx"


def _opened(source: Path, file: str) -> Any:
    import openpyxl

    problems = Problems()
    book = open_book(source, file, problems)
    problems.stop()
    assert book is not None
    with source.open("rb") as data:
        is_xlsx = data.read(2) == b"PK"
    if is_xlsx and source.suffix.lower() != ".ods":
        return openpyxl.load_workbook(source, keep_vba=suffix_of(source) == ".xlsm", rich_text=True)
    copy = openpyxl.Workbook()
    copy.remove(copy.worksheets[0])
    for name in book.names:
        page = copy.create_sheet(name or source.stem[:31] or "1")
        grid = book.grid(name, Problems())
        for r, row in enumerate(grid.rows if grid else (), 1):
            for c, value in enumerate(row, 1):
                if value != "":
                    cell = page.cell(r, c)
                    cell.value = value.text if isinstance(value, Odd) else value
                    if isinstance(cell.value, str):
                        cell.data_type = "s"
    return copy


def _mark(book: Any, sheet: str | None, at: str, found: Sequence[Problem], lang: Lang) -> bool:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
    cell = page[at]
    for span in page.merged_cells.ranges:
        if at in span:  # only the first cell of a merged range can carry anything
            cell = page.cell(span.min_row, span.min_col)
    worst = ERROR if any(p.level == "error" for p in found) else NOTICE
    cell.fill = PatternFill("solid", fgColor=worst)
    lines = [_said(p, lang) for p in found]
    if cell.comment is not None:
        lines.insert(0, cell.comment.text)
    cell.comment = Comment("\n".join(lines), AUTHOR, height=HEIGHT * (1 + len(lines)), width=WIDTH)
    return True


def _said(problem: Problem, lang: Lang) -> str:
    stop = "；" if lang == "zh" else "; "
    return f"{problem.what.to(lang)}{stop}{problem.mend.to(lang)}"
