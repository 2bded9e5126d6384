"""The engine and its peers, asked the same: one program, gap, limit and thread, presolve on, building included.

The float peers get one matrix, scaled by powers of two (`allocator.solve.scaled`); CP-SAT gets the integers. What each
says is checked afterwards in exact integers: a plan that breaks the program is said to, and counts for nothing.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, Bools, Program
from allocator.solve.scaled import Scaled, scale

Floats = npt.NDArray[np.float64]
Said = tuple[Floats | None, float | None]
"""A plan's columns, and a bound in units of gain; None where there is none."""


@dataclass(frozen=True)
class Run:
    """What one solve came to. `value` and `bound` in units of gain; `sound`: its plan keeps every hard row, exactly."""

    seconds: float
    value: float | None
    bound: float | None
    sound: bool

    @property
    def gap(self) -> float | None:
        """(bound − value) / |value|, None without both or where the plan is none."""
        if self.value is None or self.bound is None or not self.sound:
            return None
        left = max(self.bound - self.value, 0.0)
        return left / abs(self.value) if self.value else (0.0 if left == 0 else math.inf)


def engine(method: str = "auto") -> Callable[[Program, float, float], Said]:
    """`allocator.solve`."""

    def ask(program: Program, gap: float, limit: float) -> Said:
        from allocator.solve import solve

        found = solve(program, gap=gap, time_limit=limit, method=method)
        plan = None if found.chosen is None else found.chosen.astype(np.float64)
        return plan, None if found.bound is None else found.bound * program.scale

    return ask


def highs(program: Program, gap: float, limit: float) -> Said:
    """HiGHS alone, by its Python API."""
    import highspy

    from allocator.solve.highs import load

    numbers = scale(program)
    solver = load(numbers)
    for name, value in _exact_highs(gap, limit).items():
        solver.setOptionValue(name, value)
    solver.run()
    seen = solver.getInfo()
    held = seen.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = seen.mip_dual_bound
    plan = np.asarray(solver.getSolution().col_value)[: numbers.n] if held else None
    return plan, numbers.gain(bound) if math.isfinite(bound) else None


def _exact_highs(gap: float, limit: float) -> dict[str, Any]:
    return {"time_limit": limit, "threads": 1, "mip_rel_gap": gap, "mip_abs_gap": 0.0}


def pulp_cbc(program: Program, gap: float, limit: float) -> Said:
    """PuLP with CBC."""
    import pulp

    from allocator.solve.cbc_log import lower_bound
    from allocator.solve.pulp_gate import build
    from allocator.solve.solver_names import ALIASES

    numbers = scale(program)
    problem, columns = build(numbers)
    kinds = [getattr(pulp, name) for name in ALIASES["CBC"] if hasattr(pulp, name)]
    kind = next(k for k in kinds if k(msg=False).available())
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        begun = time.perf_counter()
        problem.solve(kind(msg=False, timeLimit=limit, gapRel=gap, gapAbs=0, logPath=str(log)))
        early = time.perf_counter() - begun < 0.95 * limit
        printed = lower_bound(log.read_text(errors="replace")) if log.exists() else None
    plan = _pulp_plan(numbers, columns)
    bound = None if printed is None else numbers.gain(-printed[0] + printed[1])
    return plan, _stated(program, plan, gap) if bound is None and early else bound


def pulp_highs(program: Program, gap: float, limit: float) -> Said:
    """PuLP with HiGHS."""
    import pulp

    from allocator.solve.pulp_gate import build

    numbers = scale(program)
    problem, columns = build(numbers)
    problem.solve(pulp.HiGHS(msg=False, timeLimit=limit, gapRel=gap, threads=1, mip_abs_gap=0.0))
    bound = problem.solverModel.getInfo().mip_dual_bound
    plan = _pulp_plan(numbers, columns)
    return plan, numbers.gain(-bound) if math.isfinite(bound) else None


def _pulp_plan(numbers: Scaled, columns: list[Any]) -> Floats | None:
    values = [c.varValue for c in columns[: numbers.n]]
    if all(v is None for v in values):
        return None
    return np.array([b if v is None else v for v, b in zip(values, numbers.base, strict=False)])


def _stated(program: Program, plan: Floats | None, gap: float) -> float | None:
    """The bound that a solver states which is done before its limit and prints none: its plan is within the gap."""
    from allocator.solve.solver_names import stated_bound

    return None if plan is None else stated_bound(float(program.value(plan > 0.5)), gap)


