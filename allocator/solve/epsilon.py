"""The ε-constraint problem, asked many times: the most of a first objective where the others reach given floors.

Built once. At each floor the hot relaxation gives multipliers; at these the walk of `walk.py` looks at everything that
comes within a distance of their bound, further and further, until the best plan is among what it has seen. What is too
much to walk through goes to the solver whole. Where the numbers leave room the other objectives break ties of the
first, so that an answer is nondominated and not merely weakly so.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Bools, Clause, Ints, Program
from allocator.solve import exact
from allocator.solve.driver import solve
from allocator.solve.highs import load
from allocator.solve.price import FAR, Priced, price
from allocator.solve.scaled import Floats, scale
from allocator.solve.walk import walk

ROOM = 2**36
"""The largest value that the first objective may be weighted to: above, its unit is lost among tolerances."""

NEAR = 1_000
"""The first walk looks at the top 1/NEAR of the bound; later ones at what the last answers needed."""

LONGEST = 1e6
"""Seconds that stand for no limit."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The answer at one floor: a checked plan or None, and what is proved of it.

    word   optimal: no plan at this floor has more of the first objective (nor, ties broken, of the others);
           infeasible: no plan reaches the floor; within, stopped: proven only to `bound`
    bound  of the first objective, in units of gain; None where nothing was proved
    beside further plans that keep the floor, met on the way
    """

    word: Literal["optimal", "infeasible", "within", "stopped"]
    chosen: Bools | None = None
    bound: Fraction | None = None
    beside: tuple[Bools, ...] = ()


class Epsilon:
    """`program` with floors on `others` [k-1, n]; the program's own value is the first objective, priced rows and all.

    gap     relative; above 0 the solver is asked for just that
    weight  what a unit of the first objective counts for against one of the others; 0 where ties are not broken
    lowest  floors [k-1] that every choice keeps
    solves  how often it was asked
    """

    def __init__(self, program: Program, others: Ints, gap: float = 0.0) -> None:
        self.first, self.others, self.gap = program, others, gap
        self.solves = 0
        spans = [_span(program, row) for row in others]
        self.lowest = tuple(low for low, _ in spans)
        weight = sum(high - low for low, high in spans) + 1
        own = sum(abs(v) for v in _span(program, program.gain))
        priced = any(c.price is not None for c in program.clauses)
        self.weight = weight if gap == 0 and not priced and len(others) and own * weight < ROOM else 0
        gain = program.gain * self.weight + others.sum(axis=0) if self.weight else program.gain
        floors = tuple(Clause(f"objective {i + 2}", "", "floor") for i in range(len(others)))
        self.program = replace(
            program,
            gain=np.asarray(gain, np.int64),
            matrix=sparse.csr_array(sparse.vstack([program.matrix, sparse.csr_array(others)], format="csr")),
            lower=np.concatenate([program.lower, np.array(self.lowest, np.int64)]),
            upper=np.concatenate([program.upper, np.full(len(others), OPEN, np.int64)]),
            clauses=(*program.clauses, *floors),
        )
        self.step = exact.step(self.program)
        self._numbers = scale(self.program)
        self._hot: Any = None
        self._distance = Fraction(0)
        self._least = _least(self.program)

    def at(self, floors: Sequence[int]) -> Program:
        """The program at these floors [k-1]."""
        lower = self.program.lower.copy()
        lower[len(lower) - len(self.others) :] = floors
        return replace(self.program, lower=lower)

    def best(
        self,
        floors: Sequence[int],
        start: Bools | None = None,
        seconds: float = LONGEST,
        stop: threading.Event | None = None,
    ) -> Asked:
        """The best plan at these floors; `start` is a plan that keeps them, as good as is known."""
        self.solves += 1
        begun = time.monotonic()
        program = self.at(floors)
        best = _Best(program, start)
        if self.gap == 0:
            if best.chosen is None and self.beyond(floors, seconds, stop):
                return Asked("infeasible")
            y = self._multipliers(floors)
            if y is None and best.chosen is None:
                return Asked("infeasible")
            seen = None if y is None else price(program, y)
            if seen is not None and self._walked(program, seen, best, stop):
                if best.chosen is None:
                    return Asked("infeasible")
                return Asked("optimal", best.chosen, self.own(best.value), tuple(best.beside))
        left = max(seconds - (time.monotonic() - begun), 0.0)
        return self._whole(program, best.chosen, left, stop)

    def beyond(self, floors: Sequence[int], seconds: float, stop: threading.Event | None) -> bool:
        """Whether some floor is above the most that its objective can have beside the other floors."""
        return any(
            r.above(floors[i], (*floors[:i], *floors[i + 1 :]), seconds, stop)
            for i, r in enumerate(self._reach)
        )

    def own(self, value: Fraction) -> Fraction:
        """A value or bound of the objective that breaks ties as one of the first objective alone."""
        return Fraction(math.floor((value - sum(self.lowest)) / self.weight)) if self.weight else value

    # -- parts --------------------------------------------------------------------------------

    @cached_property
    def _reach(self) -> tuple[_Reach, ...]:
        hard = np.array([c.price is None for c in self.first.clauses], bool)
        bare = replace(
            self.first,
            matrix=sparse.csr_array(self.first.matrix[hard]),
            lower=self.first.lower[hard],
            upper=self.first.upper[hard],
            clauses=tuple(c for c in self.first.clauses if c.price is None),
        )
        return tuple(
            _Reach(Epsilon(replace(bare, gain=row), np.delete(self.others, i, axis=0)))
            for i, row in enumerate(self.others)
        )

    def _walked(self, program: Program, seen: Priced, best: _Best, stop: threading.Event | None) -> bool:
        """Look for better plans ever further below the bound; whether the best is then known."""
        bound = seen.certificate.bound
        distance = self._distance * 3 / 4 or abs(bound) / NEAR + self.step
        while not (stop is not None and stop.is_set()):
            if best.chosen is not None:
                distance = min(distance, bound - best.value)
            limit = seen.limit(distance)
            plans = walk(program, seen, limit) if limit < FAR else None
            if plans is None:
                return False
            for plan in plans:
                best.offer(plan)
            if best.chosen is not None and bound - best.value <= distance:
                self._distance = (self._distance + (bound - best.value)) / 2
                return True
            if best.chosen is None and distance > bound - self._least:
                return True  # every choice was looked at
            distance = distance * 7 / 5 + self.step
        return False

    def _multipliers(self, floors: Sequence[int]) -> Floats | None:
        """The relaxation's multipliers [m] at these floors; None where it has no solution."""
        import highspy

        status = highspy.HighsModelStatus
        m = self.program.shape[0]
        if self._hot is None:
            self._hot = load(self._numbers, integer=False)
        solver = self._hot
        for i, floor in enumerate(floors, m - len(self.others)):
            solver.changeRowBounds(i, float(floor) * float(self._numbers.units[i]), highspy.kHighsInf)
        solver.run()
        if solver.getModelStatus() != status.kOptimal:
            solver.clearSolver()  # after a change of bounds it may not know; that is never read as infeasible
            solver.run()
        if solver.getModelStatus() == status.kInfeasible:
            return None
        if solver.getModelStatus() != status.kOptimal:
            return np.zeros(m)  # any multipliers prove a bound
        y = np.asarray(solver.getSolution().row_dual)[:m] * self._numbers.units / self._numbers.worth
        return np.asarray(np.nan_to_num(y))

    def _whole(
        self, program: Program, start: Bools | None, seconds: float, stop: threading.Event | None
    ) -> Asked:
        found = solve(program, gap=self.gap, time_limit=min(seconds, LONGEST), start=start, stop=stop)
        if found.reason == "infeasible":
            return Asked("infeasible")
        bound = None if found.bound is None else self.own(Fraction(found.bound) * program.scale)
        if found.reason == "optimal":
            return Asked("optimal", found.chosen, bound)
        return Asked("within" if found.reason == "within_gap" else "stopped", found.chosen, bound)


