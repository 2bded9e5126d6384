"""Why a candidate is funded or not: what it displaced, what forcing it in would cost, what would let it in.

Every figure is a solve of its own: with the candidate out, with each of its options in, with one clause lifted. What is
said of scores holds for an objective in which worth goes by the score alone, and says so where it does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from allocator.change import Change
from allocator.explain.conflict import Name
from allocator.explain.exchange import Exchange
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Bools, Program
from allocator.studies.case import Case, Source, of_tables, open_case
from allocator.studies.figures import worth
from allocator.studies.framework import without
from allocator.studies.pricing import Base, Worth, base_of, interval, worth_of
from allocator.studies.solves import Solves, bound_of, value_of
from allocator.studies.study import Effort, Ended, Study
from allocator.studies.table import Col, Table, Value, rows_of
from allocator.words import Text, say

FULL_MARKS = 10_000
"""The highest score, in hundredths of a point."""

CUTS = (5, 10, 15, 20, 30, 40, 50)
"""Cuts of the request that are tried, in percent."""

CLAUSES = 4
"""Clauses that stand in the way, of which each is lifted alone to see whether that lets the candidate in."""


@dataclass(frozen=True, eq=False)
class Forced:
    """The best plan in which option `k` is taken; value and bound in units of gain, None where there is none."""

    k: int
    chosen: Bools | None
    value: Fraction | None
    bound: Fraction | None


@dataclass(frozen=True)
class Lifted:
    """A clause that stands in the way, lifted alone: whether that lets the candidate in (None: not found out)."""

    clause: Name
    lets_in: bool | None


@dataclass(frozen=True, kw_only=True)
class Why(Study):
    """The result of `explain` for one candidate.

    funded  whether the plan funds it; worth: what the optimum gains by having (funded) or loses by forcing it (not)
    other   the plan without it, or the best one with it
    score   in hundredths, and `threshold`: what it would have to be for the decision to turn; None where it cannot turn
    lifted  of one that is not funded: clauses lifted alone; cut: the least cut of its request (percent) that lets it in
    barred  why it has no option at all
    """

    key: ClassVar[str] = "explain"

    case: Case
    candidate: str
    funded: bool
    plan: Bools | None = None
    other: Bools | None = None
    worth: Worth | None = None
    forced: tuple[Forced, ...] = ()
    score: int | None = None
    threshold: int | None = None
    threshold_low: int | None = None
    pass_mark: int | None = None
    lifted: tuple[Lifted, ...] = ()
    blocked: tuple[Name, ...] = ()
    cut: int | None = None
    barred: Text | None = None

    @property
    def name(self) -> Text:
        """How the candidate reads."""
        return self.candidate_title(self.candidate)

    def candidate_title(self, candidate: str) -> Text:
        """How any candidate reads."""
        compiled = self.case.compiled
        return Text(candidate, candidate) if compiled is None else compiled.facts.title(candidate)

    @property
    def others(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Whom the other plan has that this one has not, and the other way round; the candidate itself left out."""
        if self.plan is None or self.other is None:
            return (), ()
        mine, theirs = ({self.case.candidate(w) for w in self.case.taken(p)} for p in (self.plan, self.other))
        own = {self.candidate}
        return tuple(sorted(theirs - mine - own)), tuple(sorted(mine - theirs - own))

    def sentences(self) -> Sequence[Text]:
        if self.barred is not None:
            return [say("why.barred", name=self.name, why=self.barred)]
        if self.worth is None:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        return list(self._funded() if self.funded else self._unfunded())

    def _funded(self) -> list[Text]:
        scale, worth_ = self.case.program.scale, self.worth
        assert worth_ is not None
        enter, leave = self.others
        if worth_.gone:
            return [say("why.indispensable", name=self.name)]
        found = [say("why.contributes", name=self.name, worth=interval(_less(worth_), scale, ""))]
        found.append(say("why.displaced", names=self._listed(enter)) if enter else say("why.displaced_none"))
        if leave:
            found.append(say("why.would_leave_too", names=self._listed(leave)))
        if worth_.within:
            found.append(say("why.on_the_margin"))
        if self.score is not None:
            known = {"score": f"{self.score / 100:.2f}", "mark": f"{(self.pass_mark or 0) / 100:.2f}"}
            if self.threshold is None or (self.pass_mark is not None and self.threshold < self.pass_mark):
                found.append(say("why.falls_at_mark", **known))
            else:
                found.append(say("why.falls_at", **known, at=f"{self.threshold / 100:.2f}"))
        return found

    def _unfunded(self) -> list[Text]:
        scale, worth_ = self.case.program.scale, self.worth
        assert worth_ is not None
        enter, leave = self.others
        found = []
        if worth_.gone:
            found.append(say("why.impossible", name=self.name))
        else:
            found.append(say("why.price", name=self.name, worth=interval(_less(worth_), scale, "")))
            best = next((f for f in self.forced if f.chosen is self.other), None)
            if best is not None:
                found.append(say("why.best_way", option=self.case.option(best.k)))
            found.append(say("why.leaves", names=self._listed(leave)) if leave else say("why.nobody_leaves"))
            if enter:
                found.append(say("why.comes_too", names=self._listed(enter)))
            if worth_.within:
                found.append(say("why.tied"))
        for lift in self.lifted:
            key = {True: "lets_in", False: "does_not", None: "unknown"}[lift.lets_in]
            found.append(say(f"why.lifting_{key}", clause=self.case.rule(*lift.clause)))
        if not self.blocked and not worth_.gone:
            found.append(say("why.nothing_blocks"))
        found += self._rise()
        if self.cut is not None:
            found.append(say("why.cut", cut=self.cut) if self.cut else say("why.no_cut", most=CUTS[-1]))
        return found

    def _rise(self) -> list[Text]:
        if self.score is None or self.worth is None or self.worth.gone or self.worth.within:
            return []
        known = {"score": f"{self.score / 100:.2f}"}
        if self.threshold is None or self.threshold > FULL_MARKS:
            return [say("why.no_rise", **known)]
        at, low = (f"{v / 100:.2f}" for v in (self.threshold, self.threshold_low or self.threshold))
        return [say("why.rise" if at == low else "why.rise_between", **known, at=at, low=low)]

    def _listed(self, candidates: Sequence[str], most: int = 8) -> Text:
        titles = [self.candidate_title(c) for c in candidates[:most]]
        more = len(candidates) - most
        tail = say("why.and_more", count=more) if more > 0 else Text("", "")
        return Text("、".join(t.zh for t in titles) + tail.zh, ", ".join(t.en for t in titles) + tail.en)

    def tables(self) -> Sequence[Table]:
        if self.worth is None:
            return ()
        enter, leave = self.others
        columns = (
            Col("kind", say("compare.kind"), "label"),
            Col("candidate", say("study.candidate"), "text", widest=40),
            Col("option", say("why.option"), "text", widest=24),
        )
        rows: list[list[Value]] = []
        for kind, names, plan in (("in", enter, self.other), ("out", leave, self.plan)):
            for c in names:
                who = self.case.who(c)
                taken = {} if plan is None else self.case.taken(plan)
                option = self.case.option(taken[who]) if who in taken else None
                rows.append([say(f"compare.kinds.{kind}"), self.candidate_title(c), option])
        title = say("why.without" if self.funded else "why.with", name=self.name)
        return (Table("changes", title, columns, rows_of(rows)), self._options())

    def _options(self) -> Table:
        scale = self.case.program.scale
        columns = (
            Col("option", say("why.option"), "text", widest=30),
            Col("gain", say("why.gain"), "worth"),
            Col("low", say("why.price_low"), "worth"),
            Col("high", say("why.price_high"), "worth"),
        )
        assert self.plan is not None
        own = self.case.program.value(self.plan)
        rows: list[list[Value]] = []
        top = own + (self.worth_bound or Fraction(0))
        for f in self.forced:
            low = None if f.bound is None else max(worth(own - f.bound, scale), 0)
            high = None if f.value is None else worth(top - f.value, scale)
            gain = worth(Fraction(int(self.case.program.gain[f.k])), scale)
            rows.append([self.case.option(f.k), gain, low, high])
        return Table("options", say("why.options"), columns, rows_of(rows), (say("why.options_note"),))

    worth_bound: Fraction | None = None
    """How far the plan's proven bound lies above its value, in units of gain."""


