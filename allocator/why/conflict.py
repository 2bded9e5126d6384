"""Why there is no plan: sets of clauses that clash, each irreducible, and the ways of yielding that let a plan be.

A clause is rule × label × side, with all its rows; groups and fixed lines are background. A set of clauses is
irreducible when it has no plan and, with any one of it lifted, has one. The first is found by an elastic start (what a
cheapest violation breaks is enforced until nothing can be) and a deletion filter; all of them by the duality of
clashing and of correcting sets: each largest set of clauses not yet known to clash either has a plan, and what it
leaves out is a least set to yield, or clashes, and is cut down to a further irreducible one.

Source: Chinneck, Feasibility and Infeasibility in Optimization (2008), elastic and deletion filters; Liffiton et al.,
Fast, flexible MUS enumeration, Constraints 21 (2016), the MARCO method.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy import sparse

from allocator.change import Change
from allocator.fan.fan import Fan
from allocator.fan.job import Job
from allocator.fan.place import Here
from allocator.program import OPEN, Bools, Clause, Program
from allocator.solve import Outcome, solve
from allocator.why.shortfall import COUNT_WORTH, undivided

Name = tuple[str, str, str]
"""A clause by its rule, label and side."""

Feasible = Callable[[frozenset[Name]], bool | None]
"""Whether a set of clauses has a plan; None where that was not found out in time."""


@dataclass(frozen=True)
class Clash:
    """Clauses that cannot all be kept; `proven`: with any one of them lifted the rest can."""

    clauses: tuple[Name, ...]
    proven: bool


class Clauses:
    """The hard clauses of a program as a set to choose from, and what subsets of them allow."""

    def __init__(
        self,
        program: Program,
        seconds: float = 20.0,
        stop: threading.Event | None = None,
        patience: float = math.inf,
        fan: Fan | None = None,
    ) -> None:
        """`seconds` for each solve, `patience` for all of them together; `fan`: where they are done."""
        self.until = time.monotonic() + patience
        self.program, self.seconds, self.stop = undivided(program), seconds, stop
        self.rows: dict[Name, list[int]] = {}
        for r, c in enumerate(program.clauses):
            if c.price is None:
                self.rows.setdefault((c.rule, c.label, c.side), []).append(r)
        self.names = frozenset(self.rows)
        self.fan = Fan(Here()) if fan is None else fan
        self.base = self.elastic(self.names, {})
        self.known: dict[frozenset[Name], bool | None] = {}
        self.solves = 0

    @property
    def stopped(self) -> bool:
        """Whether somebody has asked for an end, or patience is at its end."""
        return (self.stop is not None and self.stop.is_set()) or time.monotonic() > self.until

    def feasible(self, kept: frozenset[Name]) -> bool | None:
        """Whether the clauses `kept` have a plan."""
        if kept not in self.known:
            outcome = self._solve(self.elastic(kept, {}))
            found = True if outcome.chosen is not None else False if outcome.reason == "infeasible" else None
            self.known[kept] = found
        return self.known[kept]

    def broken(self, hard: Iterable[Name], soft: Iterable[Name]) -> frozenset[Name] | None:
        """What a cheapest plan that keeps `hard` breaks of `soft`; None where `hard` alone has no plan.

        Where that was not found out in time, nothing is said to be broken.
        """
        prices = dict.fromkeys(soft, Fraction(1))
        outcome = self._solve(self.elastic(frozenset(hard), prices))
        if outcome.chosen is None:
            return None if outcome.reason == "infeasible" else frozenset()
        violations = self.program.violations(outcome.chosen)
        return frozenset(n for n in prices if any(violations[r] for r in self.rows[n]))

    def cheapest(
        self, asked: Sequence[tuple[frozenset[Name], Mapping[Name, Fraction]]]
    ) -> list[Bools | None]:
        """For each, a plan that keeps some clauses and yields of others what costs least; None where none was found."""
        return [o.chosen for o in self._solves([self.elastic(*one) for one in asked], gap=0.0)]

    def elastic(self, hard: frozenset[Name], costs: Mapping[Name, Fraction]) -> Program:
        """The program without its gain, with `hard` hard, those of `costs` priced by the yuan, the others open."""
        p = self.program
        open_ = np.array([_name(c) not in hard and _name(c) not in costs for c in p.clauses], bool)
        clauses = tuple(
            replace(c, price=c.unit * (COUNT_WORTH if c.counted else 1) * costs[_name(c)], rank=None)
            if c.price is None and _name(c) in costs and _name(c) not in hard
            else replace(c, price=Fraction(0), rank=None)
            if c.price is not None
            else c
            for c in p.clauses
        )
        return replace(
            p,
            gain=np.zeros_like(p.gain),
            lower=np.where(open_, -OPEN, p.lower),
            upper=np.where(open_, OPEN, p.upper),
            clauses=clauses,
            scale=1,
        )

    def _solve(self, program: Program) -> Outcome:
        return self._solves([program], 1e-2)[0]

    def _solves(self, programs: Sequence[Program], gap: float) -> list[Outcome]:
        """The outcome of each; interrupted where an end was asked for before it was solved."""
        self.solves += len(programs)
        left = max(min(self.seconds, self.until - time.monotonic()), 0.0)
        jobs = [Job(Change.between(self.base, p), gap, left, method="highs") for p in programs]
        found = dict(self.fan.solve(self.base, jobs, stop=self.stop))
        return [found.get(i, Outcome("interrupted", None, None, None, None, 0.0)) for i in range(len(jobs))]

    # -- irreducible sets -----------------------------------------------------------------------

    def shrink(self, clashing: frozenset[Name]) -> Clash:
        """An irreducible part of a set of clauses that has no plan."""
        kept: frozenset[Name] = frozenset()
        while not self.stopped:
            found = self.broken(kept, clashing - kept)
            if found is None:
                break
            if not found:  # nothing more is learnt in time: take all of it
                kept = clashing
                break
            kept |= found
        return deletion(kept if kept else clashing, self.feasible)


def deletion(clashing: frozenset[Name], feasible: Feasible) -> Clash:
    """What is left of a clashing set when every clause that it clashes without is taken away, one after the other."""
    left, proven = clashing, True
    for name in sorted(clashing):
        without = feasible(left - {name})
        if without is False:
            left = left - {name}
        elif without is None:
            proven = False
    return Clash(tuple(sorted(left)), proven)


def enumerate_sets(
    names: frozenset[Name], feasible: Feasible, shrink: Callable[[frozenset[Name]], Clash]
) -> Iterator[Clash | frozenset[Name]]:
    """Every irreducible clash, and every least set of clauses whose lifting lets a plan be, fewest first.

    It ends when there is no more of either, or where the feasibility of a set was not found out in time.
    """
    order = sorted(names)
    place = {n: i for i, n in enumerate(order)}
    blocked: list[tuple[list[int], int, int]] = []
    while True:
        seed = _largest(len(order), blocked)
        if seed is None:
            return
        chosen = frozenset(order[i] for i in seed)
        fits = feasible(chosen)
        if fits is None:
            return
        if fits:
            out = names - chosen
            yield out
            if not out:
                return
            blocked.append(([place[n] for n in out], 1, OPEN))
        else:
            clash = shrink(chosen)
            yield clash
            if not clash.clauses:
                return
            blocked.append(([place[n] for n in clash.clauses], -OPEN, len(clash.clauses) - 1))


def _largest(count: int, blocked: list[tuple[list[int], int, int]]) -> list[int] | None:
    """The largest choice among `count` things within those rows; None where there is none."""
    if not blocked:
        return list(range(count))
    rows = np.zeros((len(blocked), count), np.int64)
    for i, (members, _, _) in enumerate(blocked):
        rows[i, members] = 1
    program = Program(
        gain=np.ones(count, np.int64),
        matrix=sparse.csr_array(rows),
        lower=np.array([low for _, low, _ in blocked], np.int64),
        upper=np.array([high for _, _, high in blocked], np.int64),
        groups=np.full(count, -1, np.int32),
        fixed=np.full(count, -1, np.int8),
        clauses=tuple(Clause("set", str(i), "cap") for i in range(len(blocked))),
    )
    outcome = solve(program, gap=0.0, method="highs")
    return None if outcome.chosen is None else np.flatnonzero(outcome.chosen).tolist()


def _name(clause: Clause) -> Name:
    return clause.rule, clause.label, clause.side
