"""当年可用财力测算表, which finance asks for first: the fund, what is first spoken for, what is left to compete for."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.line import kinds
from models.tables._table import Table, say
from models.tables._view import View


class Available(Table):
    """当年可用财力测算表, headings verbatim (FIELD.md), with the sources of the fund and the lines behind it."""

    key: ClassVar[str] = "available"
    order: ClassVar[int] = 20

    def write(self, page: Page, view: View) -> None:
        totals = view.plan.totals
        calls = totals["first_calls"]
        listed = kinds(calls)
        heads = [say("sheet.available.fund"), *(say(f"sheet.line.{k}") for k in listed)]
        columns = [Column(t, "money") for t in (*heads, say("sheet.available.competitive"))]
        grid = page.grid(columns)
        grid.rows([[totals["ceiling"], *(calls.get(k, 0) for k in listed), None]])
        grid.difference(len(columns) - 1, 0, (1, len(columns) - 2), totals["competitive"])
        page.note(say("sheet.available.formula"))

        page.heading(say("sheet.available.sources"))
        sources = page.grid(
            [
                Column(say("sheet.available.source"), "text", span=2),
                Column(say("sheet.available.level"), "label"),
                Column(say("sheet.available.amount"), "money", sums=True),
                Column(say("sheet.available.document"), "text", span=2),
                Column(say("sheet.col.note"), "text", span=2),
            ]
        )
        fund = view.plan.loaded.scenario.fund
        sources.rows(
            [name, s.level or None, s.amount, s.document or None, s.note or None]
            for name, s in fund.sources.items()
        )
        sources.total()

        page.heading(say("sheet.available.lines"))
        lines = page.grid(
            [
                Column(say("sheet.available.kind"), "text", span=2),
                Column(say("sheet.col.count"), "count", sums=True),
                Column(say("sheet.available.this_year"), "money", sums=True),
                Column(say("sheet.available.later_years"), "money", sums=True),
                Column(say("sheet.col.note"), "text", span=3),
            ]
        )
        for kind in listed:
            own = [a for a in view.plan.lines if a.labels.get("line") == kind]
            paid, later = sum(a.outlay[0] for a in own), sum(sum(a.outlay[1:]) for a in own)
            lines.rows([[say(f"sheet.line.{kind}"), len(own), paid, later, None]])
        lines.total()

        page.heading(say("sheet.available.use"))
        use = page.grid(
            [
                Column(say("sheet.col.item"), "text", span=2),
                Column(say("sheet.col.count"), "count"),
                Column(say("sheet.available.this_year"), "money"),
                Column(say("sheet.col.note"), "text", span=4),
            ]
        )
        use.rows(
            [
                [say("sheet.available.competitive"), None, totals["competitive"], None],
                [say("sheet.available.placed"), totals["count"], totals["first_year"], None],
                [say("sheet.available.unused"), None, totals["unused"], None],
            ]
        )
        page.sign()
