"""Persons' numbers: what is masked, and what only looks like one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from allocator.intake.mask import Masked, mask, veil
from allocator.pipeline import run
from tests.faults.sound import CANDIDATES, SCENARIO, Draft
from tests.intake.tables import HEADINGS, PROJECTS, found, load, row, workbook

SHEET = PROJECTS.title.zh

# 37110219900307123 sums to 256 by GB 11643; 256 mod 11 is 3, whose check character is 9.
PERSON = "371102199003071239"
ANOTHER = "37110219851224456X"
PHONE = "13800138000"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (PERSON, "371102********1239"),
        (ANOTHER.lower(), "371102********456x"),
        (f"负责人身份证{PERSON}，电话{PHONE}", "负责人身份证371102********1239，电话138****8000"),
        ("３７１１０２１９９００３０７１２３９", "３７１１０２********１２３９"),
        ("370102800307123", "370102******123"),
        ("138-0013-8000", "138-****-8000"),
        ("138 0013 8000", "138 **** 8000"),
        ("１３８００１３８０００", "１３８****８０００"),
        ("+8613800138000", "+86138****8000"),
        ("0633-8781234", "0633-****234"),
        ("张三13800138000李四13900139000", "张三138****8000李四139****9000"),
    ],
)
def test_numbers_of_persons_are_masked_in_texts(text: str, shown: str) -> None:
    assert mask(text, "text") == shown
    assert isinstance(mask(text, "label"), Masked) == (text != shown)


@pytest.mark.parametrize(
    "text",
    [
        "日照甲公司",
        "2026年",
        "91990100MA0000001G",
        "99999999999999999999",
        "371102199013071238",
        "12345678901",
        "100-2000",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text, "text") is text


def test_in_codes_only_a_checked_id_is_masked() -> None:
    assert mask(PERSON, "code") == "371102********1239"
    assert mask("371102199003071238", "code") == "371102199003071238"
    assert mask(PHONE, "code") == PHONE
    assert mask(PHONE, "money") == PHONE


def test_a_column_of_persons_numbers_is_masked_whatever_they_are() -> None:
    assert veil("371102199003071238") == "371102********1238"
    assert veil("E12345678") == "E1*****78"
    assert veil("G0001") == "G0*01"


def test_a_column_with_masked_cells_says_so_once(tmp_path: Path) -> None:
    rows = [HEADINGS, row(note=PHONE), row(id="P2", title=f"甲 {PERSON}", note=13800138000)]
    tables, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: rows}))
    assert tables["projects"]["note"] == ["138****8000", "138****8000"]
    assert tables["projects"]["title"] == ["钢渣利用", "甲 371102********1239"]
    assert found(problems, "notice") == [("masked", "L2"), ("masked", "B3")]


def test_a_message_on_a_wrong_cell_does_not_spell_it_out(tmp_path: Path) -> None:
    _, problems = load(workbook(tmp_path / "p.xlsx", {SHEET: [HEADINGS, row(kind=PERSON, own=PERSON)]}))
    assert [code for code, _ in found(problems)] == ["label", "amount"]
    assert all(PERSON not in p.line("zh") for p in problems)


def test_no_person_s_number_reaches_the_run_folder(tmp_path: Path) -> None:
    """They stand in every column that takes a text and in columns that no field knows; the whole folder is searched."""
    draft = Draft.sound()
    for key in ("title", "department", "applicant", "county", "note"):
        draft.put(CANDIDATES, 0, key, f"{draft.get(CANDIDATES, 0, key) or ''}{PERSON} {PHONE} 0633-8781234")
    draft.heads[CANDIDATES] += ["身份证号", "联系电话"]
    for cells in draft.rows[CANDIDATES]:
        cells += [ANOTHER, "13900139000"]
    draft.save(tmp_path)
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    out = tmp_path / "run"
    run(tmp_path / "scenario.yaml", out=out)
    wanted = re.compile("|".join((PERSON, ANOTHER, PHONE, "13900139000", "8781234")).encode())
    files = [p for p in out.rglob("*") if p.is_file()]
    assert len(files) > 8
    for path in files:
        assert not wanted.search(_unpacked(path)), path.name
    assert b"371102********1239" in (out / "tables" / "candidates.csv").read_bytes()


def _unpacked(path: Path) -> bytes:
    import zipfile

    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
