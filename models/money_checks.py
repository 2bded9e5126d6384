"""Faults of the year's money: uses that no rule holds, lines not their source's to pay, a pool that lacks money."""

from __future__ import annotations

from typing import Any

from allocator.money import show, show_share
from allocator.problems import Place, Problems
from allocator.records import Tables
from allocator.words import catalogue
from models.candidate import CANDIDATES
from models.carry import CARRY
from models.instruments.risk_compensation import RiskCompensation
from models.line import LINE_KINDS
from models.pool import AXES, fixed_lines
from models.rules.source_use import SourceUse
from models.sources import SOURCE

WORDS = catalogue("models.words")
LABELLED = ("candidates", "lines", "entitlements")
USABLE = (*AXES, "instrument", "line")
"""The axes of which a source's uses may speak."""


def check(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Note every such fault of a scenario's sources, pools and entitlements."""
    _uses(scenario, tables, problems)
    _held(scenario, problems)
    _lines(scenario, tables, problems)
    _pools(scenario, tables, problems)
    _entitlements(scenario, tables, problems)
    _carried(scenario, tables, problems)


def _uses(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Axes and labels that there are not, and money that expired before the year."""
    for name, source in scenario.fund.sources.items():
        for axis, labels in source.uses.items():
            place = Place(file="scenario", key=f"fund.sources.{name}.uses.{axis}")
            known = _known(scenario, tables, axis)
            if known is None:
                problems.add(place, "source.axis", words=WORDS, axis=axis, axes=", ".join(USABLE))
                continue
            for label in labels:
                if label not in known:
                    there = "、".join(sorted(known))
                    problems.add(place, "source.label", words=WORDS, label=label, known=there)
        if source.expires is not None and source.expires < scenario.fund.year:
            place = Place(file="scenario", key=f"fund.sources.{name}.expires")
            years = {"expires": source.expires, "year": scenario.fund.year}
            problems.add(place, "source.expired", words=WORDS, **years)


def _held(scenario: Any, problems: Problems) -> None:
    bound = any(isinstance(rule, SourceUse) for rule in scenario.rules.values())
    if scenario.fund.money.axes and not bound:
        problems.add(Place(file="scenario", key="rules"), "source.unbound", words=WORDS)


def _lines(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Lines that name a source whose uses do not include them."""
    money, rows = scenario.fund.money, iter(fixed_lines(scenario, tables))
    for key in ("lines", "entitlements"):
        for i in range(len(tables[key]) if key in tables else 0):
            row = next(rows)
            if row.get(SOURCE) in money.names and not money.payers(row):
                place = tables[key].locate(i, SOURCE)
                problems.add(place, "source.line", words=WORDS, source=row[SOURCE], id=row["id"])


def _pools(scenario: Any, tables: Tables, problems: Problems) -> None:
    """A pool that its loans in force need more of than it holds and the first calls bring, and one that has stopped."""
    for key, instrument in scenario.instruments.items():
        if not isinstance(instrument, RiskCompensation):
            continue
        state = instrument.pool(0)
        rows = fixed_lines(scenario, tables)
        brought = sum(int(str(r["year1"] or 0)) for r in rows if r["instrument"] == key)
        place = Place(file="scenario", key=f"instruments.{key}.balance")
        if state.top_up > brought:
            problems.add(
                place,
                "pool.short",
                words=WORDS,
                level="notice",
                need=show(state.need),
                balance=show(instrument.balance),
                brought=show(brought),
                lacking=show(state.top_up - brought),
            )
        if state.stopped:
            shares = {"npl": show_share(instrument.npl), "stop": show_share(instrument.stop)}
            problems.add(place, "pool.stopped", words=WORDS, level="notice", **shares)


def _entitlements(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Standards that add up to more than there is for them: a notice, with the factor by which all are paid."""
    budget = scenario.fund.entitlement_budget
    due = sum(v or 0 for v in tables["entitlements"]["year1"]) if "entitlements" in tables else 0
    if budget is not None and due > budget:
        place = Place(file="scenario", key="fund.entitlement_budget")
        said = {"due": show(due), "budget": show(budget), "factor": f"{budget / due:.4%}"}
        problems.add(place, "fund.entitlements", words=WORDS, level="notice", **said)


def _carried(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Money carried over from no earlier year, and renewals of projects that have not spent what they had."""
    if CARRY.key not in tables:
        return
    records, renewed = tables[CARRY.key], {r["id"] for r in fixed_lines(scenario, tables) if r["year1"]}
    for i in range(len(records)):
        row = records.row(i)
        if row["since"] >= scenario.fund.year:
            years = {"since": row["since"], "year": scenario.fund.year}
            problems.add(records.locate(i, "since"), "carry.since", words=WORDS, **years)
        elif row["id"] in renewed:
            place = records.locate(i, "amount")
            said = {"id": row["id"], "amount": show(row["amount"])}
            problems.add(place, "carry.renewed", words=WORDS, level="notice", **said)


def _known(scenario: Any, tables: Tables, axis: str) -> set[str] | None:
    """The labels on an axis of which a source's uses may speak; None for any other axis."""
    if axis not in USABLE:
        return None
    if axis == "line":
        return set(LINE_KINDS)
    if axis == "instrument":
        return set(scenario.instruments)
    closed = tuple(scenario.domains.named) if axis == "domain" else CANDIDATES.field(axis).choices
    found = {label for key in LABELLED for label in _column(tables, key, axis) if label is not None}
    return found | set(closed or ())


def _column(tables: Tables, key: str, axis: str) -> tuple[str | None, ...]:
    if key not in tables or all(f.key != axis for f in tables[key].sheet.fields):
        return ()
    return tuple(tables[key][axis])
