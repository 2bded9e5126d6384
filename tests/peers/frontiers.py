"""Complete frontiers of published knapsacks: by the engine, by a plain ε-constraint loop over HiGHS, by pyaugmecon."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from allocator.program import Ints, Program
from allocator.solve.scaled import Floats
from tests.peers.alone import alone
from tests.solve.bench import BENCH

LIST = {"2kp50": 35, "2kp100": 121, "2kp250": 568, "3kp40": 389}
"""Problems of the AUGMECON papers, and how many points are published of each."""

OWN = Path(__file__).resolve().parents[2] / ".bench" / "augmecon"
"""pyaugmecon's environment."""

Points = set[tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Knapsack:
    """A knapsack with several gains [k, n], and the set that is published of it."""

    gains: Ints
    weights: Floats
    room: Floats
    published: Points

    @property
    def program(self) -> Program:
        """With the first gain."""
        return Program.from_arrays(self.gains[0], self.weights, np.full(len(self.room), -np.inf), self.room)


def problem(name: str) -> Knapsack:
    """A published problem."""

    def read(file: str) -> Floats:
        with (BENCH / "mokp" / "augmecon" / name / file).open() as lines:
            return np.array([[float(v) for v in row[1:]] for row in list(csv.reader(lines))[1:]])

    gains = read("c.csv").astype(np.int64)
    points = {tuple(int(v) for v in p) for p in read("pareto_sols.csv")}
    return Knapsack(gains, read("a.csv"), read("b.csv").ravel(), points)


def engine(given: Knapsack, limit: float) -> Points:
    """The engine's own."""
    from allocator.studies.nondominated import nondominated

    found = nondominated(given.program, given.gains[1:], seconds=limit)
    return {tuple(int(v) for v in p.image) for p in found.points}


def loop(given: Knapsack, limit: float) -> Points:
    """The most of the first gain at floors of the others, one floor within the next, each a unit above the last found.

    One HiGHS model is kept, so that each solve begins from the last plan. Of plans with as much of the first gain it
    takes the one with most of the others: the first counts for more than all that they can differ by.
    """
    import highspy

    gains, end = given.gains, time.monotonic() + limit
    more = int(gains[1:].sum()) + 1
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for option, value in {"threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}.items():
        solver.setOptionValue(option, value)
    objective = gains[0] * more + gains[1:].sum(axis=0)
    columns = [
        solver.addVariable(lb=0, ub=1, type=highspy.HighsVarType.kInteger) for _ in range(gains.shape[1])
    ]
    for row, most in zip(given.weights, given.room, strict=True):
        solver.addConstr(solver.qsum(float(w) * x for w, x in zip(row, columns, strict=True)) <= float(most))
    first = len(given.room)
    for gain in gains[1:]:
        solver.addConstr(solver.qsum(float(g) * x for g, x in zip(gain, columns, strict=True)) >= 0.0)
    solver.setObjective(
        solver.qsum(float(v) * x for v, x in zip(objective, columns, strict=True)),
        sense=highspy.ObjSense.kMaximize,
    )

    def under(level: int) -> Points:
        if level == 0:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            solver.setOptionValue("time_limit", float(solver.getRunTime() + left))
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return set()
            if status != highspy.HighsModelStatus.kOptimal:
                raise TimeoutError
            chosen = np.asarray(solver.getSolution().col_value) > 0.5
            return {tuple(int(v) for v in gains[:, chosen].sum(axis=1))}
        found: Points = set()
        floor = 0
        while True:
            solver.changeRowBounds(first + level - 1, float(floor), math.inf)
            seen = under(level - 1)
            if not seen:
                return found
            found |= seen
            floor = min(p[level] for p in seen) + 1

    found = under(len(gains) - 1)
    return {
        p for p in found if not any(q != p and all(a >= b for a, b in zip(q, p, strict=True)) for q in found)
    }


def environment() -> Path:
    """pyaugmecon's Python, made where it is not there yet."""
    own = OWN / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (OWN / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", str(OWN)], check=True)
        wanted = ["pyaugmecon==1.0.8", "numpy<2", "highspy"]
        subprocess.run(
            [str(own), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (OWN / "made").touch()
    return own


def augmecon(given: Knapsack, limit: float) -> tuple[Points, float]:
    """pyaugmecon over HiGHS, one process, with as many grid points as the published set has values: it is exact then.

    Its nadir points are the published set's, which it could not know.
    """
    own = environment()
    others = np.array(sorted(given.published))[:, 1:]
    data = {
        "gains": given.gains.tolist(),
        "weights": given.weights.tolist(),
        "room": given.room.tolist(),
        "grid": int((others.max(axis=0) - others.min(axis=0)).max()) + 1,
        "nadir": others.min(axis=0).tolist(),
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "problem.json").write_text(json.dumps(data))
        command = [str(own), str(Path(__file__).with_name("augmecon.py")), "problem.json"]
        try:
            out, err, code = alone(command, limit, Path(folder))
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
    if code:
        raise RuntimeError((err.strip().splitlines() or ["no word"])[-1])
    found = json.loads(out.strip().splitlines()[-1])
    return {tuple(round(abs(v)) for v in p) for p in found["points"]}, found["seconds"]


def timed(way: Callable[[Knapsack, float], Points]) -> Callable[[Knapsack, float], tuple[Points, float]]:
    """A way with the seconds that it takes."""

    def took(given: Knapsack, limit: float) -> tuple[Points, float]:
        begun = time.perf_counter()
        found = way(given, limit)
        return found, time.perf_counter() - begun

    return took


WAYS = {"allocator": timed(engine), "HiGHS loop": timed(loop), "pyaugmecon": augmecon}


def one(name: str, way: str, limit: float) -> dict[str, Any]:
    """How many points one way finds of one problem, of those that are published, and in how many seconds."""
    import highspy  # noqa: F401  importing is no part of the time

    import allocator.studies.nondominated  # noqa: F401

    given = problem(name)
    try:
        found, seconds = WAYS[way](given, limit)
    except TimeoutError:
        return {"seconds": limit, "count": None, "published": len(given.published), "same": False}
    return {
        "seconds": seconds,
        "count": len(found),
        "published": len(given.published),
        "same": found == given.published,
    }
