"""The empty workbook that departments fill in: one sheet a table, and a sheet that explains every column.

Its headings, units, lists and formats come from the same fields that reading goes by, so that a filled template
always reads back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator.intake.form_field import FORMATS, Form, check, display_width, headed, side, width
from allocator.intake.form_notes import write_notes
from allocator.records import Field, Sheet
from allocator.words import Lang

ROWS = 5000
"""Rows below the heading that carry drop-down lists and checks."""
BLANK_ROWS = 20
"""Rows that are drawn, so that the empty form prints as one."""
WIDEST = 220
"""Characters of half width that one page across is made to hold at most."""


def template(
    path: Path,
    sheets: Sequence[Sheet],
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    lang: Lang = "zh",
) -> None:
    """Write an empty workbook for `sheets` to `path`.

    `choices` gives lists for labels that the sheets leave open: field key -> labels (domains, counties, ...).
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        form = Form(book, lang, choices or {})
        pages = [(sheet, book.add_worksheet(sheet.title.to(lang))) for sheet in sheets]
        notes = book.add_worksheet(form.say("sheet"))
        lists = book.add_worksheet(form.say("lists"))
        lists.hide()
        for sheet, page in pages:
            _page(form, sheet, page, lists)
        write_notes(form, notes, sheets)
        pages[0][1].activate()


def _page(form: Form, sheet: Sheet, page: Any, lists: Any) -> None:
    last = len(sheet.fields) - 1
    breaks = _breaks(form, sheet)
    # Where a program really breaks the page depends on its fonts: two columns less are surely on the first.
    ends = [*(c - 3 for c in breaks[:1]), last]
    big = form.format(font_size=16, bold=True, align="center", font_name=form.heavy)
    if ends[0]:
        page.merge_range(0, 0, 0, ends[0], sheet.title.to(form.lang), big)
    page.set_row(0, 30)
    if any(f.kind == "money" for f in sheet.fields):
        for c in ends:
            page.write(1, c, form.say("unit"), form.format(align="right"))
    page.set_row(2, 15 * max(_lines(form, f) for f in sheet.fields) + 6)
    for r in range(3, 3 + BLANK_ROWS):
        page.set_row(r, 20)
    for c, f in enumerate(sheet.fields):
        _heading(form, page, c, f)
        page.set_column(c, c, width(form, f), form.format(num_format=FORMATS[f.kind], **side(f)))
        for r in range(3, 3 + BLANK_ROWS):
            page.write_blank(r, c, None, form.format(num_format=FORMATS[f.kind], border=1, **side(f)))
        rule = check(form, f, lists)
        if rule:
            page.data_validation(3, c, 2 + ROWS, c, rule)
    page.freeze_panes(3, min(2, last))
    form.paper(page)
    page.repeat_rows(0, 2)
    page.fit_to_pages(len(breaks) + 1, 0)
    if breaks:
        page.repeat_columns(0, 1)
    if not sheet.required:
        page.set_tab_color("#BFBFBF")


def _breaks(form: Form, sheet: Sheet) -> list[int]:
    """The columns before which a new page across will begin; the first two columns are printed on each."""
    widths = [width(form, f) for f in sheet.fields]
    repeated = sum(widths[:2])
    pages = max(1, -(-int(sum(widths) - repeated) // int(WIDEST - repeated)))
    most = (sum(widths) - repeated) / pages
    found: list[int] = []
    used = 0.0
    for c, own in enumerate(widths[2:], 2):
        if used + own / 2 > most and len(found) < pages - 1:
            found.append(c)
            used = 0.0
        used += own
    return found


def _lines(form: Form, f: Field) -> int:
    """Lines that a column's heading takes."""
    lines = headed(form, f).split("\n")
    return sum(-(-display_width(line + "*") // int(width(form, f) - 1)) for line in lines)


def _heading(form: Form, page: Any, column: int, f: Field) -> None:
    look = form.format(
        bold=True, border=1, align="center", text_wrap=True, bg_color="#FCE4D6" if f.required else "#DDEBF7"
    )
    text = headed(form, f)
    if f.required:
        star = form.format(bold=True, font_color="#C00000")
        page.write_rich_string(2, column, star, "*", form.format(bold=True), text, look)
    else:
        page.write(2, column, text, look)
    if f.note:
        page.write_comment(2, column, f.note.to(form.lang), {"x_scale": 1.4, "y_scale": 0.6, "font_size": 9})
