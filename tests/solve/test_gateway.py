"""PuLP's door: each solver's words as they really are, and every solver at one with trying all plans.

Runs on PuLP 3 and on PuLP 4; where the suite runs on PuLP 3, `test_pulp4.py` tries it on PuLP 4 too.
"""

from __future__ import annotations

import threading
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pulp
import pytest

from allocator.program import Program
from allocator.solve import Progress, pulp_gate, solve
from allocator.solve.cbc_log import lower_bound
from allocator.solve.scaled import scale
from allocator.solve.solver_names import ALIASES, WORDS, UnknownSolver, pulp_names, stated_bound
from tests.solve.programs import best, chu_beasley, fund, knapsack, market_split, priced, small

SOLVERS = ("HiGHS", "CBC", "SCIP")


def test_the_three_free_solvers_are_installed() -> None:
    assert set(SOLVERS) <= set(pulp_gate.installed())


@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_finds_what_trying_all_plans_finds(solver: str) -> None:
    for seed in range(40):
        program = small(seed)
        truth = best(program)
        outcome = solve(program, gap=0, method="pulp", solver=solver)
        if truth is None:
            assert (outcome.reason, outcome.chosen) == ("infeasible", None), (seed, outcome)
            continue
        assert outcome.value is not None
        assert outcome.bound is not None
        assert outcome.gap is not None
        assert outcome.value <= program.shown(truth) <= outcome.bound, seed
        if abs(truth) < 10**7:
            assert (outcome.reason, outcome.value) == ("optimal", program.shown(truth)), (seed, outcome)
        else:  # CBC and SCIP take no tighter tolerance, so the unit is not always theirs to tell
            assert outcome.reason in ("optimal", "within_gap", "failed"), (seed, outcome)
            assert outcome.gap < 1e-5, (seed, outcome)


@pytest.mark.parametrize("solver", SOLVERS)
def test_out_of_time_with_a_plan(solver: str) -> None:
    outcome = solve(chu_beasley(), gap=0, time_limit=1.5, method="pulp", solver=solver)
    assert outcome.reason == "time_limit", outcome
    assert outcome.value is not None
    assert outcome.bound is not None
    assert outcome.value < outcome.bound <= outcome.value * 1.2, "the solver's bound, not the trivial one"
    assert outcome.seconds < 30


@pytest.mark.parametrize("solver", SOLVERS)
def test_out_of_time_without_a_plan(solver: str) -> None:
    outcome = solve(market_split(), gap=0, time_limit=1.0, method="pulp", solver=solver)
    assert (outcome.reason, outcome.chosen, outcome.value) == ("time_limit", None, None), outcome
    assert outcome.bound is not None
    assert 0 < outcome.bound <= 50


@pytest.mark.parametrize("solver", SOLVERS)
def test_infeasible(solver: str) -> None:
    program = Program.from_arrays([3, 4, 5], [[2, 4, 6], [1, 1, 1]], [3, 0], [3, 3])
    outcome = solve(program, method="pulp", solver=solver)
    assert (outcome.reason, outcome.chosen, outcome.bound) == ("infeasible", None, None)


@pytest.mark.parametrize("solver", SOLVERS)
def test_stopped_by_the_user(solver: str) -> None:
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    outcome = solve(chu_beasley(), gap=0, time_limit=120, method="pulp", solver=solver, stop=stop)
    assert outcome.reason == "interrupted", outcome
    assert outcome.has_plan
    assert outcome.seconds < 60


@pytest.mark.parametrize("solver", SOLVERS)
def test_ctrl_c(solver: str) -> None:
    import _thread

    threading.Timer(1.5, _thread.interrupt_main).start()
    outcome = solve(chu_beasley(), gap=0, time_limit=120, method="pulp", solver=solver)
    assert outcome.reason == "interrupted", outcome
    assert outcome.has_plan
    assert outcome.seconds < 60


