"""汇总: the plan on two pages: key figures and charts, then money by domain and instrument, beside today's practice."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from allocator.limits import SIDES, Measure
from allocator.plan import Ruled
from allocator.program import Bools
from allocator.report.cells import Cell, Column, Figure, Kind, Picture, Scale, Series, width_of
from allocator.report.grid import Grid
from allocator.report.page import Page
from allocator.words import Text
from models import summary as screen
from models.base import TITLES
from models.rules.domain_share import DomainShare
from models.rules.equity_pilot import CAPITAL
from models.rules.instrument_share import InstrumentShare
from models.tables._table import Table, say
from models.tables._view import View
from models.tables.rules_kept import verdict

TWO_LINES = 0.6
"""Part of a heading's width that its column has, so that it takes two lines: words do not part evenly."""


class Summary(Table):
    """汇总."""

    key: ClassVar[str] = "summary"
    order: ClassVar[int] = 10

    def write(self, page: Page, view: View) -> None:
        if view.plan.status in ("time_limit", "interrupted"):
            page.note(say("sheet.summary.stopped"))
        _key_figures(page, view)
        at = page.keep_for_charts(2)
        page.new_paper()
        domains = _shares(page, view, "domain", DomainShare)
        _shares(page, view, "instrument", InstrumentShare)
        _practice(page, view)
        page.may_end()
        page.heading(say("binds.title"))
        for text in screen.binds(view.plan).notes:
            page.note(text)
        page.sign()
        page.charts(at, _pictures(view, domains))


def _key_figures(page: Page, view: View) -> None:
    plan, t = view.plan, view.plan.totals
    passed = sum(s.barred is None for s in view.standings.values())
    requested = sum(v for v in view.records["request"] if v is not None)
    granted = sum(view.field(c, "request") for c in view.awarded)
    capital = sum(a.outlay[0] for a in plan.awards if a.instrument == CAPITAL)
    money: Kind = "money"
    left: list[tuple[str, int | None, Kind]] = [
        ("ceiling", t["ceiling"], money),
        ("lines", t["ceiling"] - t["competitive"], money),
        ("competitive", t["competitive"], money),
        ("first_year", t["first_year"], money),
        ("unused", t["unused"], money),
        ("award", t["award"], money),
        ("later", t["award"] - t["first_year"], money),
        ("recovery", sum(t["recovery"].values()), money),
    ]
    right: list[tuple[str, int | None, Kind]] = [
        ("candidates", len(view.records), "count"),
        ("requested", requested, money),
        ("passed", passed, "count"),
        ("count", t["count"], "count"),
        ("funded_share", _points(t["count"], passed), "share"),
        ("met_share", _points(t["award"], granted), "share"),
        ("pilot_share", _points(capital, t["ceiling"]) if CAPITAL in view.instruments else None, "share"),
        ("private", t.get("private"), money),
    ]
    name, value, note = (say(f"sheet.summary.{k}") for k in ("figure", "value", "meaning"))
    page.heading(say("sheet.summary.key_figures"))
    grid = page.grid(
        [
            Column(name, "text", widest=24),
            Column(value, "money"),
            Column(note, "text", span=3),
            Column(name, "text", span=2),
            Column(value, "money"),
            Column(note, "text", span=3),
        ]
    )
    for (k1, v1, kind1), (k2, v2, kind2) in zip(left, right, strict=True):
        first: list[Cell] = [say(f"sheet.figure.{k1}"), Figure(v1, kind1), say(f"sheet.figure.{k1}_means")]
        second: list[Cell] = [say(f"sheet.figure.{k2}"), Figure(v2, kind2), say(f"sheet.figure.{k2}_means")]
        grid.rows([[*first, *second]])


def _points(part: int, whole: int) -> int | None:
    """part / whole in basis points; nothing where there is no whole."""
    return round(10_000 * part / whole) if whole else None


def _shares(page: Page, view: View, axis: str, rule: type[Any]) -> Grid:
    """Money of each label of an axis, with its share and bounds where a rule of that kind has them."""
    plan = view.plan
    held = {r.measure.label: r for r in view.ruled(rule) if r.measure.unit == "share"}
    bases = {plan.compiled.rules[r.measure.rule].of for r in held.values()}  # type: ignore[attr-defined]
    base = TITLES[next(iter(bases))] if len(bases) == 1 else None
    page.heading(say(f"sheet.summary.by_{axis}"))
    share = say("sheet.summary.share_of", base=base) if base else say("sheet.summary.share")
    columns = [
        Column(say(f"sheet.col.{axis}"), "text", widest=24),
        Column(say("sheet.col.count"), "count", sums=True),
        Column(say("sheet.summary.commitment"), "money", sums=True),
        Column(say("sheet.col.first_year"), "money", sums=True),
        Column(say("sheet.summary.lines"), "money", sums=True),
        Column(say("sheet.summary.this_year"), "money", sums=True),
    ]
    if held:
        columns += [Column(share, "share"), *(Column(say(f"sheet.rule.{side}"), "share") for side in SIDES)]
        columns.append(Column(say("sheet.rule.verdict"), "label"))
    grid = page.grid(columns)
    if held:
        page.needs(6, TWO_LINES * width_of(page.book.words(share)))
    found = plan.totals["by"][axis]
    named = (
        view.domains
        if axis == "domain"
        else [*view.instruments, *(k for k in found if k not in view.instruments)]
    )
    none = {"count": 0, "award": 0, "first_year": 0, "lines": 0}
    for label in named:
        own = found.get(label, none)
        _share_row(grid, plan.facts.title(label), own, held.get(label))
    whole = {k: sum(own[k] for own in found.values()) for k in none}
    rest = {
        "count": plan.totals["count"] - whole["count"],
        "award": plan.totals["award"] - whole["award"],
        "first_year": plan.totals["first_year"] - whole["first_year"],
        "lines": sum(a.outlay[0] for a in plan.lines) - whole["lines"],
    }
    if any(rest.values()):
        _share_row(grid, say(f"sheet.summary.no_{axis}"), rest, None)
    grid.total()
    return grid


