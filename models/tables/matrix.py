"""领域×支持方式: commitment, this year's payment and number of awards by domain and instrument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import ClassVar

from allocator.options import Award
from allocator.report.cells import Column, Kind, Range
from allocator.report.page import Page
from allocator.words import Text
from models.tables._table import Table, say
from models.tables._view import View


class Matrix(Table):
    """领域×支持方式."""

    key: ClassVar[str] = "matrix"
    order: ClassVar[int] = 60

    def write(self, page: Page, view: View) -> None:
        _part(page, view, say("sheet.matrix.award"), "money", lambda a: a.amount)
        _part(page, view, say("sheet.matrix.first_year"), "money", lambda a: a.outlay[0], chart=True)
        _part(page, view, say("sheet.matrix.count"), "count", lambda a: 1)
        page.note(say("sheet.matrix.note"))
        page.sign()


def _part(
    page: Page, view: View, title: Text, kind: Kind, figure: Callable[[Award], int], chart: bool = False
) -> None:
    """One matrix; the one for the chart leaves the cells of each instrument's column behind."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for award in view.plan.awards:
        sums[award.labels.get("domain", ""), award.instrument] += figure(award)
    domains = [*view.domains, *dict.fromkeys(d for d, _ in sums if d not in view.domains)]
    instruments = list(view.instruments)
    page.heading(title)
    grid = page.grid(
        [
            Column(say("sheet.col.domain"), "text", widest=30),
            *(Column(view.plan.facts.title(i), kind, sums=True, widest=16) for i in instruments),
            Column(say("sheet.col.total"), kind, sums=True),
        ]
    )
    for domain in domains:
        own = [sums[domain, i] for i in instruments]
        name = view.plan.facts.title(domain) if domain else say("sheet.matrix.no_domain")
        grid.rows([[name, *own, sum(own)]])
        grid.across(len(instruments) + 1, (1, len(instruments)), sum(own))
    if chart and domains:
        view.ranges["matrix.domains"] = grid.column(0)
        view.ranges.update({f"matrix.{key}": grid.column(i) for i, key in enumerate(instruments, 1)})
    total = grid.total()
    if chart:
        row = total.first_row
        view.ranges["matrix.instruments"] = grid.row_of(grid.head, 1, len(instruments))
        view.ranges["matrix.totals"] = Range(page.name, row, 1, row, len(instruments))
