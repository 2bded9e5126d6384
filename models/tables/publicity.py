"""拟立项公示名单: what is published before the money is issued; nothing of scores, ranks or persons stands in it."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.tables._entries import support
from models.tables._table import Table, say
from models.tables._view import View


class Publicity(Table):
    """拟立项公示名单."""

    key: ClassVar[str] = "publicity"
    order: ClassVar[int] = 32

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.col.number"), "count", widest=6),
                Column(say("sheet.col.project"), "text", widest=44),
                Column(say("sheet.col.applicant"), "text", widest=34),
                Column(say("sheet.publicity.department"), "label", widest=16),
                Column(say("sheet.col.domain"), "label", widest=20),
                Column(say("sheet.col.instrument"), "label", widest=20),
                Column(say("sheet.publicity.amount"), "money", sums=True),
            ],
            label_at=1,
        )
        grid.rows(
            [
                i,
                view.field(c, "title"),
                view.field(c, "applicant"),
                view.field(c, "department"),
                view.title(view.field(c, "domain")),
                support(view, view.awarded[c].instrument),
                view.awarded[c].amount,
            ]
            for i, c in enumerate(view.in_order(list(view.awarded)), 1)
        )
        grid.total(counted=True)
        page.keep_heading(grid, columns=2)
        page.note(say("sheet.publicity.note"))
