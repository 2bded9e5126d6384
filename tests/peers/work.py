"""One measurement in a process of its own: `python -m tests.peers.work '{"kind": ...}'` prints what it found."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from allocator.change import Change, Line
from allocator.program import Program
from tests.peers.pools import BOUNDS, Pool, drawn, pool

if TYPE_CHECKING:
    from allocator.solve.door import Ask

Case = dict[str, Any]
Found = dict[str, Any]


def solve_pool(case: Case) -> Found:
    """One pool by one solver."""
    from tests.peers.solvers import ask

    program = pool(case["size"], case["seed"], case["shape"])
    before = time.process_time()
    found = ask(case["solver"], program, case["gap"], case["limit"])
    return {
        "seconds": found.seconds,
        "cpu": time.process_time() - before,
        "gap": found.gap,
        "value": found.value,
        "sound": found.sound,
        "options": program.shape[1],
        "rows": program.shape[0],
    }


def published(case: Case) -> Found:
    """One published problem by one solver: the gap of its plan to the best that is published."""
    from tests.peers.families import problem
    from tests.peers.solvers import ask

    program, best = problem(case["family"], case["name"])
    found = ask(case["solver"], program, 0.0, case["limit"])
    value = found.value if found.sound and found.value is not None else 0.0
    return {
        "seconds": found.seconds,
        "to_best": (best * program.scale - value) / (best * program.scale),
        "gap": found.gap,
        "sound": found.sound,
    }


def handover(case: Case) -> Found:
    """One program through `auto` and by HiGHS at once, by turns, to the same gap and with the same seeds.

    direct, auto  CPU seconds over all turns
    open          how many solves did not close the gap
    beside        what the search beside HiGHS took at most beyond 5 % of HiGHS's own seconds, wall clock
    """
    from allocator.solve import core, solve
    from allocator.solve.aside import Aside
    from tests.peers.families import problem

    program = (
        pool(case["size"], case["seed"], case["name"])
        if case["family"] == "pools"
        else problem(case["family"], case["name"])[0]
    )
    made: list[Aside] = []

    class Kept(Aside):
        def __init__(self, ask: Ask) -> None:
            super().__init__(ask)
            made.append(self)

    ways = {"direct": "highs", "auto": "auto"}
    spent, open_, beyond = dict.fromkeys(ways, 0.0), 0, 0.0
    took = time.perf_counter()
    for turn in range(case["turns"]):
        for way in list(ways)[:: 1 - 2 * (turn % 2)]:
            with patch.object(core, "Aside", Kept):
                made.clear()
                begun, cpu = time.perf_counter(), time.process_time()
                found = solve(program, gap=case["gap"], time_limit=case["limit"], method=ways[way], seed=turn)
                spent[way] += time.process_time() - cpu
                wall = time.perf_counter() - begun
            open_ += found.gap is None or found.gap > max(case["gap"], 1e-6)
            beyond = max([beyond, *(b.spent - 0.05 * (wall - b.spent) for b in made)])
    return {"seconds": time.perf_counter() - took, **spent, "open": open_, "beside": beyond}


def product(case: Case) -> Found:
    """One single-thread SciPy `A.T @ λ` over a pool's matrix."""
    matrix = pool(case["size"], 0).matrix.astype(np.float64)
    y = np.random.default_rng(0).random(matrix.shape[0])
    across = matrix.T.tocsr()
    took = []
    for _ in range(7):
        begun = time.perf_counter()
        across @ y
        took.append(time.perf_counter() - begun)
    return {"seconds": float(np.median(took))}


def with_floor(found: Pool, basis_points: int) -> Change:
    """The pilot: at least so much of what is awarded goes through the second instrument; its cap gives way."""
    program = found.program
    names = [(c.label, c.side) for c in program.clauses]
    row = names.index(("instrument 1", "floor"))
    other = names.index(("instrument 1", "cap"))
    share = 10_000 * (found.instrument == 1)
    most = max(BOUNDS[1][1], basis_points + 500)
    return Change(
        replaced={
            row: _line(program, row, found.award * (share - basis_points)),
            other: _line(program, other, found.award * (share - most)),
        }
    )


def _line(program: Program, row: int, coefficients: np.ndarray) -> Line:
    at = np.flatnonzero(coefficients)
    return Line(at.astype(np.int32), coefficients[at].astype(np.int64), program.clauses[row])


def ratios(case: Case) -> Found:
    """The pilot's ratio at 0, 1, ... %: hot, by one session, or cold, by one solver after the other."""
    from allocator.solve.session import Session
    from tests.peers.solvers import ask

    found = drawn(case["size"], case["seed"], case["shape"])
    changes = [with_floor(found, 100 * percent) for percent in range(case["count"])]
    gaps: list[float | None] = []
    begun = time.perf_counter()
    spent = 0.0
    if case["solver"] == "allocator":
        with Session(found.program) as session:
            for change in changes:
                gaps.append(session.solve(change, gap=case["gap"], time_limit=case["limit"]).gap)
        spent = time.perf_counter() - begun
    else:
        for change in changes:
            run = ask(case["solver"], found.program.with_(change), case["gap"], case["limit"])
            gaps.append(run.gap)
            spent += run.seconds
    return {"seconds": spent, "count": len(changes), **_kept(gaps, case["gap"])}


