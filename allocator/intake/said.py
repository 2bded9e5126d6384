"""How cells read to a person, and the numbers in them as exact decimals; what is said where one cannot be read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allocator.intake.grid import Cell
from allocator.intake.names import tidy
from allocator.money import plain
from allocator.records import Kind

ABSENT = frozenset(
    ("", "-", "--", "---", "–", "—", "——", "―", "/", "//", "\\", "无", "暂无", "不适用", "n/a", "nil")
)
"""What people write into a cell that has nothing to say, in comparable form."""

ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"))
"""What a spreadsheet writes into a text file in the place of a value."""

MOST = 10**12
"""Counts, points and shares below this."""

NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d+", re.I)
_COUNTED = re.compile(r"(.*?)\s*(?:个|项|家|人|名|支|件)")


class Fault(Exception):
    """What is wrong with a cell: `code` below `fault.intake`, with the `values` of its message.

    Also kept as a value in the place of what could not be read, so that each distinct cell is judged once.
    """

    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def said_as(cell: Cell) -> str:
    """A cell as a person sees it: 1001.0 is 1001."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return str(cell)


def short(text: str, most: int = 40) -> str:
    """`text`, cut where a message would drown in it."""
    return text if len(text) <= most else text[: most - 1] + "…"


def show(kind: Kind, value: int) -> str:
    """A bound or a value as messages print it: money in 元, scores in points, shares with their %."""
    if kind == "money":
        return f"{value:,}元"
    if kind == "score":
        return f"{(Decimal(value) / 100).normalize():f}"
    if kind == "share":
        return f"{(Decimal(value) / 100).normalize():f}%"
    return str(value)


def says_nothing(text: str) -> bool:
    """Whether a cell is blank or holds one of the signs for that (—, /, 无)."""
    return len(text) <= 3 and (text in ABSENT or flat(text).casefold() in ABSENT)


def flat(text: str) -> str:
    """`text` half-width, without invisible characters, outer space or Excel's text apostrophe."""
    text = tidy(text)
    if not text.isascii():
        text = plain(text).replace("−", "-")
    return text.removeprefix("'")


def prose(text: str) -> str:
    """Running text with its line breaks kept and its stray space gone."""
    lines = [tidy(line) for line in text.replace("_x000D_", "").splitlines()]
    return "\n".join(line for line in lines if line)


def decimal(text: str) -> Decimal:
    """A number that `NUMBER` matches."""
    return Decimal(text.replace(",", "").replace(" ", ""))


def decimal_of(plain: str, code: str, cell: Cell) -> Decimal:
    """The number that `plain` is; raises `Fault` (with `code`, showing `cell`) where it is none."""
    if SCIENTIFIC.fullmatch(plain):
        raise Fault("number_scientific", value=short(said_as(cell)))
    if not NUMBER.fullmatch(plain):
        raise Fault(code, value=short(said_as(cell)))
    return within(decimal(plain), cell)


def within(number: Decimal, cell: Cell) -> Decimal:
    """`number`, unless it is absurd: then a `Fault`."""
    if abs(number) >= MOST:
        raise Fault("number_huge", value=short(said_as(cell)))
    return number


def exact(cell: Cell, code: str, **values: Any) -> Decimal:
    """A workbook's number as its shortest decimal; raises `Fault` (with `code`) for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise Fault(
            "number_date" if isinstance(cell, (date, time, timedelta)) else code,
            value=said_as(cell),
            **values,
        )
    return Decimal(repr(cell))


def plain_number(cell: Cell, code: str) -> Decimal:
    """A number without a unit, typed as number or as text; a count may carry its 个 or 项."""
    if not isinstance(cell, str):
        return within(exact(cell, code), cell)
    plain = flat(cell)
    counted = _COUNTED.fullmatch(plain) if code == "count" else None
    return decimal_of(counted[1] if counted else plain, code, cell)


_DIGITS = dict(
    zip(
        "〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖",
        (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)),
        strict=True,
    )
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def example(plain: str) -> str:
    """The number that a Chinese numeral such as 三百 means, to show how it would be right; else 300."""
    total = digit = 0
    numeral = plain.removesuffix("元").removesuffix("万")
    for letter in numeral:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _TENS:
            total, digit = total + (digit or 1) * _TENS[letter], 0
        else:
            return "300"
    return str(total + digit) if total + digit else "300"
