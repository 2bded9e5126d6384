"""pyaugmecon on one problem, in an environment of its own: `python augmecon.py problem.json` prints its points.

It needs NumPy below 2, so that it cannot stand beside the rest. Nothing of this project is imported here.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def model(gains: list[list[int]], weights: list[list[float]], room: list[float]) -> Any:
    """A knapsack with several gains, as pyaugmecon wants it: Pyomo objectives, none of them active."""
    import pyomo.environ as pyo

    made = pyo.ConcreteModel()
    made.x = pyo.Var(range(len(gains[0])), within=pyo.Binary)
    made.rows = pyo.ConstraintList()
    for row, most in zip(weights, room, strict=True):
        made.rows.add(sum(w * made.x[j] for j, w in enumerate(row)) <= most)
    made.obj_list = pyo.ObjectiveList()
    for gain in gains:
        made.obj_list.add(expr=sum(g * made.x[j] for j, g in enumerate(gain)), sense=pyo.maximize)
    for k in range(len(gains)):
        made.obj_list[k + 1].deactivate()
    return made


def highs(**_: Any) -> Any:
    """HiGHS as pyaugmecon calls a solver: it is made with words of Gurobi's, and may find that there is no plan."""
    import pyomo.environ as pyo

    solver = pyo.SolverFactory("appsi_highs")
    # it solves in this process and then in forks of it, which wait for ever for the threads that HiGHS had begun before
    solver.highs_options["threads"] = 1
    plain = solver.solve

    def solve(made: Any) -> Any:
        said = plain(made, load_solutions=False)
        if said.solver.termination_condition == pyo.TerminationCondition.optimal:
            solver.load_vars()
        return said

    solver.solve = solve
    return solver


def main() -> None:
    """Solve and print."""
    case = json.loads(Path(sys.argv[1]).read_text())
    import pyomo.environ as pyo
    from pyaugmecon import PyAugmecon

    pyo.SolverFactory.register("kept_highs")(highs)
    begun = time.perf_counter()
    options = {
        "grid_points": case["grid"],
        "nadir_points": case["nadir"],
        "cpu_count": 1,
        "output_excel": False,
        "solver_name": "kept_highs",
    }
    # Gurobi's own options are taken out of the defaults by giving them a true value; HiGHS's gap of 1e-4 is less than a
    # unit of these gains
    solver = {"MIPGap": 1, "NonConvex": 1}
    found = PyAugmecon(model(case["gains"], case["weights"], case["room"]), options, solver)
    found.solve()
    points = [[float(v) for v in point] for point in found.unique_pareto_sols]
    print(json.dumps({"seconds": time.perf_counter() - begun, "points": points}))


if __name__ == "__main__":
    main()
