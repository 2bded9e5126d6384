"""形式审查情况表, by hand: who passed, who is refused and why, and who waits for somebody to decide."""

from __future__ import annotations

from pathlib import Path

from models.rules.cash_ceiling import CashCeiling
from models.screening import Screening
from tests.hand import rule
from tests.planned import planned
from tests.report.opened import saved, sendable, sheets, table
from tests.sample import candidate


def test_screening_says_who_is_refused_on_what_basis_and_counts_them(tmp_path: Path) -> None:
    # A asks for 100 within the guide's 150 and passes; B asks for 200 and is refused.
    settings = Screening.model_validate({"conditions": [{"basis": "申报指南三", "most": "150万元"}]})
    pool = [candidate("A", 100, 80), candidate("B", 200, 90)]
    plan = planned(
        {"ceiling": rule(CashCeiling, later="100%")},
        ("A", "grant", 10_000),
        candidates=pool,
        lines=(),
        calls=(),
        screening=settings,
    )
    (sheet,) = (s for name, s in sheets(saved(sendable(plan), tmp_path)).items() if "形式审查" in name)
    passed, refused = table(sheet, "序号")
    assert passed["项目"].startswith("A ")
    assert passed["审查结果"] == "合格"
    assert refused["项目"].startswith("B ")
    assert refused["审查结果"] == "不合格"
    assert "申请财政资金 200.00 万元，超过上限 150.00 万元" in refused["原因"]
    assert refused["依据"] == "申报指南三"
    said = " ".join(str(v) for row in sheet.iter_rows(values_only=True) for v in row if v)
    assert "合格 1" in said


def test_screening_is_no_sheet_where_nothing_is_checked(tmp_path: Path) -> None:
    plan = planned({"ceiling": rule(CashCeiling, later="100%")}, ("A", "grant", 10_000))
    assert not [name for name in sheets(saved(sendable(plan), tmp_path)) if "形式审查" in name]
