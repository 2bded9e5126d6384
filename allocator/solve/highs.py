"""The direct door to HiGHS: arrays straight in, progress and interruption while it runs."""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from allocator.program import OPEN, Program
from allocator.solve.door import Answer, Ask
from allocator.solve.listener import Listener
from allocator.solve.running import PATIENCE, run
from allocator.solve.scaled import TOLERANCE, Floats, Scaled, scale

if TYPE_CHECKING:
    from allocator.solve.aside import Aside

EXACT: Final[dict[str, float]] = {
    "mip_abs_gap": 0.0,  # 1e-6 by default, whatever the relative gap
    "mip_feasibility_tolerance": TOLERANCE,
    "primal_feasibility_tolerance": TOLERANCE,
}

PROOF: Final[dict[str, float | bool]] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
}
"""Where there is nothing to find, all but branching and cuts is in the way: 0.2 s for 2.1 at 270 columns."""

INTERIOR = 40_000
"""Columns above which the relaxation alone is solved by interior points, not by the simplex method."""

PAIR = 1e-8
"""Seconds that HiGHS takes for one pair of a group (of two columns at least) and a column while it parts the objective
by groups, before it solves anything; it hears no word meanwhile. Measured: 2.9 s for 8,000 groups and 35,000 columns,
16 s for 16,000 and 71,000, 43 s for 24,000 and 106,000; that is 1.0e-8 to 1.7e-8."""

SURELY = 3.0
"""How many times its limit those seconds must come to before HiGHS is not begun at all."""

_first = threading.Lock()
_greeted = False


def ask_highs(ask: Ask, beside: Aside | None = None) -> Answer:
    """HiGHS on `ask`, in a thread of its own so that Ctrl-C and `ask.stop` are heard at once.

    `beside` seeks plans in slices of that thread's time, which HiGHS is told of as they are found.
    """
    import highspy

    if preparing(ask.program) > SURELY * (ask.seconds + PATIENCE):
        detail = "HiGHS was not begun: it would not have been done preparing in the time that was left"
        return Answer("time_limit", solver=named(), detail=detail)
    numbers = scale(ask.program, ask.excluded)
    solver = load(numbers)
    for name, value in {
        **EXACT,
        "mip_rel_gap": ask.gap,
        "mip_abs_gap": ask.spare * numbers.worth,
        "time_limit": float(ask.seconds),
        "threads": ask.threads,
        "random_seed": ask.seed,
    }.items():
        solver.setOptionValue(name, value)
    if math.isfinite(ask.above):
        # HiGHS minimises within; a test holds it to what this option does to a search by branch and bound
        solver.setOptionValue("objective_bound", -numbers.objective(ask.above))
    if ask.nodes:
        for name, value in {**PROOF, "mip_max_nodes": ask.nodes}.items():
            solver.setOptionValue(name, value)
    if ask.start is not None:
        begin = highspy.HighsSolution()
        begin.col_value = numbers.full(ask.start)
        solver.setSolution(begin)
    seen = Listener(ask, numbers, beside=beside)
    seen.follow(solver)

    def work() -> None:
        solver.run()
        end_thread()

    ending = run(work, ask, seen.halt.set, seen.progress)
    return seen.heard(ending) if ending.left else seen.answer(solver, ending)


def preparing(program: Program) -> float:
    """About how many seconds HiGHS works on a program of many groups before it first looks at its time limit."""
    sizes = np.bincount(program.groups[(program.groups >= 0) & (program.fixed < 0)])
    return PAIR * int((sizes > 1).sum()) * int(sizes.sum())


def lp_multipliers(
    program: Program,
    time_limit: float = 60.0,
    *,
    stop: threading.Event | None = None,
    threads: int = 1,
    prices: Floats | None = None,
) -> Floats | None:
    """Optimal multipliers y of the rows in the program's linear relaxation, float64 [m], in units of gain per unit
    of row; None where none were found in time.

    y ≥ 0 where a row's upper bound is worth something, ≤ 0 where its lower bound is, 0 on a side that is open; a
    soft row's |y| is at most its price. So for any y of this kind, and for these the least, no plan is worth more
    than Σ y·b + Σ over groups of max(0, max over k of gain − (yA)ₖ), with b the bound on the side of y's sign.
    On a time-out the multipliers of the last basis are returned: less good, as valid. `prices` [m], inf for hard,
    stand for the clauses' own.
    """
    m, n = program.shape
    if not m or not n:
        return np.zeros(m)
    price = program.prices if prices is None else prices
    numbers = scale(program, prices=price)
    solver = load(numbers, integer=False)
    solver.setOptionValue("time_limit", float(time_limit))
    solver.setOptionValue("threads", threads)
    # measured, 22 dense rows: 33,000 columns 1.3 s by simplex, 1.4 s by interior points; 333,000: 139 s, 20 s
    if n > INTERIOR:
        for name, value in {"solver": "ipm", "run_crossover": "off", "presolve": "off"}.items():
            solver.setOptionValue(name, value)
    ask = Ask(program, seconds=time_limit, stop=stop)
    seen = Listener(ask, numbers)
    seen.follow(solver)

    def work() -> None:
        solver.run()
        end_thread()

    if run(work, ask, seen.halt.set).left:
        return None
    solution = solver.getSolution()
    if not solution.dual_valid:
        return None
    y = np.asarray(solution.row_dual)[:m] * numbers.units / numbers.worth
    least = np.where(program.lower <= -OPEN, 0.0, -price)
    most = np.where(program.upper >= OPEN, 0.0, price)
    return np.asarray(np.clip(np.nan_to_num(y), least, most))


def load(numbers: Scaled, *, integer: bool = True) -> Any:
    """A silent `highspy.Highs` that holds `numbers`, as a relaxation unless `integer`."""
    import highspy

    solver = silent()
    matrix = numbers.matrix
    kinds = np.zeros(len(numbers.cost), np.int32)
    if integer:
        kinds[: numbers.n] = int(highspy.HighsVarType.kInteger)
    # arrays go in whole: setting a HighsLp's fields takes them number by number, 0.3 s for 300,000
    status = solver.passModel(
        matrix.shape[1],
        matrix.shape[0],
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        numbers.cost,
        numbers.base,
        numbers.top,
        numbers.lower,
        numbers.upper,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        kinds,
    )
    if status == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS would not take the program's numbers")
    return solver


def silent() -> Any:
    """A `highspy.Highs` that prints nothing, not even the greeting that the first of a process prints.

    HiGHS 1.16 greets in its constructor, before any option can be set, on the process's own standard output, where
    a caller's JSON may be under way; so that output is turned aside for the moment of the first construction.
    """
    import highspy

    global _greeted
    with _first:
        if not _greeted:
            _greeted = True
            with _stdout_aside():
                highspy.Highs()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    return solver


@contextlib.contextmanager
def _stdout_aside() -> Iterator[None]:
    try:
        kept = os.dup(1)
    except OSError:  # a windowed Windows program has no standard output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)


def named() -> str:
    """HiGHS's name and version, where none was made."""
    from importlib.metadata import version

    return f"HiGHS {version('highspy')}"


def end_thread() -> None:
    """Leave no scheduler of HiGHS behind in a thread that is about to end."""
    import highspy

    highspy.Highs.resetThreadScheduler(False)
