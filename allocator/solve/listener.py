"""What HiGHS says while it runs, what it is told meanwhile, and what its run comes to."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from allocator.program import Bools
from allocator.solve.door import Answer, Ask, Word
from allocator.solve.outcome import Progress
from allocator.solve.running import Ending
from allocator.solve.scaled import Scaled

if TYPE_CHECKING:
    from allocator.solve.aside import Aside

WORDS: Final[dict[str, Word]] = {
    "kOptimal": "done",
    "kInfeasible": "infeasible",
    # every column is bounded, so the other half of this word cannot be
    "kUnboundedOrInfeasible": "infeasible",
    "kTimeLimit": "time_limit",
    "kInterrupt": "interrupted",
}
"""HiGHS's statuses that say something; any other (kUnknown among them) is a failure, never read as feasible."""

FEASIBLE = 2
"""HiGHS's kSolutionStatusFeasible: there is an incumbent, not merely some vector."""

KEPT = 5
"""How many incumbents are kept beside the last, should that one not pass the exact check."""


def as_plan(values: Any, n: int) -> Bools:
    """The first n of a solver's values, rounded."""
    return np.asarray(np.asarray(values[:n], np.float64) > 0.5)


class Listener:
    """What HiGHS says while it runs, kept for the caller's own thread to pass on.

    sign   -1 where HiGHS was given the problem turned round, as a minimisation
    order  int [n]: which of HiGHS's columns is the program's k-th, -1 for none; None where they are the same
    """

    def __init__(self, ask: Ask, numbers: Scaled, sign: int = 1, beside: Aside | None = None) -> None:
        self.ask = ask
        self.sign = sign
        self.beside = beside
        self.numbers = numbers
        self.order: npt.NDArray[np.int64] | None = None
        self.halt = threading.Event()
        self.plans: list[Bools] = []
        self.latest: tuple[float, float] | None = None
        self.best = -math.inf
        self.enough = False

    def follow(self, solver: Any) -> None:
        """Subscribe to what is needed."""
        from highspy import cb

        kinds = cb.HighsCallbackType
        self.improving, self.asking = kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipUserSolution
        solver.setCallback(self.hear, None)
        for kind in (
            kinds.kCallbackMipImprovingSolution,
            kinds.kCallbackMipInterrupt,
            kinds.kCallbackSimplexInterrupt,
            kinds.kCallbackIpmInterrupt,
            *(() if self.beside is None else (self.asking,)),
        ):
            solver.startCallback(kind)

    def hear(self, kind: Any, message: str, out: Any, back: Any, data: Any) -> None:
        """Called by HiGHS in its own thread: notes where it stands, and tells it to stop."""
        if kind == self.improving:
            self.plans = [*self.plans[1 - KEPT :], self.plan(out.mip_solution)]
            self.best = max(self.best, self.sign * out.objective_function_value)
            if self.beside is not None:
                self.beside.hear(self.plans[-1])
        elif kind == self.asking:
            self.offer(back)
        else:
            value = self.sign * out.mip_primal_bound
            if math.isfinite(self.ask.above):
                value = self.best  # HiGHS says the least that is of interest, before it has a plan
            if self.beside is not None:
                self.beside.turn()
                value = max(value, self.aside())
            self.latest = (value, self.sign * out.mip_dual_bound)
            value, bound = (self.numbers.gain(v) for v in self.latest)
            self.enough = self.enough or self.ask.enough(value, bound)
            if self.enough or self.halt.is_set():
                back.user_interrupt = True

    def offer(self, back: Any) -> None:
        """Hand HiGHS the plan that was found beside it, if it is better than HiGHS's own."""
        if self.beside is not None and self.beside.plan is not None and self.aside() > self.best:
            back.setSolution(self.numbers.full(self.beside.plan))

    def aside(self) -> float:
        """What the plan found beside HiGHS is worth, as a value of the objective; -inf without one."""
        seen = None if self.beside is None else self.beside.value
        return -math.inf if seen is None else self.numbers.objective(float(seen))

    def known(self) -> list[Bools]:
        """The incumbents, the last first, and the plan found beside HiGHS."""
        found = None if self.beside is None else self.beside.plan
        return [*reversed(self.plans), *(() if found is None else (found,))]

    def answer(self, solver: Any, ending: Ending) -> Answer:
        """HiGHS's word after its run: its last incumbent first, then those before it."""
        info, status = solver.getInfo(), solver.getModelStatus()
        plans = [self.plan(solver.getSolution().col_value)] if info.primal_solution_status == FEASIBLE else []
        plans += [p for p in self.known() if not any((p == q).all() for q in plans)]
        bound = self.numbers.gain(self.sign * info.mip_dual_bound)
        word = WORDS.get(status.name, "failed")
        if math.isfinite(self.ask.above):
            if word == "infeasible":  # nothing of interest is there
                word, bound = "done", self.ask.above
            bound = max(bound, self.ask.above)
        spent = self.ask.nodes and status.name == "kSolutionLimit"
        if spent or (self.enough and word == "interrupted"):
            word = "done"
        return Answer(
            word=ending.told or word if word == "interrupted" else word,
            plans=tuple(plans),
            bound=bound if math.isfinite(bound) and word in ("done", "time_limit", "interrupted") else None,
            slop=self.numbers.slop,
            solver=f"HiGHS {solver.version()}",
            detail=""
            if spent or status.name in WORDS
            else f"HiGHS said {solver.modelStatusToString(status)}",
        )

    def heard(self, ending: Ending) -> Answer:
        """What is known of a run that would not end: what it said while it ran."""
        bound = math.inf if self.latest is None else max(self.numbers.gain(self.latest[1]), self.ask.above)
        return Answer(
            word=ending.told or "failed",
            plans=tuple(self.known()),
            bound=bound if math.isfinite(bound) else None,
            slop=self.numbers.slop,
            solver="HiGHS",
            detail="HiGHS did not stop when told to and was left behind",
        )

    def plan(self, values: Any) -> Bools:
        """HiGHS's values as a choice, bool [n]."""
        if self.order is None:
            return as_plan(values, self.numbers.n)
        seen = np.where(self.order >= 0, np.asarray(values)[self.order], self.numbers.base[: self.numbers.n])
        return as_plan(seen, self.numbers.n)

    def progress(self, seconds: float) -> Progress | None:
        """Where the solve stands, in shown units; None before HiGHS has said anything."""
        if self.latest is None:
            return None
        scale = self.ask.program.scale
        value, bound = (self.numbers.gain(v) / scale + 0.0 if math.isfinite(v) else None for v in self.latest)
        gap = None if value is None or bound is None or value == 0 else (bound - value) / abs(value)
        return Progress(seconds, value, bound, gap)
