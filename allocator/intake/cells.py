"""One cell read by its field: exact, or a fault that says what stands there and what would be right.

Numbers never pass through binary arithmetic. A float from a workbook is taken as its shortest decimal (123.45 is
123.45); what a formula leaves behind (0.30000000000000004 万元) is taken as the nearest whole yuan where it lies within
a tenth of a fen and a billionth of it. Any other fraction of a yuan is a fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Any

from allocator.intake.grid import Cell, Odd
from allocator.intake.mask import Masked, mask, veil
from allocator.intake.names import PERCENT, close, key, nearest, tidy, unit_of
from allocator.intake.said import (
    ERRORS,
    NUMBER,
    SCIENTIFIC,
    Fault,
    decimal,
    decimal_of,
    exact,
    example,
    flat,
    plain_number,
    prose,
    said_as,
    says_nothing,
    short,
    show,
    within,
)
from allocator.money import UNITS
from allocator.records import Field, Kind

YES = frozenset(map(str.casefold, ("是", "有", "对", "√", "✓", "✔", "☑", "■", "y", "yes", "true", "t", "1")))
NO = frozenset(map(str.casefold, ("否", "不", "×", "✗", "✘", "☒", "□", "☐", "n", "no", "false", "f", "0")))
NOISE = (Decimal("1e-9"), Decimal("0.001"))
"""How far from a whole yuan a number may lie and still be it: of itself, and in yuan."""
SAFE_DIGITS = 10**15
"""From here on Excel has lost digits of a number that is really a code."""

MOST_YUAN = 10**14
"""No budget has so much; a product of two such numbers would no longer fit where sums are made."""
_AMOUNT = re.compile(
    r"(?:¥|人民币|rmb|cny)?\s*(" + NUMBER.pattern + r")\s*([^\d\s,.+~-][^\d]*)?", re.S | re.I
)
_YEAR = re.compile(
    r"(\d{4})\s*(?:年度?|年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|[-/.]\d{1,2}(?:[-/.]\d{1,2}(?:[ t][\d:.]+)?)?)?",
    re.I,
)


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads the cells of one column.

    unit     what a bare number means, None where nothing says so (then the column has been reported)
    percent  a bare number is in hundredths, as the heading says
    out_of   scores are given out of this
    values   the table's labels -> the field's, where a scenario maps them; `*` is any other
    """

    field: Field
    unit: str | None = None
    percent: bool = False
    out_of: int | None = None
    values: Mapping[str, str] | None = None

    def read(self, cell: Cell) -> Any:
        """The cell's value, None where absent, a `Fault` where it cannot be read."""
        try:
            if isinstance(cell, Odd):
                raise Fault(cell.code, value=cell.text)
            if isinstance(cell, str):
                cell = tidy(cell) if self.field.kind != "text" else prose(cell)
                if says_nothing(cell):
                    return None
                cell = mask(cell, self.field.kind)
                if cell[:1] in "#＃" and flat(cell).upper() in ERRORS:
                    raise Fault("cell_error", value=cell)
            if self.values is not None:
                cell = self._mapped(cell)
            value = _READ[self.field.kind](self, cell)
        except Fault as fault:
            return fault
        if not isinstance(value, str):
            return self._bounded(value)
        if self.field.personal:
            return veil(value)
        return Masked(value) if isinstance(cell, Masked) else mask(value, self.field.kind)

    def _mapped(self, cell: Cell) -> Cell:
        assert self.values is not None
        said = said_as(cell)
        found = self._by_name.get(key(said), self.values.get("*"))
        if found is None:
            raise Fault("value_unmapped", value=said, known=", ".join(self.values))
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return {key(name): value for name, value in (self.values or {}).items() if name != "*"}

    @cached_property
    def _choices(self) -> Mapping[str, str]:
        return {key(choice): choice for choice in self.field.choices}

    @cached_property
    def _own_names(self) -> frozenset[str]:
        f = self.field
        return frozenset(map(key, (f.title.zh, f.title.en, *f.aliases)))

    def _bounded(self, value: Any) -> Any:
        low, high = self.field.low, self.field.high
        if low is not None and value < low:
            return Fault(
                "below" if self.field.required else "below_optional",
                value=show(self.field.kind, value),
                low=show(self.field.kind, low),
            )
        if high is not None and value > high:
            return Fault("above", value=show(self.field.kind, value), high=show(self.field.kind, high))
        return value


# -- by kind ----------------------------------------------------------------------------------


