"""How often each candidate is funded when its panel is drawn anew, when one expert is left out, when weights move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from allocator.chance import uncertain
from allocator.change import Change
from allocator.program import Ints
from allocator.solve import solve
from allocator.studies.case import Case, of_tables
from allocator.studies.polytope import Weights
from allocator.studies.solves import Solves
from allocator.studies.study import Effort
from allocator.words import say

COARSE = 1e-3
"""The gap of each draw's solve, where the scenario's own is finer: chance moves far more than that."""


@dataclass(frozen=True)
class Draws:
    """How often each candidate (by id) was funded in `count` draws, of `wanted`; failed: draws without a plan."""

    count: int
    wanted: int
    funded: Mapping[str, int]
    failed: int = 0


def funded_in(case: Case, effort: Effort) -> frozenset[str] | None:
    """The candidates that the best plan of a case funds; None where there is no plan."""
    gap = max(case.gap if effort.gap is None else effort.gap, COARSE)
    limit = case.time_limit if effort.time_limit is None else effort.time_limit
    found = solve(case.program, gap=gap, time_limit=limit, stop=effort.stop)
    if found.chosen is None:
        return None
    return frozenset(case.candidate(w) for w in case.taken(found.chosen))


def panel_draws(case: Case, draws: int, seed: int, effort: Effort) -> Draws:
    """Every panel drawn anew `draws` times, the pass mark with it; draw i follows from `seed` + i alone."""
    assert case.tables is not None
    policy, tables = uncertain(case.scenario.policy), case.tables

    def cases() -> Iterable[frozenset[str] | None]:
        for i in range(draws):
            effort.step(say("robust.step_draw", number=i + 1, count=draws))
            yield funded_in(of_tables(case.scenario, policy.redrawn(tables, seed + i)), effort)

    return _counted(cases(), draws, effort)


def without_each(
    case: Case, base: frozenset[str], effort: Effort
) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """For each expert, who enters and who leaves when that one is left out."""
    assert case.tables is not None
    policy, tables = uncertain(case.scenario.policy), case.tables
    names, found = policy.experts(tables), {}
    for i, expert in enumerate(names):
        if effort.stopped:
            break
        effort.step(say("robust.step_expert", number=i + 1, count=len(names)))
        own = funded_in(of_tables(case.scenario, policy.without_expert(tables, expert)), effort)
        if own is not None and not effort.stopped:
            found[expert] = (own - base, base - own)
    return found


def weight_draws(
    case: Case, criteria: Mapping[str, Ints], weights: Weights, draws: int, seed: int, effort: Effort
) -> Draws:
    """The best plan at weights drawn from those admissible, worth being linear in them."""
    scores = np.array(list(criteria.values()), np.float64)
    coarse = replace(effort, gap=max(case.gap if effort.gap is None else effort.gap, COARSE))
    solves = Solves(case, coarse)

    def plans() -> Iterable[frozenset[str] | None]:
        start = None
        for i, drawn in enumerate(weights.drawn(draws, seed)):
            effort.step(say("robust.step_weights", number=i + 1, count=draws))
            outcome = solves(Change(gain=np.rint(drawn @ scores).astype(np.int64)), start)
            start = outcome.chosen
            yield None if start is None else frozenset(case.candidate(w) for w in case.taken(start))

    return _counted(plans(), draws, effort)


def _counted(plans: Iterable[frozenset[str] | None], wanted: int, effort: Effort) -> Draws:
    funded: Counter[str] = Counter()
    done = failed = 0
    for own in plans:
        if effort.stopped:
            break
        if own is None:
            failed += 1
            continue
        done += 1
        funded.update(own)
    return Draws(done, wanted, dict(funded), failed)
