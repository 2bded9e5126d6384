"""The scenario written whole: it reads back the same, says where each value is from, and keeps its digest."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import toyfund
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toyfund import WHOLE

from allocator.problems import Problems
from allocator.scenario import Loaded, digest, dump, load
from allocator.scenario.layers import Resolved
from allocator.scenario.reader import read_text
from allocator.scenario.tree import Source

Read = Callable[..., Loaded]

LEAN = """\
extends: base.yaml
title: 紧缩年份
fund:
  total: 1.5亿元
rules:
  大额: null
overrides:
  - rules.equity_pilot.cap: 20%
"""
BASE = (
    WHOLE
    + """\
rules:
  equity_pilot: {floor: 8%, cap: 12%}
  大额: {rule: limit, bounds: {cap: 3000万元}}
data:
  workbook: pool.xlsx
"""
)


def test_every_value_says_where_it_comes_from_and_what_it_replaced(read: Read) -> None:
    loaded = read(LEAN, "memo.pilot=5%", base=BASE)
    assert dump(loaded.resolved).splitlines()[2:] == [
        "policy: toy  # base.yaml:1",
        "fund:",
        "  total: 1.5亿元  # main.yaml:4 ← base.yaml:3",
        "objective:",
        "  merit: {}  # base.yaml:5",
        "rules:",
        "  equity_pilot:",
        "    floor: 8%  # base.yaml:7",
        "    cap: 20%  # main.yaml:8 ← base.yaml:7",
        "data:",
        "  workbook: pool.xlsx  # base.yaml:10",
        "title: 紧缩年份  # main.yaml:2",
        "memo:",
        "  pilot: 5%  # --set memo.pilot",
    ]


def test_it_reads_back_from_another_folder_as_the_same_scenario(read: Read, tmp_path: Path) -> None:
    loaded = read(LEAN, "memo.pilot=5%", base=BASE)
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    file = run / "resolved.yaml"
    file.write_text(dump(loaded.resolved, run), encoding="utf-8")
    again = load(file, policy=toyfund.POLICY)
    assert again.scenario.data.workbook == loaded.scenario.data.workbook == tmp_path / "pool.xlsx"
    assert again.scenario.rules == loaded.scenario.rules
    assert list(again.scenario.rules) == list(loaded.scenario.rules)
    assert again.scenario.sections == loaded.scenario.sections
    assert digest(again.resolved) == digest(loaded.resolved)
    # Written once more from there, only the sources differ.
    assert 'workbook: "../../pool.xlsx"' in dump(again.resolved)


def test_no_absolute_path_is_written(read: Read, tmp_path: Path) -> None:
    text = BASE.replace("pool.xlsx", str(tmp_path / "deep" / "pool.xlsx"))
    loaded = read(text, f"data.candidates.file={tmp_path / 'c.csv'}")
    written = dump(loaded.resolved)
    assert str(tmp_path) not in written
    assert "workbook: deep/pool.xlsx" in written
    assert "file: c.csv  # --set data.candidates.file" in written


def test_paths_start_from_the_file_that_says_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "years").mkdir()
    (tmp_path / "city" / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "years" / "lean.yaml").write_text(
        "extends: ../city/base.yaml\ndata: {reviews: {file: r.csv}}\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    loaded = load("years/lean.yaml", ["data.candidates.file=c.csv"], toyfund.POLICY)
    data = loaded.scenario.data
    assert data.workbook == tmp_path / "city" / "pool.xlsx"
    assert data.tables["reviews"].file == tmp_path / "years" / "r.csv"
    assert data.tables["candidates"].file == tmp_path / "c.csv"
    assert loaded.resolved.path(("data", "workbook")) == tmp_path / "city" / "pool.xlsx"
    assert loaded.resolved.root.plain()["data"]["workbook"] == "pool.xlsx"
    with pytest.raises(KeyError):
        loaded.resolved.path(("data", "none"))


def test_the_digest_is_of_the_data_however_it_is_split(read: Read) -> None:
    one = digest(read(BASE + "memo: {pilot: 5%, open: true}\n").resolved)
    two = digest(read("extends: base.yaml\nmemo: {open: true, pilot: 5%}\n", base=BASE).resolved)
    three = digest(read(BASE, "memo.pilot=5%", "memo.open=true").resolved)
    assert one == two == three
    assert len(one) == 64
    assert digest(read(BASE, "memo.pilot=6%", "memo.open=true").resolved) != one
    assert digest(read(BASE, "memo.pilot=5%", "memo.open=true", "data.workbook=p.xlsx").resolved) != one


def test_a_number_keeps_its_digest_however_it_is_written(read: Read) -> None:
    digests = {digest(read(WHOLE, f"fund.growth={text}").resolved) for text in ("0.5", "0.50", "5e-1", ".5")}
    assert len(digests) == 1
    assert digest(read(WHOLE, "fund.growth='0.5'").resolved) not in digests


def test_long_lists_and_lists_of_mappings_are_written(read: Read) -> None:
    loaded = read(WHOLE, 'fund.batches=["a, b", "[x]", "- y", "#", ": ", "第一批", "null", "1", "", " z "]')
    written = dump(loaded.resolved)
    assert '["a, b", "[x]", "- y", "#", ": ", 第一批, "null", "1", "", " z "]' in written


def resolved_of(text: str, folder: Path) -> Resolved:
    problems = Problems()
    node = read_text(text, Source(folder / "x.yaml"), problems)
    assert node is not None, [p.line("en") for p in problems]
    return Resolved(node, folder / "x.yaml")


texts = st.text(max_size=8).filter(
    lambda t: not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]", t)
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
    texts,
    st.sampled_from(
        [
            "null",
            "~",
            "true",
            "1",
            "0.5",
            "007",
            "<<",
            "",
            "=",
            "- a",
            "a: b",
            "a #b",
            "%",
            "\u2028",
            "'",
            '"',
        ]
    ),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@given(data=st.dictionaries(texts, values, min_size=1, max_size=4))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_written_reads_back(data: dict[str, object]) -> None:
    folder = Path(os.getcwd())
    resolved = resolved_of(dump(resolved_of(_flow(data), folder)), folder)
    assert resolved.root.plain() == data


def _flow(value: object) -> str:
    """The simplest YAML of a value: JSON, with decimals bare."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"? {_flow(str(k))} : {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    return json.dumps(value) if isinstance(value, (str, bool, int)) or value is None else str(value)
