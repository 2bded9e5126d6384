"""The `data:` section: from where each sheet comes and how its columns are named there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from toyfund import WHOLE

from allocator.data import ColumnSource, DataSettings, TableSource
from allocator.money import Unreadable
from allocator.scenario import Loaded

CATALYST = """\
data:
  candidates:
    file: proposals.csv
    where: {fund: 4, open: true}
    columns:
      id: {template: "F{fund}-{row}"}
      title: proposal
      request: {column: requested, unit: 元}
      score: {column: score, out_of: 5}
      decided: {column: status, map: {FUNDED: 是, "*": 否}}
      2026: 2026
    constants: {kind: 企业, share: 0.50}
    currency: USD
"""


def test_a_foreign_table_is_mapped_onto_a_sheet(read: Callable[..., Loaded], tmp_path: Path) -> None:
    source = read(WHOLE + CATALYST).scenario.data.source("candidates")
    assert source == TableSource(
        file=tmp_path / "proposals.csv",
        columns={
            "id": ColumnSource(template="F{fund}-{row}"),
            "title": ColumnSource(column="proposal"),
            "request": ColumnSource(column="requested", unit="元"),
            "score": ColumnSource(column="score", out_of=5),
            "decided": ColumnSource(column="status", map={"FUNDED": "是", "*": "否"}),
            "2026": ColumnSource(column="2026"),
        },
        constants={"kind": "企业", "share": "0.50"},
        where={"fund": "4", "open": "true"},
        currency="USD",
    )


def test_one_workbook_holds_what_is_not_named(read: Callable[..., Loaded], tmp_path: Path) -> None:
    data = read(WHOLE + "data: {workbook: pool.xlsx, reviews: {sheet: 打分}}\n").scenario.data
    assert data.source("candidates") == TableSource(file=tmp_path / "pool.xlsx")
    assert data.source("reviews") == TableSource(file=tmp_path / "pool.xlsx", sheet="打分")
    assert list(data.tables) == ["reviews"]


def test_what_is_not_given_has_no_source(read: Callable[..., Loaded]) -> None:
    data = read(WHOLE).scenario.data
    assert data == DataSettings()
    assert data.source("candidates") is None
    assert data.tables == {}


def test_a_column_has_one_origin() -> None:
    for wrong in ({}, {"column": "a", "template": "b"}):
        with pytest.raises(ValueError) as caught:
            ColumnSource.model_validate(wrong)
        error = caught.value.errors()[0]["ctx"]["error"]  # type: ignore[attr-defined]
        assert isinstance(error, Unreadable)
        assert error.code == "data.column_or_template"


def test_a_field_is_a_column_or_a_constant() -> None:
    with pytest.raises(ValueError, match="both a column and a constant"):
        TableSource.model_validate({"columns": {"kind": "x"}, "constants": {"kind": "企业"}})
