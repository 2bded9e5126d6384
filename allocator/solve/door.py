"""What a solver is asked and what it answers: the one interface that every door has."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from allocator.certificate import Certificate
from allocator.program import Bools, Program
from allocator.solve.outcome import Watch

Word = Literal["done", "infeasible", "time_limit", "interrupted", "failed"]


@dataclass(frozen=True, eq=False)
class Ask:
    """One call on a solver.

    excluded  assignments, bool [n] each, that were seen to break the program: to be left out, and nothing else
    gap       relative; 0 asks for a proof of the optimum
    seconds   wall clock left for this call
    start     a plan that keeps every hard clause, bool [n], or None
    spare     an absolute gap that is enough too; ceiling: a bound that is known already
    known     what a plan is worth that the caller has, though the program may not hold it
    above     plans worth no more than this are of no interest: none need be found, nor anything less be proved
    better    a plan worth this much ends the search, whatever is proved: the caller will ask again for less
    nodes     more than 0: a quick try at a proof, without a search for plans; "done" where so many nodes are used up
    """

    program: Program
    excluded: tuple[Bools, ...] = ()
    gap: float = 0.0
    seconds: float = 60.0
    watch: Watch | None = None
    stop: threading.Event | None = None
    start: Bools | None = None
    threads: int = 1
    seed: int = 0
    spare: float = 0.0
    ceiling: float = math.inf
    known: float = -math.inf
    above: float = -math.inf
    better: float = math.inf
    nodes: int = 0

    def enough(self, value: float, bound: float) -> bool:
        """Whether a solver that has come this far may stop, though its own gap is not closed."""
        if self.better <= value < math.inf:
            return True
        value = max(value, self.known)
        near = min(bound, self.ceiling) - value
        return math.isfinite(value) and near <= max(self.spare, self.gap * abs(value))

    @property
    def stopped(self) -> bool:
        """Whether the caller has asked for an end."""
        return self.stop is not None and self.stop.is_set()


@dataclass(frozen=True, eq=False)
class Answer:
    """A solver's word, before any of it is believed.

    word    "done": it says that it did all it was asked for
    plans   bool [n] each, best first; nobody has checked them yet
    bound   in units of gain, as the solver's floats have it; None where it proved nothing
    slop    how far, in units of gain, that bound may be off by the solver's tolerances
    solver  name and version
    certificate  multipliers of the asked program's rows as rationals, where the door found them on its way
    """

    word: Word
    plans: tuple[Bools, ...] = ()
    bound: float | None = None
    slop: float = 0.0
    solver: str = ""
    detail: str = ""
    certificate: Certificate | None = None


Door = Callable[[Ask], Answer]
