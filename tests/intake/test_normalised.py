"""The copy of the records that a run keeps: exact to the last character, and refused when it was altered."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.intake import read_table, write_table
from allocator.problems import InputFaults, Place
from allocator.records import Field, Records
from tests.intake.tables import PANEL, PROJECTS, row, workbook


def records(columns: dict[str, list[Any]]) -> Records:
    """Records of the plain sheet, None in columns that are not given."""
    size = len(next(iter(columns.values())))
    full = {f.key: columns.get(f.key, [None] * size) for f in PROJECTS.fields}
    return Records(PROJECTS, full, lambda row, key: Place("x"))


def values(field: Field) -> st.SearchStrategy[Any]:
    """Anything that a column of that kind may hold."""
    if field.kind == "flag":
        return st.none() | st.booleans()
    if field.kind in ("text", "label", "code"):
        letters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
        return st.none() | st.text(letters, min_size=1)
    return st.none() | st.integers(-(10**15), 10**15)


@settings(suppress_health_check=[HealthCheck.too_slow])  # how loaded the machine is says nothing
@given(st.data())
def test_what_is_written_reads_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, 4))
    columns = {f.key: data.draw(st.lists(values(f), min_size=size, max_size=size)) for f in PROJECTS.fields}
    path = tmp_path_factory.getbasetemp() / "round.csv"
    write_table(records(columns), path)
    back = read_table(path, PROJECTS)
    assert {key: list(column) for key, column in back.columns.items()} == columns
    assert [type(v) for column in back.columns.values() for v in column] == [
        type(v) for column in columns.values() for v in column
    ]


def test_the_file_is_plain_to_excel_and_to_people(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    write_table(records({"id": ["P1"], "title": ["=1+1"], "request": [3_000_000], "recused": [False]}), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        "id,title,kind,domain,request,own,rate,staff,year,score,recused,note",
        "P1,'=1+1,,,3000000,,,,,,0,",
    ]
    back = read_table(path, PROJECTS)
    assert back.row(0)["title"] == "=1+1"
    assert str(back.locate(0, "request")) == "projects.csv E2"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("request", "amount", "A1"),
        ("3000000", "3000000.5", "E2"),
        ("3000000", "03000000", "E2"),
        ("3000000", "3e6", "E2"),
        (",0,", ",no,", "K2"),
        ("P1,", "P1,,", "A2"),
    ],
)
def test_an_altered_copy_is_refused_at_its_cell(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "projects.csv"
    write_table(records({"id": ["P1"], "request": [3_000_000], "recused": [False]}), path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace(old, new), encoding="utf-8-sig")
    with pytest.raises(InputFaults) as caught:
        read_table(path, PROJECTS)
    assert [p.place.cell for p in caught.value.problems] == [told]


def test_a_large_panel_is_written_and_read_in_seconds(tmp_path: Path) -> None:
    size = 450_000
    columns: dict[str, list[Any]] = {
        "candidate": [f"KJ{i // 9:06d}" for i in range(size)],
        "expert": [f"E{i % 9}" for i in range(size)],
        "merit": [6000 + i % 4000 for i in range(size)],
    }
    began = time.process_time()
    write_table(Records(PANEL, columns, lambda row, key: Place("x")), tmp_path / "panel.csv")
    back = read_table(tmp_path / "panel.csv", PANEL)
    assert time.process_time() - began < 8  # measured: 1.0 s of one core
    assert back.columns["merit"] == columns["merit"]


def test_a_workbooks_records_survive_the_copy(tmp_path: Path) -> None:
    from tests.intake.tables import HEADINGS, load

    tables, _ = load(workbook(tmp_path / "p.xlsx", {"项目申报表": [HEADINGS, row(), row(id="P2", own=None)]}))
    write_table(tables["projects"], tmp_path / "projects.csv")
    back = read_table(tmp_path / "projects.csv", PROJECTS)
    assert [back.row(i) for i in range(2)] == [tables["projects"].row(i) for i in range(2)]
