"""A study's table says the same on the screen, as a frame, as JSON and in a workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import openpyxl
import pytest

from allocator.report.cells import Figure
from allocator.report.charts import option
from allocator.report.page import CHART_LEAST
from allocator.studies.book import rounded_out, write_book
from allocator.studies.study import Study
from allocator.studies.table import Col, Graph, Table
from allocator.words import Text, same

COLUMNS = (
    Col("share", Text("比例", "Share"), "share"),
    Col("money", Text("金额", "Money"), "money", sums=True),
    Col("worth", Text("价值", "Worth"), "worth"),
    Col("exact", Text("精确", "Exact"), "fine"),
    Col("who", Text("谁", "Who"), "text"),
    Col("any", Text("其他", "Other"), "count"),
)
ROWS = (
    (800, 35_000_000, 1_234_567, 80_001, Text("甲", "A"), 3),
    (1200, None, -500_000, 120_000, None, Figure(1250, "share")),
)
GRAPH = Graph(Text("曲线", "Curve"), "lines", "share", ("worth",))
TABLE = Table("curve", Text("表", "Table"), COLUMNS, ROWS, (Text("注", "note"),), (GRAPH,))


class Tried(Study):
    key: ClassVar[str] = "tried"

    def tables(self) -> Sequence[Table]:
        return (TABLE,)

    def sentences(self) -> Sequence[Text]:
        return [Text("结论", "finding")]


STUDY = Tried(title=Text("题", "Title"), left=Text("未完", "left"))


def test_the_screen_shows_units_and_dashes() -> None:
    block = TABLE.block()
    assert block.rows == (
        ("8%", "3,500.00", "1.23", "8.0001%", Text("甲", "A"), "3"),
        ("12%", "—", "-0.50", "12.0000%", "", "12.5%"),
    )
    assert block.right == (0, 1, 2, 3, 5)
    assert block.wraps == (4,)


def test_what_has_no_room_on_the_screen_is_referred_to() -> None:
    few = Table("t", same("t"), COLUMNS[:2], ((1, 2), (3, 4), (5, 6)), on_screen=1, narrow=("money",))
    assert few.block().rows == (("0.00",),)
    assert few.block().notes[0].en.startswith("2 more rows")
    assert len(few.frame()) == 3


def test_a_frame_keeps_whole_units_and_absence() -> None:
    frame = STUDY.frames("zh")["curve"]
    assert frame["money"].tolist()[0] == 35_000_000
    assert frame["money"].isna().tolist() == [False, True]
    assert frame["who"].isna().tolist() == [False, True]
    assert frame["any"].tolist() == [3, 1250]


def test_json_has_yuan_basis_points_and_both_languages() -> None:
    data = STUDY.as_json()
    assert data["sentences"] == [{"zh": "结论", "en": "finding"}, {"zh": "未完", "en": "left"}]
    assert data["tables"]["curve"][0] == {
        "share": 800,
        "money": 35_000_000,
        "worth": 1.234567,
        "exact": 80_001,
        "who": {"zh": "甲", "en": "A"},
        "any": 3,
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_holds_the_table_and_a_native_chart(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "study.xlsx"
    write_book(STUDY, path, lang)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[1]
    assert [c.value for c in page[3]] == [c.title.to(lang) for c in COLUMNS]
    assert [c.value for c in page[4]] == [0.08, 3500, 1.234567, 0.080001, {"zh": "甲", "en": "A"}[lang], 3]
    assert page[5][5].value == 0.125
    assert len(page._charts) == 1
    first = path.read_bytes()
    write_book(STUDY, path, lang)
    assert path.read_bytes() == first


class Narrow(Study):
    key: ClassVar[str] = "narrow"

    def tables(self) -> Sequence[Table]:
        columns = (Col("who", same("谁"), "text"), Col("share", same("比例"), "share"))
        graph = Graph(same("图"), "bars", "who", ("share",), first=2)
        return (Table("t", same("表"), columns, (("甲", 9), ("乙", 8), ("丙", 0)), graphs=(graph,)),)

    def sentences(self) -> Sequence[Text]:
        return ()


def test_a_chart_shows_the_rows_it_is_of_and_has_room_under_a_narrow_table(tmp_path: Path) -> None:
    study = Narrow(title=same("题"))
    write_book(study, tmp_path / "a.xlsx", "zh")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        chart = file.read("xl/charts/chart1.xml").decode()
    assert "$A$4:$A$5" in chart
    assert "$B$4:$B$5" in chart
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["表"]
    assert sum(int(sheet.column_dimensions[c].width * 7) for c in "AB") >= CHART_LEAST
    assert option(*study.charts()[0], "zh")["xAxis"]["data"] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [(28_924.63, 98_026.03, (20_000, 100_000)), (3, 11, (3, 11)), (-0.013, 0.04, (-0.02, 0.04))],
)
def test_an_axis_of_points_begins_and_ends_on_a_whole_step(
    low: float, high: float, ends: tuple[float, float]
) -> None:
    assert rounded_out(low, high) == ends
