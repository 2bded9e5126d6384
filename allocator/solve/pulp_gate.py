"""PuLP as the gateway to whichever solver the user has: the one module that imports it, right on PuLP 3 and PuLP 4.

The problem is put as a minimisation, since PuLP and its solvers turn a maximisation round each in their own way.
"""

from __future__ import annotations

import inspect
import math
import os
import sys
import tempfile
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pulp

from allocator.solve.cbc_log import lower_bound
from allocator.solve.children import Children
from allocator.solve.door import Answer, Ask, Door, Word
from allocator.solve.highs import EXACT, end_thread, silent
from allocator.solve.listener import Listener, as_plan
from allocator.solve.outcome import Progress
from allocator.solve.running import Ending, run
from allocator.solve.scaled import TOLERANCE, Floats, Scaled, scale
from allocator.solve.solver_names import ALIASES, WORDS, UnknownSolver, pulp_names, said, stated_bound

PULP4: Final = hasattr(pulp.LpAffineExpression, "from_list")

STARTED: Final = ("PULP_CBC_CMD", "COIN_CMD", "SCIP_PY")
"""Who takes a start through PuLP's own `warmStart` (HiGHS gets it directly; CBC not on Windows, says PuLP)."""

LOOSE: Final = 2e-5
"""What solvers other than HiGHS may cut off a bound, in scaled units: CBC's cut-off increment is 1e-5."""

if not PULP4:
    from pulp import v4_migration

    v4_migration.set_v4_migration_warnings(False)


def installed() -> list[str]:
    """The solvers that PuLP finds on this machine, by the names that people say."""
    return said(pulp.listSolvers(onlyAvailable=True))


def door(name: str) -> Door:
    """The door to the solver called `name`; `UnknownSolver`, with those installed and the nearest, if there is none."""
    silent()  # so that HiGHS's greeting is over before PuLP makes a HiGHS of its own
    own = {k.name: k for k in (_Highs, _Scip)}
    for pulp_name in pulp_names(name, pulp.listSolvers(), installed):
        kind = own.get(pulp_name) or getattr(pulp, pulp_name, None)
        if kind is not None and kind(msg=False).available():
            return partial(_ask, kind)
    raise UnknownSolver("absent", name=name, installed=", ".join(installed()))


def _ask(kind: Any, ask: Ask) -> Answer:
    numbers = scale(ask.program, ask.excluded)
    problem, columns = build(numbers)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        visit = _Visit(kind, ask, numbers, problem, columns, Path(folder) / "log")
        try:
            ending = run(visit.work, ask, visit.halt, visit.progress)
        except (pulp.PulpError, OSError) as error:
            return Answer("interrupted" if visit.halted else "failed", solver=kind.name, detail=str(error))
        return visit.heard(ending) if ending.left else visit.answer(ending)


def build(numbers: Scaled) -> tuple[Any, list[Any]]:
    """The PuLP problem, to be minimised, and its variables in order; names are x0, x1, ... and r0, r1, ..."""
    problem = pulp.LpProblem("program", pulp.LpMinimize)
    top = numbers.top.tolist()
    columns = [
        problem.add_variable(f"x{k}", low, top[k], pulp.LpInteger if k < numbers.n else pulp.LpContinuous)
        for k, low in enumerate(numbers.base.tolist())
    ]
    expression = pulp.LpAffineExpression.from_list if PULP4 else pulp.LpAffineExpression
    problem.setObjective(expression(list(zip(columns, (-numbers.cost).tolist(), strict=True))))
    indptr, indices = numbers.matrix.indptr.tolist(), numbers.matrix.indices.tolist()
    data = numbers.matrix.data.tolist()
    for r, (low, high) in enumerate(zip(numbers.lower.tolist(), numbers.upper.tolist(), strict=True)):
        part = slice(indptr[r], indptr[r + 1])
        if part.start == part.stop:
            continue  # an empty hard row has been seen to hold
        row = expression([(columns[k], v) for k, v in zip(indices[part], data[part], strict=True)])
        if low == high:
            problem.addConstraint(row == low, f"r{r}")
            continue
        if math.isfinite(high):
            problem.addConstraint(row <= high, f"r{r}")
        if math.isfinite(low):
            problem.addConstraint(row >= low, f"r{r}f")
    return problem, columns


