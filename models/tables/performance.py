"""绩效自评表 (FIELD.md, headings verbatim): one form a project and paper, filled in as far as the plan knows.

Score of payment = B/A × its full mark; an indicator that is reached has its full mark; a shortfall needs its reason.
"""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.performance import Performance
from models.tables._table import Table, say
from models.tables._view import View

MOST = 200
"""Above this many awards the forms are not part of plan.xlsx: it would be a book of hundreds of papers."""


class SelfEvaluation(Table):
    """绩效自评表."""

    key: ClassVar[str] = "performance"
    order: ClassVar[int] = 95

    def applies(self, view: View) -> bool:
        return 0 < len(view.awarded) <= MOST

    def write(self, page: Page, view: View) -> None:
        own = view.plan.loaded.scenario.performance
        page.note(say("sheet.performance.note", source=own.source))
        for column in range(2, 7):
            page.needs(column, 12)
        page.needs(7, 24)
        for i, candidate in enumerate(view.in_order(list(view.awarded))):
            if i:
                page.new_paper()
            _form(page, view, candidate, own)


def _form(page: Page, view: View, candidate: str, own: Performance) -> None:
    budget = view.awarded[candidate].outlay[0]
    page.heading(say("sheet.performance.of", candidate=candidate, year=view.years[0]))
    page.grid(
        [
            Column(say("sheet.performance.project"), "text", span=3),
            Column(say("sheet.performance.department"), "label", span=2),
            Column(say("sheet.performance.unit"), "text", span=2),
            Column(say("sheet.performance.year"), "year"),
        ]
    ).rows(
        [
            [
                view.field(candidate, "title"),
                view.field(candidate, "department"),
                view.field(candidate, "applicant"),
                view.years[0],
            ]
        ]
    )
    page.grid(
        [
            Column(say("sheet.performance.goal"), "text", span=4),
            Column(say("sheet.performance.done"), "text", span=4),
        ]
    ).rows([[None, None]])
    page.grid(
        [
            Column(say("sheet.performance.money"), "label"),
            Column(say("sheet.performance.at_first"), "money"),
            Column(say("sheet.performance.in_all"), "money"),
            Column(say("sheet.performance.spent"), "money"),
            Column(say("sheet.performance.mark"), "count"),
            Column(say("sheet.performance.rate"), "share"),
            Column(say("sheet.performance.score"), "score", span=2),
        ]
    ).rows([[say("sheet.performance.this_year"), budget, budget, None, own.payment, None, None]])
    grid = page.grid(
        [
            Column(say("sheet.performance.first"), "label", widest=14),
            Column(say("sheet.performance.second"), "label", widest=20),
            Column(say("sheet.performance.third"), "text", widest=24),
            Column(say("sheet.performance.aim"), "text", widest=18),
            Column(say("sheet.performance.reached"), "text", widest=18),
            Column(say("sheet.performance.mark"), "count"),
            Column(say("sheet.performance.score"), "score"),
            Column(say("sheet.performance.why"), "text", widest=30),
        ]
    )
    grid.rows([i.first, i.second, None, None, None, i.mark, None, None] for i in own.indicators)
    whole = own.payment + sum(i.mark for i in own.indicators)
    grid.rows([[say("sheet.col.total"), None, None, None, None, whole, None, None]])
