"""直通车拨付清单 (66号文 三（二）): this year's payments one by one, each with the source that it is paid from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from models.tables._entries import by_payee
from models.tables._table import Table, say
from models.tables._view import View


class Payments(Table):
    """直通车拨付清单."""

    key: ClassVar[str] = "payments"
    order: ClassVar[int] = 73

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.direct.number"), "count"),
                Column(say("sheet.direct.payee"), "text", widest=30),
                Column(say("sheet.direct.id"), "code"),
                Column(say("sheet.direct.project"), "text", widest=30),
                Column(say("sheet.direct.amount"), "money", sums=True),
                Column(say("sheet.direct.source"), "text"),
                Column(say("sheet.direct.document"), "text"),
            ],
            label_at=1,
        )
        grid.rows(_rows(view))
        page.keep_heading(grid, columns=2, filtered=True)
        grid.total()
        page.note(say("sheet.direct.note"))
        page.sign()


def _rows(view: View) -> Iterator[list[Cell]]:
    sources = view.plan.loaded.scenario.fund.sources
    nobody, no_source = say("sheet.direct.nobody"), say("sheet.entry.no_source")
    paid = ((name, e, part) for name, own in by_payee(view.entries) for e in own for part in e.parts)
    for number, (name, e, part) in enumerate(paid, 1):
        source: Cell = no_source if part.source is None else part.source
        document = None if part.source is None else sources[part.source].document or None
        yield [number, name or nobody, e.id, e.project, part.amount, source, document]
