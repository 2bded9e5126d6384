"""Before projects are chosen: the mix of domains and instruments that the demand supports, and what share targets cost.

Three columns: what is asked for, by those who may be chosen; what would be arranged with every rule but those on
shares; what is arranged with all of them. Then each share target is lifted alone and the program solved again: the
difference is its price.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from allocator.plan import measures
from allocator.program import OPEN, Bools, Program
from allocator.studies.axis_names import axis_head, axis_name, crossed
from allocator.studies.case import Case, Source, open_case
from allocator.studies.figures import figures, side_by_side, worth
from allocator.studies.pricing import Worth, base_of, interval, without_base, worth_of
from allocator.studies.solves import Question, Solves
from allocator.studies.study import Effort, Study, stopped
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.words import Text, say

Name = tuple[str, str, str]
BATCH = "batch"
"""The axis of batches, where the records have one."""


@dataclass(frozen=True, kw_only=True)
class Framework(Study):
    """The result of `framework`: the plan with all rules, the one without share targets, and each target's price."""

    key: ClassVar[str] = "framework"

    case: Case
    ruled: Bools | None
    free: Bools | None
    targets: Mapping[Name, Worth]

    def sentences(self) -> Sequence[Text]:
        if self.ruled is None:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        program, found = self.case.program, []
        if self.free is not None:
            less = program.value(self.ruled) - _bare(self.case).value(self.free)
            found.append(say("framework.all", less=f"{worth(-less, program.scale) / 1e6:,.2f}"))
        dearest = [(n, w) for n, w in self._sorted() if not w.within][:3]
        for name, w in dearest:
            found.append(
                say("framework.target", clause=self.case.rule(*name), worth=interval(w, program.scale))
            )
        none = sum(w.within for w in self.targets.values())
        return [*found, say("framework.within", count=none, of=len(self.targets))]

    def tables(self) -> Sequence[Table]:
        if self.ruled is None or self.case.compiled is None:
            return ()
        plans = [p for p in (self.free, self.ruled) if p is not None]
        names = [say("framework.free"), say("framework.ruled")][-len(plans) :]
        both = side_by_side("figures", say("compare.figures"), names, [figures(self.case, p) for p in plans])
        axes = [
            a for a in (*self.case.compiled.facts.axes[:2], BATCH) if a in self.case.compiled.options.labels
        ]
        by = [self._mix((a,)) for a in axes]
        return (both, *by, *([self._mix(axes)] if len(axes) > 1 else []), self._targets())

    def _mix(self, axes: Sequence[str]) -> Table:
        """This year's money along some axes: asked for, without share targets, with all rules."""
        compiled = self.case.compiled
        assert compiled is not None
        facts = compiled.facts
        asked = self._demand(axes)
        plans = [self._money(p, axes) for p in (self.free, self.ruled)]
        known = {label: i for a in axes for i, label in enumerate(facts.labels.get(a, ()))}
        keys = sorted({*asked, *plans[0], *plans[1]}, key=lambda k: [known.get(x, 99) for x in k])
        columns = (
            *(Col(a, axis_head(a), "text", widest=30) for a in axes),
            Col("count", say("framework.candidates"), "count"),
            Col("asked", say("framework.asked"), "money"),
            Col("free", say("framework.free"), "money", sums=True),
            Col("ruled", say("framework.ruled"), "money", sums=True),
            Col("difference", say("framework.difference"), "money", sums=True),
        )
        rows: list[list[Value]] = []
        for key in keys:
            count, money = asked.get(key, (0, 0))
            a, b = plans[0].get(key, 0), plans[1].get(key, 0)
            rows.append([*(facts.title(x) if x else None for x in key), count, money, a, b, b - a])
        title = say("framework.by", axes=crossed([axis_name(a) for a in axes]))
        graph = Graph(title, "bars", axes[0], ("asked", "free", "ruled"))
        graphs = (graph,) if len(axes) == 1 else ()
        note = say("framework.asked_note")
        narrow = (*axes, "asked", "free", "ruled")
        return Table("by_" + "_".join(axes), title, columns, rows_of(rows), (note,), graphs, narrow=narrow)

    def _demand(self, axes: Sequence[str]) -> dict[tuple[str, ...], tuple[int, int]]:
        """How many candidates could be supported along the axes, and this year's money of each one's fullest option."""
        compiled = self.case.compiled
        assert compiled is not None
        options = compiled.options
        first = options.column("first_year")
        fullest: dict[tuple[tuple[str, ...], int], int] = {}
        for k in np.flatnonzero(~options.fixed).tolist():
            key = tuple(options.labels[a].label(k) or "" for a in axes)
            own = (key, int(options.candidate[k]))
            fullest[own] = max(fullest.get(own, 0), int(first[k]))
        found: dict[tuple[str, ...], tuple[int, int]] = {}
        for (key, _), money in fullest.items():
            count, total = found.get(key, (0, 0))
            found[key] = (count + 1, total + money)
        return found

    def _money(self, plan: Bools | None, axes: Sequence[str]) -> dict[tuple[str, ...], int]:
        sums: defaultdict[tuple[str, ...], int] = defaultdict(int)
        for a in () if plan is None else self.case.awards(plan):
            if not a.fixed:
                sums[tuple(a.labels.get(axis, "") for axis in axes)] += a.outlay[0]
        return dict(sums)

    def _sorted(self) -> list[tuple[Name, Worth]]:
        return sorted(self.targets.items(), key=lambda item: -item[1].size)

    def _targets(self) -> Table:
        assert self.case.compiled is not None
        assert self.ruled is not None
        found = measures(self.case.compiled, self.case.awards(self.ruled))
        by = {(rule, m.label): m for rule, m in found}
        columns = (
            Col("clause", say("conflicts.clause"), "text", widest=40),
            Col("asked", say("conflicts.bound"), "label", widest=12),
            Col("share", say("framework.share"), "share"),
            Col("price", say("framework.price"), "text", widest=26),
            Col("low", say("prices.least"), "worth"),
            Col("high", say("prices.most"), "worth"),
        )
        rows: list[list[Value]] = []
        scale = self.case.program.scale
        for (rule, label, side), w in self._sorted():
            m = by[rule, label]
            ends = [None if e is None else worth(e, scale) for e in (w.low, w.high)]
            asked = m.shown(getattr(m.limits, side, None))
            rows.append([self.case.rule(rule, label, side), asked, m.value, interval(w, scale), *ends])
        note = say("framework.price_note")
        narrow = ("clause", "asked", "share", "price")
        return Table("targets", say("framework.targets"), columns, rows_of(rows), (note,), narrow=narrow)


