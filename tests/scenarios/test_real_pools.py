"""Real pools mapped by scenario files: what was read, and the proven plan beside what was really chosen."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from allocator.compile import SCALE
from allocator.pipeline import Wishes, run

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
QUICK = Wishes(gap=1e-3)
TEN_MILLION = 10**7


def test_smart_scale_s_worth_is_the_programme_s_own_benefit(bench: Path) -> None:
    """score × money asked for is benefit, but for the two roundings of the score (theirs and to hundredths)."""
    plan = run(SCENARIOS / "smartscale" / "round1.yaml", wishes=QUICK)
    with (bench / "grants" / "smartscale" / "projects.csv").open(encoding="utf-8-sig") as file:
        published = {row["App Id"]: float(row["Project Benefit Score"]) for row in csv.DictReader(file)}
    assert len(plan.tables["candidates"]) == len(published) == 404
    options = plan.options
    for k in range(len(options)):
        asked = int(options.award[k]) / TEN_MILLION
        benefit = int(options.merit[k]) / SCALE * 303 * 10_000 / TEN_MILLION
        assert abs(benefit - published[options.candidates[options.candidate[k]]]) < 0.03 + 0.016 * asked


def test_smart_scale_s_plan_keeps_its_money_and_is_no_worse_than_by_score(bench: Path) -> None:
    plan = run(SCENARIOS / "smartscale" / "round1.yaml", wishes=QUICK)
    assert all(r.measure.ok for r in plan.ruled)
    assert plan.totals["award"] <= 1_700_000_000
    assert plan.value is not None
    assert all(plan.value >= baseline.value for baseline in plan.baselines.values())


@pytest.mark.parametrize(
    ("name", "proposals", "chosen"), [("warszawa-wola-2020", 98, 37), ("warszawa-mokotow-2020", 118, 24)]
)
def test_a_city_s_choice_is_the_order_by_votes_and_the_plan_no_worse(
    bench: Path, name: str, proposals: int, chosen: int
) -> None:
    plan = run(SCENARIOS / "pabulib" / f"{name}.yaml", wishes=QUICK)
    assert len(plan.tables["candidates"]) == proposals
    decided = plan.decided
    assert decided is not None
    assert len(decided.both) + len(decided.only_decided) == chosen
    assert any(b.totals["merit"] == decided.merit for b in plan.baselines.values())
    assert plan.totals["merit"] >= decided.merit
    assert all(r.measure.ok for r in plan.ruled)
