"""One YAML file: what it may hold, and how its faults are told, each with its line and column."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from allocator.money import Written
from allocator.problems import Problem, Problems
from allocator.scenario.reader import read_file, read_text
from allocator.scenario.tree import Node, Source

Faults = Callable[..., list[Problem]]


def tree(text: str) -> tuple[Node | None, list[str]]:
    """The tree of a text, and its faults by place and code."""
    problems = Problems()
    node = read_text(text, Source(Path.cwd() / "a.yaml"), problems)
    return node, [f"{p.place.line}:{p.place.column} {p.code.removeprefix('scenario.')}" for p in problems]


def value(text: str) -> object:
    """What a single value reads as, where it has no fault."""
    node, found = tree(f"k: {text}\n")
    assert found == []
    assert node is not None
    return node.plain()["k"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1:30", "1:30"),
        ("0.5", Decimal("0.5")),
        ("0.10", Decimal("0.10")),
        ("1e-4", Decimal("0.0001")),
        (".5", Decimal("0.5")),
        ("12.5%", "12.5%"),
        ("350万元", "350万元"),
        ("1,200,000元", "1,200,000元"),
        ("2026-03-31", "2026-03-31"),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ('""', ""),
        ("是", "是"),
        ('"\\ud840\\udc00"', "𠀀"),
        ("[1, a]", [1, "a"]),
        ("{a: 1}", {"a": 1}),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_values_mean_what_yaml_1_2_says_and_decimals_stay_exact(text: str, read: object) -> None:
    found = value(text)
    assert found == read
    assert type(found) is (Written if type(read) is int else type(read))


def test_keys_are_text_as_they_are_written() -> None:
    node, _ = tree("2026: a\n007: b\ntrue: c\nnull: d\n一、二: e\n")
    assert node is not None
    assert list(node.plain()) == ["2026", "007", "true", "null", "一、二"]


def test_every_value_and_every_key_knows_its_place() -> None:
    node, _ = tree("a:\n  b: [1,\n      x]\n")
    assert node is not None
    b = node.at_keys(("a", "b"))
    item = node.at_keys(("a", "b", 1))
    assert b is not None
    assert item is not None
    assert (b.head.line, b.head.column, b.at.line, b.at.column) == (2, 3, 2, 6)
    assert (item.at.line, item.at.column) == (3, 7)
    assert str(item.at.place(("a", "b", 1))) == "a.yaml:3:7 (a.b.1)"


def test_an_alias_repeats_a_value() -> None:
    node, found = tree("a: &x {v: 1}\nb: *x\nc: [*x, *x]\n")
    assert found == []
    assert node is not None
    assert node.plain()["b"] == {"v": 1}
    assert node.plain()["c"] == [{"v": 1}, {"v": 1}]


def test_aliases_that_explode_are_refused() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
    )
    assert tree(bomb)[1] == ["6:10 too_many_values"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1 duplicate_key"),
        ("2026: 1\n'2026': 2\n", "2:1 duplicate_key"),
        ("a: {b: 1, b: 2}\n", "1:11 duplicate_key"),
        ("a: *x\n", "1:4 no_anchor"),
        ("a: &x [*x]\n", "1:8 anchor_in_itself"),
        ("a: !!python/object:os.system x\n", "1:4 tag"),
        ("a: !mine x\n", "1:4 tag"),
        ("a: !!set {x}\n", "1:4 tag"),
        ("!!omap a: 1\n", "1:1 tag"),
        ("<<: {a: 1}\n", "1:1 merge_key"),
        ("[a, b]: 1\n", "1:1 key_not_text"),
        ("a: 1\n---\nb: 2\n", "2:1 two_documents"),
        ("a: .nan\n", "1:4 not_finite"),
        ("a: -.inf\n", "1:4 not_finite"),
        ("a: 1e99\n", "1:4 money.too_long"),
        ("a: " + "9" * 5000 + "\n", "1:4 money.too_long"),
        ("a:\n  - x\n  -\n", "3:4 empty_item"),
        ("a: b: c\n", "1:5 mapping_values"),
        ("a: 1\n\tb: 2\n", "2:1 tab"),
        ("a: %5\n", "1:4 first_character"),
        ("a: @x\n", "1:4 first_character"),
        ("a: [1, 2\nb: 3\n", "1:4 unclosed"),
        ("a: {x: 1\n", "1:4 unclosed"),
        ("a: {\n", "1:4 unclosed"),
        ("a: {b: [1}\n", "1:8 unclosed"),
        ("a: 'x\nb: 1\n", "1:4 unclosed_quote"),
        ("a: 1\nb\nc: 2\n", "2:1 no_colon"),
        ("a:\n    b: 1\n   c: 2\n", "3:4 indent"),
        ("a: 1\n标题：某年\nb: 2\n", "2:1 full_width_colon"),
        ("a: 1\nb: x\x07\n", "2:5 unprintable"),
        ('a: "\\x07"\n', "1:4 unprintable"),
        ('a: "\\ud800"\n', "1:4 unprintable"),
        ("a: -\n", "1:4 dash"),
        ("a: -x\n b: 1\n", "2:3 mapping_values"),
        (" a: 1\nb: 2\n", "2:1 indent"),
        ("a: &\n", "1:5 syntax"),
        ("[" * 3000, "1:1 too_deep"),
    ],
)
def test_a_fault_is_told_where_it_is(text: str, fault: str) -> None:
    assert tree(text)[1] == [fault]


def test_every_repeated_key_of_a_file_is_told() -> None:
    assert tree("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")[1] == ["2:1 duplicate_key", "5:3 duplicate_key"]


def test_a_repeated_key_names_its_first_line(faults: Faults) -> None:
    (problem,) = faults("policy: toy\nobjective: {merit: {}}\nfund: {total: 1亿元}\npolicy: toy\n")
    assert problem.line("zh") == "main.yaml:4:1 (policy): 键“policy”重复；首次出现在第 1 行；请只保留一个"
    assert (
        problem.line("en")
        == "main.yaml:4:1 (policy): key “policy” is written twice; first in line 1; keep one of the two"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"# nothing\n", "empty_file"),
        (b"null\n", "empty_file"),
        ("标题：某年\n".encode(), "full_width_colon"),
        (b"- a\n- b\n", "not_a_scenario"),
        (b"word\n", "not_a_scenario"),
        ("title: 某年\n".encode("gb18030"), "not_utf8"),
        ("title: x\n".encode("utf-16"), "not_utf8"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "workbook"),
        (b"a: 1\n" * 900_000, "too_large"),
    ],
)
def test_a_file_that_is_no_scenario_is_told(tmp_path: Path, data: bytes, code: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(data)
    problems = Problems()
    assert read_file(file, problems) is None
    assert [p.code for p in problems] == [f"scenario.{code}"]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + "title: 某年\r\nnote: x\r\n".encode())
    problems = Problems()
    node = read_file(file, problems)
    assert not list(problems)
    assert node is not None
    assert node.plain() == {"title": "某年", "note": "x"}


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    problems = Problems()
    assert read_file(tmp_path / "none.yaml", problems) is None
    assert read_file(tmp_path, problems) is None
    assert [p.code for p in problems] == ["scenario.no_file", "scenario.unreadable_file"]
