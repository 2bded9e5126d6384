"""Plans for several judgements at once: least regret, and losses that stay within a limit even in bad draws.

Both go by rows that are added as they are needed. Regret: with the most to be lost fixed, every judgement is one hard
row, and with prices on soft rules one for each way to miss these; the least such amount is bracketed. CVaR: whatever
set of bad draws a plan meets, the mean loss over it is a linear row that holds for every plan within the limit
(Künzi-Bay & Mayer 2006).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from allocator.change import Change
from allocator.program import OPEN, Bools, Ints, Program
from allocator.solve.session import Session
from allocator.studies.case import open_case
from allocator.studies.solves import Question, Solves, bound_of, rows
from allocator.studies.study import Effort

ROUNDS = 60

Cut = tuple[int, tuple[int, ...], tuple[int, ...]]
"""A judgement, the priced rows that a plan falls short of, and those that it exceeds."""


@dataclass(frozen=True, eq=False)
class Regret:
    """The plan that loses least in the worst judgement.

    worst   the most that it loses against the best plan found for some judgement, in units of gain; unregretted: the
            same of the plan that is best by the program's own gain
    most    the most that it can lose against the best plan there is, by the bounds that were proved; None without them
    proven  no plan loses less than this in its worst judgement
    cost    what the plan gives up by the program's own gain
    best    the best value found under each judgement
    """

    chosen: Bools
    worst: Fraction
    unregretted: Fraction
    most: Fraction | None
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

    It is bracketed no finer than what the gap leaves open of the judgements' bests. A judgement's value is that of the
    program with those gains: prices on soft rules count under each as under the program's own. With `solves`, of the
    same program, these are asked, as far as they go.
    """
    asked = solves or Solves(open_case(program), Effort(gap, time_limit, stop))
    search = _Search(program, gains, asked)
    own = search.begin()
    if own is None:
        return None
    chosen = min(search.plans, key=lambda p: max(search.missing(p)))
    low, high = Fraction(0), max(search.missing(chosen))
    for _ in range(ROUNDS):
        if asked.ended or high - low <= max(Fraction(within) * max(high, Fraction(1)), search.open()):
            break
        plan, none = search.held((low + high) / 2)
        if none:
            low = (low + high) / 2
        elif plan is not None:
            chosen = min(chosen, plan, key=lambda p: max(search.missing(p)))
        else:
            break
        high = max(search.missing(chosen))
    cost = program.value(own) - program.value(chosen)
    unregretted = max(search.missing(own))
    return Regret(chosen, high, unregretted, search.most(chosen), low, cost, tuple(search.tops))


class _Search:
    """The best of each judgement, and plans that lose at most so much under each."""

    def __init__(self, program: Program, gains: Sequence[Ints], asked: Solves) -> None:
        self.program, self.asked = program, asked
        self.judged = [replace(program, gain=np.asarray(g, np.int64)) for g in gains]
        self.plans: list[Bools] = []
        self.tops: list[Fraction] = []
        self.bounds: list[Fraction | None] = []
        self.cuts: list[Cut] = []

    def begin(self) -> Bools | None:
        """The best plan by the program's own gain, and by each judgement."""
        own = self.asked(Change()).chosen
        if own is None:
            return None
        changes = [Change(gain=p.gain) for p in self.judged]
        found = dict(self.asked.many([Question(c, own) for c in changes]))
        self.plans = [own, *(o.chosen for _, o in sorted(found.items()) if o.chosen is not None)]
        self.tops = [max(p.value(plan) for plan in self.plans) for p in self.judged]
        self.bounds = [bound_of(p, found[k]) if k in found else None for k, p in enumerate(self.judged)]
        return own

    def missing(self, plan: Bools) -> list[Fraction]:
        """What a plan loses under each judgement against the best that was found."""
        return [t - p.value(plan) for t, p in zip(self.tops, self.judged, strict=True)]

    def most(self, plan: Bools) -> Fraction | None:
        """The most that a plan can lose under some judgement; None where one has no bound."""
        if any(b is None for b in self.bounds):
            return None
        pairs = zip(self.bounds, self.tops, self.judged, strict=True)
        return max(max(b, t) - p.value(plan) for b, t, p in pairs if b is not None)

    def open(self) -> Fraction:
        """How much more than the best that was found there may be, under some judgement."""
        pairs = zip(self.bounds, self.tops, strict=True)
        return max((b - t for b, t in pairs if b is not None), default=Fraction(0))

    def held(self, most: Fraction) -> tuple[Bools | None, bool]:
        """A plan that misses at most `most` under every judgement; or whether none can."""
        tried: set[tuple[Cut, Fraction]] = set()
        while True:
            lines = [self.line(cut, self.tops[cut[0]] - most) for cut in self.cuts]
            found = self.asked(Change(added=rows(lines, "regret")) if lines else Change())
            if found.chosen is None:
                return None, found.reason == "infeasible"
            plan = found.chosen
            # a best that was found within the gap only may be beaten by a plan that comes later: then that is the best
            self.tops = [max(t, p.value(plan)) for t, p in zip(self.tops, self.judged, strict=True)]
            missed = self.missing(plan)
            worst = max(range(len(missed)), key=lambda s: missed[s])
            if missed[worst] <= most:
                return plan, False
            cut = worst, *self.sides(plan)
            least = self.tops[worst] - most
            if (cut, least) in tried or found.reason == "interrupted":
                return None, False
            tried.add((cut, least))
            if cut not in self.cuts:
                self.cuts.append(cut)

    def sides(self, plan: Bools) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The priced rows that a plan falls short of, and those that it exceeds."""
        program = self.program
        soft = [r for r, c in enumerate(program.clauses) if c.price is not None]
        at = program.activity(plan)
        below = tuple(r for r in soft if program.lower[r] > -OPEN and at[r] < program.lower[r])
        return below, tuple(r for r in soft if program.upper[r] < OPEN and at[r] > program.upper[r])

    def line(self, cut: Cut, least: Fraction) -> tuple[Ints, int, int]:
        """A row that every plan worth at least `least` under a judgement keeps, whatever sides it misses."""
        judgement, below, above = cut
        program = self.program
        prices = {r: program.clauses[r].price or Fraction(0) for r in (*below, *above)}
        whole = math.lcm(*(p.denominator for p in prices.values()))
        row = self.judged[judgement].gain * whole
        end = least * whole
        for r, sign, bounds in (
            *((r, 1, program.lower) for r in below),
            *((r, -1, program.upper) for r in above),
        ):
            price = sign * int(prices[r] * whole)
            row = row + price * program.matrix[[r], :].toarray()[0]
            end += price * int(bounds[r])
        return row, math.ceil(end), OPEN


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
