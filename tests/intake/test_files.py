"""Files of every kind: what is read right by its content, and what is one located fault and never a traceback."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from allocator.intake.parts import RATIO_FROM
from allocator.problems import InputFaults
from tests.intake.tables import HEADINGS, PANEL, PROJECTS, found, load, patched, row, workbook

SHEET = "项目申报表"
SHEET1 = "xl/worksheets/sheet1.xml"


def text(delimiter: str = ",") -> str:
    """The plain table as delimited text."""
    lines = [HEADINGS, row(title="甲、乙合作"), row(id="P2", title='他说"好"')]
    return "".join(
        delimiter.join('"' + str(c).replace('"', '""') + '"' for c in cells) + "\r\n" for cells in lines
    )


def xls(path: Path, error: bool = False) -> Path:
    """The plain table as an .xls, with an error cell if asked."""
    book = xlwt.Workbook()
    page = book.add_sheet(SHEET)
    for r, cells in enumerate([HEADINGS, row(), row(id="P2")]):
        for c, cell in enumerate(cells):
            page.write(r, c, cell)
    if error:
        page.row(3).set_cell_text(0, "P3")
        for c, cell in enumerate(row(id="P3")[1:], 1):
            if c == 5:
                page.row(3).set_cell_error(c, "#REF!")
            else:
                page.write(3, c, cell)
    book.save(str(path))
    return path


# -- read right -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_of_any_usual_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "projects.csv"
    path.write_bytes(text(delimiter).encode(encoding))
    tables, problems = load(path)
    assert list(problems) == []
    assert tables["projects"]["title"] == ["甲、乙合作", '他说"好"']
    assert tables["projects"]["request"] == [3_000_000, 3_000_000]
    assert str(tables["projects"].locate(1, "request")) == "projects.csv E3"


def test_text_with_excels_own_note_of_its_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_text("sep=;\r\n" + text(";"), encoding="utf-8-sig")
    assert len(load(path)[0]["projects"]) == 2


def test_an_xls_is_read_and_its_error_cells_are_told(tmp_path: Path) -> None:
    tables, problems = load(xls(tmp_path / "p.xls"))
    assert list(problems) == []
    assert tables["projects"]["id"] == ["P1", "P2"]
    _, problems = load(xls(tmp_path / "q.xls", error=True))
    assert found(problems) == [("cell_error", "F4")]
    assert "#REF!" in next(iter(problems)).what.en


def test_a_workbook_named_csv_is_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row()]}).rename(tmp_path / "p.csv")
    assert len(load(path)[0]["projects"]) == 1


def test_blank_cells_far_out_do_no_harm(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row()]})
    patched(path, SHEET1, "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    tables, problems = load(path)
    assert list(problems) == []
    assert len(tables["projects"]) == 1


# -- no table at all --------------------------------------------------------------------------


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(SHEET1, bytes(RATIO_FROM + 1))


def _lying_bomb(path: Path) -> None:
    """An archive whose directory understates what a part unpacks to."""
    workbook(path, {SHEET: [HEADINGS, row()]})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(SHEET1.encode()))
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    path.write_bytes(bytes(data))


def _docx(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")


def _encrypted(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1024)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(512)
    )


def _locked_zip(path: Path) -> None:
    workbook(path, {SHEET: [HEADINGS, row()]})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(bytes(data))


def _cut(path: Path) -> None:
    workbook(path, {SHEET: [HEADINGS, row()]})
    path.write_bytes(path.read_bytes()[:-400])


def _broken_xls(path: Path, record: bytes, at: int, value: int) -> None:
    """An .xls in which `value` stands `at` bytes behind the head of its first such record."""
    data = bytearray(xls(path).read_bytes())
    data[(place := data.index(record) + 4 + at) : place + 4] = value.to_bytes(4, "little")
    path.write_bytes(bytes(data))


def _bad_xml(path: Path) -> None:
    patched(workbook(path, {SHEET: [HEADINGS, row()]}), "xl/workbook.xml", "<sheets>", "<sheets><<")


DAMAGED = {
    "empty.xlsx": (lambda p: p.write_bytes(b""), "file_empty"),
    "blank.csv": (lambda p: p.write_bytes(b"\xef\xbb\xbf \r\n"), "file_empty"),
    "text.xlsx": (lambda p: p.write_text(text(), encoding="utf-8"), "file_text"),
    "page.xls": (lambda p: p.write_text("<html><table><tr><td>1", encoding="utf-8"), "file_markup"),
    "noise.xlsx": (lambda p: p.write_bytes(bytes(range(256)) * 8), "file_kind"),
    "letter.docx": (_docx, "file_kind"),
    "cut.xlsx": (_cut, "file_torn"),
    "cut.xls": (lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "file_torn"),
    "rows.xls": (lambda p: _broken_xls(p, b"\x00\x02\x0e\x00", 4, 1 << 31), "file_torn"),
    "first.xls": (lambda p: _broken_xls(p, b"\x00\x02\x0e\x00", 0, 1 << 31), "file_torn"),
    "sheet.xls": (lambda p: _broken_xls(p, b"\x85\x00", 0, 1 << 31), "file_torn"),
    "strings.xls": (lambda p: _broken_xls(p, b"\xfc\x00", 4, 1 << 31), "file_torn"),
    "sector.xls": (lambda p: _broken_xls(p, b"\xd0\xcf\x11\xe0", 26, 0x00FFFFFF), "file_torn"),
    "badxml.xlsx": (_bad_xml, "file_torn"),
    "zip.xlsx": (lambda p: p.write_bytes(b"PK\x03\x04 no archive"), "file_torn"),
    "secret.xlsx": (_encrypted, "file_encrypted"),
    "locked.xlsx": (_locked_zip, "file_encrypted"),
    "bomb.xlsx": (_bomb, "file_bomb"),
    "liar.xlsx": (_lying_bomb, "file_torn"),
    "folder.xlsx": (lambda p: p.mkdir(), "file_folder"),
    "nothing.xlsx": (lambda p: None, "file_absent"),
    "quote.csv": (lambda p: p.write_text(text() + '"P3,x\r\n', encoding="utf-8"), "file_quotes"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_one_located_fault(tmp_path: Path, name: str) -> None:
    make, code = DAMAGED[name]
    make(tmp_path / name)
    tables, problems = load(tmp_path / name)
    assert tables == {}
    assert [(p.code, p.place.file) for p in problems] == [(f"intake.{code}", name)]
    with pytest.raises(InputFaults, match=name):
        problems.stop()


def test_a_quote_that_does_not_close_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text('项目编号,项目名称\nP0,甲\n"P1,甲\nP2,乙\nP3,丙\n', encoding="utf-8")
    (problem,) = load(path)[1]
    assert (problem.code, str(problem.place)) == ("intake.file_quotes", "q.csv:3")


def test_a_row_shifted_by_a_bare_delimiter_is_told(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    lines = [HEADINGS, row(title="甲，乙"), row(id="P2", note="一,二")]
    path.write_text("\n".join(",".join(map(str, cells)) for cells in lines), encoding="utf-8")
    assert found(load(path)[1]) == [("row_wide", "M3")]


def test_a_stray_cell_far_out_is_named_and_nothing_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row()]})
    patched(path, SHEET1, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    tables, problems = load(path)
    assert tables == {}
    assert found(problems) == [("sheet_huge", "XFD1048576")]


# -- sheets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "项目申报表",
        "projects",
        "PROJECTS",
        " 项目 申报表",
        "项目清单",
        "2026年项目申报表",
        "申报表",
        "Sheet1",
    ],
)
def test_the_sheet_is_known_by_name_in_part_or_by_standing_alone(tmp_path: Path, name: str) -> None:
    tables, problems = load(workbook(tmp_path / "p.xlsx", {name: [HEADINGS, row()]}))
    assert list(problems) == []
    assert len(tables["projects"]) == 1


def test_among_several_sheets_the_one_with_the_headings_is_taken_and_said(tmp_path: Path) -> None:
    reviews = [["项目编号", "专家", "合理性"], ["P1", "E1", 80]]
    pages = {"封面": [["x"]], "Sheet2": reviews, "Sheet3": [HEADINGS, row()], "杂": [["y"]]}
    path = workbook(tmp_path / "p.xlsx", pages)
    tables, problems = load(path, PROJECTS, PANEL)
    assert found(problems) == []
    assert [(p.code, p.place.sheet) for p in problems] == [
        ("intake.sheet_taken", "Sheet2"),
        ("intake.sheet_taken", "Sheet3"),
        ("intake.sheet_unread", "杂"),
    ]
    assert (len(tables["projects"]), tables["panel"]["merit"]) == (1, [8000])


def test_a_missing_sheet_names_those_that_are_there(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {"甲表": [["x"]], "乙表": [["y"]]})
    (problem,) = load(path)[1].errors
    assert problem.line("en") == (
        "p.xlsx: there is no sheet “项目申报表”; there are: 甲表, 乙表; add it, or give the right sheet this name"
    )


def test_two_sheets_of_one_table_are_a_fault(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, row()], "项目清单": [HEADINGS, row()]})
    assert [p.code for p in load(path)[1].errors] == ["intake.sheet_twice"]


def test_two_sheets_with_the_headings_are_not_chosen_between(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {"甲": [HEADINGS, row()], "乙": [HEADINGS, row()]})
    assert [p.code for p in load(path)[1].errors] == ["intake.sheet_absent"]


def test_an_optional_sheet_may_be_missing(tmp_path: Path) -> None:
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row()]}), PROJECTS, PANEL)
    assert not problems.errors
    (problem,) = problems
    assert (problem.level, problem.code) == ("notice", "intake.sheet_left_out")
    assert "专家评审打分" in problem.what.zh
    assert problem.place.file == "p.xlsx"
    assert set(tables) == {"projects"}


def test_a_sheet_that_is_there_is_not_said_to_be_left_out(tmp_path: Path) -> None:
    panel = [["项目编号", "专家", "合理性"], ["P1", "E1", 80]]
    path = workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row()], "打分": panel})
    assert [p.code for p in load(path, PROJECTS, PANEL)[1]] == ["intake.sheet_taken"]


@pytest.mark.parametrize("name", ["p.xls", "p.et", "p.csv"])
def test_a_workbook_of_another_name_is_read_by_its_content(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row()]}).rename(tmp_path / name)
    tables, problems = load(path)
    assert list(problems) == []
    assert tables["projects"]["id"] == ["P1"]


def test_an_old_workbook_named_xlsx_is_read_by_its_content(tmp_path: Path) -> None:
    tables, problems = load(xls(tmp_path / "p.xls").rename(tmp_path / "q.xlsx"))
    assert list(problems) == []
    assert tables["projects"]["id"] == ["P1", "P2"]


def test_what_an_open_workbook_leaves_beside_it_is_told_from_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "~$p.xlsx"
    path.write_bytes(b"\x05admin" + b" " * 159)
    with pytest.raises(InputFaults) as caught:
        load(path)[1].stop()
    (problem,) = caught.value.problems
    assert problem.code == "intake.file_lock"
    assert problem.mend.zh.endswith(" p.xlsx")
    named = workbook(tmp_path / "w.xlsx", {SHEET: [HEADINGS, row()]}).rename(tmp_path / "~$w.xlsx")
    assert list(load(named)[1]) == []


def test_a_name_merged_down_a_panels_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "专家评审打分"
    page.append(["项目编号", "专家", "合理性"])
    for cells in (["P1", "E1", 80], [None, "E2", 90], ["P2", "E1", 70], ["P2", "E1", 71]):
        page.append(cells)
    page.merge_cells("A2:A3")
    other = book.create_sheet(SHEET)
    for line in (HEADINGS, row()):
        other.append(list(line))
    stream = io.BytesIO()
    book.save(stream)
    (tmp_path / "p.xlsx").write_bytes(stream.getvalue())
    tables, problems = load(tmp_path / "p.xlsx", PROJECTS, PANEL)
    assert tables["panel"]["candidate"] == ["P1", "P1", "P2", "P2"]
    assert found(problems) == [("repeated", "B5")]
