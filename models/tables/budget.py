"""预算安排建议表 (FIELD.md, headings verbatim): every yuan of the year, by direction of spending, source and head.

An entry that several sources pay takes a row for each; its commitment stands in the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from models.tables._entries import Entry, gathered
from models.tables._table import Table, say
from models.tables._view import View


class Budget(Table):
    """预算安排建议表."""

    key: ClassVar[str] = "budget"
    order: ClassVar[int] = 22

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.budget.number"), "count", widest=6),
                Column(say("sheet.budget.direction"), "label", widest=12),
                Column(say("sheet.budget.project"), "text", widest=24),
                Column(say("sheet.budget.department"), "label", widest=10),
                Column(say("sheet.budget.unit"), "text", widest=20),
                Column(say("sheet.budget.instrument"), "label", widest=12),
                Column(say("sheet.budget.source"), "text", widest=14),
                Column(say("sheet.budget.document"), "text", widest=14),
                Column(say("sheet.budget.function"), "text", widest=14),
                Column(say("sheet.budget.economic"), "text", widest=16),
                Column(say("sheet.budget.commitment"), "money", sums=True),
                Column(say("sheet.budget.paid"), "money", sums=True),
                Column(say("sheet.budget.this_year"), "money", sums=True),
                Column(say("sheet.budget.later"), "money", sums=True),
            ],
            label_at=2,
        )
        found = gathered(view.entries)
        known = {e.domain for e in found}
        number = 0
        for domain in [d for d in [*view.domains, None] if d in known]:
            own = [e for e in found if e.domain == domain]
            name = say("sheet.budget.no_domain") if domain is None else view.plan.facts.title(domain)
            for entry in own:
                number += 1
                grid.rows(_rows(view, entry, number))
            grid.subtotal(name, counted=False)
        grid.total()
        page.keep_heading(grid, columns=3)
        page.note(say("sheet.budget.note"))
        page.sign()


def _rows(view: View, entry: Entry, number: int) -> Iterator[list[Cell]]:
    sources = view.plan.loaded.scenario.fund.sources
    direction = say("sheet.budget.no_domain") if entry.domain is None else view.title(entry.domain)
    paid = None if entry.commitment is None else 0
    for i, part in enumerate(entry.parts):
        source = None if part.source is None else sources[part.source]
        first = i == 0
        yield [
            number if first else None,
            direction,
            entry.project,
            entry.department,
            entry.unit,
            entry.instrument if entry.line is None else entry.instrument or say(f"sheet.line.{entry.line}"),
            say("sheet.entry.no_source") if part.source is None else part.source,
            (source.document or None) if source else None,
            (source.function or None) if source else None,
            entry.head,
            entry.commitment if first else None,
            paid if first else None,
            part.amount,
            entry.later if first else None,
        ]
    if not entry.parts:
        yield [
            number,
            direction,
            entry.project,
            entry.department,
            entry.unit,
            entry.instrument,
            None,
            None,
            None,
            entry.head,
            entry.commitment,
            paid,
            0,
            entry.later,
        ]
