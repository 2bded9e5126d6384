"""Why a candidate is funded or not: what it displaced, what forcing it in would cost, what would let it in.

Every figure is a solve of its own: with the candidate out, with each of its options in, with one clause lifted. What is
said of scores is for objectives that go by the score in whole or in part (`marks.py`), and is held to solves at the
score at which the decision turns.
"""

from __future__ import annotations

from collections.abc import Sequence

from allocator.change import Change
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Bools, Program
from allocator.studies.case import Case, Source, of_tables, open_case
from allocator.studies.framework import without
from allocator.studies.marks import checked, marks_of
from allocator.studies.pricing import Base, Worth, base_of, without_base, worth_of
from allocator.studies.solves import Question, Solves, bound_of, value_of
from allocator.studies.study import Effort
from allocator.studies.why import CUTS, FULL_MARKS, Forced, Lifted, Why
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
    most = bound_of(program, outcome)
    marks = marks_of(case, candidate, columns)
    forced = [] if rest is None or marks is None else _forced(case, solves, base, columns)
    threshold = low = None
    sure = False
    if rest is not None and most is not None and marks is not None:
        # it stays in while some option's worth at the lower score still makes up for the plan without it
        at = [marks.at(f.k, most - f.value) for f in forced if f.value is not None]
        least = [marks.at(f.k, rest - f.bound) for f in forced if f.bound is not None]
        threshold, low = (min((v for v in vs if v is not None), default=None) for vs in (at, least))
        threshold = None if threshold is None else min(threshold, marks.score)
        if threshold is not None and threshold == low and not solves.ended:
            effort = solves.effort
            effort.step(say("marks.step", at=f"{threshold / 100:.2f}"))
            plans = [f.chosen for f in forced if f.chosen is not None]
            sure = checked(case, solves, marks, columns, plans, threshold)
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
        score=None if marks is None else marks.score,
        threshold=threshold,
        threshold_low=low,
        checked=sure,
        pass_mark=None if marks is None else marks.mark,
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
    marks = marks_of(case, candidate, columns)
    threshold = low = None
    sure = False
    if marks is not None and best is not None:
        at = [marks.at(f.k, base.bound - f.value) for f in forced if f.value is not None]
        least = [marks.at(f.k, base.value - f.bound) for f in forced if f.bound is not None]
        threshold, low = (min((v for v in vs if v is not None), default=None) for vs in (at, least))
        if threshold is not None and threshold == low and threshold <= FULL_MARKS and not solves.ended:
            solves.effort.step(say("marks.step", at=f"{threshold / 100:.2f}"))
            plans = [f.chosen for f in forced if f.chosen is not None]
            sure = checked(case, solves, marks, columns, plans, threshold)
    cut = None if solves.ended or best is None or case.loaded is None else _cut(case, solves, candidate)
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
        score=None if marks is None else marks.score,
        threshold=threshold,
        threshold_low=low,
        checked=sure,
        pass_mark=None if marks is None else marks.mark,
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


def _cut(case: Case, solves: Solves, candidate: str) -> int | None:
    """The least cut of its request, in whole percent, with which the candidate is funded; 0: none of those tried.

    Cuts of `CUTS` first; between the one that wins and the one before, every whole percent from below.
    """
    before = 0
    for cut in CUTS:
        won = _won(case, solves, candidate, cut)
        for between in range(before + 1, cut) if won else ():
            if _won(case, solves, candidate, between):
                return between
        if won or solves.ended:
            return cut if won else None
        before = cut
    return 0


def _won(case: Case, solves: Solves, candidate: str, cut: int) -> bool:
    """Whether the candidate is funded with its request lower by so many percent: priced anew and solved."""
    if solves.ended or case.loaded is None or case.tables is None:
        return False
    solves.effort.step(say("why.step_cut", cut=cut))
    try:
        other = of_tables(case.loaded, case.loaded.policy.cut(case.tables, candidate, cut))
    except InputFaults:
        return False
    who = other.who(candidate)
    if who is None:
        return False
    outcome = solves(other.program, held=other.held)
    return outcome.chosen is not None and bool(outcome.chosen[other.columns_of[who]].any())


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
