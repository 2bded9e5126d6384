"""Every message of scenario files can be said in both languages, and says the same things in each."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

import allocator
from allocator.words import LANGS, catalogue


def keys_of(lang: str) -> dict[str, str]:
    text = (files("allocator.words") / lang / "scenario.toml").read_text(encoding="utf-8")

    def flat(table: dict[str, object], prefix: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in table.items():
            found |= (
                flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": str(value)}
            )
        return found

    return flat(tomllib.loads(text))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", keys_of("zh"))
def test_a_message_has_the_same_values_in_each_language(key: str) -> None:
    said = {lang: keys_of(lang)[key] for lang in LANGS}
    what_and_mend = {lang: places(text) for lang, text in said.items()}
    assert what_and_mend["zh"] == what_and_mend["en"]
    assert re.search(r"[\u4e00-\u9fff；]|\{\w+\}", said["zh"])
    catalogue("allocator.words").say(key, **dict.fromkeys(what_and_mend["zh"], "x"))


def test_neither_language_has_a_message_that_the_other_lacks() -> None:
    assert keys_of("zh").keys() == keys_of("en").keys()


def test_every_fault_that_the_code_names_has_its_words_and_every_word_is_used() -> None:
    root = Path(allocator.__file__).parent
    code = "".join(
        file.read_text(encoding="utf-8")
        for file in [
            *(root / "scenario").glob("*.py"),
            root / "money.py",
            root / "data.py",
            root / "policy.py",
        ]
    )
    names = {key.split(".")[2] for key in keys_of("zh") if key.startswith("fault.")}
    unused = {name for name in names if not re.search(rf'["._]{name}\b', code)}
    assert unused == set()
    named = set(re.findall(r'"((?:scenario|money|data)\.[a-z_0-9]+)"', code))
    assert {n for n in named if f"fault.{n}.what" not in keys_of("zh") and n not in keys_of("zh")} == set()
