"""The writer of workbooks by itself: numbers, totals, text that must stay text, paper, charts, the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from allocator.report.book import Book
from allocator.report.cells import LONGEST_CELL, Column, Figure, Picture, Series, sheet_name, width_of
from allocator.report.page import CHART_ROWS, papers_for
from allocator.words import Text, same
from tests.report.opened import part

MONEY = Column(Text("金额", "Amount"), "money", sums=True)
NAME = Column(Text("名称", "Name"), "text")
MADE = datetime(2026, 1, 1)
ROWS = [["甲", 10_000], ["乙", 25_001], ["丙", 0]]


def book(path: Path, lang: str = "zh", **more: object) -> Book:
    return Book(path, lang, title="年度安排", made=MADE, **more)  # type: ignore[arg-type]


def one(path: Path, columns: list[Column], rows: list[list[object]], lang: str = "zh") -> Path:
    """A workbook of one table with its total."""
    with book(path, lang) as file:
        grid = file.page(same("表"), same("题"), same("单位")).grid(columns)
        grid.rows(rows)
        grid.total()
    return path


def test_yuan_stand_as_numbers_of_wan_and_totals_as_formulas_with_their_value(tmp_path: Path) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, MONEY], ROWS)
    values, formulas = load_workbook(path, data_only=True)["表"], load_workbook(path)["表"]
    assert [values.cell(r, 2).value for r in range(4, 8)] == [1, 2.5001, 0, 3.5001]
    assert formulas.cell(7, 2).value == "=SUBTOTAL(9,B4:B6)"
    assert values.cell(7, 1).value == "合计"
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_name("表").to_python()[6][1] == 3.5001


def test_what_is_not_known_is_blank_and_what_is_nothing_is_zero(tmp_path: Path) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, MONEY], [["甲", None], [None, 0]])
    sheet = load_workbook(path, data_only=True)["表"]
    assert [sheet.cell(4, 2).value, sheet.cell(5, 2).value] == [None, 0]


def test_subtotals_are_not_counted_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with book(path) as file:
        grid = file.page(same("表"), same("题")).grid([NAME, Column(same("类"), "text"), MONEY], split_by=1)
        grid.rows([["甲", "一", 10_000], ["乙", "二", 20_000]])
        grid.subtotal(Text("前", "first"))
        grid.rows([["丙", "一", 40_000]])
        grid.subtotal(Text("后", "then"))
        grid.total(counted=True)
        grid.parts({"一": same("一"), "三": same("三")})
    formulas, values = load_workbook(path)["表"], load_workbook(path, data_only=True)["表"]
    assert [(values.cell(r, 1).value, values.cell(r, 3).value) for r in range(6, 12) if r != 7] == [
        ("前小计（2 项）", 3),
        ("后小计（1 项）", 4),
        ("合计（3 项）", 7),
        ("其中：一（2 项）", 5),
        ("其中：三（0 项）", 0),
    ]
    assert formulas.cell(9, 3).value == "=SUBTOTAL(9,C4:C8)"
    assert formulas.cell(10, 3).value == '=SUMIF($B$4:$B$7,"一",$C$4:$C$7)'


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://a")'])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, MONEY], [[text, 10_000]])
    cell = load_workbook(path)["表"]["A4"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix  # and an edit of the cell does not make a formula of it
    assert "<hyperlink" not in part(path, "xl/worksheets/sheet1.xml")


def test_text_that_does_not_fit_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, MONEY], [["长" * 40_000, 0]])
    text = load_workbook(path)["表"]["A4"].value
    assert len(text) == LONGEST_CELL
    assert text.endswith("已截断）")


def test_control_characters_do_not_spoil_the_file(tmp_path: Path) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, MONEY], [["a\x00b\x0bc", 0]])
    assert load_workbook(path)["表"]["B4"].value == 0


def test_a_row_of_the_wrong_length_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a row of 1 cells in a table of 2 columns"):
        one(tmp_path / "a.xlsx", [NAME, MONEY], [["甲"]])
    assert not (tmp_path / "a.xlsx").exists()


def test_a_cell_may_be_of_another_kind_than_its_column(tmp_path: Path) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, Column(same("值"), "text")], [["甲", Figure(1250, "share")]])
    cell = load_workbook(path)["表"]["B4"]
    assert (cell.value, cell.number_format) == (0.125, "0.00%_ ")


def test_a_table_without_entries_totals_nothing_and_not_its_headings(tmp_path: Path) -> None:
    path = one(tmp_path / "a.xlsx", [NAME, MONEY], [])
    assert load_workbook(path)["表"]["B4"].value == 0


def test_the_same_calls_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (one(tmp_path / f"{n}.xlsx", [NAME, MONEY], ROWS) for n in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_a_page_is_landscape_a4_one_page_wide_with_its_heading_repeated_and_frozen(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with book(path, mark="示例数据") as file:
        page = file.page(same("表"), same("题"), same("单位：万元"))
        grid = page.grid([NAME, MONEY])
        grid.rows(ROWS)
        page.keep_heading(grid, columns=1, filtered=True)
        page.sign()
    sheet = load_workbook(path)["表"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is the format's own default
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:B6"
    assert "第 &P 页" in part(path, "xl/worksheets/sheet1.xml").replace("&amp;", "&")
    assert sheet["A1"].value == "题"
    assert sheet["A2"].value == "年度安排　示例数据"
    assert str(sheet["A8"].value).startswith("填表人：")
    assert "审核人：" in str(sheet["A8"].value)


def test_columns_are_as_wide_as_their_content_until_it_wraps(tmp_path: Path) -> None:
    narrow = Column(same("名"), "text", widest=20)
    path = one(tmp_path / "a.xlsx", [narrow, MONEY], [["十个汉字宽二十" * 4, 1_234_567_890_000]])
    sheet = load_workbook(path)["表"]
    assert 20 < sheet.column_dimensions["A"].width < 23
    assert sheet.column_dimensions["B"].width > len("123,456,789.00")
    assert sheet.row_dimensions[4].height >= 3 * 13.5  # 56 half-widths at 20 a line: three lines


def test_charts_lie_in_their_own_rows_and_not_over_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with book(path) as file:
        page = file.page(same("表"), same("题"))
        at = page.keep_for_charts(2)
        page.new_paper()
        grid = page.grid([NAME, MONEY])
        grid.rows(ROWS)
        series = Series(same("一"), grid.column(0), grid.column(1))
        kinds = ("stacked", "stacked_bars", "bars", "doughnut")
        page.charts(at, [Picture(same(k), k, (series,)) for k in kinds])
    drawn = part(path, "xl/drawings/drawing1.xml")
    ends = re.findall(
        r"<xdr:(?:from|to)><xdr:col>(\d+)</xdr:col><xdr:colOff>(-?\d+)</xdr:colOff><xdr:row>(\d+)", drawn
    )
    spots = [tuple(map(int, e)) for e in ends]
    boxes = list(zip(spots[::2], spots[1::2], strict=True))
    assert len(boxes) == 4
    for (left, _, top), (right, _, bottom) in boxes:
        assert at <= top <= bottom < grid.head
        assert 0 <= left <= right <= 1
    for pair in (boxes[:2], boxes[2:]):
        assert pair[0][1][:2] < pair[1][0][:2]  # the first ends before the second begins
    assert boxes[0][1][2] < boxes[2][0][2]
    assert "<c:v>2.5001</c:v>" in part(
        path, "xl/charts/chart1.xml"
    )  # values for viewers that do not calculate


@pytest.mark.parametrize(("notes", "breaks"), [(10, [13]), (60, [13, 73])])
def test_what_a_paper_does_not_hold_goes_on_another_from_where_it_may(
    notes: int, breaks: list[int], tmp_path: Path
) -> None:
    """18 points a note: 70 notes take 1,680 pixels, which at half scale is more than a paper has."""
    with book(tmp_path / "a.xlsx") as file:
        page = file.page(same("表"), same("题"))
        for _ in range(10):
            page.note(same("头"))
        page.row += 1
        page.new_paper()
        for _ in range(notes):
            page.note(same("文"))
        page.may_end()
        for _ in range(10):
            page.note(same("尾"))
    xml = part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")
    assert [int(found) for found in re.findall(r'<brk id="(\d+)"', xml)] == breaks


def test_every_text_passes_through_the_funds_own_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with book(path, spoken=lambda t: Text(t.zh.replace("万元", "万美元"), t.en)) as file:
        page = file.page(same("表"), same("题"), Text("单位：万元", ""))
        page.grid([Column(Text("金额（万元）", ""), "text")]).rows([[Text("3 万元", "")]])
        page.note(Text("共 3 万元", ""))
    sheet = load_workbook(path)["表"]
    assert [sheet[c].value for c in ("A3", "A4", "A5")] == ["金额（万美元）", "3 万美元", "共 3 万美元"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a/b:c*d?e[f]\\g", "a b c d e f  g"),
        ("'x'", "x"),
        ("字" * 40, "字" * 31),
        ("", "-"),
        ("Candidates that the plans decide differently", "Candidates that the plans"),
        ("Commitment by domain × instrument", "Commitment by domain"),
    ],
)
def test_sheet_names_are_ones_that_excel_takes(name: str, kept: str) -> None:
    assert sheet_name(name) == kept


def test_a_full_width_character_is_two_wide() -> None:
    assert width_of("ab甲，") == 6


@pytest.mark.parametrize(
    ("tall", "fits", "papers"),
    [
        (0.3, 1, 1),
        (1.6, 1, 1),
        (3.2, 0.5, 1),
        (2.0, 1, 2),
        (4.6, 0.5, 2),
        (4.8, 0.5, 0),
        (9.0, 0.5, 0),
        (20, 1, 17),
    ],
)
def test_a_last_paper_with_hardly_anything_on_it_is_saved_and_long_tables_are_dense(
    tall: float, fits: float, papers: int
) -> None:
    assert papers_for(tall, fits) == papers


def test_a_page_of_the_books_own_title_says_it_once(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as file:
        file.page(same("结论"), same("年度安排")).note(same("句子"))
        file.page(same("表"), same("题")).note(same("句子"))
    found = load_workbook(tmp_path / "a.xlsx")
    assert [[found[n][c].value for c in ("A1", "A2")] for n in ("结论", "表")] == [
        ["年度安排", ""],
        ["题", "年度安排"],
    ]


def test_a_large_workbook_goes_by_way_of_files_and_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = one(tmp_path / "a.xlsx", [NAME, MONEY], ROWS)
    monkeypatch.setattr("allocator.report.book.IN_MEMORY", 0)
    by_files = one(tmp_path / "b.xlsx", [NAME, MONEY], ROWS)
    with ZipFile(in_memory) as one_way, ZipFile(by_files) as other:
        assert one_way.namelist() == other.namelist()
        assert all(one_way.read(name) == other.read(name) for name in other.namelist())


def test_no_paper_cuts_a_chart_in_two(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with book(path) as file:
        page = file.page(same("表"), same("题"))
        grid = page.grid([NAME, MONEY])
        grid.rows(ROWS * 4)
        series = Series(same("一"), grid.column(0), grid.column(1))
        first = page.keep_for_charts(4)
        page.charts(first, [Picture(same("图"), "bars", (series,))] * 8)
    sheet = load_workbook(path).active
    breaks = [b.id for b in sheet.row_breaks.brk]
    bands = [first + i * CHART_ROWS for i in range(4)]
    assert breaks
    assert set(breaks) <= set(bands)
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage  # one that is fitted ignores breaks


def test_sheets_whose_names_are_cut_to_the_same_are_told_apart_by_a_number(tmp_path: Path) -> None:
    with book(tmp_path / "a.xlsx") as file:
        for axis in ("department", "county", "COUNTY"):
            file.page(same(f"Before the merger and right now by {axis}"), same("题"))
    names = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert names == [
        "Before the merger and right now",
        "Before the merger and right 2",
        "Before the merger and right 3",
    ]
