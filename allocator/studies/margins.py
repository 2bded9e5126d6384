"""How near every candidate of a plan is to the other decision, at the prices of the rules' room: estimates.

At the multipliers of the linear relaxation an option is worth its gain less what it takes of each rule's room. The
candidates nearest to nothing are those that a small change decides otherwise; `explain --candidate` says so exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from allocator.certificate import certify, reduced_gains
from allocator.program import Bools
from allocator.solve.dual import multipliers
from allocator.studies.case import Case, Source, open_case
from allocator.studies.figures import worth
from allocator.studies.pricing import base_of, without_base
from allocator.studies.sides import PRICING
from allocator.studies.solves import Solves
from allocator.studies.study import Effort, Study
from allocator.studies.table import Col, Table, Value, rows_of
from allocator.why.exchange import Exchange
from allocator.words import Text, say

NEAREST = 15
"""Candidates of each kind that the screen shows."""


@dataclass(frozen=True, kw_only=True)
class Margins(Study):
    """The result of `explain` for a whole run: `margin` by candidate's number, in units of gain, an estimate."""

    key: ClassVar[str] = "margins"

    case: Case
    plan: Bools | None
    margin: dict[int, Fraction]
    best: dict[int, int]

    def sentences(self) -> Sequence[Text]:
        if self.plan is None:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        return [say("margins.estimates")]

    def tables(self) -> Sequence[Table]:
        if self.plan is None:
            return ()
        taken = self.case.taken(self.plan)
        funded = sorted((w for w in self.margin if w in taken), key=lambda w: (self.margin[w], w))
        others = sorted((w for w in self.margin if w not in taken), key=lambda w: (-self.margin[w], w))
        return (self._table("funded", funded, taken), self._table("unfunded", others, {}))

    def _table(self, key: str, whom: Sequence[int], taken: dict[int, int]) -> Table:
        scale = self.case.program.scale
        assert self.plan is not None
        exchange = Exchange(self.case.program, self.plan)
        columns = (
            Col("candidate", say("study.candidate"), "text", widest=40),
            Col("option", say("why.option"), "text", widest=24),
            Col("gain", say("why.gain"), "worth"),
            Col("margin", say("margins.margin"), "worth"),
            *((Col("blocked", say("margins.blocked"), "text", widest=44),) if key == "unfunded" else ()),
        )
        rows: list[list[Value]] = []
        for w in whom:
            k = taken.get(w, self.best[w])
            gain = worth(Fraction(int(self.case.program.gain[k])), scale)
            row: list[Value] = [self.case.name_of(w), self.case.option(k), gain, worth(self.margin[w], scale)]
            if key == "unfunded":
                broken = [
                    self.case.clause(self.case.program.clauses[r]) for r in exchange.blocked.get(k, ())[:2]
                ]
                row.append(Text("；".join(b.zh for b in broken), "; ".join(b.en for b in broken)))
            rows.append(row)
        narrow = ("candidate", "option", "margin")
        return Table(key, say(f"margins.{key}"), columns, rows_of(rows), on_screen=NEAREST, narrow=narrow)


def margins(source: Source, *, sets: Sequence[str] = (), effort: Effort | None = None) -> Margins:
    """How near each candidate of a run or scenario is to the other decision, by estimate."""
    effort = effort or Effort()
    case = open_case(source, sets)
    solves, title = Solves(case, effort), say("margins.title", name=case.title)
    effort.step(say("alternatives.step_best"))
    base, outcome = base_of(case, solves)
    if base is None:
        ended = without_base(outcome)
        return Margins(title=title, ended=ended, case=case, plan=None, margin={}, best={})
    program = case.program
    found = certify(program, multipliers(program, PRICING))
    reduced = reduced_gains(program, found.numerators, found.denominator)
    taken = case.taken(base.chosen)
    margin: dict[int, Fraction] = {}
    best: dict[int, int] = {}
    for who, columns in case.columns_of.items():
        best[who] = int(columns[int(np.argmax(reduced[columns]))])
        k = taken.get(who, best[who])
        margin[who] = Fraction(int(reduced[k]), found.denominator)
    return Margins(title=title, case=case, plan=base.chosen, margin=margin, best=best)
