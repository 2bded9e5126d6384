"""Amounts as whole yuan in Python integers, and shares as whole basis points.

People write amounts with a unit (350万元, 2.2亿元, 1,200,000元) and shares with their %; both are read
exactly, in decimal arithmetic, and never through a float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from allocator.words import Catalogue, Text, catalogue

UNITS: dict[str, int] = {
    "元": 1,
    "yuan": 1,
    "千元": 1_000,
    "万": 10_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
    "亿": 100_000_000,
    "亿元": 100_000_000,
}
"""Yuan in one of each unit that is read."""

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(.*)", re.S)


LARGEST = 30
"""Numbers of more digits than this are not read: no budget has them, and exact arithmetic on them is endless."""


class Unreadable(ValueError):
    """A value that cannot be used, in words: `what` is wrong with it and how to `mend` it, in both languages.

    `code` names the message (`fault.<code>.what` and `.mend` of the engine's catalogue, or of `words`) and becomes
    the problem's. Validators of settings raise it, so that the scenario's faults are told in both languages.
    """

    def __init__(self, code: str, /, *, words: Catalogue | None = None, **values: Any) -> None:
        say = (words or catalogue("allocator.words")).say
        self.code = code
        self.what = say(f"fault.{code}.what", **values)
        self.mend = say(f"fault.{code}.mend", **values)
        super().__init__(f"{self.what.en}; {self.mend.en}")


def plain(text: str) -> str:
    """`text` with full-width digits, letters and signs made half-width, and outer space gone."""
    return text.strip() if text.isascii() else "".join(map(_half_width, text)).strip()


@lru_cache(maxsize=65_536)
def _half_width(sign: str) -> str:
    """A sign in its plain form; ① and ² stay what they are: 12² is not 122."""
    found = unicodedata.normalize("NFKC", sign)
    return sign if any(c.isdigit() for c in found) and not "０" <= sign <= "９" else found


def decimal(value: object) -> Decimal:
    """A number as people type it (1,200.50, １２), exactly. Raises `Unreadable` with what it saw."""
    if isinstance(value, bool) or value is None:
        raise Unreadable("money.not_number", seen=value)
    if isinstance(value, float):
        number = Decimal(repr(value))
    elif isinstance(value, (int, Decimal)):
        number = Decimal(value)
    else:
        found = _number(plain(str(value)))
        if not found or found[1]:
            raise Unreadable("money.not_number", seen=value)
        number = found[0]
    if not number.is_finite():
        raise Unreadable("money.not_number", seen=value)
    if number and (abs(number.adjusted()) > LARGEST or len(number.as_tuple().digits) > LARGEST):
        raise Unreadable("money.too_long", digits=LARGEST)
    return number


def _number(text: str) -> tuple[Decimal, str] | None:
    """The number that `text` begins with, and what follows it."""
    found = _NUMBER.fullmatch(text)
    return (Decimal(found[1].replace(",", "")), found[2].strip()) if found else None


def whole(number: Decimal, what: str | Text) -> int:
    """`number` as an int; `Unreadable`, naming `what` it is, where it has a fraction."""
    if number != number.to_integral_value():
        raise Unreadable("money.not_whole", what=what, seen=f"{number.normalize():f}")
    return int(number)


def parse(text: object, unit: str | None = None) -> int:
    """An amount in whole yuan: `350万元` is 3,500,000.

    `unit` stands in where the text gives none (a column's heading may say 万元); without one, an amount with
    no unit raises `Unreadable`, as does a fraction of a yuan.
    """
    if isinstance(text, str):
        found = _number(plain(text))
        if not found:
            raise Unreadable("money.not_amount", seen=text)
        number, said = decimal(found[0]), found[1]
        if said and said not in UNITS:
            raise Unreadable("money.unknown_unit", unit=said)
        unit = said or unit
    else:
        number = decimal(text)
    if unit is None:
        raise Unreadable("money.no_unit", seen=text)
    return _whole(number, UNITS[unit], "money.part_of_a_yuan", text)


def parse_share(text: object) -> int:
    """A share in whole basis points: `12.5%` is 1250. Without its % it raises `Unreadable`."""
    if isinstance(text, str) and plain(text).endswith("%"):
        found = _number(plain(text)[:-1].strip())
        if found and not found[1]:
            return _whole(decimal(found[0]), 100, "money.part_of_a_point", text)
    raise Unreadable("money.not_share", seen=text)


def _whole(number: Decimal, factor: int, code: str, seen: object) -> int:
    # Through Fraction: a product of Decimals is rounded to the context's digits, and 0.00...01 yuan would vanish.
    product = Fraction(number) * factor
    if product.denominator != 1:
        raise Unreadable(code, seen=seen)
    return product.numerator


def show(amount: int, places: int = 2) -> str:
    """`amount` yuan in 万元 with thousands separators: 3,500,000 is `350.00`. Exact, rounded half to even."""
    return f"{round(Decimal(amount) / 10_000, places):,.{places}f}"


def show_share(points: int) -> str:
    """Basis points as people read them: 1250 is `12.5%`."""
    return f"{(Decimal(points) / 100).normalize():f}%"


def split(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`amount` in whole parts proportional to `weights`, by largest remainder; the first wins a tie.

    Source: Hamilton's method. Raises `Unreadable` where weights are negative, all 0, or none.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise Unreadable("money.weights")
    parts = [amount * w // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


Money = Annotated[
    int,
    BeforeValidator(lambda v: _unless_int(v, parse)),
    WithJsonSchema({"type": "string", "pattern": r"^[+-]?[\d,]+(\.\d+)?\s*(" + "|".join(UNITS) + r")$"}),
]
"""A setting in whole yuan, written with its unit."""

Share = Annotated[
    int,
    BeforeValidator(lambda v: _unless_int(v, parse_share)),
    Field(ge=0),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d{1,2})?\s*%$"}),
]
"""A setting in whole basis points, written with its %."""


class Written(int):
    """A bare integer that stood in a file: where money is asked for, it lacks its unit."""


def _unless_int(value: Any, read: Callable[[object], int]) -> int:
    """Read text; let code hand over the integer itself (a file's own numbers are `Written`)."""
    if isinstance(value, (list, tuple, dict)):
        raise Unreadable("scenario.not_scalar")
    return int(value) if type(value) is int else read(value)
