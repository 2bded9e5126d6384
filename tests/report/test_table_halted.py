"""项目终止、暂停、追回情况表: only where a line does not run as it was decided."""

from __future__ import annotations

from pathlib import Path

from models.supervision import SUSPENDED
from tests import sample
from tests.planned import planned
from tests.report.opened import saved, sendable, sheets, table, yuan


def test_halted_lists_a_suspended_line_and_adds_up(tmp_path: Path) -> None:
    lines = [
        sample.line("W", "以前年度续拨", 20, 10, applicant="甲", state=SUSPENDED, basis="通报1号"),
        sample.line("V", "稳定支持", 30),
    ]
    plan = planned(None, ("A", "grant", 10_000), lines=lines)
    row, total = table(sheets(saved(sendable(plan), tmp_path))["终止暂停追回"], "编号")
    assert (row["编号"], row["执行状态"], row["依据"]) == ("W", "暂停拨款", "通报1号")
    assert yuan(row["原列本年"]) == yuan(row["本年仍列"]) == yuan(total["本年仍列"]) == 200_000
    assert yuan(row["释放本年额度"]) == yuan(total["释放本年额度"]) == 0


def test_halted_is_no_sheet_where_everything_runs(tmp_path: Path) -> None:
    plan = planned(None, ("A", "grant", 10_000))
    assert "终止暂停追回" not in sheets(saved(sendable(plan), tmp_path))
