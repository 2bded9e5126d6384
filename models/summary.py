"""What a run says on the screen: the year's money, domains, instruments, the pilot, what binds, today's practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from allocator.contract import Rule
from allocator.limits import Measure, ShareBounds
from allocator.money import show, show_share
from allocator.plan import Plan, Ruled
from allocator.report.block import Block, Cell, every, respoken
from allocator.words import Text, catalogue, listed, same
from models.base import TITLES
from models.currency import spoken
from models.rules.domain_share import DomainShare
from models.rules.equity_pilot import CAPITAL, PILOT_BASES, EquityPilot
from models.rules.instrument_share import InstrumentShare
from models.rules.limit import Limit
from models.shares import LabelShares

say = catalogue("models.words").say


def blocks(plan: Plan) -> Sequence[Block]:
    """The blocks of the summary, in the order in which an office reads them."""
    found = [available(plan)]
    if plan.chosen is not None:
        found += [by_domain(plan), by_instrument(plan)]
        if CAPITAL in plan.loaded.scenario.instruments:
            found.append(pilot(plan))
        found += [stages(plan), binds(plan)]
    found.append(practice(plan))
    return [in_currency(b, plan.loaded.scenario.fund.currency) for b in found if b.rows or b.notes]


def available(plan: Plan) -> Block:
    """当年可用财力: the year's fund, what is first spoken for, what is left to compete for, what is arranged."""
    t = plan.totals
    rows: list[tuple[Cell, ...]] = [(say("fund.ceiling"), show(t["ceiling"]))]
    rows += [(say("fund.less", kind=kind), show(v)) for kind, v in t["first_calls"].items() if v]
    rows.append((say("fund.competitive"), show(t["competitive"])))
    if plan.chosen is not None:
        rows.append((say("fund.first_year", count=t["count"], award=show(t["award"])), show(t["first_year"])))
        rows.append((say("fund.unused"), show(t["unused"])))
    columns = (say("column.item"), say("column.wan"))
    return Block(say("fund.title"), columns, tuple(rows), right=(1,), notes=_taking_part(plan))


def _taking_part(plan: Plan) -> tuple[Text, ...]:
    """How many candidates some instrument is open to, where that is not all of them."""
    options, applied = plan.options, len(plan.tables["candidates"])
    open_to = int(np.unique(options.candidate[~options.fixed]).size)
    if plan.chosen is None or open_to == applied:
        return ()
    return (say("fund.taking_part", applied=applied, open=open_to, closed=applied - open_to),)


def by_domain(plan: Plan) -> Block:
    """Money of each domain against its floor, target and cap."""
    return _shares(plan, "domain", say("domains.title"), DomainShare)


def by_instrument(plan: Plan) -> Block:
    """Money of each instrument against its floor, target and cap."""
    return _shares(plan, "instrument", say("instruments.title"), InstrumentShare)


def _shares(plan: Plan, axis: str, title: Text, kind: type[LabelShares]) -> Block:
    limits = {
        r.measure.label: r
        for r in plan.ruled
        if _bounds_axis(plan.compiled.rules[r.measure.rule], axis, kind)
    }
    labels = [
        label
        for label in plan.facts.labels.get(axis, ())
        if label in plan.totals["by"][axis] or label in limits
    ]
    rows: list[tuple[Cell, ...]] = []
    for label in labels:
        own = plan.totals["by"][axis].get(label, {"count": 0, "award": 0, "first_year": 0, "lines": 0})
        measure = limits[label].measure if label in limits else None
        rows.append(
            (
                plan.facts.title(label),
                own["count"],
                show(own["award"]),
                show(own["first_year"]),
                show(own["lines"]),
                *_bounds(measure),
                _verdict(limits.get(label)),
            )
        )
    heads = ("label", "count", "award", "first_year", "lines", "share", "asked", "verdict")
    return Block(title, tuple(say(f"column.{h}") for h in heads), tuple(rows), right=every(6), wraps=0)


def _bounds_axis(rule: Rule, axis: str, kind: type[LabelShares]) -> bool:
    """Whether a rule bounds each label of the axis: the axis's own rule, or a limit on all of its money."""
    return isinstance(rule, kind) or (isinstance(rule, Limit) and rule.each == axis and not rule.where)


def _bounds(measure: Measure | None) -> tuple[Cell, ...]:
    """A measure's share, and what is asked of it: “8%–16%, 目标 12%”."""
    if measure is None:
        return ("", "")
    floor, target, cap = (_shown(measure, side) for side in ("floor", "target", "cap"))
    asked = f"{floor}–{cap}" if floor and cap else f"≥ {floor}" if floor else f"≤ {cap}" if cap else ""
    value: Cell = ""
    if measure.unit == "share":
        value = say("none") if measure.value is None else measure.shown(measure.value)
    if not target:
        return (value, asked)
    return (value, say("aimed", asked=asked, target=target) if asked else say("aim", target=target))


def _shown(measure: Measure, side: str) -> str:
    bound = getattr(measure.limits, side, None)
    return "" if bound is None else measure.shown(bound)


def _verdict(ruled: Ruled | None) -> Cell:
    if ruled is None:
        return ""
    if not ruled.measure.kept:
        return say("verdict.short")
    return say("verdict.binding") if ruled.binding else say("verdict.kept")


