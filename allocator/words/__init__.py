"""What users read, in Chinese and in English, from one catalogue per language.

A `Text` holds both languages at once, so that results, problems and reports are free of any language
until somebody looks at them. A catalogue is a package's folders `zh` and `en` of TOML files (the engine's are beside
this one, a policy brings its own); tables nest into dotted keys.
"""

from __future__ import annotations

import locale
import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_LINE = re.compile(
    r"""\[([\w.-]+)\] | (?:([\w-]+) | "([^"\\]*)") [ ] = [ ] (?:"([^"\\]*)" | '([^']*)') | (?:\#.*)?""",
    re.ASCII | re.VERBOSE,
)
"""A line of a catalogue as nearly all are: a table's name, one message, a comment or nothing."""


@dataclass(frozen=True)
class Text:
    """One message in every language that the program speaks."""

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """The message in `lang`."""
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en


def same(text: str) -> Text:
    """A text that reads the same in both languages: a name, a number, a path."""
    return Text(text, text)


def listed(values: Iterable[object]) -> Text:
    """Words, names or numbers one after another, as each language lists them."""
    names = [v if isinstance(v, Text) else same(str(v)) for v in values]
    return Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))


class Catalogue:
    """The messages of one package: `say(key, **values)` fills one in both languages.

    A value that is itself a `Text` is put in by its own language. A missing key raises `KeyError`: a message
    that cannot be said is a fault of the program, not of its input.
    """

    def __init__(self, package: str) -> None:
        self.entries: dict[Lang, dict[str, str]] = {lang: _entries(package, lang) for lang in LANGS}
        self._whole: dict[str, Text] = {}

    def say(self, key: str, /, **values: Any) -> Text:
        """The message `key` with `values` filled in."""
        if values:
            return Text(*(self._fill(lang, key, values) for lang in LANGS))
        whole = self._whole.get(key)
        if whole is None:
            whole = self._whole[key] = Text(*(self._fill(lang, key, values) for lang in LANGS))
        return whole

    def _fill(self, lang: Lang, key: str, values: dict[str, Any]) -> str:
        own = {k: v.to(lang) if isinstance(v, Text) else v for k, v in values.items()}
        return self.entries[lang][key].format(**own)


def _entries(package: str, lang: Lang) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((files(package) / lang).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            text = file.read_text(encoding="utf-8")
            own = _simple(text)
            if own is None:
                own = dict(_flat(tomllib.loads(text), ""))
            twice = sorted(own.keys() & found.keys())
            if twice:
                raise ValueError(
                    f"{package} {lang}/{file.name} says again what another file says: {', '.join(twice)}"
                )
            found.update(own)
    return found


def _simple(text: str) -> dict[str, str] | None:
    """The messages of a file that has but simple lines, each said once, in a sixth of tomllib's time; else None."""
    found: dict[str, str] = {}
    prefix = ""
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        table, bare, quoted, *value = match.groups("")
        if table:
            prefix = f"{table}."
        elif bare or quoted:
            key = prefix + bare + quoted
            if key in found:
                return None
            found[key] = "".join(value)
    return found


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        path = f"{prefix}{key}"
        found += _flat(value, f"{path}.") if isinstance(value, dict) else [(path, str(value))]
    return found


@cache
def catalogue(package: str) -> Catalogue:
    """The catalogue of `package` (with folders `zh` and `en`), read once."""
    return Catalogue(package)


def say(key: str, /, **values: Any) -> Text:
    """A message of the engine's own catalogue."""
    return catalogue("allocator.words").say(key, **values)


def default_lang() -> Lang:
    """Chinese where the locale is Chinese or says nothing of a language, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    value = locale.getlocale()[0] or ""
    return "en" if value.lower().startswith("en") else "zh"
