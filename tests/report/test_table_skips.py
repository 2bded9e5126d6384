"""The table of skipped ranks, by hand: a skip that the scenario explains carries that reason and its basis."""

from __future__ import annotations

from pathlib import Path

from models.rules.cash_ceiling import CashCeiling
from models.rules.rank_order import RankOrder
from tests.hand import rule
from tests.planned import planned
from tests.report.opened import saved, sendable, sheets, table
from tests.sample import candidate


def test_a_stated_reason_comes_first_with_its_own_basis(tmp_path: Path) -> None:
    # B (90 points) is passed over for C (80): the scenario says why. A (70) is below both and no skip.
    pool = [candidate("A", 100, 70), candidate("B", 100, 90), candidate("C", 100, 80)]
    rules = {
        "ceiling": rule(CashCeiling, later="100%"),
        "ranks": rule(
            RankOrder, skips={"B": {"reason": "已获省级同类支持", "basis": "领导小组纪要〔2026〕3号"}}
        ),
    }
    plan = planned(rules, ("C", "grant", 10_000), candidates=pool, lines=(), calls=())
    rows = table(sheets(saved(sendable(plan), tmp_path))["未按评审排名安排项目说明表"], "指南方向")
    skipped, placed = rows
    assert skipped["项目"].startswith("B ")
    assert skipped["理由"].startswith("已获省级同类支持；")
    assert skipped["依据"] == "领导小组纪要〔2026〕3号"
    assert placed["项目"].startswith("C ")
