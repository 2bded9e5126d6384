"""plan.xlsx: the tables that an office sends on, one file each in `models/tables`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from allocator.plan import Plan
from allocator.policy import discover
from allocator.report.book import Book
from allocator.words import Lang, Text, catalogue
from models.currency import spoken
from models.tables._table import Table
from models.tables._view import View, illustrative


@cache
def tables() -> Sequence[Table]:
    """Every table, in the order of the sheets."""
    return sorted(
        (kind() for kind in discover("models", "tables", Table).values()), key=lambda t: (t.order, t.key)
    )


def write(plan: Plan, path: Path, lang: Lang) -> None:
    """Write plan.xlsx in one language. A plan without a selection raises `ValueError`: there is nothing to send on.

    The file bears the first day of the plan's year: the same plan gives the same bytes on any day.
    """
    if plan.chosen is None:
        raise ValueError("a plan without a selection has no workbook")
    view = View(plan, plan.chosen)
    mark = (
        catalogue("models.words").say("sheet.illustrative").to(lang)
        if illustrative(plan.loaded.scenario)
        else ""
    )
    scenario = plan.loaded.scenario

    def own_currency(text: Text) -> Text:
        return spoken(text, scenario.fund.currency)

    made = datetime(plan.options.years[0], 1, 1)
    with Book(path, lang, title=scenario.title, made=made, mark=mark, spoken=own_currency) as book:
        shown = [t for t in tables() if t.applies(view)]
        pages = [book.page(t.name(), t.title(), t.unit()) for t in shown]
        for table, page in reversed(list(zip(shown, pages, strict=True))):
            table.write(page, view)
