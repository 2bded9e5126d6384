"""Parquet files: the same records as from text, absence kept apart from zero, and no value lost on the way."""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from allocator.intake.parquet import rows
from allocator.problems import Problems
from allocator.records import Records
from tests.intake.tables import load

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

TABLE: dict[str, list[Any]] = {
    "项目编号": ["P-1", "P-2", "P-3"],
    "项目名称": ["甲", "乙", "甲"],
    "单位性质": ["企业", "高校", "企业"],
    "技术领域": ["海洋", None, "海洋"],
    "申请财政资金（万元）": [350, 120, 80],
    "自筹资金（万元）": [0, None, 12],
    "补助比例（%）": [12.5, None, 50.0],
    "专家评分": [86.25, 91.0, None],
    "回避": [True, False, None],
}


def read_projects(file: Path) -> tuple[Records | None, Problems]:
    tables, problems = load(file)
    return tables.get("projects"), problems


def written(folder: Path, table: dict[str, Any], name: str = "pool.parquet") -> Path:
    file = folder / name
    parquet.write_table(pyarrow.table(table), file)
    return file


def test_a_parquet_file_gives_the_records_that_the_same_text_gives(tmp_path: Path) -> None:
    found, problems = read_projects(written(tmp_path, TABLE))
    assert not problems.errors
    assert found is not None
    lines = [",".join(TABLE)]
    for cells in zip(*TABLE.values(), strict=True):
        said = [
            "" if c is None else {True: "是", False: "否"}.get(c, c) if isinstance(c, bool) else c
            for c in cells
        ]
        lines.append(",".join(map(str, said)))
    (tmp_path / "pool.csv").write_text("\n".join(lines), encoding="utf-8")
    text, _ = read_projects(tmp_path / "pool.csv")
    assert text is not None
    assert dict(found.columns) == dict(text.columns)
    assert list(found["request"]) == [3_500_000, 1_200_000, 800_000]
    assert list(found["own"]) == [0, None, 120_000]  # nothing said is not 0
    assert list(found["score"]) == [8625, 9100, None]


def test_a_fault_names_its_row_and_column(tmp_path: Path) -> None:
    bad = {**TABLE, "单位性质": ["企业", "学校", "企业"], "申请财政资金（万元）": [350.0, float("nan"), 80.0]}
    _, problems = read_projects(written(tmp_path, bad))
    where = {(p.place.file, p.place.cell): p for p in problems.errors}
    assert set(where) == {("pool.parquet", "C3"), ("pool.parquet", "E3")}
    assert "NaN" in where["pool.parquet", "E3"].what.en


def test_stored_forms_keep_their_values(tmp_path: Path) -> None:
    table = {
        "words": pyarrow.array(["a", None, "a"]).dictionary_encode(),
        "whole": pyarrow.array([2**53, -(2**53) + 1, None], pyarrow.int64()),
        "exact": pyarrow.array([Decimal("1.10"), Decimal("2.00"), None]),
        "day": pyarrow.array([datetime.date(2026, 1, 2), None, None]),
        "list": pyarrow.array([[1], None, [2, 3]]),
    }
    heading, *found = rows(written(tmp_path, table).read_bytes())
    assert heading == list(table)
    assert found[0][:4] == ["a", str(2**53), "1.10", datetime.date(2026, 1, 2)]
    assert found[1] == ["", -(2**53) + 1.0, "2.00", "", ""]
    assert found[0][4].code == found[2][4].code == "cell_error"


def test_a_torn_file_is_one_fault(tmp_path: Path) -> None:
    file = written(tmp_path, TABLE)
    file.write_bytes(file.read_bytes()[:-40])
    found, problems = read_projects(file)
    assert found is None
    assert [p.code for p in problems.errors] == ["intake.file_torn"]


def test_without_pyarrow_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, TABLE)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found, problems = read_projects(file)
    assert found is None
    (problem,) = problems.errors
    assert "allocator[parquet]" in problem.mend.en
    assert "allocator[parquet]" in problem.mend.zh
