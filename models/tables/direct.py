"""直通车拨付表 (66号文 三（二）): what the treasury pays straight to each unit, year by year.

Renewals and the other fixed lines that name their unit are paid in the same way. A line that names none, and the money
kept for single decisions, stand apart: nobody can be paid yet. This year's payments one by one are `payments.py`.
"""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from models.tables._entries import by_payee
from models.tables._table import Table, say
from models.tables._view import View


class Direct(Table):
    """直通车拨付表."""

    key: ClassVar[str] = "direct"
    order: ClassVar[int] = 72

    def write(self, page: Page, view: View) -> None:
        years = view.years[: _last(view) + 1]
        grid = page.grid(
            [
                Column(say("sheet.direct.payee"), "text", widest=30),
                Column(say("sheet.direct.code"), "code", widest=20),
                Column(say("sheet.direct.items"), "count", sums=True),
                *(Column(say("sheet.year.one", year=y), "money", sums=True) for y in years),
                Column(say("sheet.col.total"), "money", sums=True),
            ]
        )
        for name, own in by_payee(view.entries):
            code = next((e.credit_code for e in own if e.credit_code), None) if name else None
            shown: Cell = name or say("sheet.direct.nobody")
            flow = [sum(e.outlay[y] for e in own) for y in range(len(years))]
            grid.rows([[shown, code, len(own), *flow, sum(flow)]])
            grid.across(len(years) + 3, (3, len(years) + 2), sum(flow))
        grid.total()
        page.keep_heading(grid, columns=1)
        page.note(say("sheet.direct.note"))
        page.sign()


def _last(view: View) -> int:
    """The number of the last year in which anything is paid, the second at least."""
    paid = [
        y for y in range(len(view.years)) if any(a.outlay[y] for a in (*view.plan.lines, *view.plan.awards))
    ]
    return min(max([1, *paid]), len(view.years) - 1)