def framework(source: Source, *, sets: Sequence[str] = (), effort: Effort | None = None) -> Framework:
    """The mix that a scenario's demand supports, and the price of each of its share targets, by solving again."""
    effort = effort or Effort()
    case = open_case(source, sets)
    assert case.compiled is not None, "a framework is of a scenario"
    solves, title = Solves(case, effort), say("framework.title", name=case.title)
    effort.step(say("alternatives.step_best"))
    base, outcome = base_of(case, solves)
    if base is None:
        ended = without_base(outcome)
        return Framework(title=title, ended=ended, case=case, ruled=None, free=None, targets={})
    effort.step(say("framework.step_free"))
    free = solves(_bare(case), start=base.chosen)
    names = share_clauses(case)
    targets: dict[Name, Worth] = {}
    lifted = [without(case.program, {name}) for name in names]
    for number, (k, outcome) in enumerate(solves.many([Question(p, base.chosen) for p in lifted]), 1):
        effort.step(say("framework.step", number=number, count=len(names), clause=case.rule(*names[k])))
        if outcome.reason != "interrupted":
            targets[names[k]] = worth_of(base, lifted[k], outcome)
    done = len(targets) == len(names)
    return Framework(
        title=title,
        ended="whole" if done else "stopped",
        left=None if done else stopped(len(targets), len(names)),
        case=case,
        ruled=base.chosen,
        free=free.chosen,
        targets=targets,
    )


def share_clauses(case: Case) -> list[Name]:
    """The clauses that are shares and steer: by rule, label and side, in the program's order."""
    assert case.compiled is not None
    found = measures(case.compiled, case.awards(np.asarray(case.program.fixed == 1)))
    shares = {(rule, m.label) for rule, m in found if m.unit == "share"}
    names = [(c.rule, c.label, c.side) for c in case.program.clauses if (c.rule, c.label) in shares]
    return list(dict.fromkeys(names))


def without(program: Program, names: set[Name]) -> Program:
    """The program with those clauses' rows open."""
    gone = np.array([(c.rule, c.label, c.side) in names for c in program.clauses], bool)
    return replace(
        program, lower=np.where(gone, -OPEN, program.lower), upper=np.where(gone, OPEN, program.upper)
    )


def _bare(case: Case) -> Program:
    return without(case.program, set(share_clauses(case)))