def _text(_: Reader, cell: Cell) -> str:
    return cell if isinstance(cell, str) else said_as(cell)


def _code(_: Reader, cell: Cell) -> str:
    if isinstance(cell, (date, time, timedelta)):
        raise Fault("code_date", value=said_as(cell))
    text = "".join(unicodedata.normalize("NFKC", said_as(cell)).split()).upper().removeprefix("'")
    lost = isinstance(cell, float) and abs(cell) >= SAFE_DIGITS
    if lost or (SCIENTIFIC.fullmatch(text) and "+" in text):
        raise Fault("code_digits", value=text)
    return text


def _label(reader: Reader, cell: Cell) -> str:
    said = said_as(cell)
    if not reader.field.choices:
        return close(said)
    found = reader._choices.get(key(said))
    if found is None:
        near = nearest(said, reader.field.choices, 0.34)
        choices = "、".join(reader.field.choices)
        raise Fault("label_near" if near else "label", value=short(said), near=near, choices=choices)
    return found


def _money(reader: Reader, cell: Cell) -> int:
    unit = reader.unit
    if isinstance(cell, str):
        plain = flat(cell)
        if SCIENTIFIC.fullmatch(plain):
            raise Fault("number_scientific", value=short(cell))
        found = _AMOUNT.fullmatch(plain)
        if not found:
            raise Fault("amount", value=short(cell), example=example(plain))
        number = decimal(found[1])
        if found[2]:
            unit = unit_of(found[2])
            if unit is None or unit == PERCENT:
                raise Fault("amount_unit", value=short(cell), unit=short(found[2]))
    else:
        number = exact(cell, "amount", example="300")
    if unit is None:
        raise Fault("amount_bare", value=said_as(cell))
    yuan = number * UNITS[unit]
    if abs(yuan) >= MOST_YUAN:
        raise Fault("number_huge", value=said_as(cell))
    near = yuan.to_integral_value(ROUND_HALF_EVEN)
    off = abs(yuan - near)
    if off and (off > NOISE[1] or off > abs(yuan) * NOISE[0]):
        raise Fault("amount_fraction", value=said_as(cell), yuan=f"{yuan.normalize():,f}")
    return int(near)


def _share(reader: Reader, cell: Cell) -> int:
    plain = flat(cell) if isinstance(cell, str) else ""
    said = plain.endswith("%")
    number = (
        decimal_of(plain.removesuffix("%").strip(), "share", cell)
        if plain
        else within(exact(cell, "share"), cell)
    )
    if not said and not reader.percent:
        raise Fault("share_bare", value=said_as(cell))
    points = number * 100
    if points != points.to_integral_value():
        raise Fault("share_fraction", value=said_as(cell))
    return int(points)


def _count(_: Reader, cell: Cell) -> int:
    number = plain_number(cell, "count")
    if number != number.to_integral_value():
        raise Fault("count", value=said_as(cell))
    return int(number)


def _year(_: Reader, cell: Cell) -> int:
    if isinstance(cell, (date, datetime)):
        return cell.year
    plain = flat(cell) if isinstance(cell, str) else said_as(cell)
    found = _YEAR.fullmatch(plain)
    if not found:
        raise Fault("year", value=short(said_as(cell)))
    return int(found[1])


def _score(reader: Reader, cell: Cell) -> int:
    if isinstance(cell, str) and cell.endswith("分"):
        cell = cell[:-1]
    number = plain_number(cell, "score")
    if reader.out_of is not None:
        return round(number * 10_000 / reader.out_of)
    points = number * 100
    if points != points.to_integral_value():
        # More than two decimals: a mean from a formula. Half to even, as the consensus is.
        return Rounded(int(points.to_integral_value(ROUND_HALF_EVEN)))
    return int(points)


def _flag(reader: Reader, cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    said = flat(said_as(cell)).casefold()
    if said in YES:
        return True
    if said in NO:
        return False
    name = key(said)
    if name in reader._own_names:
        return True
    if name[:1] in ("不", "未", "非") and name[1:] in reader._own_names:
        return False
    raise Fault("flag", value=short(said_as(cell)))


class Rounded(int):
    """A score that was rounded to hundredths; the column says so once."""


_READ: Mapping[Kind, Callable[[Reader, Cell], Any]] = {
    "text": _text,
    "code": _code,
    "label": _label,
    "money": _money,
    "share": _share,
    "count": _count,
    "year": _year,
    "score": _score,
    "flag": _flag,
}
