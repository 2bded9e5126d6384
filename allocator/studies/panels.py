"""How often each candidate is funded when its panel is drawn anew, when one expert is left out, when weights move."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from allocator.chance import uncertain
from allocator.change import Change
from allocator.program import Bools, Ints
from allocator.solve.nearest import nearer
from allocator.solve.outcome import Outcome
from allocator.studies.case import Case, of_tables
from allocator.studies.fewest import fewest
from allocator.studies.polytope import Weights
from allocator.studies.rpm import nondominated_portfolios
from allocator.studies.solves import Question, Solves, bound_of
from allocator.studies.study import Effort
from allocator.words import say

COARSE = 1e-3
"""The gap of each draw's solve, where the scenario's own is finer: chance moves far more than that."""


CLOSEST = 6.0
"""Seconds that finding the fewest changes without one expert may take."""


@dataclass(frozen=True)
class Draws:
    """How often each candidate (by id) was funded in `count` draws, of `wanted`; failed: draws without a plan.

    exact: these are no draws, but all nondominated portfolios
    """

    count: int
    wanted: int
    funded: Mapping[str, int]
    failed: int = 0
    exact: bool = False


@dataclass(frozen=True)
class Without:
    """What leaving out one expert changes: who enters and who leaves.

    least, most  by how much the plan with all experts falls short of the best without that one, in units of gain: of
                 the plan that was found, and of what was proved; None where it is no plan there
    """

    into: frozenset[str]
    out: frozenset[str]
    least: Fraction | None = None
    most: Fraction | None = None


def coarse(case: Case, effort: Effort) -> Solves:
    """Solves to the gap of draws."""
    return Solves(case, replace(effort, gap=max(case.gap if effort.gap is None else effort.gap, COARSE)))


def panel_draws(case: Case, draws: int, seed: int, effort: Effort) -> Draws:
    """Every panel drawn anew `draws` times, the pass mark with it; draw i follows from `seed` + i alone."""
    assert case.tables is not None
    policy, tables, loaded = uncertain(case.scenario.policy), case.tables, case.scenario

    def cases() -> Iterator[Case]:
        for i in range(draws):
            effort.step(say("robust.step_draw", number=i + 1, count=draws))
            yield of_tables(loaded, policy.redrawn(tables, seed + i))

    return _counted((own for _, own in _funded(cases(), coarse(case, effort))), draws)


def told_apart(case: Case, effort: Effort) -> float:
    """The relative difference within which two plans of `without_each` are not told apart: both solves' gaps."""
    return COARSE + (case.gap if effort.gap is None else effort.gap)


def without_each(case: Case, effort: Effort) -> dict[str, Without]:
    """For each expert, what changes when that one is left out: no more than brings the plan within both gaps.

    The plan with all experts is solved to the scenario's gap, those without one to half that of draws. Where the first
    is not within `told_apart` of what is proved, the plan is asked for that is and changes fewest candidates.
    """
    assert case.tables is not None
    policy, tables, loaded = uncertain(case.scenario.policy), case.tables, case.scenario
    names = policy.experts(tables)
    whole = Solves(case, effort)(Change()).chosen
    if whole is None:
        return {}
    base, apart = _names(case, whole), told_apart(case, effort)
    solves = Solves(case, replace(effort, gap=max(apart - COARSE, COARSE / 2)))

    def cases() -> Iterator[Case]:
        for i, expert in enumerate(names, 1):
            effort.step(say("robust.step_expert", number=i, count=len(names)))
            yield of_tables(loaded, policy.without_expert(tables, expert))

    found: dict[int, Without] = {}
    for k, own, outcome, start in _solved(cases(), solves, (case, whole)):
        plan = _close(own, solves.calm(own.program, outcome, start, apart), start, apart, solves)
        if plan is None or start is None:
            continue
        there, bound = _names(own, plan), bound_of(own.program, outcome)
        least = most = None
        if outcome.chosen is not None and not own.program.broken(start):
            at = own.program.value(start)
            least = max(own.program.value(outcome.chosen) - at, Fraction(0))
            most = None if bound is None else bound - at
        found[k] = Without(there - base, base - there, least, most)
    return {names[k]: found[k] for k in sorted(found)}


def _funded(cases: Iterator[Case], solves: Solves) -> Iterator[tuple[int, frozenset[str] | None]]:
    """Each case's number and the candidates that its best plan funds; None where it has none."""
    for number, own, outcome, _ in _solved(cases, solves):
        yield number, None if outcome.chosen is None else _names(own, outcome.chosen)


