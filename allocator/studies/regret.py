"""Plans for several judgements at once: least regret, and losses that stay within a limit even in bad draws.

Both go by rows that are added as they are needed. Regret: with the most to be lost fixed, every judgement is one hard
row; the least such amount is bracketed. CVaR: whatever set of bad draws a plan meets, the mean loss over it is a linear
row that holds for every plan within the limit (Künzi-Bay & Mayer 2006).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.change import Change
from allocator.program import OPEN, Bools, Ints, Program
from allocator.solve.session import Session
from allocator.studies.case import open_case
from allocator.studies.solves import Question, Solves, rows
from allocator.studies.study import Effort

ROUNDS = 60


@dataclass(frozen=True, eq=False)
class Regret:
    """The plan that loses least in the worst judgement.

    worst   the most that it loses against the best plan of some judgement, in units of gain; unregretted: the same of
            the plan that is best by the program's own gain
    proven  no plan loses less than this in its worst judgement
    cost    what the plan gives up by the program's own gain
    best    the best value under each judgement
    """

    chosen: Bools
    worst: Fraction
    unregretted: Fraction
    proven: Fraction
    cost: Fraction
    best: tuple[Fraction, ...]


def least_regret(
    program: Program,
    gains: Sequence[Ints],
    *,
    gap: float = 1e-4,
    within: float = 0.02,
    time_limit: float = 60.0,
    stop: threading.Event | None = None,
    solves: Solves | None = None,
) -> Regret | None:
    """The plan whose largest regret over `gains` [s, n] is least, bracketed to `within`; None where there is no plan.

    A judgement's best is the best plan that was found for it, within the gap. Prices on soft rules count under the
    program's own gain only. With `solves`, of the same program, these are asked, as far as they go.
    """
    asked = solves or Solves(open_case(program), Effort(gap, time_limit, stop))
    own = asked(Change()).chosen
    if own is None:
        return None
    found = dict(asked.many([Question(Change(gain=g), own) for g in gains]))
    plans = [own, *(o.chosen for _, o in sorted(found.items()) if o.chosen is not None)]
    tops = [max(_value(g, p) for p in plans) for g in gains]

    def seen(plan: Bools) -> Bools:
        """A best that was found within the gap only may be beaten by a plan that comes later: then that is the best."""
        tops[:] = [max(t, _value(g, plan)) for t, g in zip(tops, gains, strict=True)]
        return plan

    def missing(plan: Bools) -> list[Fraction]:
        return [t - _value(g, plan) for t, g in zip(tops, gains, strict=True)]

    def held(most: Fraction) -> tuple[Bools | None, bool]:
        """A plan that misses at most `most` under every judgement; or whether none can."""
        active: list[int] = []
        while True:
            lines = [(gains[s], math.ceil(tops[s] - most), OPEN) for s in active]
            found = asked(Change(added=rows(lines, "regret")) if lines else Change())
            if found.chosen is None:
                return None, found.reason == "infeasible"
            missed = missing(seen(found.chosen))
            worst = max(range(len(gains)), key=lambda s: missed[s])
            if missed[worst] <= most:
                return found.chosen, False
            active.append(worst)

    chosen = min(plans, key=lambda p: max(missing(p)))
    low, high = Fraction(0), max(missing(chosen))
    for _ in range(ROUNDS):
        if asked.ended or high - low <= Fraction(within) * max(high, Fraction(1)):
            break
        plan, none = held((low + high) / 2)
        if none:
            low = (low + high) / 2
        elif plan is not None:
            chosen = min(chosen, plan, key=lambda p: max(missing(p)))
        else:
            break
        high = max(missing(chosen))
    cost = program.value(own) - program.value(chosen)
    return Regret(chosen, high, max(missing(own)), low, cost, tuple(tops))


@dataclass(frozen=True, eq=False)
class Guarded:
    """The best plan whose CVaR stays within a limit.

    expected, cvar  of its losses over the draws, in yuan; cuts: how many rows that took
    settled         whether the limit holds over all draws (else it was stopped before)
    """

    chosen: Bools
    expected: Fraction
    cvar: Fraction
    cuts: int
    settled: bool


def cvar(losses: Ints, plan: Bools, alpha: Fraction) -> Fraction:
    """The mean of a plan's losses over the worst share 1 − `alpha` of the draws (at least one), in yuan."""
    total = losses[:, plan].sum(axis=1)
    return Fraction(int(total[worst_of(total, alpha)].sum()), size_of(len(total), alpha))


def guarded(
    program: Program,
    losses: Ints,
    limit: int,
    alpha: Fraction = Fraction(95, 100),
    *,
    gap: float = 1e-4,
    time_limit: float = 60.0,
    stop: threading.Event | None = None,
) -> Guarded | None:
    """The best plan whose losses [draws, n] have a CVaR of at most `limit` yuan; None where no plan has.

    Every cut holds for every plan within the limit, so the last solve's bound is a bound for all of these.
    """
    size = size_of(len(losses), alpha)
    cuts: list[tuple[Ints, int, int]] = []
    with Session(program) as session:
        start: Bools | None = None
        for _ in range(ROUNDS):
            change = Change(added=rows(cuts, "cvar")) if cuts else Change()
            found = session.solve(change, gap=gap, time_limit=time_limit, start=start, stop=stop)
            if found.chosen is None:
                return None
            plan = found.chosen
            total = losses[:, plan].sum(axis=1)
            worst = worst_of(total, alpha)
            at = Fraction(int(total[worst].sum()), size)
            mean = Fraction(int(total.sum()), len(total))
            settled = at <= limit
            if settled or (stop is not None and stop.is_set()):
                return Guarded(plan, mean, at, len(cuts), settled)
            cuts.append((losses[worst].sum(axis=0), -OPEN, limit * size))
        return Guarded(plan, mean, at, len(cuts), False)


def size_of(draws: int, alpha: Fraction) -> int:
    """How many of the draws are the worst."""
    return max(1, math.floor(draws * (1 - alpha)))


def worst_of(total: Ints, alpha: Fraction) -> Ints:
    """The draws with the largest losses, the earlier of equal ones first."""
    return np.argsort(-total, kind="stable")[: size_of(len(total), alpha)]


def _value(gain: Ints, plan: Bools) -> Fraction:
    return Fraction(sum(gain[plan].tolist()))
