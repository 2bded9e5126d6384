"""A run as a pipeline: load → check → compile → solve → verify → report. Each stage returns a new frozen thing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from allocator.audit.awards import check_awards
from allocator.certificate import Certificate, certify
from allocator.collector import uncollected
from allocator.compile import Compiled, compile_scenario
from allocator.conclude import Taken, best_of, conclude, taken_by_orders
from allocator.held import Held
from allocator.intake import read
from allocator.plan import Plan
from allocator.problems import InputFaults, Place, Problem, Problems
from allocator.procedure import Sequential, sequential
from allocator.program import Bools, Program
from allocator.records import Tables
from allocator.scenario import Loaded, load
from allocator.scenario.tree import undotted
from allocator.solve import Outcome, Watch, solve
from allocator.solve.driver import find_door
from allocator.solve.dual import multipliers
from allocator.solve.solver_names import UnknownSolver
from allocator.why.shortfall import Shortfall, shortfalls
from allocator.words import Text, say

CERTIFYING = 120.0
"""Seconds that finding the certificate's multipliers may take; stopping early makes its bound weaker, never wrong."""

CERTIFYING_AFTER_STOP = 5.0
"""The same where the user has asked for an end."""

SCENARIO = "scenario"
"""What a policy's checks name as the file where a fault is the scenario's own; its key leads to the line."""

STAGES = ("load", "check", "compile", "solve", "verify", "report")


@dataclass(frozen=True)
class Wishes:
    """How a run is to be solved and watched; None leaves it to the scenario.

    stage  called as each stage begins; watch: called while it solves; stop: set it to end the solve early
    """

    gap: float | None = None
    time_limit: float | None = None
    solver: str | None = None
    method: str | None = None
    threads: int = 1
    stage: Callable[[str], None] = field(default=lambda name: None)
    watch: Watch | None = None
    stop: threading.Event | None = None


def run(
    scenario: str | Path,
    out: str | Path | None = None,
    sets: Sequence[str] = (),
    wishes: Wishes | None = None,
    write: Callable[[Plan], None] | None = None,
) -> Plan:
    """The plan of a scenario file; with `out`, its run folder is written too (`write` takes that over).

    `sets` are `path=value` changes laid over the file. Raises `InputFaults` with every fault of the files. A plan that
    fails its check is never returned: `Unverified` is raised.
    """
    wishes = wishes or Wishes()
    clock = _Clock(wishes.stage)
    with clock("load"), uncollected():
        loaded = load(scenario, sets)
        _solver_there(loaded, wishes)
        tables, notices = read_tables(loaded)
    with clock("check"), uncollected():
        notices = check_tables(loaded, tables, notices)
    with clock("compile"), uncollected():
        compiled = compile_scenario(loaded, tables)
    with clock("solve"):
        taken = taken_by_orders(loaded, tables, compiled)
        outcome, certificate, steps, held = _solve(loaded, tables, compiled, taken, wishes)
        compiled = held.whole
        lacking = _way_out(loaded, compiled, wishes) if outcome.reason == "infeasible" else ()
    with clock("verify"), uncollected():
        if outcome.chosen is not None:
            check_awards(loaded, tables, compiled, outcome.chosen, certificate)
    with clock("report"), uncollected():
        plan = conclude(loaded, tables, compiled, taken, outcome, certificate, notices)
        plan = replace(plan, shortfalls=lacking, sequential=steps, held=held, seconds=clock.seconds)
    with clock("report"):
        if out is not None:
            from allocator import rundir  # it knows this module

            rundir.write(plan, Path(out))
        if write is not None:
            write(plan)
    return replace(plan, seconds=clock.seconds)


def check(scenario: str | Path, sets: Sequence[str] = ()) -> tuple[Loaded, Tables, tuple[Problem, ...]]:
    """Every fault of a scenario's files, solving nothing: raises `InputFaults`, or returns what was read."""
    loaded = load(scenario, sets)
    _solver_there(loaded, Wishes())
    tables, problems = read_tables(loaded)
    notices = check_tables(loaded, tables, problems)
    compile_scenario(loaded, tables)
    return loaded, tables, tuple(notices)


def read_tables(loaded: Loaded) -> tuple[Tables, Problems]:
    """The scenario's tables, and what reading them noticed; errors are kept for `check_tables` where it can go on."""
    problems = Problems()
    folder = loaded.resolved.file.parent
    tables = read(loaded.scenario.data, loaded.policy.sheets(loaded.scenario), problems, folder)
    placed = Problems()
    placed.lost = problems.lost
    placed.extend(_placed(loaded, problem) for problem in problems)
    return tables, placed


