"""Clearly different plans that are nearly as good, and what all of them share.

Each further plan is the best, within the gap, of those that leave out at least `differ` of the candidates that every
earlier one funds; the search ends when it is proven that none is left within the margin. Of a plain program, which may
be a hard knapsack, the margin itself is the gap where none is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from allocator.change import Change
from allocator.contract import Figure
from allocator.program import OPEN, Bools
from allocator.studies.case import Case, Source, open_case
from allocator.studies.figures import figures, side_by_side
from allocator.studies.solves import Solves, bound_of, rows, value_of
from allocator.studies.study import Effort, Ended, Study
from allocator.studies.table import Col, Table, rows_of
from allocator.words import Text, say

LEAVES = "leaves"
"""The name of the rows that keep a plan away from another."""


@dataclass(frozen=True, kw_only=True)
class Alternatives(Study):
    """The result of `alternatives`: `plans` bool [n] each, the best one first, then as they were found."""

    key: ClassVar[str] = "alternatives"

    case: Case
    plans: tuple[Bools, ...]
    within: Fraction
    differ: int
    ending: Text | None

    @property
    def shared(self) -> tuple[str, ...]:
        """The candidates that every plan funds."""
        taken = [self.case.taken(p) for p in self.plans]
        return tuple(self.case.candidate(w) for w in taken[0] if all(w in t for t in taken)) if taken else ()

    def sentences(self) -> Sequence[Text]:
        if not self.plans:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        known = {"within": f"{float(self.within):.4g}%", "differ": self.differ, "shared": len(self.shared)}
        said = say("alternatives.found", count=len(self.plans) - 1, **known)
        return [said] if self.ending is None else [said, self.ending]

    def tables(self) -> Sequence[Table]:
        if not self.plans:
            return ()
        return (self._plans(), self._funded())

    def _plans(self) -> Table:
        found = [list(figures(self.case, p)) for p in self.plans]
        best = self.case.program.value(self.plans[0])
        first = self.case.taken(self.plans[0])
        for plan, own in zip(self.plans, found, strict=True):
            less = best - self.case.program.value(plan)
            gone = sum(w not in self.case.taken(plan) for w in first)
            share = round(less * 1_000_000 / abs(best)) if best else None
            own += [Figure("less", say("alternatives.less"), "fine", share)]
            own += [Figure("leaves", say("alternatives.leaves"), "count", gone)]
        names = [self._name(i) for i in range(len(self.plans))]
        return side_by_side("plans", say("alternatives.plans"), names, found)

    def _funded(self) -> Table:
        taken = [self.case.taken(p) for p in self.plans]
        counts = Counter(w for t in taken for w in t)
        order = sorted(counts, key=lambda w: (-counts[w], w))
        columns = (
            Col("candidate", say("study.candidate"), "text", widest=44),
            Col("count", say("alternatives.of_plans"), "count"),
            Col("marks", say("alternatives.marks"), "label"),
            *(Col(f"plan_{i}", self._name(i), "text", widest=18) for i in range(len(taken))),
        )
        contested = [
            [
                self.case.name_of(w),
                counts[w],
                _marks(w, taken),
                *(self.case.option(t[w]) if w in t else None for t in taken),
            ]
            for w in order
            if counts[w] < len(taken)
        ]
        note = say("alternatives.shared", count=len(self.shared))
        narrow = ("candidate", "count", "marks")
        return Table(
            "funded", say("alternatives.contested"), columns, rows_of(contested), (note,), narrow=narrow
        )

    def _name(self, i: int) -> Text:
        return say("alternatives.best") if i == 0 else say("alternatives.nth", number=i)


def _marks(who: int, taken: Sequence[dict[int, int]]) -> str:
    """In which plans a candidate is, in their order: ●○●."""
    return "".join("●" if who in own else "○" for own in taken)


def alternatives(
    source: Source,
    *,
    within: Fraction | float = Fraction(1, 100),
    count: int = 5,
    differ: int = 10,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Alternatives:
    """Up to `count` plans beside the best, each worth at least (1 − `within`) of it, any two `differ` candidates apart.

    `differ` counts the candidates of the earlier plan that the later one does not fund. The best plan is a run's own
    where a run's folder is given.
    """
    effort = effort or Effort()
    case = open_case(source, sets)
    solves, share = Solves(case, effort), Fraction(within).limit_denominator(10**9)
    program, chosen = case.program, case.chosen
    if chosen is None:
        effort.step(say("alternatives.step_best"))
        first = solves(Change())
        chosen = first.chosen
        if chosen is None:
            ended: Ended = "infeasible" if first.reason == "infeasible" else "stopped"
            return _result(case, (), share, differ, None, ended)
    plain = case.compiled is None and effort.gap is None
    near = max(solves.gap, float(share)) if plain else solves.gap
    best = program.value(chosen)
    least = best - abs(best) * share
    plans: list[Bools] = [chosen]
    while len(plans) <= count:
        if solves.ended:
            return _result(case, plans, share, differ, None, "stopped")
        effort.step(say("alternatives.step", number=len(plans), count=count))
        apart = []
        for plan in plans:
            own = case.taken(plan)
            columns = np.isin(case.owner, list(own)) & (program.fixed == -1)
            apart.append((columns.astype(np.int64), -OPEN, len(own) - differ))
        if min(high for _, _, high in apart) < 0:
            return _result(case, plans, share, differ, say("alternatives.too_few", differ=differ))
        change = Change(added=rows(apart, LEAVES))
        other = solves(change, gap=near)
        value, bound = value_of(program, other), bound_of(program, other)
        if value is not None and bound is not None and value < least <= bound and near > solves.gap:
            other = solves(change, other.chosen)  # whether one is within the margin takes a closer look
            value, bound = value_of(program, other), bound_of(program, other)
        if other.reason == "infeasible" or (bound is not None and bound < least):
            return _result(case, plans, share, differ, say("alternatives.no_more"))
        if other.reason == "interrupted":
            return _result(case, plans, share, differ, None, "stopped")
        if other.chosen is None or value is None or value < least:
            return _result(case, plans, share, differ, say("alternatives.unknown"))
        plans.append(other.chosen)
    return _result(case, plans, share, differ, None)


def _result(
    case: Case,
    plans: Sequence[Bools],
    within: Fraction,
    differ: int,
    ending: Text | None,
    ended: Ended = "whole",
) -> Alternatives:
    return Alternatives(
        title=say("alternatives.title", name=case.title),
        ended=ended,
        case=case,
        plans=tuple(plans),
        within=within * 100,
        differ=differ,
        ending=ending,
    )
