"""A year's payments by month as a workbook: the months, what each account holds, and who waits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from allocator.calendar import Calendar, Settled
from allocator.report.book import Book
from allocator.report.cells import Column
from allocator.words import Lang, say


def write(path: Path, calendar: Calendar, settled: Settled, title: str, lang: Lang) -> None:
    """Write it; the same year gives the same bytes on any day."""
    with Book(path, lang, title=title, made=datetime(calendar.year, 1, 1)) as book:
        page = book.page(say("cash.sheet"), say("cash.title", year=calendar.year), say("cash.unit"))
        heads = ("arrived", "due", "paid", "waiting", "balance")
        grid = page.grid(
            [
                Column(say("cash.month"), "label", widest=12),
                *(Column(say(f"cash.{h}"), "money", sums=h in heads[:3]) for h in heads),
            ]
        )
        grid.rows(
            [say("cash.one", month=m.month), m.arrived, m.due, m.paid, m.waiting, m.balance]
            for m in settled.months
        )
        grid.total()
        page.note(settled.note)
        page.sign()
        arrivals = book.page(say("cash.arrivals"), say("cash.arrivals"), say("cash.unit"))
        by_month = [Column(say("cash.one", month=m), "money", sums=True) for m in range(1, 13)]
        whole = Column(say("cash.whole"), "money", sums=True)
        table = arrivals.grid([Column(say("cash.account"), "text", widest=24), *by_month, whole])
        for name, flow in calendar.arrivals.items():
            table.rows([[name, *flow, sum(flow)]])
            table.across(13, (1, 12), sum(flow))
        table.total()
        waiting = book.page(say("cash.waits"), say("cash.waits"), say("cash.unit"))
        columns = [
            Column(say("cash.name"), "text", widest=60),
            Column(say("cash.amount"), "money", sums=True),
            Column(say("cash.account"), "text", widest=24),
            Column(say("cash.due_in"), "label", widest=12),
            Column(say("cash.paid_in"), "label", widest=14),
        ]
        below = waiting.grid(columns)
        below.rows(
            [
                w.due.title,
                w.due.amount,
                w.due.account,
                say("cash.one", month=w.due.month),
                say("cash.never") if w.paid is None else say("cash.one", month=w.paid),
            ]
            for w in settled.waits
        )
        below.total()
