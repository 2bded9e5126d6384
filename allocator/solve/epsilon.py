"""The ε-constraint problem: the most of a first objective where the others reach given floors, by a whole solve.

Where the numbers leave room the other objectives break ties of the first, so that an answer is nondominated and not
merely weakly so.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
from scipy import sparse

from allocator.change import Change
from allocator.program import OPEN, Bools, Clause, Ints, Program
from allocator.solve import exact
from allocator.solve.driver import solve
from allocator.solve.kept import fits
from allocator.solve.session import Session

ROOM = 2**36
"""The largest value that the first objective may be weighted to: above, its unit is lost among tolerances."""

ROUGH = 5e-4
"""The gap from which on HiGHS alone closes it about as soon as it finds a plan."""

QUICK = 1.0
"""Seconds after which a rough question goes to it."""

LONGEST = 1e6
"""Seconds that stand for no limit."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The answer at one floor: a checked plan or None, and what is proved of it.

    word   done: proven as near as was asked; infeasible: no plan reaches the floor; stopped: proven only to `bound`
    bound  of the first objective, in units of gain; None where nothing was proved
    """

    word: Literal["done", "infeasible", "stopped"]
    chosen: Bools | None = None
    bound: Fraction | None = None


class Epsilon:
    """`program` with floors on `others` [k-1, n]; the program's own value is the first objective, priced rows and all.

    weight  what a unit of the first objective counts for against one of the others; 0 where ties are not broken
    lowest, highest  what no choice falls below or exceeds in each objective [k]
    solves  how often it was asked
    """

    def __init__(self, program: Program, others: Ints) -> None:
        self.first, self.others = program, others
        self.solves = 0
        spans = [_span(program, row) for row in others]
        self.lowest = (_least(program), *(Fraction(low) for low, _ in spans))
        self.highest = (exact.group_bound(program), *(Fraction(high) for _, high in spans))
        weight = sum(high - low for low, high in spans) + 1
        own = sum(abs(v) for v in _span(program, program.gain))
        priced = any(c.price is not None for c in program.clauses)
        self.weight = weight if not priced and len(others) and own * weight < ROOM else 0
        gain = program.gain * self.weight + others.sum(axis=0) if self.weight else program.gain
        floors = tuple(Clause(f"objective {i + 2}", "", "floor") for i in range(len(others)))
        self.program = replace(
            program,
            gain=np.asarray(gain, np.int64),
            matrix=sparse.csr_array(sparse.vstack([program.matrix, sparse.csr_array(others)], format="csr")),
            lower=np.concatenate([program.lower, np.array([low for low, _ in spans], np.int64)]),
            upper=np.concatenate([program.upper, np.full(len(others), OPEN, np.int64)]),
            clauses=(*program.clauses, *floors),
        )
        self.session = Session(self.program)

    def best(
        self,
        floors: Sequence[int],
        start: Bools | None = None,
        seconds: float = LONGEST,
        stop: threading.Event | None = None,
        gap: float = 0.0,
    ) -> Asked:
        """The best plan at these floors [k-1]; `start` is a plan that keeps them, as good as is known."""
        self.solves += 1
        first = self.program.shape[0] - len(self.others)
        change = Change(lower={first + i: int(f) for i, f in enumerate(floors)})
        seconds = min(seconds, LONGEST)
        rough = gap >= ROUGH and fits(self.program)
        found = self.session.solve(
            change, gap=gap, time_limit=min(seconds, QUICK) if rough else seconds, start=start, stop=stop
        )
        bounds = [found.bound]
        if rough and found.reason == "time_limit" and found.seconds < seconds:
            begin = start if found.chosen is None else found.chosen
            left = seconds - found.seconds
            found = solve(self.program.with_(change), gap, left, "highs", start=begin, stop=stop)
            bounds.append(found.bound)
        if found.reason == "infeasible":
            return Asked("infeasible")
        if found.reason == "optimal" and found.chosen is not None:
            return Asked("done", found.chosen, self.own(self.program.value(found.chosen)))
        least = min((b for b in bounds if b is not None), default=None)
        bound = None if least is None else self.own(Fraction(least) * self.program.scale)
        word: Literal["done", "stopped"] = "done" if found.reason == "within_gap" else "stopped"
        return Asked(word, found.chosen, bound)

    def own(self, value: Fraction) -> Fraction:
        """A value or bound of the objective that breaks ties as one of the first objective alone."""
        if not self.weight:
            return value
        return Fraction(math.floor((value - sum(self.lowest[1:])) / self.weight))


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
