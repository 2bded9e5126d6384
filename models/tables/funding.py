"""资金安排表 (FIELD.md, headings verbatim): this year's money as it is issued, a row for each project and source."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.tables._entries import gathered
from models.tables._table import Table, say
from models.tables._view import View

OWN = "市级"
"""The level whose documents are the bureau's own (财预文号); another's stand under 上级资金文号."""


class Funding(Table):
    """资金安排表."""

    key: ClassVar[str] = "funding"
    order: ClassVar[int] = 24

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.funding.project"), "text", widest=26),
                Column(say("sheet.funding.id"), "code"),
                Column(say("sheet.funding.unit"), "text", widest=22),
                Column(say("sheet.funding.department"), "label", widest=10),
                Column(say("sheet.funding.amount"), "money", sums=True),
                Column(say("sheet.funding.source"), "text", widest=16),
                Column(say("sheet.funding.level"), "label"),
                Column(say("sheet.funding.document"), "text", widest=14),
                Column(say("sheet.funding.year"), "year"),
                Column(say("sheet.funding.above"), "text", widest=14),
                Column(say("sheet.funding.officer"), "label"),
                Column(say("sheet.funding.division"), "label"),
                Column(say("sheet.funding.note"), "text", widest=16),
            ]
        )
        sources, year = view.plan.loaded.scenario.fund.sources, view.years[0]
        for entry in gathered(view.entries):
            for part in entry.parts:
                source = None if part.source is None else sources[part.source]
                own = source is None or source.level == OWN
                document = (source.document or None) if source else None
                grid.rows(
                    [
                        [
                            entry.project,
                            entry.id or None,
                            entry.unit,
                            entry.department,
                            part.amount,
                            say("sheet.entry.no_source") if part.source is None else part.source,
                            source.level if source else None,
                            document if own else None,
                            year,
                            None if own else document,
                            None,
                            None,
                            None if entry.line is None else say(f"sheet.line.{entry.line}"),
                        ]
                    ]
                )
        grid.total()
        page.keep_heading(grid, columns=1)
        page.note(say("sheet.funding.remark"))
        page.sign()
