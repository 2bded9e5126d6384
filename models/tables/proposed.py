"""拟支持项目清单: every award, by domain with its subtotal, and by instrument at the end."""

from __future__ import annotations

from typing import ClassVar

from allocator.money import show_share
from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from allocator.words import Text
from models.rules.equity_pilot import CAPITAL
from models.tables._table import Table, say
from models.tables._view import View, listed

TITLE, INSTRUMENT = 2, 7


class Proposed(Table):
    """拟支持项目清单."""

    key: ClassVar[str] = "proposed"
    order: ClassVar[int] = 30

    def write(self, page: Page, view: View) -> None:
        columns = [
            Column(say("sheet.col.number"), "count", widest=6),
            Column(say("sheet.col.id"), "code"),
            Column(say("sheet.col.project"), "text", widest=24),
            Column(say("sheet.col.applicant"), "text", widest=18),
            Column(say("sheet.col.department"), "label", widest=10),
            Column(say("sheet.col.county"), "label", widest=10),
            Column(say("sheet.col.domain"), "label", widest=10),
            Column(say("sheet.col.instrument"), "label", widest=8),
            Column(say("sheet.col.score"), "score"),
            Column(say("sheet.col.rank"), "count"),
            Column(say("sheet.col.request"), "money", sums=True),
            Column(say("sheet.col.award"), "money", sums=True),
            Column(say("sheet.col.first_year"), "money", sums=True),
            Column(say("sheet.col.later"), "money", sums=True),
            Column(say("sheet.col.stake"), "share"),
            Column(say("sheet.col.note"), "text", widest=16),
        ]
        grid = page.grid(columns, label_at=TITLE, split_by=INSTRUMENT)
        by_domain: dict[str, list[str]] = {}
        for candidate in view.in_order(list(view.awarded)):
            by_domain.setdefault(view.field(candidate, "domain"), []).append(candidate)
        number = 0
        for domain, candidates in by_domain.items():
            grid.rows(self._row(view, c, number + i) for i, c in enumerate(candidates, 1))
            number += len(candidates)
            grid.subtotal(view.plan.facts.title(domain))
        grid.total(counted=True)
        titles = [view.plan.facts.title(i) for i in view.instruments]
        grid.parts({t.to(page.lang): t for t in titles})
        page.keep_heading(grid, columns=TITLE + 1)
        page.note(say("sheet.proposed.note"))
        page.sign()

    def _row(self, view: View, candidate: str, number: int) -> list[Cell]:
        award, own = view.awarded[candidate], view.standings[candidate]
        return [
            number,
            candidate,
            view.field(candidate, "title"),
            view.field(candidate, "applicant"),
            view.field(candidate, "department"),
            view.field(candidate, "county"),
            view.title(view.field(candidate, "domain")),
            view.title(award.instrument),
            own.score,
            own.rank,
            view.field(candidate, "request"),
            award.amount,
            award.outlay[0],
            sum(award.outlay[1:]),
            stake(view, candidate) if award.instrument == CAPITAL else None,
            _note(view, candidate),
        ]


def stake(view: View, candidate: str, capital: int | None = None) -> int | None:
    """The share of the company, in basis points: capital / (投前估值 + capital); None without a valuation."""
    valuation: int | None = view.field(candidate, "valuation")
    if valuation is None:
        return None
    money = view.awarded[candidate].amount if capital is None else capital
    return round(10_000 * money / (valuation + money))


def _note(view: View, candidate: str) -> Text | None:
    parts: list[Text] = []
    pin = view.pinned.get(candidate)
    if pin is not None:
        parts.append(say("sheet.proposed.pinned", reason=pin.reason, basis=pin.basis))
    call = view.field(candidate, "call")
    if call is not None:
        parts.append(say("sheet.proposed.call", call=call))
    award, request = view.awarded[candidate], view.field(candidate, "request")
    asked = view.field(candidate, "asks")
    title = view.plan.facts.title(award.instrument)
    if asked and asked not in (award.instrument, title.zh, title.en):
        parts.append(say("sheet.proposed.asked", asked=asked))
    if award.level < 10_000:
        parts.append(say("sheet.proposed.level", level=show_share(award.level)))
    note = view.field(candidate, "note")
    if note:
        parts.append(Text(note, note))
    return listed(parts) if parts and request else None
