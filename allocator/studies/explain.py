"""Why a candidate is funded or not: what it displaced, what forcing it in would cost, what would let it in.

Every figure is a solve of its own: with the candidate out, with each of its options in, with one clause lifted. What is
said of scores holds for an objective in which worth goes by the score alone, and says so where it does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from allocator.change import Change
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Bools, Program
from allocator.studies.case import Case, Source, of_tables, open_case
from allocator.studies.framework import without
from allocator.studies.pricing import Base, Worth, base_of, without_base, worth_of
from allocator.studies.solves import Question, Solves, bound_of, value_of
from allocator.studies.study import Effort
from allocator.studies.why import CUTS, Forced, Lifted, Why
from allocator.why.conflict import Name
from allocator.why.exchange import Exchange
from allocator.words import Text, say

CLAUSES = 4
"""Clauses that stand in the way, of which each is lifted alone to see whether that lets the candidate in."""


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
        ended = without_base(outcome)
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
    names = [] if solves.ended else blocked[:CLAUSES]
    opened: dict[int, Lifted] = {}
    for i, outcome in solves.many([Question(without(case.program, {n}), base.chosen) for n in names]):
        solves.effort.step(say("why.step_lift", clause=case.rule(*names[i])))
        into = None if outcome.chosen is None else bool(outcome.chosen[columns].any())
        opened[i] = Lifted(names[i], into)
    lifted = [own for _, own in sorted(opened.items())]
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
    found = {k: Forced(k, base.chosen, base.value, base.bound) for k in columns if base.chosen[k]}
    others = [k for k in columns if k not in found]
    changes = [Change(fixed={**{j: 0 for j in columns if j != k}, k: 1}) for k in others]
    for i, outcome in solves.many([Question(change) for change in changes]):
        k = others[i]
        solves.effort.step(
            say("why.step_in", number=len(found) + 1, count=len(columns), option=case.option(k))
        )
        if outcome.reason == "interrupted" and outcome.chosen is None:
            continue
        program = case.program.with_(changes[i])
        bound = None if outcome.reason == "infeasible" else bound_of(program, outcome)
        found[k] = Forced(k, outcome.chosen, value_of(program, outcome), bound)
    return [found[k] for k in columns if k in found]


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
        outcome = solves(other.program, held=other.held)
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
