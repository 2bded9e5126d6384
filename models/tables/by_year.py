"""分年度资金安排: what is paid in each year, first calls and this batch, beside each year's ceiling and proceeds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from allocator.options import Award
from allocator.report.cells import Cell, Column, Range
from allocator.report.page import Page
from models.line import kinds
from models.rules.cash_ceiling import CashCeiling
from models.tables._table import Table, say
from models.tables._view import View


class ByYear(Table):
    """分年度资金安排."""

    key: ClassVar[str] = "by_year"
    order: ClassVar[int] = 70

    def write(self, page: Page, view: View) -> None:
        years, plan = view.years, view.plan
        grid = page.grid(
            [
                Column(say("sheet.col.item"), "text", widest=34),
                *(Column(say("sheet.year.one", year=y), "money", sums=True) for y in years),
                Column(say("sheet.col.total"), "money", sums=True),
            ]
        )

        def entry(name: Cell, awards: Iterable[Award]) -> None:
            own = list(awards)
            flow = [sum(a.outlay[y] for a in own) for y in range(len(years))]
            grid.rows([[name, *flow, sum(flow)]])
            grid.across(len(years) + 1, (1, len(years)), sum(flow))

        for kind in kinds(plan.totals["first_calls"]):
            entry(say(f"sheet.line.{kind}"), (a for a in plan.lines if a.labels.get("line") == kind))
        grid.subtotal(say("sheet.year.lines"), counted=False)
        view.ranges["year.lines"] = _years(page, len(years))
        for key in view.instruments:
            name = say("sheet.year.batch", instrument=plan.facts.title(key))
            entry(name, (a for a in plan.awards if a.instrument == key))
        grid.subtotal(say("sheet.year.awards"), counted=False)
        view.ranges["year.awards"] = _years(page, len(years))
        grid.total()
        view.ranges["year.years"] = grid.row_of(grid.head, 1, len(years))
        page.keep_heading(grid, columns=1)

        page.heading(say("sheet.year.limits"))
        heads = [Column(say("sheet.year.one", year=y), "money") for y in years]
        below = page.grid(
            [Column(say("sheet.col.item"), "text"), *heads, Column(say("sheet.col.total"), "money")]
        )
        caps = {r.measure.label: r.measure for r in view.ruled(CashCeiling)}
        own = [caps.get(str(y)) for y in years]
        below.rows(
            [
                [say("sheet.year.ceiling"), *(plan.facts.ceilings.get(y) for y in years), None],
                [say("sheet.year.cap"), *(m.limits.bound("cap") if m else None for m in own), None],
                [say("sheet.year.left"), *(m.slack if m else None for m in own), None],
            ]
        )
        back = [sum(a.recovery[y] for a in plan.awards) for y in range(len(years))]
        below.rows([[say("sheet.year.recovery"), *back, sum(back)]])
        below.across(len(years) + 1, (1, len(years)), sum(back))
        source = plan.loaded.scenario.fund.later_source
        page.note(say("sheet.year.note"))
        if source:
            page.note(say("sheet.year.source", source=source))
        page.sign()


def _years(page: Page, years: int) -> Range:
    """The years' cells of the row that was written last."""
    return Range(page.name, page.row - 1, 1, page.row - 1, years)
