"""规则执行: every rule of the scenario, what it asks, what the plan gives, how much is left, in one sentence each."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from allocator.plan import Ruled
from allocator.report.cells import Cell, Column, Figure, Kind
from allocator.report.page import Page
from allocator.words import Text
from models.caps import HolderCap
from models.tables._table import Table, say
from models.tables._view import View

TIGHTEST = 20
"""Holders that are shown for each cap: a large pool has thousands that are nowhere near it."""

KINDS: dict[str, Kind] = {"money": "money", "share": "share", "count": "count"}


class RulesKept(Table):
    """规则执行."""

    key: ClassVar[str] = "rules_kept"
    order: ClassVar[int] = 80

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.rule.rule"), "text", widest=20),
                Column(say("sheet.rule.label"), "text", widest=30),
                Column(say("sheet.col.basis"), "text", widest=22),
                Column(say("sheet.rule.unit"), "label"),
                Column(say("sheet.rule.value"), "text"),
                Column(say("sheet.rule.floor"), "text"),
                Column(say("sheet.rule.target"), "text"),
                Column(say("sheet.rule.cap"), "text"),
                Column(say("sheet.rule.slack"), "text"),
                Column(say("sheet.rule.verdict"), "label"),
                Column(say("sheet.rule.sentence"), "text", widest=60),
            ]
        )
        hidden: dict[str, int] = {}
        for name, ruled in _by_rule(view).items():
            shown = ruled
            if isinstance(view.plan.compiled.rules.get(name), HolderCap):
                shown = sorted(ruled, key=_tightness)[:TIGHTEST]
                hidden[name] = len(ruled) - len(shown)
            grid.rows(_row(view, r) for r in shown)
        page.keep_heading(grid, columns=2, filtered=True)
        for name, count in hidden.items():
            if count:
                first = _by_rule(view)[name][0]
                page.note(say("sheet.rule.more", rule=first.title, name=name, shown=TIGHTEST, count=count))
        page.note(say("sheet.rule.note", verdict=say("verdict.binding")))
        page.sign()


def _by_rule(view: View) -> dict[str, list[Ruled]]:
    found: dict[str, list[Ruled]] = {}
    for r in view.plan.ruled:
        found.setdefault(r.measure.rule, []).append(r)
    return found


def _tightness(ruled: Ruled) -> tuple[bool, bool, Fraction, str]:
    measure = ruled.measure
    cap = measure.limits.bound("cap") or 1
    return measure.kept, not ruled.binding, Fraction(measure.slack or 0, cap), measure.label


def _row(view: View, ruled: Ruled) -> list[Cell]:
    measure = ruled.measure
    kind = KINDS[measure.unit]

    def figure(value: int | None) -> Cell:
        return None if value is None else Figure(value, kind)

    value: Cell = say("none") if measure.value is None else figure(measure.value)
    slack: Cell = None
    if measure.slack is not None:
        slack = Figure(measure.slack, "count" if measure.money == "count" else "money")
    return [
        ruled.title,
        view.plan.facts.title(measure.label) if measure.label else _what(view, measure.rule),
        measure.basis or None,
        say(f"sheet.unit_of.{measure.unit}"),
        value,
        *(figure(measure.limits.bound(side)) for side in ("floor", "target", "cap")),
        slack,
        verdict(ruled),
        ruled.sentence,
    ]


def _what(view: View, name: str) -> str | None:
    """What a rule without labels limits, where it says so."""
    return getattr(view.plan.compiled.rules.get(name), "what", "") or None


def verdict(ruled: Ruled) -> Text:
    """Kept, kept with nothing to spare, or not met."""
    if not ruled.measure.kept:
        return say("verdict.short")
    return say("verdict.binding") if ruled.binding else say("verdict.kept")