def check_tables(loaded: Loaded, tables: Tables, problems: Problems) -> Problems:
    """Raise `InputFaults` with every fault within cells and across them, else return the notices."""
    if not problems.errors or "candidates" in tables:
        across = Problems()
        across.lost = problems.lost
        loaded.policy.check(loaded.scenario, tables, across)
        problems.extend_untold(_placed(loaded, problem) for problem in across)
    problems.stop()
    return problems


def _placed(loaded: Loaded, problem: Problem) -> Problem:
    """`problem` at the line of the file where it only names a key of the scenario."""
    if problem.place.file != SCENARIO or problem.place.key is None:
        return problem
    keys: tuple[str, ...] = undotted(problem.place.key)
    while keys and loaded.resolved.root.at_keys(keys) is None:
        keys = keys[:-1]
    node = loaded.resolved.root.at_keys(keys)
    assert node is not None
    return replace(problem, place=replace(node.head.place(), key=problem.place.key))


def _solver_there(loaded: Loaded, wishes: Wishes) -> None:
    """Raise `InputFaults` where the solver or method that is asked for is not there, before anything is read."""
    settings = loaded.scenario.solve
    solver, method = wishes.solver or settings.solver, wishes.method or settings.method
    try:
        find_door(method, solver)
    except UnknownSolver as unknown:
        node = loaded.resolved.root.at_keys(("solve", "solver"))
        own = wishes.solver is None and node is not None
        place = (
            node.at.place(("solve", "solver")) if own and node is not None else Place(f"--solver {solver}")
        )
        raise InputFaults([Problem(place, unknown.what, unknown.mend, unknown.code)]) from unknown
    except ValueError as wrong:
        node = loaded.resolved.root.at_keys(("solve", "method"))
        place = Place("solve.method") if node is None else node.at.place(("solve", "method"))
        text = Text(str(wrong), str(wrong))
        raise InputFaults([Problem(place, text, say("cli.methods"), "solve.method")]) from wrong


def _solve(
    loaded: Loaded,
    tables: Tables,
    compiled: Compiled,
    taken: Taken,
    wishes: Wishes,
) -> tuple[Outcome, Certificate | None, Sequential | None, Held]:
    settings = loaded.scenario.solve
    limit = settings.time_limit if wishes.time_limit is None else wishes.time_limit
    asked = settings.gap if wishes.gap is None else wishes.gap
    held = Held(compiled)

    def ask(program: Program, start: Bools | None, gap: float, seconds: float) -> Outcome:
        return solve(
            program,
            gap=gap,
            time_limit=seconds,
            method=wishes.method or settings.method,
            solver=wishes.solver or settings.solver,
            watch=wishes.watch,
            stop=wishes.stop,
            start=start,
            threads=wishes.threads,
        )

    def once(program: Program, start: Bools | None) -> Outcome:
        return held.solve(program, ask, asked, limit, start)

    steps = None
    begin = best_of(compiled, taken)
    without = held.settle(ask, limit, begin)
    if without is not None:
        return without, None, None, held
    if loaded.scenario.procedure == "sequential":
        face = loaded.policy.face_value(loaded.scenario, tables, compiled.options)
        steps = sequential(compiled, face, once)
        outcome = steps.outcome
    else:
        outcome = once(compiled.program, begin)
    if outcome.chosen is None:
        return outcome, None, steps, held
    program = held.on(compiled.program)
    certificate = (outcome if steps is None else steps.joint).certificate
    if certificate is None or certificate.program != program.digest:
        stopped = wishes.stop is not None and wishes.stop.is_set()
        seconds = CERTIFYING_AFTER_STOP if stopped else CERTIFYING
        certificate = certify(program, multipliers(program, seconds))
    return outcome, certificate, steps, held


def _way_out(loaded: Loaded, compiled: Compiled, wishes: Wishes) -> tuple[Shortfall, ...]:
    """Where there is no plan, the first way out: by the scenario's costs, else the one of fewest clauses."""
    from allocator.why.ways import first_way  # it brings the fan with it, and most runs have a plan

    found = first_way(compiled.program, loaded.scenario.relax_cost, wishes.stop)
    return found or shortfalls(compiled.program)


class _Clock:
    """Seconds by stage."""

    def __init__(self, begin: Callable[[str], None]) -> None:
        self.seconds: dict[str, float] = dict.fromkeys(STAGES, 0.0)
        self.begin = begin
        self.last = ""

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        if stage != self.last:
            self.begin(stage)
        self.last = stage
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - start