class _Highs(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS through PuLP, with a start and with what it says while it runs."""

    name = "HiGHS"
    visit: _Visit

    def callSolver(self, lp: Any) -> None:
        import highspy

        if PULP4:
            places = {v.id: j for j, v in enumerate(lp.exported_variables())}
            order = np.array([places.get(v.id, -1) for v in self.visit.columns])
        else:
            order = np.array([v.index for v in self.visit.columns])
        seen = self.visit.listener
        seen.order = order[: seen.numbers.n]
        if seen.ask.start is not None:
            begin = np.zeros(int((order >= 0).sum()))
            begin[order[order >= 0]] = seen.numbers.full(seen.ask.start)[order >= 0]
            start = highspy.HighsSolution()
            start.col_value = begin
            lp.solverModel.setSolution(start)
        seen.follow(lp.solverModel)
        lp.solverModel.run()
        end_thread()


class _Scip(pulp.SCIP_PY):  # type: ignore[misc]
    """SCIP through PuLP, with Python's lock released while it runs, and Ctrl-C left to Python."""

    name = "SCIP_PY"
    visit: _Visit

    def callSolver(self, lp: Any) -> None:
        lp.solverModel.setParam("misc/catchctrlc", False)
        lp.solverModel.setParam("numerics/feastol", TOLERANCE)
        lp.solverModel.optimizeNogil()


class _Visit:
    """One solve through PuLP: the problem, its solver, and what can be learnt and done while it runs."""

    def __init__(
        self, kind: Any, ask: Ask, numbers: Scaled, problem: Any, columns: list[Any], log: Path
    ) -> None:
        self.ask, self.numbers, self.problem, self.columns, self.log = ask, numbers, problem, columns, log
        self.listener = Listener(ask, numbers, sign=-1)
        self.solver = self._configured(kind)
        self.halted = False
        self.thread = 0
        self.stats: Any = None
        self.seconds = 0.0

    def _configured(self, kind: Any) -> Any:
        """The solver, told as much of the limits as it takes."""
        ask = self.ask
        # so that the gap is kept even if it is measured by the larger of value and bound
        self.gap = ask.gap if kind is _Highs else ask.gap / (1 + ask.gap)
        wanted: dict[str, Any] = {"msg": False, "timeLimit": max(ask.seconds, 0.01), "gapRel": self.gap}
        if ask.threads > 1:  # CBC with one thread asked for is slower than with none
            wanted["threads"] = ask.threads
        if kind.name in ALIASES["CBC"]:
            wanted |= {"logPath": str(self.log), "gapAbs": 0}
            wanted |= {"options": [f"randomSeed {ask.seed}"]} if ask.seed else {}
        if kind.name in STARTED and os.name != "nt" and ask.start is not None:
            wanted["warmStart"] = True
            for column, value in zip(self.columns, self.numbers.full(ask.start).tolist(), strict=True):
                column.setInitialValue(value, check=False)
        if kind is _Highs:
            wanted |= {"threads": ask.threads, "random_seed": ask.seed, **EXACT}
        takes = inspect.signature(kind.__init__).parameters
        if not any(p.kind is p.VAR_KEYWORD for p in takes.values()):
            wanted = {k: v for k, v in wanted.items() if k in takes}
        self.gap_heard = "gapRel" in wanted
        solver = kind(**wanted)
        solver.visit = self
        for base in type(solver).__mro__:
            _children.watch(sys.modules[base.__module__])
        return solver

    def work(self) -> None:
        """The solve itself, in a thread of its own."""
        self.thread = threading.get_ident()
        begun = time.monotonic()
        try:
            self.stats = self.problem.solve(self.solver)
        finally:
            self.seconds = time.monotonic() - begun
            _children.forget(self.thread)

    def halt(self) -> None:
        """Ask the solver to stop; one that has no way to be asked goes on to its limit."""
        self.halted = True
        self.listener.halt.set()
        _children.interrupt(self.thread)
        if isinstance(self.solver, _Scip) and self.problem.solverModel is not None:
            self.problem.solverModel.interruptSolve()

    def progress(self, seconds: float) -> Progress | None:
        """Where HiGHS stands; the other solvers tell PuLP nothing while they run."""
        return self.listener.progress(seconds)

    def heard(self, ending: Ending) -> Answer:
        """What is known of a solver that would not stop; its program, where it has one, is ended for good."""
        _children.kill(self.thread)
        return replace(
            self.listener.heard(ending), solver=self.solver.name, detail=f"{self.solver.name} would not stop"
        )

    def answer(self, ending: Ending) -> Answer:
        """What the solver came to, in its own words where they can be had, else in PuLP's."""
        if isinstance(self.solver, _Highs):
            return self.listener.answer(self.problem.solverModel, ending)
        z = self._values()
        word = self._word(ending)
        worth = self.numbers.worth
        bounds = [self._bound()]
        if word == "done" and z is not None and self.gap_heard:
            bounds.append(stated_bound(float(self.numbers.cost @ z), self.gap))
        known = [b for b in bounds if b is not None]
        return Answer(
            word=word,
            plans=() if z is None else (as_plan(z, self.numbers.n),),
            bound=self.numbers.gain(min(known)) if known else None,
            slop=LOOSE / worth,
            solver=self.solver.name,
            detail="" if word != "failed" else f"{self.solver.name} said {self._reason()}",
        )

    def _values(self) -> Floats | None:
        """The solver's z, or None where it has none; a column that it never saw is at its base."""
        if PULP4:
            found = self.stats.has_solution
        else:
            found = self.problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
        if not found:
            return None
        values = [c.varValue for c in self.columns]
        return np.array([b if v is None else v for v, b in zip(values, self.numbers.base, strict=True)])

    def _reason(self) -> str:
        """Why it stopped: SCIP's own word, PuLP 4's, or what PuLP 3's two statuses say together."""
        if isinstance(self.solver, _Scip):
            return str(self.problem.solverModel.getStatus())
        if PULP4:
            return str(self.stats.status.name)
        if self.problem.sol_status == pulp.LpSolutionIntegerFeasible:
            return "Stopped"  # PuLP 3 calls this Optimal as well
        return {pulp.LpStatusOptimal: "Optimal", pulp.LpStatusInfeasible: "Infeasible"}.get(
            self.problem.status, "Stopped"
        )

    def _word(self, ending: Ending) -> Word:
        reason = self._reason()
        word = WORDS.get(reason, "failed")
        if word in ("interrupted", "failed") and ending.told is not None:
            return ending.told
        # PuLP 3 does not say which limit it was
        return "time_limit" if reason == "Stopped" and self.seconds >= 0.9 * self.ask.seconds else word

    def _bound(self) -> float | None:
        """The bound that the solver itself gives, as a maximum in scaled units."""
        if isinstance(self.solver, _Scip):
            dual = self.problem.solverModel.getDualbound()
            return -dual if abs(dual) < 1e20 else None
        if self.log.exists():
            printed = lower_bound(self.log.read_text(errors="replace"))
            return None if printed is None else -printed[0] + printed[1]
        return None


_children = Children()
