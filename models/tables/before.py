"""归并前后对比表: what each department and county had before the merger, and has this year."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Cell, Column, Figure
from allocator.report.page import Page
from models.before import AXES, compared, known
from models.tables._table import Table, say
from models.tables._view import View


class Before(Table):
    """归并前后对比表: only where the records say what was there before."""

    key: ClassVar[str] = "before"
    order: ClassVar[int] = 65

    def applies(self, view: View) -> bool:
        return known(view.plan.tables)

    def write(self, page: Page, view: View) -> None:
        everything = [*view.plan.lines, *view.plan.awards]
        for axis in AXES:
            page.heading(say(f"sheet.before.by_{axis}"))
            grid = page.grid(
                [
                    Column(say(f"sheet.before.{axis}"), "text", widest=40),
                    Column(say("sheet.before.had"), "money", sums=True),
                    Column(say("sheet.before.now"), "money", sums=True),
                    Column(say("sheet.before.change"), "money", sums=True),
                    Column(say("sheet.before.points"), "share"),
                ]
            )
            for c in compared(view.plan.tables, everything, axis):
                name: Cell = say("sheet.before.unnamed") if c.label is None else view.title(c.label)
                share: Cell = Figure(say("none"), "label") if c.points is None else c.points
                grid.rows([[name, c.before, c.now, c.change, share]])
            grid.total()
        page.note(say("sheet.before.note"))
        page.sign()
