"""The annual framework of a fund whose every plan is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.studies.framework import framework, share_clauses
from allocator.studies.study import Effort
from tests.studies.small import scenario
from tests.studies.test_sweep import MIXED, RULE

EXACT = Effort(gap=0.0)


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300万元, 90 % of it for the domain of C, D and F: 240 instead of A, B, C's 270."""
    path = scenario(tmp_path_factory.mktemp("framework"), domains=MIXED)
    path.write_text(path.read_text(encoding="utf-8") + RULE.replace("0%", "90%"), encoding="utf-8")
    return path


def test_a_share_target_costs_what_lifting_it_gains(fund: Path) -> None:
    found = framework(fund, effort=EXACT)
    name = ("domains", "创新主体培育和壮大", "floor")
    assert share_clauses(found.case) == [name]
    assert (found.targets[name].low, found.targets[name].high) == (30_000_000, 30_000_000)
    assert "减少约 30.00 万元" in found.sentences()[0].zh
    frames = found.frames("zh")
    by = frames["by_domain"].set_index("domain")
    figures = by[["count", "asked", "free", "ruled"]]
    assert figures.loc["创新主体培育和壮大"].tolist() == [3, 3_000_000, 1_000_000, 3_000_000]
    assert figures.loc["重点研发专项"].tolist() == [3, 3_000_000, 2_000_000, 0]
    assert frames["targets"]["asked"].tolist() == ["90%"]


def test_without_a_plan_there_is_no_framework(fund: Path) -> None:
    veto = "rules.veto={candidates: {F: {reason: 试, basis: 试}}}"
    assert framework(fund, sets=[veto], effort=EXACT).ended == "infeasible"
