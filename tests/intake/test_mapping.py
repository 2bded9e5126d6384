"""A scenario that says how another's table is read: its columns, constants, filters, marks and ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocator.data import DataSettings
from allocator.intake import read
from allocator.problems import Problems
from models.candidate import CANDIDATES
from tests.intake.tables import PROJECTS, found, load

TABLE = """fund,name,stars,ask,outcome,when
4,Bridge,4.5,"12,000",FUNDED,2021-03-01
5,Wallet,5,7500.0,FUNDED,2021-06-01
5,Faucet,3.33,800,NOT FUNDED,
5,Explorer,,0,Withdrawn,2021
"""
COLUMNS: dict[str, Any] = {
    "id": {"template": "F{fund}-{row}"},
    "title": "name",
    "request": {"column": "ask", "unit": "元"},
    "score": {"column": "stars", "out_of": 5},
    "recused": {"column": "outcome", "map": {"FUNDED": "否", "*": "是"}},
    "year": "when",
}
SOURCE: dict[str, Any] = {
    "columns": COLUMNS,
    "constants": {"kind": "企业", "own": "2万元"},
    "where": {"fund": 5},
    "currency": "USD",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "proposals.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_any_table_is_read_as_the_scenario_says(path: Path) -> None:
    tables, problems = load(path, **SOURCE)
    projects = tables["projects"]
    assert found(problems) == [("below", "D5")]
    assert projects["id"] == ["F5-3", "F5-4", "F5-5"]
    assert projects["title"] == ["Wallet", "Faucet", "Explorer"]
    assert projects["request"] == [7_500, 800, None]
    assert projects["score"] == [10_000, 6_660, None]
    assert projects["recused"] == [False, True, True]
    assert projects["year"] == [2021, None, 2021]
    assert projects["kind"] == ["企业"] * 3
    assert projects["own"] == [20_000] * 3
    assert projects["domain"] == [None] * 3
    assert projects.locate(1, "request").cell == "D4"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"columns": {**COLUMNS, "title": "title"}}, ("named_absent", "A1", "data.projects.columns.title")),
        (
            {"columns": {**COLUMNS, "headline": "name"}},
            ("field_unknown", "A1", "data.projects.columns.headline"),
        ),
        (
            {"columns": {**COLUMNS, "id": {"template": "{no}"}}},
            ("named_absent", "A1", "data.projects.columns.id"),
        ),
        (
            {"columns": {**COLUMNS, "id": {"template": "{fund"}}},
            ("template", "A1", "data.projects.columns.id"),
        ),
        ({"where": {"round": 5}}, ("named_absent", "A1", "data.projects.where.round")),
        ({"where": {"fund": 9}}, ("table_filtered", "A1", None)),
        ({"constants": {"kind": "公司"}}, ("label", "A1", "data.projects.constants.kind")),
        (
            {"constants": {"kind": "企业", "sort": "x"}},
            ("field_unknown", "A1", "data.projects.constants.sort"),
        ),
        ({"constants": {}}, ("column_missing", "A1", None)),
    ],
)
def test_a_mapping_that_does_not_fit_names_its_key(
    path: Path, change: dict[str, Any], fault: tuple[str, str, str | None]
) -> None:
    _, problems = load(path, **{**SOURCE, **change})
    told = [(p.code.removeprefix("intake."), p.place.cell, p.place.key) for p in problems.errors]
    assert fault in told
    assert [t for t in told if t not in (fault, ("below", "D5", None))] == []


def test_a_value_that_the_map_lacks_is_a_fault_at_its_cell(path: Path) -> None:
    columns = {**COLUMNS, "recused": {"column": "outcome", "map": {"FUNDED": "否", "Not funded": "是"}}}
    assert found(load(path, **{**SOURCE, "columns": columns})[1]) == [
        ("below", "D5"),
        ("value_unmapped", "E5"),
    ]


def test_a_unit_of_the_scenario_beats_the_headings(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("id,title,kind,request（元）\nA,甲,企业,3\n", encoding="utf-8")
    tables, _ = load(path, columns={"request": {"column": "request（元）", "unit": "万元"}})
    assert tables["projects"]["request"] == [30_000]
    assert tables["projects"]["title"] == ["甲"]


def test_tables_that_nobody_knows_and_tables_without_a_file(tmp_path: Path) -> None:
    problems = Problems()
    data = DataSettings.model_validate({"project": {"file": "p.csv"}})
    assert read(data, [PROJECTS], problems, tmp_path) == {}
    assert [(p.code, p.place.key) for p in problems] == [
        ("intake.source_unknown", "data.project"),
        ("intake.source_absent", "data.projects"),
    ]


def test_real_proposals_are_candidates(pytestconfig: pytest.Config) -> None:
    folder = pytestconfig.rootpath
    file = Path("../shared/bench/grants/catalyst/proposals.csv")
    if not (folder / file).exists():
        pytest.skip(f"{file} is not beside this repository")
    source = {
        "file": file,
        "where": {"fund": 5},
        "columns": {
            "id": {"template": "F{fund}-{row}"},
            "title": "proposal",
            "applicant": "proposal",
            "domain": "challenge",
            "request": {"column": "requested", "unit": "元"},
            "score": {"column": "score", "out_of": 5},
            "decided": {"column": "status", "map": {"FUNDED": "是", "*": "否"}},
        },
        "constants": {"kind": "社会组织", "nature": "产业化"},
        "currency": "USD",
    }
    problems = Problems()
    candidates = read(DataSettings.model_validate({"candidates": source}), [CANDIDATES], problems, folder)[
        "candidates"
    ]
    assert list(problems) == []
    assert len(candidates) == 305
    assert candidates.row(0)["title"] == "Testnet Cardanoscan Explorer"
    assert (candidates["request"][0], candidates["score"][0], candidates["decided"][0]) == (
        7_500,
        10_000,
        True,
    )