class _Reach:
    """The most that one of the objectives can have beside floors on the others, remembered."""

    def __init__(self, problem: Epsilon) -> None:
        self.problem = problem
        self.known: dict[tuple[int, ...], int | None] = {}

    def above(self, floor: int, rest: tuple[int, ...], seconds: float, stop: threading.Event | None) -> bool:
        """Whether `floor` is more than can be had at the floors `rest` of the others."""
        for (
            floors,
            most,
        ) in self.known.items():  # what less strict floors leave out of reach, stricter ones do too
            if (most is None or floor > most) and all(a <= b for a, b in zip(floors, rest, strict=True)):
                return True
        if rest not in self.known:
            answer = self.problem.best(rest, None, seconds, stop)
            if answer.word == "infeasible":
                self.known[rest] = None
            elif answer.word == "optimal" and answer.bound is not None:
                self.known[rest] = int(answer.bound)
            else:
                return False
        most = self.known[rest]
        return most is None or floor > most


class _Best:
    """The best plan so far, and every other one that was met."""

    def __init__(self, program: Program, start: Bools | None) -> None:
        self.program = program
        self.chosen: Bools | None = None
        self.value = Fraction(0)
        self.beside: list[npt.NDArray[np.bool_]] = []
        if start is not None:
            self.offer(start)

    def offer(self, plan: Bools) -> None:
        """Take note of a plan, if it is one."""
        if self.program.broken(plan):
            return
        self.beside.append(plan)
        value = self.program.value(plan)
        if self.chosen is None or value > self.value:
            self.chosen, self.value = plan, value


def _least(program: Program) -> Fraction:
    """A value that no choice falls below, whatever it costs at the priced rows."""
    worst = Fraction(_span(program, program.gain)[0])
    for r, clause in enumerate(program.clauses):
        if clause.price is not None:
            part = program.matrix.data[program.matrix.indptr[r] : program.matrix.indptr[r + 1]]
            ends = [abs(int(b)) for b in (program.lower[r], program.upper[r]) if abs(b) < OPEN]
            worst -= clause.price * (sum(abs(v) for v in part.tolist()) + max(ends, default=0))
    return worst


def _span(program: Program, row: Ints) -> tuple[int, int]:
    """The least and the most that any choice can have of `row` [n], the rows forgotten."""
    most = exact.group_bound(replace(program, gain=row))
    least = -exact.group_bound(replace(program, gain=-row))
    return int(least), int(most)
