"""A study's table says the same on the screen, as a frame, as JSON and in a workbook."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import openpyxl
import pytest

from allocator.report.cells import Figure
from allocator.report.charts import option
from allocator.report.page import CHART_LEAST
from allocator.studies.book import write_book
from allocator.studies.scale import rounded_out
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
    [
        (28_924.63, 98_026.03, (20_000, 100_000, 10_000)),
        (3, 11, (2, 12, 2)),
        (-0.013, 0.04, (-0.02, 0.04, 0.01)),
        (0.08, 0.13, (0.08, 0.13, 0.01)),
        (7000, 7000, (6600, 7400, 100)),
        (0, 0, (0, 1, 0.2)),
    ],
)
def test_an_axis_begins_and_ends_on_a_whole_step(
    low: float, high: float, ends: tuple[float, float, float]
) -> None:
    assert rounded_out(low, high) == ends


def test_years_and_numbers_of_awards_are_marked_one_by_one() -> None:
    assert rounded_out(2026, 2028, 1) == (2026, 2028, 1)


def chart_of(tmp_path: Path, rows: Sequence[tuple[int | None, ...]], graph: Graph, lang: str = "zh") -> str:
    """The XML of the one native chart of shares, money and worth."""

    columns = tuple(replace(c, sums=False) for c in COLUMNS[:3])

    class One(Study):
        key: ClassVar[str] = "one"

        def tables(self) -> Sequence[Table]:
            return (Table("t", same("表"), columns, tuple(rows), graphs=(graph,)),)

    write_book(One(title=same("题")), tmp_path / "a.xlsx", lang)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        return file.read("xl/charts/chart1.xml").decode()


def ends_of(chart: str) -> list[tuple[float, float]]:
    """Where each axis ends, those of the file first to last."""
    found = re.findall(r'<c:max val="([^"]+)"/><c:min val="([^"]+)"/>', chart)
    return [(float(low), float(high)) for high, low in found]


@pytest.mark.parametrize(("lang", "named"), [("zh", "价值（万元）"), ("en", "Worth (万元)")])
def test_native_axes_say_what_they_measure_and_are_where_the_data_are(
    tmp_path: Path, lang: str, named: str
) -> None:
    rows = [(800, 1, 7_019_230_000), (1200, 2, 5_013_430_000)]
    chart = chart_of(tmp_path, rows, Graph(same("图"), "points", "share", ("worth",)), lang)
    assert f"<a:t>{named}</a:t>" in chart
    assert ends_of(chart) == [(0.08, 0.12), (5_000, 7_500)]
    assert '<c:majorUnit val="500.0"/>' in chart
    assert 'formatCode="#,##0"' in chart
    assert 'formatCode="0%"' in chart


def test_bars_begin_at_nothing_and_one_that_is_below_it_has_room(tmp_path: Path) -> None:
    graph = Graph(same("图"), "bars", "share", ("money",))
    assert ends_of(chart_of(tmp_path, [(1, 9_100_000, 0), (2, 8_000_000, 0)], graph)) == [(0, 1_000)]
    assert ends_of(chart_of(tmp_path, [(1, 9_100_000, 0), (2, -800_000, 0)], graph)) == [(-200, 1_000)]


def test_stacked_columns_end_above_their_sum(tmp_path: Path) -> None:
    graph = Graph(same("图"), "stacked", "share", ("money", "worth"))
    rows = [(1, 40_000, 3_000_000), (2, 30_000, None)]  # 4 and 3; 3 and nothing
    assert ends_of(chart_of(tmp_path, rows, graph)) == [(0, 7)]


def test_what_a_chart_calls_its_values_goes_before_the_columns_title() -> None:
    graph = Graph(same("图"), "lines", "share", ("worth",), up=Text("目标值：评审价值", "Objective: merit"))
    assert option(TABLE, graph, "zh")["yAxis"]["name"] == "目标值：评审价值（万元）"
    both = Graph(same("图"), "lines", "share", ("worth", "money"), up=same("value"))
    assert option(TABLE, both, "en")["yAxis"]["name"] == "value (万元)"
    assert option(TABLE, GRAPH, "en")["xAxis"]["name"] == "Share"


def test_the_terminal_says_once_what_amounts_are_in() -> None:
    class Two(Study):
        key: ClassVar[str] = "two"

        def tables(self) -> Sequence[Table]:
            return tuple(Table(k, same(k), COLUMNS[:2], ((1, 2),)) for k in "ab")

    first, second = Two(title=same("题")).blocks()
    assert [n.zh for n in first.notes] == ["金额和价值以万元计。"]
    assert second.notes == ()


@pytest.mark.parametrize(("names", "rows"), [(5, 17), (12, 23), (90, 28)])
def test_bars_have_a_line_for_every_name_as_far_as_one_paper_goes(
    tmp_path: Path, names: int, rows: int
) -> None:
    class Many(Study):
        key: ClassVar[str] = "many"

        def tables(self) -> Sequence[Table]:
            columns = (Col("who", same("谁"), "text"), Col("share", same("比例"), "share"))
            graph = Graph(same("图"), "bars", "who", ("share",))
            return (
                Table("t", same("表"), columns, tuple((f"甲{i}", i) for i in range(names)), graphs=(graph,)),
            )

    write_book(Many(title=same("题")), tmp_path / "a.xlsx", "zh")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        drawn = file.read("xl/drawings/drawing1.xml").decode()
    first, last = (int(r) for r in re.findall(r"<xdr:row>(\d+)", drawn))
    assert last - first + 1 == rows
