"""How a scenario is put together from files, overrides and `--set`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocator.problems import Problem, Problems
from allocator.scenario.layers import resolve
from allocator.scenario.near import nearest
from allocator.scenario.tree import dotted, undotted

Write = Callable[..., Path]


@pytest.fixture
def merged(write: Write) -> Callable[..., Any]:
    """The data that files come to, which must have no fault."""

    def found(text: str, *sets: str, **files: str) -> Any:
        problems = Problems()
        resolved = resolve(write(main=text, **files), sets, problems)
        assert [p.line("en") for p in problems] == []
        assert resolved is not None
        return resolved.root.plain()

    return found


@pytest.fixture
def refused(write: Write) -> Callable[..., list[Problem]]:
    """The faults of putting files together."""

    def found(text: str, *sets: str, **files: str) -> list[Problem]:
        problems = Problems()
        resolve(write(main=text, **files), sets, problems)
        return list(problems)

    return found


def told(problems: list[Problem]) -> list[str]:
    return [f"{p.place} {p.code.removeprefix('scenario.')}" for p in problems]


def test_a_files_own_keys_lie_over_what_it_extends(merged: Callable[..., Any]) -> None:
    assert merged(
        "extends: base.yaml\nfund: {total: 2}\nlist: [9]\n",
        base="title: t\nfund: {year: 1, total: 1}\nlist: [1, 2]\n",
    ) == {"title": "t", "fund": {"year": 1, "total": 2}, "list": [9]}


def test_mappings_keep_the_order_of_the_base_and_add_at_the_end(merged: Callable[..., Any]) -> None:
    data = merged("extends: base.yaml\nm: {d: 4, a: 9}\n", base="m: {a: 1, b: 2, c: 3}\n")
    assert list(data["m"].items()) == [("a", 9), ("b", 2), ("c", 3), ("d", 4)]


def test_later_files_of_a_list_lie_over_earlier_ones(merged: Callable[..., Any]) -> None:
    files = {"a": "x: a\ny: a\nz: a\n", "b": "x: b\ny: b\n"}
    assert merged("extends: [a.yaml, b.yaml]\nx: main\n", **files) == {"x": "main", "y": "b", "z": "a"}
    assert merged("extends: [b.yaml, a.yaml]\n", **files) == {"x": "a", "y": "a", "z": "a"}


def test_each_file_names_others_relative_to_itself(tmp_path: Path) -> None:
    (tmp_path / "city" / "years").mkdir(parents=True)
    (tmp_path / "notice.yaml").write_text("a: 1\nb: 1\n")
    (tmp_path / "city" / "base.yaml").write_text("extends: ../notice.yaml\nb: 2\n")
    (tmp_path / "city" / "years" / "lean.yaml").write_text("extends: ../base.yaml\nc: 3\n")
    problems = Problems()
    resolved = resolve(tmp_path / "city" / "years" / "lean.yaml", (), problems)
    assert resolved is not None
    assert resolved.root.plain() == {"a": 1, "b": 2, "c": 3}


def test_a_file_reached_twice_is_fine(merged: Callable[..., Any]) -> None:
    data = merged(
        "extends: [left.yaml, right.yaml]\n",
        left="extends: base.yaml\nl: 1\n",
        right="extends: base.yaml\nx: right\ngone: null\n",
        base="x: base\ngone: 1\n",
    )
    assert data == {"x": "right", "l": 1}


def test_a_circle_of_files_is_refused_by_its_names(refused: Callable[..., list[Problem]]) -> None:
    (problem,) = refused("extends: a.yaml\n", a="extends: b.yaml\n", b="extends: [main.yaml]\n")
    assert str(problem.place) == "b.yaml:1:11 (extends)"
    assert problem.what.en.endswith("in a circle: main.yaml → a.yaml → b.yaml → main.yaml")
    (problem,) = refused("extends: main.yaml\n")
    assert problem.what.en.endswith("in a circle: main.yaml → main.yaml")


def test_files_that_multiply_are_refused(refused: Callable[..., list[Problem]]) -> None:
    files = {f"f{i}": f"extends: [f{i + 1}.yaml, f{i + 1}.yaml]\n" for i in range(20)}
    found = refused("extends: f0.yaml\n", **files, f20="a: 1\n")
    assert {p.code for p in found} == {"scenario.too_many_layers"}


def test_a_base_that_is_not_there_is_told_at_the_line_that_names_it(
    refused: Callable[..., list[Problem]],
) -> None:
    assert told(refused("title: x\nextends:\n  - none.yaml\n  - 3\n  - gone.yaml\n")) == [
        "main.yaml:4:5 (extends) extends_not_path",
        "main.yaml:3:5 (extends) no_such_base",
        "main.yaml:5:5 (extends) no_such_base",
    ]


def test_faults_of_several_files_are_told_together(refused: Callable[..., list[Problem]]) -> None:
    found = refused("extends: [a.yaml, b.yaml]\nx: 1\nx: 2\n", a="k: [1\n", b="k: {\n")
    assert told(found) == ["main.yaml:3:1 (x) duplicate_key", "a.yaml:1:4 unclosed", "b.yaml:1:4 unclosed"]


def test_null_takes_an_inherited_key_away(merged: Callable[..., Any]) -> None:
    base = "rules: {pilot: {cap: 1}, other: {cap: 2}}\n"
    assert merged("extends: base.yaml\nrules: {pilot: null}\n", base=base) == {"rules": {"other": {"cap": 2}}}
    assert merged("extends: base.yaml\nrules: {pilot: {cap: ~}}\n", base=base)["rules"]["pilot"] == {}


def test_null_that_takes_nothing_away_is_a_fault(refused: Callable[..., list[Problem]]) -> None:
    (problem,) = refused("extends: base.yaml\nrules: {pilto: null}\n", base="rules: {pilot: {cap: 1}}\n")
    assert problem.line("en") == (
        "main.yaml:2:9 (rules.pilto): null takes an inherited value away, but nothing is inherited for “pilto”;"
        " did you mean “pilot”?"
    )
    assert told(refused("a: {b: {c: null}}\n")) == ["main.yaml:1:9 (a.b.c) nothing_to_remove"]


def test_a_key_with_nothing_behind_it_is_a_fault_and_takes_nothing_away(
    refused: Callable[..., list[Problem]],
) -> None:
    assert told(refused("extends: base.yaml\nrules:\n", base="rules: {pilot: {cap: 1}}\n")) == [
        "main.yaml:2:1 (rules) empty_value"
    ]


def test_an_amount_with_commas_in_braces_is_seen_for_what_it_is(
    refused: Callable[..., list[Problem]],
) -> None:
    (problem,) = refused("years: {2026: 7,000万元}\n")
    assert problem.code == "scenario.comma_in_amount"
    assert problem.what.en == "inside { } a comma parts keys, so “000万元” became a key"


def test_overrides_are_laid_on_last_in_their_order(merged: Callable[..., Any]) -> None:
    data = merged(
        """\
        extends: base.yaml
        overrides:
          - rules.pilot.cap: 20%
          - rules.pilot.cap: 25%
            rules.pilot.floor: 5%
          - rules: {other: {cap: 9%}}
          - rules."1.2 农业".cap: 8%
          - rules.三\\.四.cap: 7%
          - gone: null
        rules: {pilot: {cap: 15%}}
        """,
        base="rules: {pilot: {cap: 12%, base: whole}}\ngone: 1\n",
    )
    assert data == {
        "rules": {
            "pilot": {"cap": "25%", "base": "whole", "floor": "5%"},
            "other": {"cap": "9%"},
            "1.2 农业": {"cap": "8%"},
            "三.四": {"cap": "7%"},
        }
    }


def test_a_bases_overrides_lie_under_what_extends_it(merged: Callable[..., Any]) -> None:
    assert merged("extends: base.yaml\nx: 3\n", base="x: 1\ny: 1\noverrides: [{x: 2, y: 2}]\n") == {
        "x": 3,
        "y": 2,
    }


def test_set_lies_over_everything(merged: Callable[..., Any]) -> None:
    data = merged(
        "fund: {total: 2亿元}\nlist: [a, b, c]\noverrides: [{fund.total: 3亿元}]\n",
        "fund.total=4亿元",
        "fund.领域.海洋 = 12.5%",
        'fund."a.b=c"=true',
        "list.1=null",
        "list.0=甲",
        "n=[1, 2]",
        "t=x=y",
        "q='12'",
    )
    assert data == {
        "fund": {"total": "4亿元", "领域": {"海洋": "12.5%"}, "a.b=c": True},
        "list": ["甲", "c"],
        "n": [1, 2],
        "t": "x=y",
        "q": "12",
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("fund.total", "set_without_value"),
        ("fund.total=", "empty_value"),
        ("=5", "bad_path"),
        ("fund..total=5", "bad_path"),
        (".fund=5", "bad_path"),
        ("fund.=5", "bad_path"),
        ('fund."total=5', "set_without_value"),
        ("fund.x=null", "nothing_to_remove"),
        ("none.x=null", "nothing_to_remove"),
        ("list.5=x", "no_such_item"),
        ("list.a=x", "no_such_item"),
        ("fund.total=[1", "unclosed"),
        ("fund.total=!x y", "tag"),
        ("extends=other.yaml", "own_key"),
        ("overrides=[]", "own_key"),
    ],
)
def test_a_set_that_cannot_be_done_is_told(
    refused: Callable[..., list[Problem]], said: str, code: str
) -> None:
    (problem,) = refused("fund: {total: 1}\nlist: [1]\n", said)
    assert problem.code == f"scenario.{code}"
    assert problem.place.file == f"--set {said}"


def test_overrides_of_a_wrong_form_are_told(refused: Callable[..., list[Problem]]) -> None:
    assert told(refused("a: 1\noverrides: {a: 2}\n")) == ["main.yaml:2:12 (overrides) overrides_not_list"]
    assert told(refused("a: 1\noverrides:\n  - a\n  - b..c: 1\n  - extends: x\n")) == [
        "main.yaml:3:5 (overrides.0) override_not_mapping",
        "main.yaml:4:5 bad_path",
        "main.yaml:5:5 (extends) own_key",
    ]


def test_every_value_knows_where_it_comes_from_and_what_it_replaced(write: Write) -> None:
    file = write(
        main="extends: base.yaml\nfund:\n  total: 2\noverrides:\n  - fund.total: 3\n",
        base="fund: {total: 1}\n",
    )
    resolved = resolve(file, ["fund.total=4"], Problems())
    assert resolved is not None
    node = resolved.root.at_keys(("fund", "total"))
    assert node is not None
    chain, at = [], node.at
    while at is not None:
        chain.append(at.shown(file.parent))
        at = at.over
    assert chain == ["--set fund.total=4", "main.yaml:5:17", "main.yaml:3:10", "base.yaml:1:15"]


def test_dotted_paths_read_back() -> None:
    for keys in (
        ("a", "b"),
        ("领域", "1.2 农业"),
        ('say "x"', "a\\b"),
        ("a=b", ""),
        (" a", "it's"),
        ("2026",),
    ):
        assert undotted(dotted(keys)) == keys
    assert dotted(("rules", "1.2 农业", "cap")) == 'rules."1.2 农业".cap'
    assert undotted(r"a\.b.c") == ("a.b", "c")
    assert undotted("'a.b'.c") == ("a.b", "c")
    assert undotted(" a . b ") == ("a", "b")


def test_the_nearest_key_is_the_one_meant() -> None:
    keys = ["floor", "target", "cap", "domain_share", "海洋经济", "信息", "rule"]
    assert nearest("flor", keys) == "floor"
    assert nearest("Cap", keys) == "cap"
    assert nearest("domain-share", keys) == "domain_share"
    assert nearest("海洋经挤", keys) == "海洋经济"
    assert nearest("信系", keys) == "信息"
    assert nearest("zzz", keys) is None
    assert nearest("信", []) is None


BESIDE = "fund:\n  sources:\n    科技创新类资金: {amount: 1}\n"


def test_a_set_that_misses_an_entry_by_a_character_is_refused(refused: Callable[..., list[Problem]]) -> None:
    (problem,) = refused(BESIDE, "fund.sources.科技创新资金.amount=2")
    assert problem.code == "scenario.set_beside"
    assert "“科技创新类资金”" in problem.mend.zh
    assert "--set fund.sources.科技创新资金={" in problem.mend.zh


@pytest.mark.parametrize(
    "said", ["fund.sources.科技创新资金={amount: 2}", "fund.sources.省级资金.amount=2", "fund.source=2"]
)
def test_a_set_may_add_what_is_written_whole_or_like_nothing_there(
    merged: Callable[..., Any], said: str
) -> None:
    fund = merged(BESIDE, said)["fund"]
    assert fund["sources"]["科技创新类资金"] == {"amount": 1}
    assert 2 in (fund.get("source"), *(s["amount"] for s in fund["sources"].values()))


def test_a_file_may_add_an_entry_that_is_near_another(merged: Callable[..., Any]) -> None:
    more = "extends: base.yaml\noverrides:\n  - fund.sources.科技创新资金.amount: 2\n"
    assert len(merged(more, base=BESIDE)["fund"]["sources"]) == 2
