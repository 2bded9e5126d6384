"""The year with its further rules: one project a person, money kept for later batches, equal grades, priced ranks."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from allocator.audit import verify
from allocator.pipeline import Wishes, run
from allocator.plan import Plan
from models.order import order_of
from tests.conftest import ROOT

WAN = 10_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("full") / "run"


@pytest.fixture(scope="module")
def plan(folder: Path) -> Plan:
    return run(ROOT / "scenarios" / "rizhao" / "full-rules.yaml", out=folder, wishes=Wishes(gap=1e-3))


def test_a_person_leads_one_project_and_the_later_batches_money_is_there(plan: Plan) -> None:
    leads = Counter(a.labels["investigator"] for a in plan.awards if "investigator" in a.labels)
    assert len(leads) > 50
    assert set(leads.values()) == {1}
    assert plan.totals["unused"] >= 600 * WAN


def test_grants_of_one_direction_and_grade_have_one_level(plan: Plan) -> None:
    order = order_of(plan.facts)
    levels: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for a in plan.awards:
        if a.instrument == "grant" and a.candidate in order.scores:
            score = order.scores[a.candidate]
            grade = "优" if score >= 8500 else "良" if score >= 7800 else "中"
            levels[order.directions[a.candidate], grade].add(a.level)
    assert len(levels) > 5
    assert all(len(found) == 1 for found in levels.values())


def test_each_break_of_the_order_of_scores_is_counted_and_paid_for(plan: Plan) -> None:
    """Worked out here from scores alone: neighbours of which the lower is taken and the higher is not."""
    order = order_of(plan.facts)
    taken = {a.candidate for a in plan.awards}
    breaks = 0
    for direction in order.named:
        own = sorted(
            (c for c, d in order.directions.items() if d == direction), key=lambda c: -order.scores[c]
        )
        marks = sorted({order.scores[c] for c in own}, reverse=True)
        for high, low in itertools.pairwise(marks):
            better = [c for c in own if order.scores[c] == high]
            worse = [c for c in own if order.scores[c] == low]
            breaks += sum(b not in taken for w in worse if w in taken for b in better)
    measured = [r.measure for r in plan.ruled if r.measure.rule == "rank"]
    assert sum(m.part for m in measured) == breaks > 0
    assert sum(m.penalty for m in measured) == breaks * 3000 * 100


def test_it_verifies(plan: Plan, folder: Path) -> None:
    assert plan.status in ("optimal", "within_gap")
    assert verify(folder).findings == ()
