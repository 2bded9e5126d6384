"""`docs/provisions.md` lists every provision's tests, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "provisions.md").read_text(encoding="utf-8")
PLACES = (
    *(
        "一",
        "二（一）",
        "二（二）",
        "二（二）1",
        "二（二）2",
        "二（二）4",
        "二（二）5",
        "二（二）末1",
        "二（二）末2",
    ),
    *(
        "二（三）1",
        "二（三）2",
        "二（三）3",
        "二（三）4",
        "二（三）5",
        "二（三）6",
        "二（三）末",
        "三（二）",
        "三（三）",
    ),
)


def listed() -> dict[str, list[str]]:
    """Each place of the page with the tests that it names."""
    rows = re.findall(r"^\| ([一二三][^|]*) \|[^|]*\| ([^|]*) \|$", PAGE, re.M)
    return {place: re.findall(r"`(test_\w+)`", tests) for place, tests in rows}


def written() -> set[str]:
    """The provisions' tests as they are written."""
    found: set[str] = set()
    for file in HERE.glob("test_*_provisions.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= {n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")}
    return found


def number(place: str) -> str:
    """How a place stands in a test's name: 二（二）末1 is 2_2_end1."""
    digits = {"一": "1", "二": "2", "三": "3"}
    parts = re.findall(r"[一二三]|末\d?|\d", place)
    return "_".join(digits.get(p, p.replace("末", "end")) for p in parts)


def test_every_place_is_listed_with_a_test() -> None:
    assert tuple(listed()) == PLACES
    assert all(listed().values())


def test_each_test_is_listed_once_and_is_there() -> None:
    named = [t for tests in listed().values() for t in tests]
    assert len(named) == len(set(named))
    assert set(named) == written()


def test_each_test_is_named_after_its_place() -> None:
    for place, tests in listed().items():
        for name in tests:
            assert name.startswith(f"test_{number(place)}_"), (place, name)
