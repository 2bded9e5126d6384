"""The engine names no policy: `allocator` imports nothing of `models`, and none of its words stand in it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocator.contract import Instrument, Rule
from allocator.policy import discover

ROOT = Path(__file__).resolve().parents[1]
ENGINE = sorted((ROOT / "allocator").rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("file", ENGINE, ids=lambda f: str(f.relative_to(ROOT)))
def test_the_engine_imports_nothing_of_a_policy(file: Path) -> None:
    names = set(imported(ast.parse(file.read_text(encoding="utf-8"))))
    assert not {n for n in names if n.split(".")[0] == "models"}


def test_the_engine_names_no_rule_and_no_instrument() -> None:
    """As identifiers or string constants; a docstring may give one as an example."""
    words = {*discover("models", "rules", Rule), *discover("models", "instruments", Instrument)}
    words -= {
        "limit",
        "call",
        "pin",
        "veto",
        "grant",
        "group",
    }  # plain English words, that code may use in passing
    for file in ENGINE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
                assert node.value not in words, f"{file.name}: {node.value}"
            if isinstance(node, ast.Name):
                assert node.id not in words, f"{file.name}: {node.id}"


def test_only_the_gateway_imports_pulp() -> None:
    using = [
        f.name
        for f in ENGINE
        if any(n.split(".")[0] == "pulp" for n in imported(ast.parse(f.read_text("utf-8"))))
    ]
    assert using == ["pulp_gate.py"]


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import allocator.cli", ("numpy", "scipy", "pydantic", "pulp", "highspy", "rich")),
        ("from allocator.audit import verify", ("pulp", "highspy", "xlsxwriter")),
    ],
)
def test_slow_things_are_imported_where_they_are_used(statement: str, absent: tuple[str, ...]) -> None:
    """`allocator --help` answers at once, and `verify` touches no solver."""
    code = f"import sys\n{statement}\nprint([n for n in {absent!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_public_name_is_what_it_says_whatever_was_imported_before() -> None:
    """A package of the same name as a function would take its place once it is imported."""
    code = """
import importlib, inspect, pkgutil, allocator
for found in pkgutil.walk_packages(allocator.__path__, "allocator."):
    importlib.import_module(found.name)
print([n for n in allocator.__all__ if not callable(getattr(allocator, n))])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