@pytest.mark.parametrize("solver", SOLVERS)
def test_within_the_gap_asked_for(solver: str) -> None:
    program = fund(60)
    outcome = solve(program, gap=0.02, time_limit=60, method="pulp", solver=solver)
    exact = solve(program, gap=4e-3, time_limit=60)
    assert outcome.reason in ("within_gap", "optimal"), outcome
    assert outcome.gap is not None
    assert outcome.gap <= 0.02
    assert exact.value is not None
    assert outcome.bound is not None
    assert outcome.bound >= exact.value


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_start_is_taken_and_never_lost(solver: str) -> None:
    program = priced(knapsack([60, 100, 120], [10, 20, 30], 50), Fraction(50))
    outcome = solve(program, gap=0, method="pulp", solver=solver, start=[True, True, False])
    assert (outcome.reason, outcome.value) == ("optimal", 220)


@pytest.mark.parametrize("solver", SOLVERS)
def test_columns_that_stand_in_no_row_and_are_worth_nothing(solver: str) -> None:
    """PuLP 4 does not even show them to the solver."""
    program = Program.from_arrays([0, 5, 0, 7], [[0, 1, 0, 1]], [-np.inf], [1])
    outcome = solve(program, gap=0, method="pulp", solver=solver)
    assert (outcome.reason, outcome.value) == ("optimal", 7)


def test_the_names_of_columns_and_rows_are_ids_and_no_label() -> None:
    problem, columns = pulp_gate.build(scale(small(11)))
    assert [c.name for c in columns] == [f"x{k}" for k in range(len(columns))]
    rows = problem.constraints
    names = [c.name for c in (rows() if callable(rows) else rows.values())]
    assert all(n.isascii() and n[0] == "r" for n in names)


def test_more_columns_than_ten_keep_their_order_through_pulp() -> None:
    """x10 sorts before x2: each plan must still be about its own columns."""
    gain = np.arange(1, 31)
    program = Program.from_arrays(gain, [np.ones(30, int)], [-np.inf], [3])
    for solver in SOLVERS:
        outcome = solve(program, gap=0, method="pulp", solver=solver)
        assert outcome.chosen is not None
        assert list(np.flatnonzero(outcome.chosen)) == [27, 28, 29]


def test_highs_tells_its_progress_through_pulp_too() -> None:
    told: list[Progress] = []
    outcome = solve(chu_beasley(), gap=0, time_limit=2, method="pulp", watch=told.append)
    assert told
    assert told[-1].value is not None
    assert told[-1].bound is not None
    assert outcome.bound is not None
    assert 0 < told[-1].value <= outcome.bound <= told[-1].bound + 1e-6


# -- what PuLP and the solvers say, raw: why their words are not taken as they come ------------------------


@pytest.mark.parametrize("solver", SOLVERS)
def test_what_pulp_calls_a_time_limit(solver: str, tmp_path: Path) -> None:
    problem, _ = pulp_gate.build(scale(chu_beasley()))
    name = next(n for n in ALIASES[solver] if n in pulp.listSolvers(onlyAvailable=True))
    said = problem.solve(pulp.getSolver(name, msg=False, timeLimit=1.5))
    if pulp_gate.PULP4:
        assert WORDS[said.status.name] == "time_limit"
        assert said.has_solution
    else:  # the trap: Optimal, with a gap left; only the second status tells
        assert pulp.LpStatus[problem.status] == "Optimal"
        assert problem.sol_status == pulp.LpSolutionIntegerFeasible != pulp.LpSolutionOptimal


def test_where_a_solvers_bound_is_found() -> None:
    problem, _ = pulp_gate.build(scale(chu_beasley()))
    problem.solve(pulp.getSolver("HiGHS", msg=False, timeLimit=1.0))
    assert problem.solverModel.getInfo().mip_dual_bound < 0, "of a minimisation"
    problem, _ = pulp_gate.build(scale(chu_beasley()))
    problem.solve(pulp.getSolver("SCIP_PY", msg=False, timeLimit=1.0))
    assert problem.solverModel.getStatus() == "timelimit"
    assert problem.solverModel.getDualbound() < 0


