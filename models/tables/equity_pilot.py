"""股权试点清单: the pilot's deals, its ratio over three bases, its directions, and whom to turn to when a deal fails.

66号文 二（二）末2. The payee is an entrusted manager, and some deals do not close: hence the reserve (备选).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from allocator.limits import ShareBounds
from allocator.report.cells import Cell, Column, Figure
from allocator.report.page import Page
from models.base import TITLES
from models.candidate import DIRECTIONS
from models.rules.equity_pilot import CAPITAL, PILOT_BASES, EquityPilot
from models.tables._table import Table, say
from models.tables._view import View
from models.tables.proposed import stake

RESERVE = 10
"""How many are held in reserve."""


class EquityDeals(Table):
    """股权试点清单."""

    key: ClassVar[str] = "equity_pilot"
    order: ClassVar[int] = 90

    def applies(self, view: View) -> bool:
        return CAPITAL in view.instruments

    def write(self, page: Page, view: View) -> None:
        deals = view.in_order([c for c, a in view.awarded.items() if a.instrument == CAPITAL])
        grid = page.grid(_columns("capital"), label_at=2)
        grid.rows(_deal(view, c, i) for i, c in enumerate(deals, 1))
        grid.total(counted=True)
        page.note(say("sheet.equity.deals_note" if deals else "sheet.equity.none"))
        self._ratio(page, view)
        self._directions(page, view, deals)
        self._reserve(page, view)
        page.sign()

    def _ratio(self, page: Page, view: View) -> None:
        page.heading(say("sheet.equity.ratio"))
        rule = next((r for r in view.plan.compiled.rules.values() if isinstance(r, EquityPilot)), None)
        own = rule or EquityPilot(name="equity_pilot")
        grid = page.grid(
            [
                Column(say("sheet.equity.base"), "text", span=3),
                Column(say("sheet.equity.capital"), "money"),
                Column(say("sheet.equity.whole"), "money"),
                Column(say("sheet.equity.share"), "share"),
                *(Column(say(f"sheet.rule.{side}"), "share") for side in ("floor", "target", "cap")),
                Column(say("sheet.col.note"), "text", span=4),
            ]
        )
        for base in PILOT_BASES:
            held = rule is not None and base == rule.of
            limits = own.limits if held else ShareBounds()
            m = own.over(base, [*view.plan.awards, *view.plan.lines], view.plan.facts, limits)
            share: Cell = Figure(say("none"), "label") if m.points is None else m.points
            bounds = [limits.floor, limits.target, limits.cap]
            grid.rows(
                [[TITLES[base], m.part, m.whole, share, *bounds, say("sheet.equity.held") if held else None]]
            )

    def _directions(self, page: Page, view: View, deals: list[str]) -> None:
        page.heading(say("sheet.equity.directions"))
        grid = page.grid(
            [
                Column(say("sheet.equity.direction"), "text", span=3),
                Column(say("sheet.equity.capital"), "money", sums=True),
                Column(say("sheet.col.count"), "count", sums=True),
                Column(say("sheet.equity.share"), "share"),
            ]
        )
        whole = sum(view.awarded[c].amount for c in deals)
        known = [*DIRECTIONS, None]
        for direction in known:
            own = [c for c in deals if _direction(view, c) == direction]
            money = sum(view.awarded[c].amount for c in own)
            part = round(10_000 * money / whole) if whole else None
            name = say(f"sheet.direction.{direction}") if direction else say("sheet.equity.other")
            grid.rows([[name, money, len(own), part]])
        grid.total(also={3: 10_000} if whole else None)

    def _reserve(self, page: Page, view: View) -> None:
        page.heading(say("sheet.equity.reserve"))
        grid = page.grid(_columns("most"), label_at=2)
        grid.rows(_spare(view, c, i, money) for i, (c, money) in enumerate(_reserve(view), 1))
        page.note(say("sheet.equity.reserve_note", count=RESERVE))


def _columns(capital: str) -> list[Column]:
    columns = [
        Column(say("sheet.col.number"), "count", widest=6),
        Column(say("sheet.col.id"), "code"),
        Column(say("sheet.col.project"), "text", widest=28),
        Column(say(f"sheet.equity.{capital}"), "money", sums=capital == "capital"),
        Column(say("sheet.equity.valuation"), "money"),
        Column(say("sheet.col.stake"), "share"),
        Column(say("sheet.col.score"), "score"),
        Column(say("sheet.col.rank"), "count"),
    ]
    if capital == "capital":
        columns.append(Column(say("sheet.equity.back"), "money", sums=True))
        columns.append(Column(say("sheet.equity.loss"), "money", sums=True))
    spread = 1 if capital == "capital" else 3  # both tables of the sheet end at the same columns
    return [
        *columns,
        Column(say("sheet.col.applicant"), "text", widest=24, span=spread),
        Column(say("sheet.col.domain"), "label", widest=14),
        Column(say("sheet.equity.direction"), "text", widest=18),
    ]


def _deal(view: View, candidate: str, number: int) -> list[Cell]:
    award, own = view.awarded[candidate], view.standings[candidate]
    back = sum(award.recovery)
    return [
        number,
        candidate,
        view.field(candidate, "title"),
        award.amount,
        view.field(candidate, "valuation"),
        stake(view, candidate),
        own.score,
        own.rank,
        back or None,  # a sale past the planned years is not shown, which is not the same as nothing
        award.columns.get("loss"),
        *_who(view, candidate),
    ]


def _spare(view: View, candidate: str, number: int, most: int) -> list[Cell]:
    own = view.standings[candidate]
    return [
        number,
        candidate,
        view.field(candidate, "title"),
        most,
        view.field(candidate, "valuation"),
        stake(view, candidate, most),
        own.score,
        own.rank,
        *_who(view, candidate),
    ]


def _who(view: View, candidate: str) -> list[Cell]:
    direction = _direction(view, candidate)
    return [
        view.field(candidate, "applicant"),
        view.title(view.field(candidate, "domain")),
        say(f"sheet.direction.{direction}") if direction else say("sheet.equity.other"),
    ]


def _direction(view: View, candidate: str) -> str | None:
    direction: str | None = view.field(candidate, "direction")
    return direction if direction in DIRECTIONS else None


def _reserve(view: View) -> list[tuple[str, int]]:
    """Those that are not supported and could take equity, by score, with the most that could be invested."""
    options = view.plan.options
    capital = np.flatnonzero(options.mask({"instrument": (CAPITAL,)}) & ~options.fixed)
    most: dict[str, int] = {}
    for k in capital.tolist():
        candidate = options.candidates[options.candidate[k]]
        most[candidate] = max(most.get(candidate, 0), int(options.award[k]))
    reasons = view.reasons.unfunded
    free = [c for c in most if c in reasons and reasons[c].code != "vetoed"]
    free.sort(key=lambda c: (-(view.standings[c].score or 0), view.records.index[c]))
    return [(c, most[c]) for c in free[:RESERVE]]
