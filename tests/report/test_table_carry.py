"""结转结余资金表: what stays with its project, and what goes back after two years."""

from __future__ import annotations

from pathlib import Path

from tests.report.opened import sheets, table, yuan
from tests.tiny import candidate, ran


def test_carry_parts_what_stays_from_what_goes_back(tmp_path: Path) -> None:
    """In 2026 what is of 2025 stays (3), what is of 2024 goes back (5); neither touches the year's 24."""
    rows = [
        {"项目编号": "O1", "资金下达年度": 2025, "未支出金额（万元）": 3},
        {"项目编号": "O2", "资金下达年度": 2024, "未支出金额（万元）": 5},
    ]
    made = ran(tmp_path, [candidate("A", 40, 90)], amount=24, more={"carry": rows})
    book = sheets(made.folder / "plan.xlsx")
    (sheet,) = (s for name, s in book.items() if "结转" in name)
    heading = next(r[0] for r in sheet.iter_rows(min_row=3, values_only=True) if r[0])
    first, second, total = table(sheet, heading)
    money = [[v for v in row.values() if isinstance(v, (int, float))] for row in (first, second, total)]
    assert [[yuan(v) for v in own] for own in money] == [[30_000], [50_000], [30_000, 50_000]]
    assert made.said["totals"]["ceiling"] == 240_000
