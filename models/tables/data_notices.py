"""数据问题: what reading and checking the files noticed, where it is, and what to do about it."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.tables._table import Table, say
from models.tables._view import View


class DataNotices(Table):
    """数据问题."""

    key: ClassVar[str] = "data_notices"
    order: ClassVar[int] = 100
    in_wan: ClassVar[bool] = False

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.col.number"), "count"),
                Column(say("sheet.problem.level"), "label"),
                Column(say("sheet.problem.place"), "text", widest=40),
                Column(say("sheet.problem.what"), "text", widest=70),
                Column(say("sheet.problem.mend"), "text", widest=50),
            ]
        )
        problems = view.plan.problems
        grid.rows(
            [i, say(f"sheet.problem.{p.level}"), str(p.place), p.what, p.mend]
            for i, p in enumerate(problems, 1)
        )
        page.keep_heading(grid, filtered=bool(problems))
        if not problems:
            page.note(say("sheet.problem.none"))
        page.sign()