def scip(program: Program, gap: float, limit: float) -> Said:
    """SCIP, by PySCIPOpt."""
    from pyscipopt import Model, quicksum

    numbers = scale(program)
    model = Model()
    model.hideOutput()
    for name, value in {"limits/time": limit, "limits/gap": gap, "parallel/maxnthreads": 1}.items():
        model.setParam(name, value)
    top, cost = numbers.top.tolist(), numbers.cost.tolist()
    columns = [
        model.addVar(vtype="I" if k < numbers.n else "C", lb=low, ub=top[k], obj=cost[k])
        for k, low in enumerate(numbers.base.tolist())
    ]
    model.setMaximize()
    m = numbers.matrix
    data, indices, starts = m.data.tolist(), m.indices.tolist(), m.indptr.tolist()
    for r, (low, high) in enumerate(zip(numbers.lower.tolist(), numbers.upper.tolist(), strict=True)):
        part = range(starts[r], starts[r + 1])
        row = quicksum(data[k] * columns[indices[k]] for k in part)
        if len(part) and (math.isfinite(low) or math.isfinite(high)):
            model.addCons(
                (low <= row)
                if math.isinf(high)
                else (row <= high)
                if math.isinf(low)
                else ((low <= row) <= high)
            )
    model.optimize()
    bound = model.getDualbound()
    plan = None
    if model.getNSols():
        best = model.getBestSol()
        plan = np.array([best[c] for c in columns[: numbers.n]])
    return plan, numbers.gain(bound) if abs(bound) < 1e20 else None


def cp_sat(program: Program, gap: float, limit: float) -> Said:
    """OR-Tools' CP-SAT, over the integers themselves; a priced row has an integer slack."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    columns = [
        model.new_bool_var("") if f < 0 else model.new_constant(int(f)) for f in program.fixed.tolist()
    ]
    unit = math.lcm(*(c.price.denominator for c in program.clauses if c.price is not None))
    variables, worth = list(columns), [g * unit for g in program.gain.tolist()]
    m = program.matrix
    for r, clause in enumerate(program.clauses):
        part = slice(m.indptr[r], m.indptr[r + 1])
        own, data = [columns[k] for k in m.indices[part].tolist()], m.data[part].tolist()
        low, high = int(program.lower[r]), int(program.upper[r])
        if clause.price is not None:
            far = sum(abs(v) for v in data) + max(abs(v) for v in (low, high) if abs(v) < OPEN)
            for sign in [s for s, v in ((1, low), (-1, high)) if abs(v) < OPEN]:
                slack = model.new_int_var(0, far, "")
                own, data = [*own, slack], [*data, sign]
                variables.append(slack)
                worth.append(-int(clause.price * unit))
        inf = cp_model.INT_MAX
        bounds = (low if low > -OPEN else -inf, high if high < OPEN else inf)
        model.add_linear_constraint(cp_model.LinearExpr.weighted_sum(own, data), *bounds)
    order = np.argsort(program.groups, kind="stable")
    grouped = order[program.groups[order] >= 0]
    for part in np.split(grouped, np.flatnonzero(np.diff(program.groups[grouped])) + 1):
        if len(part) > 1:
            model.add_at_most_one(columns[k] for k in part.tolist())
    model.maximize(cp_model.LinearExpr.weighted_sum(variables, worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.relative_gap_limit = gap
    status = solver.solve(model)
    held = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    plan = np.array([solver.value(c) for c in columns], np.float64) if held else None
    return plan, solver.best_objective_bound / unit if held or status == cp_model.UNKNOWN else None


SOLVERS: dict[str, Callable[[Program, float, float], Said]] = {
    "allocator": engine(),
    "PuLP with CBC": pulp_cbc,
    "PuLP with HiGHS": pulp_highs,
    "HiGHS": highs,
    "SCIP": scip,
    "CP-SAT": cp_sat,
}

PEERS = tuple(SOLVERS)[1:]

MODULES = {
    "allocator": "allocator.solve.core",
    "PuLP with CBC": "allocator.solve.pulp_gate",
    "PuLP with HiGHS": "allocator.solve.pulp_gate",
    "HiGHS": "allocator.solve.highs",
    "SCIP": "pyscipopt",
    "CP-SAT": "ortools.sat.python.cp_model",
}
"""What is imported before the clock starts."""


def ask(name: str, program: Program, gap: float, limit: float) -> Run:
    """One solve by the solver of that name, timed from the program's arrays to its answer, then checked."""
    from importlib import import_module

    import_module(MODULES[name])
    if "HiGHS" in name or name == "allocator":
        import_module("highspy")
    begun = time.perf_counter()
    plan, bound = SOLVERS[name](program, gap, limit)
    seconds = time.perf_counter() - begun
    return checked(program, plan, bound, seconds)


def checked(program: Program, plan: Floats | None, bound: float | None, seconds: float) -> Run:
    """What an answer is worth, in exact integers."""
    if plan is None:
        return Run(seconds, None, bound, False)
    chosen: Bools = plan > 0.5
    return Run(seconds, float(program.value(chosen)), bound, not program.broken(chosen))