def _solved(
    cases: Iterator[Case], solves: Solves, known: tuple[Case, Bools] | None = None
) -> Iterator[tuple[int, Case, Outcome, Bools | None]]:
    """Each case's number, itself, its outcome and the plan that it began from: a known one, of some case."""
    number = 0
    while not solves.ended and (pack := list(itertools.islice(cases, solves.room))):
        starts = [None if known is None else carried(*known, c) for c in pack]
        questions = [Question(c.program, s, c.held) for c, s in zip(pack, starts, strict=True)]
        for k, outcome in solves.many(questions):
            if outcome.reason != "interrupted":
                yield number + k, pack[k], outcome, starts[k]
        number += len(pack)


def _close(case: Case, outcome: Outcome, start: Bools | None, gap: float, solves: Solves) -> Bools | None:
    """A plan within the gap all the same that changes as few candidates of `start` as are found."""
    program, plan, bound = case.program, outcome.chosen, bound_of(case.program, outcome)
    if plan is None or start is None or bound is None or (plan == start).all():
        return plan
    least = bound / (1 + Fraction(gap))
    near = nearer(program, plan, start, least)
    if case.held is not None and case.held.missing(near) is not None:
        near = plan
    if program.value(near) < least:  # its solve was ended before it came so near to its bound
        return near
    asked = fewest(program, near, start, least)
    whole = 1 + int(asked.gain[start].sum())  # one change less is more than this part of it
    found = solves(asked, near, gap=1 / whole, seconds=CLOSEST, held=case.held).chosen
    return near if found is None else found


def carried(case: Case, chosen: Bools, other: Case) -> Bools:
    """A plan of one case as a plan of another over the same candidates: option by option, but for those not there."""
    if case.compiled is None or other.compiled is None:
        return chosen
    named = {_option(case, int(k)) for k in np.flatnonzero(chosen)}
    return np.array([_option(other, k) in named for k in range(other.program.shape[1])], bool)


def _option(case: Case, k: int) -> tuple[str, str | None, int, bool]:
    """Column k by its candidate, instrument and level, and whether it is a fixed line."""
    assert case.compiled is not None
    options = case.compiled.options
    instrument = options.labels["instrument"].label(k)
    return options.candidates[options.candidate[k]], instrument, int(options.level[k]), bool(options.fixed[k])


def _names(case: Case, plan: Bools) -> frozenset[str]:
    return frozenset(case.candidate(w) for w in case.taken(plan))


SMALL = 80
"""Columns up to which every nondominated portfolio is looked for."""


def every_judgement(
    case: Case, low: Mapping[str, Ints], high: Mapping[str, Ints], weights: Weights, effort: Effort
) -> Draws | None:
    """All nondominated portfolios of a small pool; None where it is large, or priced rules have no place in them."""
    program = case.program
    if program.shape[1] > SMALL or any(c.price is not None for c in program.clauses):
        return None
    scores, tops = list(low.values()), list(high.values())
    found = nondominated_portfolios(program, scores, weights, tops, stop=effort.stop)
    if found is None:
        return None
    counted = Counter(c for plan in found.plans for c in _names(case, plan))
    return Draws(len(found.plans), len(found.plans), dict(counted), exact=True)


def weight_draws(
    case: Case,
    low: Mapping[str, Ints],
    high: Mapping[str, Ints],
    weights: Weights,
    draws: int,
    seed: int,
    effort: Effort,
) -> Draws:
    """The best plan at weights, and at scores between `low` and `high` by candidate, drawn from those admissible."""
    below, above = (np.array(list(ends.values()), np.float64) for ends in (low, high))
    solves = coarse(case, effort)
    draw = np.random.default_rng([seed, 1])
    questions = []
    for w in weights.drawn(draws, seed):
        at = draw.random((len(below), int(case.owner.max(initial=0)) + 1))[:, case.owner]
        gain = np.rint(w @ (below + at * (above - below))).astype(np.int64)
        questions.append(Question(Change(gain=gain)))

    def plans() -> Iterable[frozenset[str] | None]:
        for done, (_, outcome) in enumerate(solves.many(questions), 1):
            effort.step(say("robust.step_weights", number=done, count=draws))
            if outcome.reason != "interrupted":
                yield None if outcome.chosen is None else _names(case, outcome.chosen)

    return _counted(plans(), draws)


def _counted(plans: Iterable[frozenset[str] | None], wanted: int) -> Draws:
    funded: Counter[str] = Counter()
    done = failed = 0
    for own in plans:
        if own is None:
            failed += 1
            continue
        done += 1
        funded.update(own)
    return Draws(done, wanted, dict(funded), failed)