def explain(source: Source, candidate: str, *, sets: Sequence[str] = (), effort: Effort | None = None) -> Why:
    """Why the plan of a run or scenario funds a candidate, or does not. Raises `InputFaults` for an unknown id."""
    effort = effort or Effort()
    case = open_case(source, sets)
    title = say("why.title", name=candidate)
    if case.compiled is not None and case.loaded is not None and case.tables is not None:
        reasons = case.loaded.policy.why_not(case.loaded.scenario, case.tables, case.compiled.facts)
        if candidate in reasons:
            barred = reasons[candidate]
            return Why(title=title, case=case, candidate=candidate, funded=False, barred=barred.text)
    who = case.who(candidate)
    if who is None:
        known = say("why.unknown", candidate=candidate)
        raise InputFaults([Problem(Place(f"--candidate {candidate}"), known, say("why.look"), "why.unknown")])
    solves = Solves(case, effort)
    effort.step(say("alternatives.step_best"))
    base, outcome = base_of(case, solves)
    if base is None:
        ended: Ended = "infeasible" if outcome is not None and outcome.reason == "infeasible" else "stopped"
        return Why(title=title, ended=ended, case=case, candidate=candidate, funded=False)
    columns = case.columns_of[who]
    if base.chosen[columns].any():
        return _funded(case, solves, base, candidate, columns.tolist(), title)
    return _unfunded(case, solves, base, candidate, columns.tolist(), title)


