"""Where a table begins, which column is which field, in what unit; and which rows are no records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.intake.tables import HEADINGS, KEYS, PROJECTS, found, load, row, workbook

SHEET = "项目申报表"


def headed(**names: str) -> list[str]:
    """The plain headings, with some (by field key) replaced."""
    return [names.get(key, heading) for key, heading in zip(KEYS, HEADINGS, strict=True)]


@pytest.mark.parametrize("above", [0, 1, 5, 9])
def test_the_heading_stands_in_any_of_the_first_ten_rows(tmp_path: Path, above: int) -> None:
    lines: list[Sequence[Any]] = [["关于申报的说明"] if i % 2 else [] for i in range(above)]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: [*lines, HEADINGS, row()]}))
    assert list(problems) == []
    assert tables["projects"]["id"] == ["P1"]
    assert tables["projects"].locate(0, "request").cell == f"E{above + 2}"
    assert tables["projects"].locate(0, None).cell == f"A{above + 2}"


def test_a_heading_in_row_eleven_is_not_found(tmp_path: Path) -> None:
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: [*[["x"]] * 10, HEADINGS, row()]}))
    assert found(problems) == [("heading_absent", "A1")]


def test_english_headings_aliases_and_spelling_are_known(tmp_path: Path) -> None:
    names = [
        "project id",
        "TITLE",
        "Kind",
        "domain",
        "Requested (10,000 yuan)",
        "*Own funds（RMB 10,000）",
        "rate (%)",
    ]
    names += ["Staff", "start year", "Score", "是否 回避", "Ｎｏｔｅ"]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {"Projects": [names, row()]}))
    assert list(problems) == []
    assert tables["projects"].row(0) == {
        "id": "P1",
        "title": "钢渣利用",
        "kind": "企业",
        "domain": "钢铁",
        "request": 3_000_000,
        "own": 1_000_000,
        "rate": 1250,
        "staff": 8,
        "year": 2026,
        "score": 8550,
        "recused": False,
        "note": None,
    }


@pytest.mark.parametrize(
    ("heading", "cell", "yuan"),
    [
        ("申请财政资金（万元）", 3, 30_000),
        ("申请财政资金(元)", 3, 3),
        ("申请财政\n资金 【亿元】", 3, 300_000_000),
        ("申请财政资金（单位：千元）", 3, 3_000),
        ("5.申请财政资金：万元", 3, 30_000),
        ("申请资金/元", 3, 3),
        ("*申请财政资金(人民币万元)", 3, 30_000),
        ("申请财政资金（元）", "3万元", 30_000),
        ("申请财政资金", "3亿元", 300_000_000),
    ],
)
def test_the_unit_in_the_cell_beats_the_headings(tmp_path: Path, heading: str, cell: Any, yuan: int) -> None:
    path = workbook(tmp_path / "p.xlsx", {SHEET: [headed(request=heading), row(request=cell)]})
    tables, problems = load(path)
    assert list(problems) == []
    assert tables["projects"]["request"] == [yuan]


@pytest.mark.parametrize(
    "line",
    [
        "单位：万元",
        "2026年申报汇总表（金额单位：万元）",
        "货币单位:人民币万元",
        "Unit: 10,000 yuan",
        "in 万元 = 10,000 yuan",
    ],
)
def test_a_unit_above_the_table_holds_for_columns_without_their_own(tmp_path: Path, line: str) -> None:
    names = headed(request="申请财政资金", own="自筹资金（元）")
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: [["", line], names, row()]}))
    assert list(problems) == []
    assert (tables["projects"]["request"], tables["projects"]["own"]) == ([3_000_000], [100])


def test_no_unit_anywhere_is_one_fault_for_the_column(tmp_path: Path) -> None:
    rows = [headed(request="申请财政资金"), row(id="A"), row(id="B"), row(id="C", request="3万元")]
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert found(problems) == [("amount_bare", "E2")]


def test_two_units_above_the_table_are_a_fault(tmp_path: Path) -> None:
    rows = [["单位：万元", "单位：元"], headed(request="申请财政资金"), row()]
    assert found(load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))[1]) == [("units_conflict", "E2")]


def test_a_heading_over_two_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = SHEET
    page.append(["2026年度项目申报表"])
    page.append(["项目编号", "项目名称", "单位性质", "技术领域", "资金来源（万元）", None, "其他", None])
    page.append([None, None, None, None, "申请财政资金", "自筹资金", "开始年度", "备注"])
    page.append(["P1", "钢渣利用", "企业", "钢铁", 300, 100, 2026, "甲"])
    page.merge_cells("A1:H1")
    for letter in "ABCD":
        page.merge_cells(f"{letter}2:{letter}3")
    page.merge_cells("E2:F2")
    page.merge_cells("G2:H2")
    book.save(tmp_path / "p.xlsx")
    tables, problems = load(tmp_path / "p.xlsx")
    assert list(problems) == []
    one = tables["projects"].row(0)
    assert (one["id"], one["request"], one["own"], one["year"]) == ("P1", 3_000_000, 1_000_000, 2026)
    assert tables["projects"].locate(0, "own").cell == "F4"


def test_a_missing_column_is_told_once_at_the_nearest_heading(tmp_path: Path) -> None:
    rows = [["申报表"], headed(request="申请财政资产（万元）"), row()]
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    at = "E2"
    (problem,) = problems  # nor is it told as a column that is not known
    assert (problem.code, problem.place.cell) == ("intake.column_missing_near", at)
    assert problem.line("en") == (
        f"p.xlsx 项目申报表!{at}: the heading in row 2 lacks “Requested”; "
        "if “申请财政资产（万元）” is that column, head it “Requested”; else add the column"
    )


def test_a_missing_column_may_be_near_another_name_of_its_field(tmp_path: Path) -> None:
    rows = [headed(title="名称全"), row()]
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    (problem,) = problems
    assert problem.place.cell == "B1"
    assert problem.what.to("zh") == "第 1 行表头中缺少“项目名称”"
    assert problem.mend.to("zh") == "若“名称全”一列即是，请把表头改成“项目名称”；否则请补上这一列"


def test_unknown_columns_are_told_with_the_nearest_name(tmp_path: Path) -> None:
    rows = [[*headed(own="自筹资今"), "排名", None], [*row(), 1, "散落"]]
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert found(problems) == []
    assert found(problems, "notice") == [
        ("column_unknown_near", "F1"),
        ("column_unknown", "M1"),
        ("column_unnamed", "N2"),
    ]


def test_one_field_twice_is_a_fault_but_a_running_number_gives_way(tmp_path: Path) -> None:
    twice = [[*HEADINGS, "申请财政资金（元）"], [*row(), 3]]
    assert found(load(workbook(tmp_path / "p.xlsx", {SHEET: twice}))[1]) == [("field_twice", "M1")]
    numbered = [["序号", *HEADINGS], [1, *row()], [2, *row(id="P2")]]
    tables, problems = load(workbook(tmp_path / "q.xlsx", {SHEET: numbered}))
    assert list(problems) == []
    assert tables["projects"]["id"] == ["P1", "P2"]
    alone = [headed(id="序号"), row(id=1), row(id=2)]
    assert load(workbook(tmp_path / "r.xlsx", {SHEET: alone}))[0]["projects"]["id"] == ["1", "2"]


# -- rows -------------------------------------------------------------------------------------


def test_totals_footers_and_blank_rows_are_not_records(tmp_path: Path) -> None:
    blank = [None] * len(KEYS)

    def only(column: int, text: str, total: int | None = None) -> list[Any]:
        cells: list[Any] = list(blank)
        cells[column] = text
        cells[4] = total
        return cells

    rows = [HEADINGS, row(id="A"), only(0, "钢铁领域小计", 300), blank, row(id="B"), only(1, "小 计", 300)]
    rows += [row(id="C"), only(0, "合计（万元）", 900), only(1, "Total", 900), blank]
    rows += [only(0, "注：1. 以上数据由各单位填报。"), only(0, "2. 金额含税。")]
    rows += [only(0, "填表人：张三"), only(3, "审核人：李四")]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert found(problems) == []
    assert found(problems, "notice") == [("row_total", "A3"), ("row_footer", "A11")]
    assert tables["projects"]["id"] == ["A", "B", "C"]
    assert [tables["projects"].locate(i, "id").cell for i in range(3)] == ["A2", "A5", "A7"]


def test_a_record_without_its_id_is_a_fault_and_never_skipped(tmp_path: Path) -> None:
    rows = [HEADINGS, row(id="A"), row(id=None), row(id=None, title="合计利用钢渣"), row(id="B")]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert found(problems) == [("missing", "A3"), ("missing", "A4")]
    assert len(tables["projects"]) == 4


def test_a_project_whose_title_begins_like_a_footer_is_read(tmp_path: Path) -> None:
    rows = [HEADINGS, row(id="A", title="说明书翻译系统"), row(id="B", title="合计")]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert found(problems) == []
    assert tables["projects"]["title"] == ["说明书翻译系统", "合计"]


def test_pasted_pages_and_column_numbers_are_not_records(tmp_path: Path) -> None:
    rows = [HEADINGS, list(range(1, 13)), row(id="A"), HEADINGS, row(id="B")]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert found(problems) == []
    assert sorted(found(problems, "notice")) == [("row_heading", "A4"), ("row_numbers", "A2")]
    assert tables["projects"]["id"] == ["A", "B"]


def test_a_repeated_id_names_both_cells(tmp_path: Path) -> None:
    rows = [HEADINGS, row(id="P1"), row(id="P2"), row(id="ｐ1")]
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    (problem,) = problems  # nor is it told as a column that is not known
    assert (problem.code, problem.place.cell) == ("intake.repeated", "A4")
    assert "repeats A2" in problem.what.en


def test_a_name_merged_over_rows_is_every_rows_but_an_amount_is_a_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = SHEET
    for cells in (HEADINGS, row(id="A"), row(id="B"), row(id="C")):
        page.append(list(cells))
    page.merge_cells("D2:D4")
    page.merge_cells("E3:E4")
    book.save(tmp_path / "p.xlsx")
    tables, problems = load(tmp_path / "p.xlsx")
    assert tables["projects"]["domain"] == ["钢铁"] * 3
    assert found(problems) == [("cell_merged", "E4")]


def test_a_table_without_rows_is_a_fault(tmp_path: Path) -> None:
    assert found(load(workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS]}))[1]) == [("table_empty", "A1")]


def test_absent_columns_are_none_and_still_have_a_place(tmp_path: Path) -> None:
    needed = [f for f in PROJECTS.fields if f.required]
    cells = dict(zip(KEYS, row(), strict=True))
    rows = [
        [f.title.zh + ("（万元）" if f.kind == "money" else "") for f in needed],
        [cells[f.key] for f in needed],
    ]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert list(problems) == []
    assert tables["projects"]["score"] == [None]
    assert tables["projects"].locate(0, "score").cell == "A2"
