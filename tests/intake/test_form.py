"""The template: what an office opens, and that what it fills in reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from allocator.intake import template
from allocator.words import LANGS, Lang
from models.call import CALLS
from models.candidate import CANDIDATES
from models.line import ENTITLEMENTS, LINES
from tests.intake.tables import KEYS, PANEL, PROJECTS, ROW, load

DOMAINS = ("钢铁及先进材料", "粮油及海洋水产", "化工")


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    chosen: Lang = request.param
    return chosen


@pytest.fixture
def path(tmp_path: Path, lang: Lang) -> Path:
    template(tmp_path / "t.xlsx", [PROJECTS, PANEL], choices={"domain": DOMAINS}, lang=lang)
    return tmp_path / "t.xlsx"


def test_an_empty_template_reads_as_a_table_without_rows(path: Path) -> None:
    tables, problems = load(path, PROJECTS, PANEL)
    assert [p.code for p in problems] == ["intake.table_empty"]
    assert len(tables["panel"]) == 0


def test_a_filled_template_reads_back(path: Path, lang: Lang) -> None:
    book = openpyxl.load_workbook(path)
    page = book[PROJECTS.title.to(lang)]
    filled: dict[str, Any] = {**dict(zip(KEYS, ROW, strict=True)), "rate": 0.125, "domain": "化工"}
    for c, key in enumerate(KEYS, 1):
        page.cell(4, c).value = filled[key]
    panel = book[PANEL.title.to(lang)]
    for c, cell in enumerate(["P1", "E1", 92.5], 1):
        panel.cell(4, c).value = cell
    book.save(path)
    tables, problems = load(path, PROJECTS, PANEL)
    assert list(problems) == []
    one = tables["projects"].row(0)
    assert (one["id"], one["domain"], one["request"], one["own"]) == ("P1", "化工", 3_000_000, 1_000_000)
    assert (one["rate"], one["score"], one["recused"], one["note"]) == (1250, 8550, False, None)
    assert tables["panel"].row(0) == {"candidate": "P1", "expert": "E1", "merit": 9250}


def test_lists_formats_and_paper_are_as_an_office_expects(path: Path, lang: Lang) -> None:
    book = openpyxl.load_workbook(path)
    page = book[PROJECTS.title.to(lang)]
    assert page.freeze_panes == "C4"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page["A1"].value == PROJECTS.title.to(lang)
    assert "A1" in page.merged_cells
    assert page["L2"].value == ("单位：万元" if lang == "zh" else "Unit: 10,000 yuan")
    assert page["E3"].value == ("*申请财政资金\n（万元）" if lang == "zh" else "*Requested\n(10,000 yuan)")
    assert page["F3"].value == ("自筹资金\n（万元）" if lang == "zh" else "Own funds\n(10,000 yuan)")
    assert (page["E4"].number_format, page["A4"].number_format) == ("#,##0.00", "@")
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    lists = book["选项" if lang == "zh" else "Lists"]
    assert lists.sheet_state == "hidden"
    for cell, entries in {"C4": ("企业", "高校", "科研院所"), "D4": DOMAINS}.items():
        area = rules[cell].formula1.split("!")[1].replace("$", "")
        assert tuple(c.value for (c,) in lists[area]) == entries
    assert rules["I4"].type == "whole"
    assert (rules["I4"].formula1, rules["I4"].formula2) == ("1990", "2100")


def test_every_column_of_the_policy_is_explained(tmp_path: Path, lang: Lang) -> None:
    sheets = (CANDIDATES, LINES, ENTITLEMENTS, CALLS)
    template(tmp_path / "t.xlsx", sheets, lang=lang)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    said = [page.value for page in book["填表说明" if lang == "zh" else "Notes"]["C"]]
    for sheet in sheets:
        for field in sheet.fields:
            assert field.title.to(lang) in said
    noted = [f for f in CANDIDATES.fields if f.note]
    comments = [c.comment.text for c in book[CANDIDATES.title.to(lang)][3] if c.comment]
    assert comments == [f.note.to(lang) for f in noted if f.note]
