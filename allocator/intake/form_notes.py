"""The sheet of a template that explains every column of every table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allocator.intake.form_field import Form, display_width, remarks, what
from allocator.intake.grid import letters
from allocator.records import Sheet


def write_notes(form: Form, page: Any, sheets: Sequence[Sheet]) -> None:
    """Rules first, then one line for every column of every sheet."""
    wide = form.format(text_wrap=True, align="left", valign="top")
    big = form.format(font_size=16, bold=True, align="center", font_name=form.heavy)
    for c, width in enumerate((16, 6, 22, 8, 34, 52)):
        page.set_column(c, c, width)
    page.merge_range(0, 0, 0, 5, form.say("title"), big)
    page.set_row(0, 30)
    for r in range(1, 7):
        page.merge_range(r, 0, r, 5, form.say(f"rules{r}"), wide)
        page.set_row(r, 30 if display_width(form.say(f"rules{r}")) > 160 else 17)
    head = form.format(bold=True, border=1, align="center", bg_color="#DDEBF7")
    for c in range(6):
        page.write(8, c, form.say(f"head{c + 1}"), head)
    row = 9
    for sheet in sheets:
        row = _explain(form, page, sheet, row)
    page.freeze_panes(9, 0)
    form.paper(page)
    page.fit_to_pages(1, 0)
    page.repeat_rows(8)


def _explain(form: Form, page: Any, sheet: Sheet, row: int) -> int:
    cell = form.format(border=1, text_wrap=True, align="left")
    mid = form.format(border=1, text_wrap=True, align="center")
    name = sheet.title.to(form.lang) + ("" if sheet.required else f"\n({form.say('optional')})")
    first = row
    for c, f in enumerate(sheet.fields):
        notes = remarks(form, sheet, f)
        page.write(row, 1, letters(c), mid)
        page.write(row, 2, f.title.to(form.lang), cell)
        page.write(row, 3, form.say("required" if f.required else "optional"), mid)
        page.write(row, 4, what(form, f), cell)
        page.write(row, 5, notes, cell)
        lines = max(-(-display_width(notes) // 62), -(-display_width(what(form, f)) // 38), 1)
        page.set_row(row, 14 * lines + 3)
        row += 1
    page.merge_range(first, 0, row - 1, 0, name, mid)
    return row
