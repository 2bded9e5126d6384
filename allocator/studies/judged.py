"""What is held known of a judgement: linear constraints on the criteria's weights, written as people write them.

`技术先进性 >= 合理性`, `合理性 + 可行性 <= 50%`, `2 * 可行性 >= 技术先进性`, `预期效益 = 10%..20%`. Numbers are exact;
weights are at least 0 and add up to 1 in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from allocator.money import decimal, plain
from allocator.problems import InputFaults, Place, Problem
from allocator.studies.polytope import Row, Weights
from allocator.words import Text, say

LEAST = Fraction(5, 100)
"""What each criterion counts for at least where nothing else is said, beside their order."""

_SIDES = re.compile(r"(.+?)(>=|<=|≥|≤|=)(.+)")
_RANGE = re.compile(r"(.+?)\.\.(.+)")

Linear = tuple[list[Fraction], Fraction]
"""Coefficients by criterion, and a constant."""


class NotLinear(ValueError):
    """A statement that is no linear constraint; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def usual(count: int) -> Weights:
    """What is held known where nothing is said: the order of the criteria, and 5 % at least for each."""
    order = [((i,), (i + 1,)) for i in range(count - 1)]
    return Weights.of(count, order, least=str(float(LEAST)))


def weights_of(said: Sequence[str], names: Sequence[str], where: str) -> Weights:
    """The weights of the criteria `names` that fit all statements. Raises `InputFaults` with each that is none.

    `where` is what they are written in, as faults name it.
    """
    rows: list[Row] = []
    found: list[Problem] = []
    known = ", ".join(names)
    for one in said:
        try:
            rows += _rows(one, names)
        except NotLinear as wrong:
            mend = say("judged.write", known=known)
            found.append(Problem(Place(f"{where} {one}"), wrong.text, mend, "robust.weights"))
    if found:
        raise InputFaults(found)
    weights = Weights(len(names), tuple(rows))
    try:
        weights.extremes  # noqa: B018 - is there any
    except ValueError as wrong:
        fault = Problem(Place(where), say("judged.none"), say("judged.loosen"), "robust.weights_none")
        raise InputFaults([fault]) from wrong
    return weights


def _rows(said: str, names: Sequence[str]) -> Iterator[Row]:
    """The rows a·w ≥ b of one statement."""
    sides = _SIDES.fullmatch(plain(said))
    if sides is None:
        raise NotLinear(say("judged.no_sign", seen=said))
    left, sign, right = sides.groups()
    ends = _RANGE.fullmatch(right.strip()) if sign == "=" else None
    if ends is not None:
        yield _above(_linear(left, names), _linear(ends[1], names))
        yield _above(_linear(ends[2], names), _linear(left, names))
        return
    a, b = _linear(left, names), _linear(right, names)
    if sign in (">=", "≥", "="):
        yield _above(a, b)
    if sign in ("<=", "≤", "="):
        yield _above(b, a)


def _above(more: Linear, less: Linear) -> Row:
    """more ≥ less, as a row."""
    row = tuple(m - n for m, n in zip(more[0], less[0], strict=True))
    return row, less[1] - more[1]


def _linear(text: str, names: Sequence[str]) -> Linear:
    """A sum of criteria, each with a factor or without, and numbers."""
    row, constant = [Fraction(0)] * len(names), Fraction(0)
    for part in text.split("+"):
        factor, _, name = part.rpartition("*")
        name = name.strip()
        times = _number(factor) if factor.strip() else Fraction(1)
        if name in names and times is not None:
            row[names.index(name)] += times
            continue
        number = _number(part)
        if number is None:
            raise NotLinear(say("judged.unknown", seen=part.strip()))
        constant += number
    return row, constant


def _number(text: str) -> Fraction | None:
    text = text.strip()
    try:
        share = Fraction(decimal(text[:-1])) / 100 if text.endswith("%") else Fraction(decimal(text))
    except (ValueError, InvalidOperation):
        return None
    return share


def points_of(said: str | None, where: str) -> int:
    """By how many hundredths of a point a score may be off. Raises `InputFaults` where it is no number of points."""
    if said is None:
        return 0
    try:
        points = Decimal(plain(str(said)).removesuffix("分").strip())
    except InvalidOperation:
        points = Decimal(-1)
    if not 0 <= points <= 100:
        fault = Problem(
            Place(f"{where} {said}"), say("judged.no_points"), say("judged.write_points"), "robust.scores"
        )
        raise InputFaults([fault])
    return int(points * 100)
