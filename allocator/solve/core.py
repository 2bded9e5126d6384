"""The core method: multipliers decide most candidates, and only those in doubt go to a solver.

1. Multipliers y of the rows, from the relaxation (for a large program from parts of it). They prove a bound.
2. At y each candidate has a best choice, and every other choice a loss. Plans are sought among the choices that lose
   least (`meet.py`).
3. A choice that loses more than the distance from the best plan to the bound is in no better plan. What is left without
   such choices goes to HiGHS (`search.py`), which proves the gap or finds a better plan to go on from. The bound of the
   whole is the greater of what HiGHS proves of the rest and of the bound less the least loss left out.

Sources: reduced-cost fixing (Dantzig, Fulkerson & Johnson 1954); cores of knapsack problems (Balas & Zemel 1980;
Pisinger 1995).
"""

from __future__ import annotations

import time

import numpy as np

from allocator.program import Program
from allocator.solve.aside import Aside
from allocator.solve.door import Answer, Ask
from allocator.solve.dual import multipliers
from allocator.solve.highs import ask_highs
from allocator.solve.part import left
from allocator.solve.price import price
from allocator.solve.search import Search, answered

LEAST = 1_000
"""Columns below which HiGHS on the whole is as quick."""

TYING = 60
"""Rows that tie many candidates, above which the method is not for the program."""


def ask_whichever(ask: Ask) -> Answer:
    """The core method where the program suits it, else HiGHS on the whole, with plans sought in some of its time."""
    return ask_core(ask) if suits(ask.program) else ask_highs(ask, Aside(ask))


def suits(program: Program) -> bool:
    """Whether many candidates are tied together by few rows, so that most are decided by the rows' multipliers.

    A row ties many where it speaks of more than a twentieth of the columns. Many of these, or columns without
    groups, make hard knapsacks, whose cores are nearly the whole.
    """
    columns = len(program.gain)
    grouped = bool((program.groups >= 0).all())
    return columns >= LEAST and grouped and _tying(program) <= TYING


def _tying(program: Program) -> int:
    return int((np.diff(program.matrix.indptr) > len(program.gain) // 20).sum())


def ask_core(ask: Ask) -> Answer:
    """The core method on `ask`; where it cannot help, HiGHS on the whole."""
    begun = time.monotonic()
    program = ask.program
    if ask.excluded:
        return ask_highs(ask)
    y = multipliers(program, ask.seconds, ask.stop, ask.gap)
    seen = None if y is None else price(program, y)
    if seen is None:
        return ask_highs(left(ask, begun))
    search = Search(program, seen)
    if ask.start is not None:
        search.offer(ask.start)
    search.seek(ask, begun)
    return answered(search, search.close(ask, begun))
