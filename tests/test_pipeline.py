"""Runs as a library: the example's scenarios, the notice's steps, Project Catalyst, other solvers."""

from __future__ import annotations

from pathlib import Path

import pytest

import allocator
from allocator.pipeline import Wishes, run

ROOT = Path(__file__).resolve().parents[1]
RIZHAO = ROOT / "scenarios" / "rizhao"
QUICK = Wishes(gap=1e-3)


def merit(plan: allocator.Plan) -> float:
    assert plan.value is not None
    return float(plan.value)


def ratio(plan: allocator.Plan) -> int:
    return next(r.measure.points or 0 for r in plan.ruled if r.measure.rule == "equity_pilot")


@pytest.fixture(scope="module")
def baseline() -> allocator.Plan:
    return run(RIZHAO / "baseline.yaml", wishes=QUICK)


def test_the_library_runs_a_scenario_in_one_line(baseline: allocator.Plan) -> None:
    assert baseline.status == "within_gap"
    assert baseline.gap is not None
    assert baseline.gap <= 1e-3
    assert all(r.measure.ok for r in baseline.ruled)
    assert allocator.run is run
    assert callable(allocator.solve)
    assert callable(allocator.verify)


def test_without_the_pilot_there_is_no_equity_and_more_merit(baseline: allocator.Plan) -> None:
    without = run(RIZHAO / "no-pilot.yaml", wishes=QUICK)
    assert not [a for a in without.awards if a.instrument == "equity"]
    assert without.totals["merit"] > baseline.totals["merit"]


def test_a_pilot_of_20_percent_costs_merit_and_is_kept_to_the_yuan(baseline: allocator.Plan) -> None:
    plan = run(RIZHAO / "pilot-20.yaml", wishes=QUICK)
    equity = sum(a.outlay[0] for a in plan.awards if a.instrument == "equity")
    assert equity * 10_000 >= 2_000 * 220_000_000
    assert plan.totals["merit"] < baseline.totals["merit"]


def test_a_lean_year_spends_within_the_notices_least(baseline: allocator.Plan) -> None:
    plan = run(RIZHAO / "lean-year.yaml", wishes=QUICK)
    assert plan.totals["ceiling"] == 200_000_000
    assert plan.totals["outlay"]["2026"] <= 200_000_000
    assert plan.totals["merit"] < baseline.totals["merit"]


def test_by_steps_keeps_every_rule_and_says_what_deciding_jointly_would_gain() -> None:
    plan = run(RIZHAO / "sequential.yaml", wishes=QUICK)
    assert plan.sequential is not None
    assert all(r.measure.ok for r in plan.ruled)
    listed = plan.options.awards(plan.sequential.listed.chosen)
    assert {(a.candidate, a.amount) for a in listed if not a.fixed} == {
        (a.candidate, a.amount) for a in plan.awards
    }
    assert plan.sequential.forgone is not None
    assert plan.sequential.forgone >= 0


@pytest.mark.parametrize("solver", ["CBC", "SCIP", "HiGHS"])
def test_other_solvers_agree_through_the_gateway(solver: str, baseline: allocator.Plan) -> None:
    plan = run(
        RIZHAO / "baseline.yaml", wishes=Wishes(gap=5e-3, solver=solver, method="pulp", time_limit=120)
    )
    assert plan.chosen is not None
    assert all(r.measure.ok for r in plan.ruled)
    assert abs(merit(plan) - merit(baseline)) <= 0.0061 * merit(baseline)
    assert plan.certificate is not None
    assert plan.certificate.bound >= baseline.value


def test_todays_practice_stands_beside_every_plan(baseline: allocator.Plan) -> None:
    """By score: within the ceiling, in order of score, and short of the pilot's floor."""
    practice = baseline.baselines["by_score"]
    assert practice.totals["outlay"]["2026"] <= 220_000_000
    assert "equity_pilot" in {r.measure.rule for r in practice.missed}
    assert set(baseline.baselines) == {"by_score", "by_rate"}


@pytest.mark.parametrize(("fund", "proposals", "funded"), [(4, 303, 56), (5, 305, 75), (6, 885, 172)])
def test_project_catalyst_beside_what_was_really_funded(
    bench: Path, fund: int, proposals: int, funded: int
) -> None:
    plan = run(ROOT / "scenarios" / "catalyst" / f"fund{fund}.yaml", wishes=QUICK)
    assert len(plan.tables["candidates"]) == proposals
    assert plan.decided is not None
    assert len(plan.decided.both) + len(plan.decided.only_decided) == funded
    assert all(r.measure.ok for r in plan.ruled)
    assert plan.totals["merit"] > plan.decided.merit
    spent = {m.measure.label: m.measure for m in plan.ruled if m.measure.rule == "challenges"}
    assert all(m.part <= (m.limits.bound("cap") or 0) for m in spent.values())


def test_the_same_run_gives_the_same_plan(baseline: allocator.Plan) -> None:
    again = run(RIZHAO / "baseline.yaml", wishes=QUICK)
    assert [(a.candidate, a.instrument, a.level) for a in again.awards] == [
        (a.candidate, a.instrument, a.level) for a in baseline.awards
    ]
    assert again.digest["program"] == baseline.digest["program"]


def test_below_the_pass_mark_nobody_is_funded(baseline: allocator.Plan) -> None:
    policy, scenario = baseline.loaded.policy, baseline.loaded.scenario
    barred = policy.why_not(scenario, baseline.tables, baseline.facts)
    assert barred
    assert not {a.candidate for a in baseline.awards} & set(barred)
    assert all(r.text.zh and r.text.en for r in barred.values())
