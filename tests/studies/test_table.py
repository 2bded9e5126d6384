"""A study's table says the same on the screen, as a frame, as JSON and in a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import openpyxl
import pytest

from allocator.report.cells import Figure
from allocator.studies.book import write_book
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
