"""What a template says of one field: its heading, width and format, its list or check, its line of explanation."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from allocator.intake.grid import letters
from allocator.intake.said import show
from allocator.records import Field, Kind, Sheet
from allocator.words import Lang, say

UNIT = "万元"
"""What a column of money is in unless its field says otherwise."""
FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "label": "@",
    "code": "@",
    "flag": "@",
    "money": "#,##0.00",
    "share": "0.00%",
    "count": "0",
    "year": "0",
    "score": "0.00",
}
_NUMBERS: Sequence[Kind] = ("money", "share", "count", "year", "score")
_WIDTHS: Mapping[Kind, tuple[int, int]] = {
    "text": (24, 24),
    "label": (9, 16),
    "code": (11, 20),
    "money": (11, 13),
    "share": (8, 10),
    "count": (7, 9),
    "year": (7, 8),
    "score": (8, 10),
    "flag": (6, 8),
}
"""Least and greatest width of a column, in characters of half width."""


@dataclass
class Form:
    """A template while it is being written."""

    book: Any
    lang: Lang
    choices: Mapping[str, Sequence[str]]
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def say(self, key: str, **values: Any) -> str:
        """A message of the template in its language."""
        return say(f"intake.form.{key}", **values).to(self.lang)

    @property
    def heavy(self) -> str:
        """The typeface of titles."""
        return "黑体" if self.lang == "zh" else "Calibri"

    def format(self, **look: Any) -> Any:
        """The cell format of that look, made once."""
        look = {
            "font_name": "宋体" if self.lang == "zh" else "Calibri",
            "font_size": 10,
            "valign": "vcenter",
            **look,
        }
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def paper(self, page: Any) -> None:
        """A4 landscape with numbered pages."""
        page.set_landscape()
        page.set_paper(9)
        page.center_horizontally()
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.set_footer(f"&C&9{self.say('footer')}")

    def options(self, f: Field) -> tuple[str, ...]:
        """The entries of the column's drop-down list, none where it is open."""
        if f.kind == "flag":
            return (self.say("yes"), self.say("no"))
        return tuple(self.choices.get(f.key, f.choices)) if f.kind == "label" else ()


def headed(form: Form, f: Field) -> str:
    """A column's heading with its unit."""
    text = f.title.to(form.lang)
    if f.kind == "money":
        return f"{text}\n（{f.unit or UNIT}）" if form.lang == "zh" else f"{text}\n({unit_shown(form, f)})"
    return f"{text}\n（%）" if f.kind == "share" else text


def unit_shown(form: Form, f: Field) -> str:
    """The unit of a column of money, in the template's language."""
    unit = f.unit or UNIT
    return {"万元": "10,000 yuan", "元": "yuan"}.get(unit, unit) if form.lang == "en" else unit


def side(f: Field) -> dict[str, Any]:
    """To which side a column's cells stand."""
    if f.kind in _NUMBERS:
        return {"align": "right"}
    return (
        {"align": "left", "text_wrap": True} if f.kind == "text" else {"align": "center", "text_wrap": True}
    )


def width(form: Form, f: Field) -> float:
    """Wide enough for its list and for half its heading, which may break once."""
    least, most = _WIDTHS[f.kind]
    if f.kind == "money" and form.lang == "en":
        least = most = 15
    longest = max((display_width(o) for o in form.options(f)), default=0)
    return max(least, min(most, max(longest + 2, display_width(f.title.to(form.lang)) + 2)))


def display_width(text: str) -> int:
    """Columns that `text` takes on screen: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def check(form: Form, f: Field, lists: Any) -> dict[str, Any] | None:
    """The data validation of a column, None where it takes anything."""
    told = {"error_title": form.say("wrong_title")}
    options = form.options(f)
    if options:
        return {
            "validate": "list",
            "source": _listed(form, options, lists),
            "error_message": form.say("wrong_choice"),
            **told,
        }
    if f.kind in ("count", "year"):
        return {"validate": "integer", **_criteria(f, 1), "error_message": _wrong(form, f), **told}
    if f.kind in ("money", "share", "score"):
        # A warning only: an amount may also be typed with its own unit, as text.
        scale = {"money": 10_000, "share": 10_000, "score": 100}[f.kind]
        kind = "warning" if f.kind == "money" else "stop"
        return {
            "validate": "decimal",
            **_criteria(f, scale),
            "error_type": kind,
            "error_message": _wrong(form, f),
            **told,
        }
    return None


def _criteria(f: Field, scale: int) -> dict[str, Any]:
    low = 0 if f.low is None or f.kind == "money" else f.low / scale
    if f.high is None:
        return {"criteria": ">=", "value": f"{low:g}"}
    return {"criteria": "between", "minimum": f"{low:g}", "maximum": f"{f.high / scale:g}"}


def _wrong(form: Form, f: Field) -> str:
    return form.say("wrong_number", what=what(form, f))[:255]


def _listed(form: Form, options: tuple[str, ...], lists: Any) -> str:
    """The reference of a list on the hidden sheet: lists within a validation end at 255 characters."""
    if options not in form.lists:
        c = len(form.lists)
        for r, option in enumerate(options):
            lists.write_string(r, c, option)
        name = form.say("lists")
        form.lists[options] = f"='{name}'!${letters(c)}$1:${letters(c)}${len(options)}"
    return form.lists[options]


def what(form: Form, f: Field) -> str:
    """What a column takes: kind, unit, range."""
    text = form.say("listed" if form.options(f) and f.kind == "label" else f.kind, unit=unit_shown(form, f))
    low = None if f.low is None else show(f.kind, f.low)
    high = None if f.high is None else show(f.kind, f.high)
    if low is not None and high is not None:
        return form.say("join").join((text, form.say("between", low=low, high=high)))
    if low is not None and f.kind != "money":
        return form.say("join").join((text, form.say("least", low=low)))
    return text


def remarks(form: Form, sheet: Sheet, f: Field) -> str:
    """A column's note, its choices, and whether it may repeat."""
    parts = [f.note.to(form.lang)] if f.note else []
    options = form.options(f)
    if options and f.kind == "label":
        parts.append(
            form.say("choices", choices="、".join(options) if form.lang == "zh" else ", ".join(options))
        )
    if f.key in sheet.unique:
        others = [sheet.field(k).title.to(form.lang) for k in sheet.unique if k != f.key]
        parts.append(form.say("unique_pair", others="、".join(others)) if others else form.say("unique"))
    return form.say("join").join(parts)