def _kept(gaps: list[float | None], wanted: float) -> Found:
    """How many kept the gap, and the worst one."""
    known = [g for g in gaps if g is not None]
    return {
        "kept": sum(g <= wanted for g in known),
        "worst": max(known, default=None) if len(known) == len(gaps) else None,
    }


def draws(case: Case) -> Found:
    """Draws of the experts' scores: on processes through the fan-out, or cold, by one solver after the other."""
    from tests.peers.solvers import ask

    found = drawn(case["size"], case["seed"], case["shape"])
    rng = np.random.default_rng(1)
    gains = [
        found.gains((found.score + rng.normal(0, 2, len(found.score))).clip(0, 100))
        for _ in range(case["count"])
    ]
    gaps: list[float | None] = []
    if case["solver"] != "allocator":
        spent = 0.0
        for gain in gains:
            run = ask(case["solver"], replace(found.program, gain=gain), case["gap"], case["limit"])
            gaps.append(run.gap)
            spent += run.seconds
        return {"seconds": spent, "count": len(gains), **_kept(gaps, case["gap"])}
    from allocator.fan import Job, open_fan

    jobs = [Job(Change(gain=gain), case["gap"], case["limit"]) for gain in gains]
    begun = time.perf_counter()
    with open_fan(case["on"]) as fan:
        for _, outcome in fan.solve(found.program, jobs):
            gaps.append(outcome.gap)
            if time.perf_counter() - begun > case["enough"]:
                break
        spent = time.perf_counter() - begun
    return {"seconds": spent, "count": len(gaps), **_kept(gaps, case["gap"])}


def changes(case: Case) -> Found:
    """One changed pin or ratio after another, hot: seconds to the first verified plan, and to the gap."""
    from allocator.solve.session import Session

    found = drawn(case["size"], case["seed"], case["shape"])
    first, last, gaps = [], [], []
    with Session(found.program) as session:
        plan = session.solve(gap=case["gap"], time_limit=case["enough"]).chosen
        for change in _some(found, case["count"]):
            begun = time.perf_counter()
            seen = []
            for outcome in session.answers(
                change, gap=case["gap"], time_limit=case["limit"], keep=plan, start=plan
            ):
                seen.append((time.perf_counter() - begun, outcome.gap if outcome.has_plan else None))
            first.append(next((s for s, g in seen if g is not None), case["limit"]))
            last.append(seen[-1][0])
            gaps.append(seen[-1][1])
    return {
        "seconds": float(sum(last)),
        "first": float(np.percentile(first, 95)),
        "last": float(np.percentile(last, 95)),
        "count": len(gaps),
        **_kept(gaps, case["gap"]),
    }


def _some(found: Pool, count: int) -> Iterator[Change]:
    """Pins, vetoes, ceilings and pilot ratios, drawn at random."""
    rng = np.random.default_rng(2)
    program = found.program
    for _ in range(count):
        kind = rng.integers(0, 4)
        if kind == 0:
            yield Change(fixed={int(rng.integers(0, program.shape[1])): 1})
        elif kind == 1:
            own = np.flatnonzero(program.groups == rng.integers(0, case_size(program)))
            yield Change(fixed=dict.fromkeys(own.tolist(), 0))
        elif kind == 2:
            yield Change(upper={0: int(program.upper[0]) * int(rng.integers(950, 1051)) // 1000})
        else:
            yield with_floor(found, int(rng.integers(0, 2_500)))


def case_size(program: Program) -> int:
    """How many candidates a program has."""
    return int(program.groups.max()) + 1


def stages(case: Case) -> Found:
    """A whole run of a scenario, stage by stage."""
    from tests.peers.stages import ROOT, one

    with tempfile.TemporaryDirectory() as folder:
        made = [sys.executable, "-m", "tests.peers.stages", folder, str(case["size"]), case["form"]]
        subprocess.run(made, cwd=ROOT, check=True)
        return one(Path(folder) / "scenario.yaml", case["limit"])


def frontier(case: Case) -> Found:
    """The complete frontier of a published problem, by one way."""
    from tests.peers.frontiers import environment, one

    if case["way"] == "pyaugmecon":
        environment()
    return one(case["name"], case["way"], case["limit"])


KINDS: dict[str, Callable[[Case], Found]] = {
    "solve": solve_pool,
    "published": published,
    "handover": handover,
    "product": product,
    "ratios": ratios,
    "draws": draws,
    "changes": changes,
    "stages": stages,
    "frontier": frontier,
}


def main() -> None:
    """Do one case and print what it found, with the peak memory of this process and its children in MB."""
    case = json.loads(sys.argv[1])
    found = KINDS[case["kind"]](case)
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    peaks = [
        resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    own = case["kind"] == "stages"  # the process that made its pool is no part of it
    print(json.dumps({**found, "peak": peaks[0] if own else sum(peaks)}))


if __name__ == "__main__":
    main()
