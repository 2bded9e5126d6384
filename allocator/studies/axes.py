"""Axes of a sweep: `path=0%..40%/1%`, or a list `path=8%,12%,20%`; any number, in the scenario's own units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from allocator.money import UNITS, decimal, parse, parse_share, plain
from allocator.problems import InputFaults, Place, Problem
from allocator.report.cells import Kind
from allocator.scenario.tree import undotted
from allocator.studies.case import Case
from allocator.words import Text, same, say

MOST = 2_000
"""Points that a sweep may have in all."""

_NUMBER = r"([+-]?[\d,]+(?:\.\d+)?)\s*([^\d\s./]*)"
_RANGE = re.compile(rf"{_NUMBER}\s*\.\.\s*{_NUMBER}\s*/\s*{_NUMBER}")


@dataclass(frozen=True)
class Axis:
    """One thing that a sweep varies.

    path    where the scenario says it; values: as the scenario would write them
    kind    what they are: share, money, count, or text where they are no numbers of one kind
    """

    path: str
    values: tuple[str, ...]
    kind: Kind

    def title(self, case: Case) -> Text:
        """How it reads in a scenario; where its path says nothing to it, the path."""
        try:
            return case.number(undotted(self.path))
        except ValueError:
            return same(self.path)

    def named(self, case: Case) -> Text:
        """Its title with its path, by which people find it in the scenario."""
        title = self.title(case)
        if title.en == self.path:
            return title
        return Text(f"{title.zh}（{self.path}）", f"{title.en} ({self.path})")

    def sets(self, value: str) -> str:
        """What lays a value over the scenario."""
        return f"{self.path}={value}"

    def number(self, value: str) -> int | None:
        """A value in whole units of its kind; None where it is no number."""
        return _read(value, self.kind)


def parse_axis(said: str) -> Axis:
    """The axis of one `--over`. Raises `InputFaults` saying how it is written."""
    path, _, text = said.partition("=")
    while text and path.count('"') % 2:  # an equals sign inside a quoted label
        more, _, text = text.partition("=")
        path = f"{path}={more}"
    values = tuple(_values(text)) if text.strip() else ()
    if not path.strip() or len(values) < 1:
        raise InputFaults(
            [Problem(Place(f"--over {said}"), say("sweep.not_axis"), say("sweep.write_axis"), "sweep.axis")]
        )
    if len(values) > MOST:
        raise InputFaults([_too_many(said, len(values))])
    kinds: tuple[Kind, ...] = ("share", "money", "count")
    kind: Kind = next((k for k in kinds if all(_read(v, k) is not None for v in values)), "text")
    return Axis(path.strip(), values, kind)


def check_size(axes: tuple[Axis, ...]) -> int:
    """How many points the axes span. Raises `InputFaults` where they are more than `MOST`."""
    points = 1
    for axis in axes:
        points *= len(axis.values)
    if points > MOST:
        raise InputFaults([_too_many(" ".join(a.path for a in axes), points)])
    return points


def _too_many(said: str, count: int) -> Problem:
    return Problem(
        Place(f"--over {said}"),
        say("sweep.too_many", count=count, most=MOST),
        say("sweep.fewer"),
        "sweep.many",
    )


def _values(text: str) -> Iterator[str]:
    found = _RANGE.fullmatch(plain(text))
    if not found:
        # a comma within a number (1,000万元) is part of it
        yield from (
            part.strip() for part in re.split(r"(?<!\d),|,(?!\d{3}(?!\d))", plain(text)) if part.strip()
        )
        return
    low, unit, high, unit_high, by, unit_by = found.groups()
    said = [u for u in (unit, unit_high, unit_by) if u]
    if len(set(said)) > 1:
        return
    own = said[0] if said else ""
    first, last, step = decimal(low), decimal(high), decimal(by)
    if step <= 0 or last < first or (last - first) / step > MOST:
        return
    value: Decimal = first
    while value <= last:
        yield f"{value.normalize():f}{own}"
        value += step


def _read(value: str, kind: Kind) -> int | None:
    try:
        if kind == "share":
            return parse_share(value)
        if kind == "money":
            return parse(value) if any(value.endswith(u) for u in UNITS) else None
        return int(value)
    except ValueError:
        return None