def _funded(case: Case, solves: Solves, base: Base, candidate: str, columns: list[int], title: Text) -> Why:
    solves.effort.step(say("why.step_out", name=candidate))
    change = Change(fixed=dict.fromkeys(columns, 0))
    program = case.program.with_(change)
    outcome = solves(change, start=_dropped(base.chosen, columns))
    out = worth_of(base, program, outcome)
    rest = value_of(program, outcome)
    score, mark = _score(case, candidate)
    forced = [] if rest is None or score is None else _forced(case, solves, base, columns)
    threshold = None
    if rest is not None and score is not None:
        # it stays in while some option's worth at the lower score still makes up for the plan without it
        needed = [
            _at(score, int(case.program.gain[f.k]), rest - (f.value - int(case.program.gain[f.k])))
            for f in forced
            if f.value is not None
        ]
        known = [n for n in needed if n is not None]
        threshold = min(known, default=None)
        threshold = None if threshold is None or threshold > score else threshold
    return Why(
        title=title,
        ended="stopped" if solves.ended else "whole",
        case=case,
        candidate=candidate,
        funded=True,
        plan=base.chosen,
        other=outcome.chosen,
        worth=out,
        forced=tuple(forced),
        score=score,
        threshold=threshold,
        pass_mark=mark,
        worth_bound=base.bound - base.value,
    )


def _unfunded(case: Case, solves: Solves, base: Base, candidate: str, columns: list[int], title: Text) -> Why:
    forced = _forced(case, solves, base, columns)
    best = max((f for f in forced if f.value is not None), key=lambda f: f.value or 0, default=None)
    bounds = [f.bound for f in forced if f.bound is not None]
    if best is None or best.value is None:
        price = Worth(None, None, gone=len(forced) == len(columns) and not bounds and not solves.ended)
    else:
        price = Worth(best.value - base.bound, max(bounds, default=base.bound) - base.value)
    blocked = _blocked(case.program, base.chosen, columns)
    lifted = []
    for name in blocked[:CLAUSES]:
        if solves.ended:
            break
        solves.effort.step(say("why.step_lift", clause=case.rule(*name)))
        open_ = without(case.program, {name})
        outcome = solves(open_, start=base.chosen)
        lifted.append(Lifted(name, None if outcome.chosen is None else bool(outcome.chosen[columns].any())))
    score, mark = _score(case, candidate)
    threshold = low = None
    if score is not None and best is not None:
        ways = [(int(case.program.gain[f.k]), f) for f in forced]
        at = [_at(score, g, base.bound - (f.value - g)) for g, f in ways if f.value is not None]
        least = [_at(score, g, base.value - (f.bound - g)) for g, f in ways if f.bound is not None]
        threshold, low = (min((v for v in vs if v is not None), default=None) for vs in (at, least))
    cut = None if solves.ended or best is None else _cut(case, solves, candidate, base)
    return Why(
        title=title,
        ended="stopped" if solves.ended else "whole",
        case=case,
        candidate=candidate,
        funded=False,
        plan=base.chosen,
        other=None if best is None else best.chosen,
        worth=price,
        forced=tuple(forced),
        score=score,
        threshold=threshold,
        threshold_low=low,
        pass_mark=mark,
        lifted=tuple(lifted),
        blocked=tuple(blocked),
        cut=cut,
        worth_bound=base.bound - base.value,
    )


