"""绩效自评表 (FIELD.md, headings verbatim): one form a project and paper, filled in as far as the plan knows.

The forms are filled in when the year is over, so they are a workbook of their own, made from a finished run; each
department, to which its forms are sent, has its sheet. Score of payment = B/A × its full mark; an indicator that is
reached has its full mark; a shortfall needs its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from allocator.contract import Facts
from allocator.options import Award
from allocator.records import Records, Tables
from allocator.report.book import Book
from allocator.report.cells import Column, sheet_name
from allocator.report.page import Page
from allocator.words import Lang, Text, catalogue, same
from models.currency import spoken
from models.performance import Performance, reads
from models.standing import in_order, standings
from models.tables._view import illustrative

say = catalogue("models.words").say

GOAL_LINES = 4
"""Lines of room for the year's goal and for what came of it."""


def write(
    scenario: Any, tables: Tables, facts: Facts, awards: Sequence[Award], path: Path, lang: Lang
) -> None:
    """Write the forms of the awards (fixed lines have none), a sheet a department, in the order of the plan's tables.

    The same plan gives the same bytes on any day. Raises `ValueError` where there is no award.
    """
    budgets = {a.candidate: a.outlay[0] for a in awards if not a.fixed}
    if not budgets:
        raise ValueError("a plan without awards has no forms")
    records, own, year = tables["candidates"], scenario.performance, facts.years[0]
    ordered = in_order(
        list(budgets), facts.labels.get("domain", ()), records, standings(scenario, tables, facts)
    )
    mark = say("sheet.illustrative").to(lang) if illustrative(scenario) else ""

    def own_currency(text: Text) -> Text:
        return spoken(text, scenario.fund.currency)

    made = datetime(year, 1, 1)
    with Book(path, lang, title=scenario.title, made=made, mark=mark, spoken=own_currency) as book:
        for name, candidates in by_department(records, ordered, book).items():
            page = book.page(same(name), say("sheet.performance.title"), say("sheet.unit"))
            page.note(say("sheet.performance.note", source=own.from_where))
            for column in range(2, 7):
                page.needs(column, 12)
            page.needs(7, 24)
            for i, candidate in enumerate(candidates):
                if i:
                    page.new_paper()
                _form(page, records.row(records.index[candidate]), budgets[candidate], year, own)


def by_department(records: Records, ordered: Sequence[str], book: Book) -> Mapping[str, Sequence[str]]:
    """The candidates of each department by the name of its sheet; no two sheets are called alike in any case."""
    groups: dict[str | None, list[str]] = {}
    for candidate in ordered:
        groups.setdefault(records["department"][records.index[candidate]], []).append(candidate)
    found: dict[str, list[str]] = {}
    for department, candidates in groups.items():
        whole = department or book.words(say("sheet.performance.unnamed"))
        found[sheet_name(whole, tuple(found))] = candidates
    return found


def _form(page: Page, row: Mapping[str, Any], budget: int, year: int, own: Performance) -> None:
    page.heading(say("sheet.performance.of", candidate=row["id"], year=year))
    page.grid(
        [
            Column(say("sheet.performance.project"), "text", span=3),
            Column(say("sheet.performance.department"), "label", span=2),
            Column(say("sheet.performance.unit"), "text", span=2),
            Column(say("sheet.performance.year"), "year"),
        ]
    ).rows([[row["title"], row["department"], row["applicant"], year]])
    goals = page.grid(
        [
            Column(say("sheet.performance.goal"), "text", span=4),
            Column(say("sheet.performance.done"), "text", span=4),
        ]
    )
    goals.rows([[None, None]])
    page.keep_lines(goals.first, GOAL_LINES)
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
    grid.rows([reads(i.first), reads(i.second), None, None, None, i.mark, None, None] for i in own.indicators)
    whole = own.payment + sum(i.mark for i in own.indicators)
    grid.rows([[say("sheet.col.total"), None, None, None, None, whole, None, None]])