@pytest.mark.parametrize(
    ("line", "bound", "unit"),
    [
        ("Lower bound:                    -136538.118", -136538.118, 1e-3),  # CBC 2.10
        ("Lower bound:                    -31122.7", -31122.7, 0.1),  # its successor: six digits
        ("Lower bound:                    -31122", -31122.0, 0.1),  # of which zeros are dropped
        ("Lower bound:                    -1.36538e+06", -1365380.0, 10.0),
        ("Lower bound:                    -3e+07", -3e7, 100.0),
        ("Lower bound:                    0", 0.0, 1e-5),
        ("Lower bound:                    -12.5", -12.5, 0.1),
        ("Lower bound:                    1e+50", None, None),
        ("Upper bound:                    12", None, None),
    ],
)
def test_a_bound_in_cbcs_log_is_as_exact_as_it_was_printed(
    line: str, bound: float | None, unit: float | None
) -> None:
    read = lower_bound(f"Result - Stopped on time limit\n\nObjective value:   -1\n{line}\nGap:   0.00\n")
    if bound is None or unit is None:
        assert read is None
    else:
        assert read is not None
        assert read == pytest.approx((bound, unit))


def test_a_cbc_solve_that_stops_has_its_bound_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []

    def noted(log: str) -> tuple[float, float] | None:
        found = lower_bound(log)
        read.append(found)
        return found

    monkeypatch.setattr(pulp_gate, "lower_bound", noted)
    solve(chu_beasley(), gap=0, time_limit=1, method="pulp", solver="CBC")
    assert read
    assert read[0] is not None


def test_what_optimal_within_a_gap_states() -> None:
    assert stated_bound(100.0, 0.0) == 100
    assert stated_bound(99.0, 0.01) == pytest.approx(100)  # (bound − 99) / bound = 0.01
    assert stated_bound(-100.0, 0.5) == 0
    assert stated_bound(5.0, 1.0) is None


# -- names ---------------------------------------------------------------------------------------------------


def test_a_name_that_nobody_knows_is_answered_with_the_nearest_and_those_installed() -> None:
    with pytest.raises(UnknownSolver) as raised:
        solve(knapsack([1], [1], 1), solver="HIHGS")
    here = ", ".join(pulp_gate.installed())
    assert str(raised.value) == f"no solver is called “HIHGS”; did you mean HiGHS? Installed here: {here}"
    assert raised.value.mend.zh == f"是不是 HiGHS？本机已安装：{here}"
    with pytest.raises(ValueError, match=f"^no solver is called “abacus”; installed here: {here}$"):
        solve(knapsack([1], [1], 1), solver="abacus")


def test_a_solver_that_is_known_but_not_installed_is_said_so() -> None:
    absent = next(
        n for n in ("MIPCL_CMD", "CHOCO_CMD", "MOSEK") if n not in pulp.listSolvers(onlyAvailable=True)
    )
    with pytest.raises(UnknownSolver, match=f"{absent} is not installed here; installed here: ") as raised:
        solve(knapsack([1], [1], 1), solver=absent)
    assert raised.value.code == "solver.absent"


def test_names_are_taken_in_any_case_and_pulps_own_too() -> None:
    assert pulp_names("cbc", [], list) == ALIASES["CBC"]
    assert pulp_names("scip_py", ["SCIP_PY"], list) == ("SCIP_PY",)
    assert solve(knapsack([1, 2], [1, 1], 1), gap=0, solver="scip").solver == "SCIP_PY"


def test_the_default_door_does_not_import_pulp() -> None:
    import subprocess
    import sys

    code = "import sys; from allocator.program import Program; from allocator.solve import solve; "
    code += "print(solve(Program.from_arrays([1, 2], [[1, 1]], [0], [1])).value, 'pulp' in sys.modules)"
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False"], "nor does HiGHS's greeting stand there"
    assert time.monotonic() - begun < 60
