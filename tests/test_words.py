"""Both languages say the same things: no key, and no value to fill in, is missing in one of them."""

from __future__ import annotations

import ast
import string
import tomllib
from pathlib import Path

import pytest

from allocator import words
from allocator.words import LANGS, Text, catalogue, default_lang

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("allocator.words", "models.words")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_language_lacks_a_key(package: str) -> None:
    zh, en = (set(catalogue(package).entries[lang]) for lang in LANGS)
    assert zh == en


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("package", PACKAGES)
def test_every_catalogue_is_simple_and_reads_as_toml(package: str, lang: str) -> None:
    files = list((ROOT / package.replace(".", "/") / lang).glob("*.toml"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert words._simple(text) == dict(words._flat(tomllib.loads(text), "")), file.name


@pytest.mark.parametrize(
    "text",
    [
        'a = "b" # said beside',
        'a = "b\\nc"',
        'a = """b"""',
        "a = '''b'''",
        "a = 1",
        "[a]\nb.c = 'd'",
        'a = "b"\na = "c"',
        '[a]\nb = "c"\n[a]\nb = "d"',
        'a = ["b"]',
        '  a = "b"',
        'a = "b"\r\n',
    ],
)
def test_what_is_not_simple_is_left_to_toml(text: str) -> None:
    assert words._simple(text) is None


@pytest.mark.parametrize("package", PACKAGES)
def test_a_message_fills_in_the_same_values_in_both(package: str) -> None:
    def fields(text: str) -> set[str]:
        return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}

    entries = catalogue(package).entries
    differing = {
        key: (fields(zh), fields(entries["en"][key]))
        for key, zh in entries["zh"].items()
        if fields(zh) != fields(entries["en"][key])
    }
    assert not differing


@pytest.mark.parametrize("package", PACKAGES)
def test_every_fault_says_what_and_how_to_mend(package: str) -> None:
    faults = [k for k in catalogue(package).entries["zh"] if k.startswith("fault.")]
    stems = {k.rpartition(".")[0] for k in faults}
    assert {f"{s}.{part}" for s in stems for part in ("what", "mend")} == set(faults)


def test_every_fault_that_code_names_is_in_a_catalogue() -> None:
    """`problems.add(place, "code", ...)` and `Unreadable("code")` with a literal code."""
    known = {k for p in PACKAGES for k in catalogue(p).entries["zh"]}
    named = 0
    for file in [*(ROOT / "allocator").rglob("*.py"), *(ROOT / "models").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = {"add": 1, "Unreadable": 0}.get(name)
            if place is None or len(node.args) <= place:
                continue
            code = node.args[place]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                assert f"fault.{code.value}.what" in known, f"{file.name}: {code.value}"
                named += 1
    assert named > 30


def test_a_text_in_a_text_keeps_its_language() -> None:
    text = catalogue("allocator.words").say("cli.written", file=Text("甲", "A"))
    assert text.zh == "已写出 甲"
    assert text.en == "Wrote A"


@pytest.mark.parametrize(("locale", "lang"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("C", "zh")])
def test_the_language_is_the_locales(locale: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert default_lang() == lang