def _forced(case: Case, solves: Solves, base: Base, columns: list[int]) -> list[Forced]:
    """The best plan with each of the candidate's options taken."""
    found = []
    for i, k in enumerate(columns, 1):
        if solves.ended:
            break
        if base.chosen[k]:
            found.append(Forced(k, base.chosen, base.value, base.bound))
            continue
        solves.effort.step(say("why.step_in", number=i, count=len(columns), option=case.option(k)))
        others = {j: 0 for j in columns if j != k}
        change = Change(fixed={**others, k: 1})
        program = case.program.with_(change)
        outcome = solves(change)
        infeasible = outcome.reason == "infeasible"
        bound = None if infeasible else bound_of(program, outcome)
        found.append(Forced(k, outcome.chosen, value_of(program, outcome), bound))
    return found


def _at(score: int, gain: int, needed: Fraction) -> int | None:
    """The least score, in hundredths, at which an option worth `gain` at `score` is worth at least `needed`."""
    return None if gain <= 0 else max(math.ceil(Fraction(score) * needed / gain), 0)


def _score(case: Case, candidate: str) -> tuple[int | None, int | None]:
    """The candidate's score and the pass mark, in hundredths, where worth goes by the score alone."""
    if case.loaded is None or case.tables is None or case.compiled is None:
        return None, None
    gain, merit = case.program.gain, case.compiled.options.merit
    own = ~case.compiled.options.fixed
    if not np.array_equal(gain[own], merit[own]):
        return None, None
    return case.loaded.policy.score(case.loaded.scenario, case.tables, candidate)


def _cut(case: Case, solves: Solves, candidate: str, base: Base) -> int | None:
    """The least cut of its request, in percent, with which the candidate is funded; 0: none of those tried."""
    if case.loaded is None or case.tables is None:
        return None
    for cut in CUTS:
        if solves.ended:
            return None
        solves.effort.step(say("why.step_cut", cut=cut))
        tables = case.loaded.policy.cut(case.tables, candidate, cut)
        try:
            other = of_tables(case.loaded, tables)
        except InputFaults:
            continue
        who = other.who(candidate)
        if who is None:
            continue
        outcome = solves(other.program)
        if outcome.chosen is not None and outcome.chosen[other.columns_of[who]].any():
            return cut
    return 0


def _blocked(program: Program, chosen: Bools, columns: list[int]) -> list[Name]:
    """The hard clauses that would break if the candidate joined as it is, those in the way of most options first."""
    exchange = Exchange(program, chosen)
    counts: dict[Name, int] = {}
    for k in columns:
        for r in exchange.blocked.get(k, ()):
            c = program.clauses[r]
            counts[c.rule, c.label, c.side] = counts.get((c.rule, c.label, c.side), 0) + 1
    return sorted(counts, key=lambda n: -counts[n])


def _dropped(chosen: Bools, columns: list[int]) -> Bools:
    left = chosen.copy()
    left[columns] = False
    return left


def _less(worth: Worth) -> Worth:
    """A loss as a positive figure, no less than nothing where the optimum cannot rise."""
    low = None if worth.high is None else max(-worth.high, Fraction(0))
    high = None if worth.low is None else max(-worth.low, Fraction(0))
    return Worth(low, high, worth.gone)
