"""The marked copy: the user's workbook with nothing lost, and every faulty cell filled and commented."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from allocator.cli import main
from allocator.report.marked import ERROR, NOTICE
from tests.faults.kinds import _as_xls
from tests.faults.sound import CANDIDATES, LINES, SCENARIO, Draft


def office(folder: Path, draft: Draft, workbook: str = "pool.xlsx") -> Path:
    draft.save(folder)
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO.replace("pool.xlsx", workbook), encoding="utf-8")
    return path


def call(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(w) for w in words], env={"COLUMNS": "120"})
    return result.exit_code, result.output


def hurt() -> Draft:
    """Two wrong cells in one sheet and one in another, beside a formula, a style, a comment and a merged title."""
    draft = Draft.sound()
    draft.put(CANDIDATES, 0, "request", "三百")
    draft.put(CANDIDATES, 1, "kind", "公司")
    draft.put(LINES, 0, "year1", "#REF!")

    def look(book: openpyxl.Workbook) -> None:
        page = book[CANDIDATES]
        page["A1"].font = Font(size=16, bold=True)
        page["C5"].fill = PatternFill("solid", fgColor="FF00FF00")
        page["L4"].comment = Comment("经办人：请核对", "张三")
        page["T4"] = "=SUM(K4:N4)"
        page.merge_cells("A1:D1")
        page.column_dimensions["B"].width = 33
        book.create_sheet("附注")["A1"] = "不读的表"

    draft.style.append(look)
    return draft


def test_every_faulty_cell_is_filled_and_says_what_is_wrong(tmp_path: Path) -> None:
    scenario = office(tmp_path, hurt())
    code, told = call("check", scenario, "--marked", tmp_path / "out.xlsx", "--lang", "zh")
    assert code == 2
    assert "out.xlsx" in told
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    page = book[CANDIDATES]
    for cell in (page["L4"], page["F5"], book[LINES]["E4"]):
        assert cell.fill.fgColor.rgb == ERROR
        assert cell.comment is not None
    assert page["L4"].comment is not None
    assert page["L4"].comment.text == (
        "经办人：请核对\n申请财政资金（万元）“三百”不是金额；请写成 300 或 300万元"
    )
    assert page["L4"].value == "三百"


def test_nothing_of_the_users_workbook_is_lost(tmp_path: Path) -> None:
    scenario = office(tmp_path, hurt())
    before = (tmp_path / "pool.xlsx").read_bytes()
    call("check", scenario, "--marked", tmp_path / "out.xlsx")
    assert (tmp_path / "pool.xlsx").read_bytes() == before
    old, new = (openpyxl.load_workbook(tmp_path / n) for n in ("pool.xlsx", "out.xlsx"))
    assert new.sheetnames == old.sheetnames
    for name in old.sheetnames:
        values = [[c.value for c in row] for row in old[name].iter_rows()]
        assert [[c.value for c in row] for row in new[name].iter_rows()] == values
    page = new[CANDIDATES]
    assert page["T4"].value == "=SUM(K4:N4)"
    assert (page["A1"].font.size, page["A1"].font.bold) == (16, True)
    assert page["C5"].fill.fgColor.rgb == "FF00FF00"
    assert page.column_dimensions["B"].width == 33
    assert [str(m) for m in page.merged_cells.ranges] == ["A1:D1"]
    assert {p.name for p in tmp_path.iterdir()} == {"pool.xlsx", "out.xlsx", "scenario.yaml"}


def test_messages_are_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    scenario = office(tmp_path, hurt())
    call("check", scenario, "--marked", tmp_path / "out.xlsx", "--lang", "en")
    comment = openpyxl.load_workbook(tmp_path / "out.xlsx")[CANDIDATES]["F5"].comment
    assert comment is not None
    assert "公司" in comment.text
    assert "write one of" in comment.text or "one of" in comment.text


def test_notices_are_marked_in_another_colour(tmp_path: Path) -> None:
    draft = Draft.sound()
    draft.put(CANDIDATES, 1, "applicant", "日照甲公司")
    scenario = office(tmp_path, draft)
    code, _ = call("check", scenario, "--marked", tmp_path / "out.xlsx")
    assert code == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")[CANDIDATES]["E5"].fill.fgColor.rgb == NOTICE


def test_a_run_that_ends_in_faults_writes_it_too(tmp_path: Path) -> None:
    scenario = office(tmp_path, hurt())
    code, _ = call("run", scenario, "--out", tmp_path / "run", "--marked", tmp_path / "out.xlsx")
    assert code == 2
    assert (tmp_path / "out.xlsx").exists()
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("kind", ["xls", "csv"])
def test_other_kinds_of_file_are_marked_as_a_workbook(tmp_path: Path, kind: str) -> None:
    draft = Draft.sound()
    draft.put(CANDIDATES, 0, "request", "三百")
    if kind == "xls":
        scenario = office(tmp_path, draft, "pool.xls")
        _as_xls(tmp_path / "pool.xlsx")
        at = "L4"
    else:
        scenario = office(tmp_path, draft, "pool.csv")
        (tmp_path / "pool.csv").write_text("项目编号,申请财政资金（万元）\nP1,三百\n", encoding="utf-8")
        at = "A1"
    code, told = call("check", scenario, "--marked", tmp_path / "out.xlsx", "--lang", "zh")
    assert code == 2
    assert "已转存" in told
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert page[at].comment is not None


def test_a_file_that_cannot_be_opened_leaves_nothing_behind(tmp_path: Path) -> None:
    scenario = office(tmp_path, Draft.sound())
    (tmp_path / "pool.xlsx").write_bytes(b"PK\x03\x04 torn")
    code, told = call("check", scenario, "--marked", tmp_path / "out.xlsx", "--lang", "zh")
    assert code == 2
    assert "没有可标注的工作簿" in told
    assert {p.name for p in tmp_path.iterdir()} == {"pool.xlsx", "scenario.yaml"}
