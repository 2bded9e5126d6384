"""How policies and their parts are found: by entry point, and by the files of their folders."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import toyfund

from allocator import policy
from allocator.contract import Instrument, Objective, Rule
from allocator.policy import PolicyError, discover, load_policy, parts_of
from allocator.problems import InputFaults, Place

PART = """\
from allocator.contract import Objective
from allocator.words import same

class {name}(Objective):
    key = "{key}"
    title = same("{key}")
    def gain(self, options, tables, facts):
        raise NotImplementedError
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Write a package with a folder `objectives` of the given files; its name is returned."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"made_{tmp_path.name}".replace("-", "_")

    def made(**files: str) -> str:
        folder = tmp_path / name / "objectives"
        folder.mkdir(parents=True)
        for init in (folder.parent, folder):
            (init / "__init__.py").touch()
        for file, text in files.items():
            (folder / f"{file}.py").write_text(text, encoding="utf-8")
        return name

    yield made
    for module in [m for m in sys.modules if m.split(".")[0] == name]:
        del sys.modules[module]


def test_the_toy_policys_parts_are_found_by_their_files() -> None:
    parts = parts_of("toyfund")
    assert list(parts.instruments) == ["grant"]
    assert list(parts.rules) == ["equity_pilot", "limit"]
    assert list(parts.objectives) == ["merit"]
    assert issubclass(parts.instruments["grant"], Instrument)
    assert issubclass(parts.rules["limit"], Rule)
    assert issubclass(parts.objectives["merit"], Objective)


def test_a_file_that_is_added_is_found(package: Callable[..., str]) -> None:
    name = package(b=PART.format(name="B", key="later"), a=PART.format(name="A", key="first"))
    found = discover(name, "objectives", Objective)
    assert {key: part.__name__ for key, part in found.items()} == {"first": "A", "later": "B"}


def test_common_helpers_and_what_is_only_imported_are_no_parts(package: Callable[..., str]) -> None:
    base = PART.format(name="Base", key="base")
    name = package(
        _base=base,
        a="from .other import Other\n" + PART.format(name="A", key="a"),
        other=PART.format(name="Other", key="o"),
    )
    assert list(discover(name, "objectives", Objective)) == ["a", "o"]


def test_what_fails_on_import_is_raised_not_skipped(package: Callable[..., str]) -> None:
    name = package(a=PART.format(name="A", key="a"), broken="import no_such_module_anywhere\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        discover(name, "objectives", Objective)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a": "x = 1\n"}, "a: wants exactly one Objective, has none"),
        ({"a": PART.format(name="A", key="a") + PART.format(name="B", key="b")}, "has A, B"),
        ({"a": PART.format(name="A", key="k"), "b": PART.format(name="B", key="k")}, "key 'k' is taken by"),
        ({"a": PART.format(name="A", key="")}, "A has no key"),
        (
            {"a": PART.format(name="A", key="a").replace("def gain", "def other")},
            "wants exactly one Objective, has none",
        ),
    ],
)
def test_a_package_put_together_wrongly_is_an_error(
    package: Callable[..., str], files: dict[str, str], message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        discover(package(**files), "objectives", Objective)


def test_a_policy_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = SimpleNamespace(name="toy", load=lambda: toyfund.POLICY)

    def entry_points(group: str) -> list[Any]:
        return [entry] if group == "allocator.policies" else []

    monkeypatch.setattr(policy, "entry_points", entry_points)
    assert load_policy("toy") is toyfund.POLICY
    with pytest.raises(InputFaults) as caught:
        load_policy("tory", Place("a.yaml", line=1))
    assert caught.value.problems[0].line("zh") == "a.yaml:1: 没有安装名为“tory”的政策包；已安装：toy"


def test_where_no_policy_is_installed_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "entry_points", lambda group: [])
    with pytest.raises(InputFaults) as caught:
        load_policy("toy")
    assert caught.value.problems[0].code == "scenario.no_policies"
