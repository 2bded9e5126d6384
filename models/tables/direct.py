"""直通车拨付表 (66号文 三（二）): what the treasury pays straight to each unit, year by year, and this year's payments.

Renewals and the other fixed lines that name their unit are paid in the same way. A line that names none, and the money
kept for single decisions, stand apart: nobody can be paid yet.
"""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from models.line import RESERVE
from models.tables._entries import Entry, entries
from models.tables._table import Table, say
from models.tables._view import View


class Direct(Table):
    """直通车拨付表."""

    key: ClassVar[str] = "direct"
    order: ClassVar[int] = 72

    def write(self, page: Page, view: View) -> None:
        found = entries(view)
        units: dict[str, list[Entry]] = {}
        rest: list[Entry] = []
        for e in found:
            if e.payee is None or e.line == RESERVE:
                rest.append(e)
            else:
                units.setdefault(e.payee, []).append(e)
        ordered = sorted(units.items(), key=lambda u: -sum(e.this_year for e in u[1]))
        self._by_year(page, view, ordered, rest)
        self._payments(page, view, ordered, rest)
        page.note(say("sheet.direct.note"))
        page.sign()

    def _by_year(
        self, page: Page, view: View, units: list[tuple[str, list[Entry]]], rest: list[Entry]
    ) -> None:
        page.heading(say("sheet.direct.by_year"))
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

        def entry(name: Cell, code: str | None, own: list[Entry]) -> None:
            flow = [sum(e.outlay[y] for e in own) for y in range(len(years))]
            grid.rows([[name, code, len(own), *flow, sum(flow)]])
            grid.across(len(years) + 3, (3, len(years) + 2), sum(flow))

        for name, own in units:
            entry(name, next((e.credit_code for e in own if e.credit_code), None), own)
        if rest:
            entry(say("sheet.direct.nobody"), None, rest)
        grid.total()
        page.keep_heading(grid, columns=1)

    def _payments(
        self, page: Page, view: View, units: list[tuple[str, list[Entry]]], rest: list[Entry]
    ) -> None:
        page.heading(say("sheet.direct.payments", year=view.years[0]))
        spread = max(1, _last(view) - 1)
        grid = page.grid(
            [
                Column(say("sheet.direct.payee"), "text"),
                Column(say("sheet.direct.id"), "code"),
                Column(say("sheet.direct.number"), "count"),
                Column(say("sheet.direct.amount"), "money", sums=True),
                Column(say("sheet.direct.project"), "text", widest=30),
                Column(say("sheet.direct.source"), "text", span=spread),
                Column(say("sheet.direct.document"), "text"),
            ]
        )
        sources = view.plan.loaded.scenario.fund.sources
        number = 0
        for name, own in [*units, *([(None, rest)] if rest else [])]:
            for e in own:
                for part in e.parts:
                    number += 1
                    source = None if part.source is None else sources[part.source]
                    grid.rows(
                        [
                            [
                                say("sheet.direct.nobody") if name is None else name,
                                e.id,
                                number,
                                part.amount,
                                e.project,
                                say("sheet.entry.no_source") if part.source is None else part.source,
                                (source.document or None) if source else None,
                            ]
                        ]
                    )
        grid.total()


def _last(view: View) -> int:
    """The number of the last year in which anything is paid, the second at least."""
    paid = [
        y for y in range(len(view.years)) if any(a.outlay[y] for a in (*view.plan.lines, *view.plan.awards))
    ]
    return min(max([1, *paid]), len(view.years) - 1)
