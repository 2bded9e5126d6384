"""A best point of a program's linear relaxation: a guide to where rows are missing, never a proof."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from allocator.program import Program
from allocator.solve.door import Ask
from allocator.solve.highs import end_thread, load
from allocator.solve.listener import Listener
from allocator.solve.running import run
from allocator.solve.scaled import scale

Floats = npt.NDArray[np.float64]


def relaxed(program: Program, seconds: float) -> Floats | None:
    """An optimal point of the relaxation, float64 [n] in 0 … 1; None where none was found in time."""
    numbers = scale(program)
    solver = load(numbers, integer=False)
    solver.setOptionValue("time_limit", float(seconds))
    solver.setOptionValue("threads", 1)
    ask = Ask(program, seconds=seconds)
    seen = Listener(ask, numbers)
    seen.follow(solver)

    def work() -> None:
        solver.run()
        end_thread()

    if run(work, ask, seen.halt.set, seen.progress).left or solver.getModelStatus().name != "kOptimal":
        return None
    values = np.asarray(solver.getSolution().col_value, np.float64)
    return np.clip(values[: numbers.n], 0.0, 1.0)