def pilot(plan: Plan) -> Block:
    """The pilot ratio over its three bases, whichever binds."""
    rule = next((r for r in plan.compiled.rules.values() if isinstance(r, EquityPilot)), None)
    own = rule or EquityPilot(name="equity_pilot")
    awards = [*plan.awards, *plan.lines]
    rows: list[tuple[Cell, ...]] = []
    for base in PILOT_BASES:
        binds = rule is not None and base == rule.of
        measure = own.over(base, awards, plan.facts, own.limits if binds else ShareBounds())
        rows.append((TITLES[base], show(measure.part), show(measure.whole or 0), *_bounds(measure)))
    heads = ("base", "capital", "whole", "share", "asked")
    return Block(say("pilot.title"), tuple(say(f"column.{h}") for h in heads), tuple(rows), right=every(4))


def binds(plan: Plan) -> Block:
    """The rules that leave no step, and those that are not kept: in their own sentences, many of one rule in one."""
    by_rule: dict[str, list[Ruled]] = {}
    for r in plan.ruled:
        if r.binding or not r.measure.kept:
            by_rule.setdefault(r.measure.rule, []).append(r)
    notes: list[Text] = []
    for said in by_rule.values():
        if len(said) <= 3:
            notes += [r.sentence for r in said]
        else:
            names = [plan.facts.title(r.measure.label) for r in said]
            notes.append(
                say(
                    "binds.many",
                    title=said[0].title,
                    count=len(said),
                    names=listed(names[:3]),
                )
            )
    return Block(say("binds.title"), notes=tuple(notes) or (say("binds.none"),))


def stages(plan: Plan) -> Block:
    """What each rank of soft clauses misses: the least that was proved, what it may be, and what this plan has."""
    if plan.held is None or not plan.held.stages:
        return Block(say("stages.title"))
    rows: list[tuple[Cell, ...]] = []
    for stage in plan.held.stages:
        names = plan.held.named(stage)
        figures = (stage.bound, stage.limit, plan.held.missed(stage, plan.chosen))
        shown = [str(stage.whole(v)) if stage.counted else show(stage.whole(v)) for v in figures]
        unit = say("stages.counted") if stage.counted else say("stages.money")
        rules_of = [plan.compiled.rules[name] for name in names]
        titles = [same(what) if (what := getattr(r, "what", "")) else r.title for r in rules_of]
        rows.append((stage.rank, listed(titles), unit, *shown))
    heads = ("rank", "rules", "unit", "least", "limit", "plan")
    return Block(
        say("stages.title"), tuple(say(f"stages.{h}") for h in heads), tuple(rows), right=(3, 4, 5), wraps=1
    )


def practice(plan: Plan) -> Block:
    """What the same pool would get by today's practice, beside the plan, and the rules that it would miss."""
    heads = ("way", "count", "award", "first_year", "merit")
    rows: list[tuple[Cell, ...]] = []
    notes: list[Text] = []
    if plan.chosen is not None:
        rows.append((say("practice.plan"), *_figures(plan.totals)))
    for b in plan.baselines.values():
        rows.append((b.title, *_figures(b.totals)))
        if b.missed:
            notes.append(say("practice.missed", way=b.title, rules=_names(plan, b.missed)))
    columns = tuple(say(f"column.{h}") for h in heads)
    return Block(say("practice.title"), columns, tuple(rows), right=every(5), notes=(*notes, *_besides(plan)))


def _figures(totals: Mapping[str, Any]) -> tuple[Cell, ...]:
    money = (show(totals["award"]), show(totals["first_year"]))
    return (totals["count"], *money, _merit(totals["merit"]))


def _names(plan: Plan, missed: Sequence[Ruled]) -> Text:
    """The rules and labels that are missed, the first six by name."""
    titled = [(r.title, plan.facts.title(r.measure.label)) for r in missed[:6]]
    more = len(missed) - len(titled)
    zh = "；".join(f"{rule.zh}（{label.zh}）" if label.zh else rule.zh for rule, label in titled)
    en = "; ".join(f"{rule.en} ({label.en})" if label.en else rule.en for rule, label in titled)
    return Text(f"{zh} 等 {len(missed)} 处", f"{en} and {more} more") if more else Text(zh, en)


def _besides(plan: Plan) -> tuple[Text, ...]:
    notes: list[Text] = []
    steps = plan.sequential
    if steps is not None and steps.forgone is not None and plan.value:
        share = round(10_000 * steps.forgone / float(steps.outcome.value or 1))
        notes.append(say("practice.sequential", forgone=f"{steps.forgone:,.2f}", share=show_share(share)))
    if plan.decided is not None:
        d = plan.decided
        notes.append(
            say(
                "practice.decided",
                count=len(d.both) + len(d.only_decided),
                money=show(d.money),
                merit=_merit(d.merit),
                both=len(d.both),
                out=len(d.only_decided),
                into=len(d.only_plan),
            )
        )
        if d.broken:
            notes.append(say("practice.decided_broken", clauses="；".join(d.broken[:6])))
        if d.unscored:
            notes.append(say("practice.decided_unscored", count=len(d.unscored)))
    return tuple(notes)


def _merit(micro: int) -> str:
    """Merit in 万元 of quality-weighted need, to two decimals."""
    return f"{micro / 1_000_000:,.2f}"


def in_currency(block: Block, currency: str) -> Block:
    """The block with its money named in the fund's own currency."""
    if currency == "CNY":
        return block

    return respoken(block, lambda text: spoken(text, currency))
