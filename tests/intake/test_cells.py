"""What people type into a cell, and what it is read as: exactly, or as a fault at that cell."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText

from tests.intake.tables import HEADINGS, found, load, patched, row, workbook

READ_RIGHT: list[tuple[str, Any, Any]] = [
    # money: the heading says 万元
    ("request", 300, 3_000_000),
    ("request", 123.45, 1_234_500),
    ("request", 0.1 + 0.2, 3_000),
    ("request", 8.2 * 3, 246_000),
    ("request", "300", 3_000_000),
    ("request", " 1,200.50 ", 12_005_000),
    ("request", "１２０．５", 1_205_000),
    ("request", "1 200", 12_000_000),
    ("request", "1\u00a0200.5", 12_005_000),
    ("request", "3\u200b00", 3_000_000),
    ("request", "'300", 3_000_000),
    ("request", "300万元", 3_000_000),
    ("request", "300 万", 3_000_000),
    ("request", "2.2亿元", 220_000_000),
    ("request", "1,200,000元", 1_200_000),
    ("request", "￥300", 3_000_000),
    ("request", "人民币1200000元", 1_200_000),
    ("request", 0.0001, 1),
    ("own", 0, 0),
    ("own", "—", None),
    ("own", "/", None),
    ("own", "无", None),
    ("own", None, None),
    ("own", " \u00a0 ", None),
    # shares: the heading says %
    ("rate", 12.5, 1250),
    ("rate", "12.5%", 1250),
    ("rate", "１２．５％", 1250),
    ("rate", "12.34", 1234),
    ("rate", 0, 0),
    # counts and years
    ("staff", 8.0, 8),
    ("staff", "8人", 8),
    ("staff", "1,200", 1200),
    ("year", 2026, 2026),
    ("year", "2026年", 2026),
    ("year", "2026年度", 2026),
    ("year", "2026-01-01", 2026),
    ("year", "2026.1", 2026),
    ("year", "2026年3月", 2026),
    ("year", date(2026, 1, 1), 2026),
    ("year", datetime(2026, 1, 1, 8, 30), 2026),
    # scores, in hundredths
    ("score", 85, 8500),
    ("score", "85.25", 8525),
    ("score", "90分", 9000),
    ("score", 0, 0),
    # flags
    ("recused", "是", True),
    ("recused", "√", True),
    ("recused", "Y", True),
    ("recused", 1, True),
    ("recused", True, True),
    ("recused", "回避", True),
    ("recused", "否", False),
    ("recused", "n", False),
    ("recused", 0, False),
    ("recused", False, False),
    ("recused", "未回避", False),
    ("recused", None, None),
    # codes, labels, text
    ("id", 1001.0, "1001"),
    ("id", "kj 2026－01", "KJ2026-01"),
    ("id", "0012", "0012"),
    ("kind", " 高 校 ", "高校"),
    ("kind", "科研\n院所", "科研院所"),
    ("domain", "汽车及　高端装备", "汽车及高端装备"),
    ("title", "第一行\n第二行 ", "第一行\n第二行"),
    ("title", 2026, "2026"),
    ("note", "=1", "=1"),
]


@pytest.mark.parametrize(("key", "cell", "value"), READ_RIGHT)
def test_a_cell_is_read_as_people_mean_it(tmp_path: Path, key: str, cell: Any, value: Any) -> None:
    if key == "note":
        cell = CellRichText(cell)  # text that only looks like a formula
    tables, problems = load(workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, row(**{key: cell})]}))
    assert found(problems) == []
    read = tables["projects"][key][0]
    assert read == value
    assert type(read) is type(value)


FAULTY: list[tuple[str, Any, str]] = [
    ("request", "三百", "E2:amount"),
    ("request", "300左右", "E2:amount_unit"),
    ("request", "300美元", "E2:amount_unit"),
    ("request", "$300", "E2:amount"),
    ("request", "1,2000", "E2:amount"),
    ("request", "300-500", "E2:amount"),
    ("request", "30%", "E2:amount_unit"),
    ("request", "nan", "E2:amount"),
    ("request", "3E+02", "E2:number_scientific"),
    ("request", date(2026, 3, 1), "E2:number_date"),
    ("request", True, "E2:amount"),
    ("request", 33.33333333, "E2:amount_fraction"),
    ("request", "1.5元", "E2:amount_fraction"),
    ("request", 0, "E2:below"),
    ("request", -5, "E2:below"),
    ("request", "9" * 40, "E2:number_huge"),
    ("request", None, "E2:missing"),
    ("request", "—", "E2:missing"),
    ("request", "=1/0", "E2:cell_stale"),
    ("own", -1, "F2:below_optional"),
    ("own", "约100万元", "F2:amount"),
    ("rate", "一成", "G2:share"),
    ("rate", 120, "G2:above"),
    ("rate", 12.345, "G2:share_fraction"),
    ("staff", 3.5, "H2:count"),
    ("staff", "若干", "H2:count"),
    ("staff", 0, "H2:below_optional"),
    ("year", "26年", "I2:year"),
    ("year", "2026-2028", "I2:year"),
    ("year", 46023, "I2:year"),
    ("year", 1026, "I2:below_optional"),
    ("score", "优", "J2:score"),
    ("score", "回避", "J2:score"),
    ("score", 101, "J2:above"),
    ("score", -1, "J2:below_optional"),
    ("recused", "也许", "K2:flag"),
    ("recused", 2, "K2:flag"),
    ("id", "9.1371E+17", "A2:code_digits"),
    ("id", 91371100123456789.0, "A2:code_digits"),
    ("id", date(2026, 3, 1), "A2:code_date"),
    ("id", None, "A2:missing"),
    ("title", None, "B2:missing"),
    ("title", "/", "B2:missing"),
    ("kind", "高效", "C2:label_near"),
    ("kind", "abc", "C2:label"),
    ("kind", None, "C2:missing_choice"),
    ("domain", "#N/A", "D2:cell_error"),
]


@pytest.mark.parametrize(("key", "cell", "fault"), FAULTY)
def test_a_faulty_cell_is_told_with_its_place_and_nothing_else_is(
    tmp_path: Path, key: str, cell: Any, fault: str
) -> None:
    path = workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, row(**{key: cell}), row(id="P2")]})
    _, problems = load(path)
    assert [f"{where}:{code}" for code, where in found(problems)] == [fault]


def test_a_fault_reads_where_what_mend_in_both_languages(tmp_path: Path) -> None:
    path = workbook(tmp_path / "candidates.xlsx", {"申报汇总": [HEADINGS, row(request="三百")]})
    (problem,) = load(path)[1]
    assert problem.line("en") == (
        "candidates.xlsx 申报汇总!E2: 申请财政资金（万元） “三百” is not an amount; write 300 or 300万元"
    )
    assert problem.line("zh") == (
        "candidates.xlsx 申报汇总!E2: 申请财政资金（万元）“三百”不是金额；请写成 300 或 300万元"
    )


def test_a_mean_with_many_decimals_is_rounded_half_to_even_and_said_once(tmp_path: Path) -> None:
    rows = [row(id="A", score=85.33333333), row(id="B", score=85.125), row(id="C", score=85.135)]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, *rows]}))
    assert list(tables["projects"]["score"]) == [8533, 8512, 8514]
    assert found(problems, "notice") == [("score_rounded", "J2")]
    assert "2 more" in next(iter(problems)).what.en


def test_a_percent_format_means_hundredths(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("项目申报表")
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, row())
        page.write_number(1, 6, 0.125, book.add_format({"num_format": "0.0%"}))
        page.write_row(2, 0, row(id="P2", rate=0.125))
    assert load(path)[0]["projects"]["rate"] == [1250, None]
    assert found(load(path)[1]) == [("share_fraction", "G3")]


def test_a_formula_that_ends_in_an_error_is_no_blank(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("项目申报表")
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, row())
        page.write_formula(1, 5, "=1/0", None, "#DIV/0!")
        page.write_row(2, 0, row(id="P2"))
        page.write_formula(2, 4, "=100*3", None, 300)
        page.write_row(3, 0, row(id="P3"))
        page.write_formula(3, 11, '=IF(1,"","x")', None, "")
    patched(path, "xl/worksheets/sheet1.xml", '<c r="L4">', '<c r="L4" t="str">')
    tables, problems = load(path)
    assert found(problems) == [("cell_error", "F2")]
    assert "#DIV/0!" in next(iter(problems)).what.zh
    assert tables["projects"]["request"][1] == 3_000_000
    assert tables["projects"]["note"][2] is None


def test_many_faults_alike_are_said_once(tmp_path: Path) -> None:
    rows = [row(id=f"P{i}", request="面议") for i in range(315)]
    _, problems = load(workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, *rows]}))
    assert found(problems) == [("amount", "E2")]
    assert "314 more like this, to E316" in next(iter(problems)).what.en
    assert "另有 314 处同样问题，至 E316" in next(iter(problems)).what.zh


def test_faults_come_all_at_once_in_reading_order(tmp_path: Path) -> None:
    rows = [row(kind="火星", year="去年"), row(id="P1", request=None)]
    _, problems = load(workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, *rows]}))
    assert found(problems) == [("label", "C2"), ("year", "I2"), ("repeated", "A3"), ("missing", "E3")]
