"""结转结余资金表: what earlier years left unspent: what of it stays with its project, and what goes back."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.carry import CARRY, carried
from models.tables._table import Table, say
from models.tables._view import View


class CarriedOver(Table):
    """结转结余资金表, for workbooks that have the sheet."""

    key: ClassVar[str] = "carry"
    order: ClassVar[int] = 75

    def applies(self, view: View) -> bool:
        return CARRY.key in view.plan.tables

    def write(self, page: Page, view: View) -> None:
        fund = view.plan.loaded.scenario.fund
        grid = page.grid(
            [
                Column(say("sheet.carry.id"), "label"),
                Column(say("sheet.col.item"), "text", widest=34),
                Column(say("sheet.carry.applicant"), "text", widest=24),
                Column(say("sheet.carry.since"), "label"),
                Column(say("sheet.carry.source"), "text"),
                Column(say("sheet.carry.kept"), "money", sums=True),
                Column(say("sheet.carry.lapsed"), "money", sums=True),
            ]
        )
        grid.rows(
            [
                c.id,
                c.title,
                c.applicant,
                str(c.since),
                c.source,
                None if c.lapsed else c.amount,
                c.amount if c.lapsed else None,
            ]
            for c in carried(view.plan.tables, fund.year, fund.carry_years)
        )
        grid.total()
        page.keep_heading(grid)
        page.note(say("sheet.carry.note", years=fund.carry_years))
        page.sign()