def _share_row(grid: Grid, name: Text, own: dict[str, int], ruled: Ruled | None) -> None:
    m: Measure | None = None if ruled is None else ruled.measure
    share: Cell = None
    if m is not None:
        share = Figure(say("none"), "label") if m.points is None else m.points
    bounds = [None if m is None else m.limits.bound(side) for side in SIDES]
    this_year = own["first_year"] + own["lines"]
    money = [own["count"], own["award"], own["first_year"], own["lines"], this_year]
    row = [name, *money, share, *bounds, None if ruled is None else verdict(ruled)]
    grid.rows([row[: len(grid.columns)]])
    grid.across(5, (3, 4), this_year)


def _practice(page: Page, view: View) -> None:
    """What the same pool would get by today's practice; the awards' worth is compared here, in plain words."""
    plan = view.plan
    page.heading(say("sheet.summary.practice"))
    grid = page.grid(
        [
            Column(say("sheet.summary.way"), "text", widest=30),
            Column(say("sheet.col.count"), "count"),
            Column(say("sheet.summary.commitment"), "money"),
            Column(say("sheet.col.first_year"), "money"),
            Column(say("sheet.figure.unused"), "money"),
            Column(say("sheet.summary.worth"), "money"),
            Column(say("sheet.summary.in_both"), "count"),
            Column(say("sheet.summary.missed"), "count"),
        ]
    )
    own = view.plan.totals
    missed = sum(not r.measure.kept for r in plan.ruled)
    grid.rows([[say("practice.plan"), *_totals(own), own["count"], missed]])
    for b in plan.baselines.values():
        both = _both(view, b.chosen)
        grid.rows([[b.title, *_totals(b.totals), both, len(b.missed)]])
    page.note(say("sheet.summary.worth_note"))
    for b in plan.baselines.values():
        page.note(Text(f"{b.title.zh}：{b.note.zh}。", f"{b.title.en}: {b.note.en}."))
    for text in screen.practice(plan).notes:
        page.note(text)


def _totals(t: Any) -> list[Cell]:
    """Count, commitment, this year's money, what is left, and worth (micro-units of 万元 as yuan)."""
    return [t["count"], t["award"], t["first_year"], t["unused"], round(t["merit"] / 100)]


def _both(view: View, chosen: Bools) -> int:
    options = view.plan.options
    free = ~options.fixed
    mine = options.candidate[view.chosen & free]
    return int(np.isin(options.candidate[chosen & free], mine).sum())


def _pictures(view: View, domains: Grid) -> list[Picture]:
    """The charts that have something to show."""
    r, titles = view.ranges, view.plan.facts.title
    found = []
    if view.awarded and "matrix.domains" in r:
        series = [Series(titles(i), r["matrix.domains"], r[f"matrix.{i}"]) for i in view.instruments]
        found.append(Picture(say("sheet.chart.domains"), "stacked_bars", tuple(series)))
        whole = Series(say("sheet.chart.instruments"), r["matrix.instruments"], r["matrix.totals"])
        found.append(Picture(say("sheet.chart.instruments"), "doughnut", (whole,)))
    years = [
        Series(say(f"sheet.chart.{part}"), r["year.years"], r[f"year.{part}"]) for part in ("lines", "awards")
    ]
    found.append(Picture(say("sheet.chart.years"), "stacked", tuple(years)))
    held = [r.measure for r in view.ruled(DomainShare)]
    if held:
        rows = (domains.first, domains.first + len(view.domains) - 1)
        names = domains.column(0, rows)
        shares = [Series(say("sheet.chart.share"), names, domains.column(6, rows))]
        for i, side in enumerate(SIDES, 7):
            if any(m.limits.bound(side) is not None for m in held):
                shares.append(Series(say(f"sheet.rule.{side}"), names, domains.column(i, rows)))
        found.append(Picture(say("sheet.chart.domain_shares"), "bars", tuple(shares), Scale(None, "0%")))
    return found
