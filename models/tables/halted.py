"""项目终止、暂停、追回情况表: lines that do not run as they were decided, and what becomes of their money."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.supervision import RUNNING, SUSPENDED, TERMINATED, halted
from models.tables._table import Table, say
from models.tables._view import View

STATES = {RUNNING: "running", SUSPENDED: "suspended", TERMINATED: "terminated"}
"""How the words name each state."""


class HaltedLines(Table):
    """项目终止、暂停、追回情况表: only where there are such lines."""

    key: ClassVar[str] = "halted"
    order: ClassVar[int] = 66

    def applies(self, view: View) -> bool:
        return any(True for _ in halted(view.plan.tables))

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.halted.id"), "text"),
                Column(say("sheet.halted.title_of"), "text", widest=34),
                Column(say("sheet.halted.unit"), "text", widest=24),
                Column(say("sheet.halted.state"), "label"),
                Column(say("sheet.halted.before"), "money", sums=True),
                Column(say("sheet.halted.now"), "money", sums=True),
                Column(say("sheet.halted.freed"), "money", sums=True),
                Column(say("sheet.halted.later"), "money", sums=True),
                Column(say("sheet.halted.recovered"), "money", sums=True),
                Column(say("sheet.halted.transfer"), "text", widest=20),
                Column(say("sheet.halted.basis"), "text", widest=24),
            ]
        )
        for h in halted(view.plan.tables):
            freed = h.before - h.now
            money = [h.before, h.now, freed, h.later, h.recovered]
            state = say(f"sheet.halted.states.{STATES[h.state]}")
            grid.rows([[h.id, h.title, h.unit, state, *money, h.transfer, h.basis]])
        grid.total()
        page.note(say("sheet.halted.note"))
        page.sign()
