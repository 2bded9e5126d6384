"""Faults between rows of one input: the same thing under two names, two ids for one, a scale that cannot be meant."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from allocator.intake.names import key
from allocator.money import show, show_share
from allocator.problems import Place, Problems
from allocator.records import Records, Tables
from allocator.words import catalogue
from models.review import Reviews

WORDS = catalogue("models.words")

WHOLE = 10_000
TENTH = 1000
"""Hundredths: where no expert gives more than 10 of 100 points, the marks are out of ten."""


def check_across(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Note every such fault."""
    _parts(tables["candidates"], problems)
    _units(tables["candidates"], problems)
    _lines(tables, problems)
    _weights(scenario.reviews, problems)
    if "reviews" in tables:
        _scale(scenario.reviews, tables["reviews"], problems)


def _parts(records: Records, problems: Problems) -> None:
    """Where a part is blank the others cannot be shown to make the whole, but they can be more than it."""
    rows = zip(*(records[k] for k in ("total", "request", "own", "other")), strict=True)
    for i, (total, *parts) in enumerate(rows):
        known = sum(p for p in parts if p is not None)
        if total is not None and None in parts and known > total:
            place = records.locate(i, "total")
            problems.add(place, "candidate.parts", words=WORDS, total=show(total), parts=show(known))


def _units(records: Records, problems: Problems) -> None:
    """One unit under two codes or two spellings counts as two wherever limits are by unit."""
    codes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    spellings: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for i, (unit, code) in enumerate(zip(records["applicant"], records["credit_code"], strict=True)):
        if unit is None:
            continue
        spellings[key(unit)].setdefault(unit, i)
        if code is not None:
            codes[unit].setdefault(code, i)
    for unit, own in codes.items():
        if len(own) > 1:
            place = records.locate(max(own.values()), "credit_code")
            said = "、".join(own)
            problems.add(place, "candidate.codes", words=WORDS, level="notice", unit=unit, codes=said)
    for own in spellings.values():
        if len(own) > 1:
            place = records.locate(max(own.values()), "applicant")
            problems.add(place, "candidate.spellings", words=WORDS, level="notice", names="、".join(own))


def _lines(tables: Tables, problems: Problems) -> None:
    """An id may name one fixed line only, in whichever sheet it stands."""
    if not {"lines", "entitlements"} <= tables.keys():
        return
    known = tables["lines"].index
    for i, name in enumerate(tables["entitlements"]["id"]):
        if name is not None and name in known:
            place = tables["entitlements"].locate(i, "id")
            problems.add(
                place, "line.twice", words=WORDS, id=name, at=tables["lines"].locate(known[name], "id")
            )


def _weights(settings: Reviews, problems: Problems) -> None:
    """Weights that make more or less than the whole would be scaled without anybody saying so."""
    whole = sum(criterion.weight for criterion in settings.criteria.values())
    if whole != WHOLE:
        place = Place("scenario", key="reviews.criteria")
        problems.add(place, "review.weights", words=WORDS, whole=show_share(whole))


def _scale(settings: Reviews, records: Records, problems: Problems) -> None:
    marks = [
        (mark, i, name)
        for name in settings.criteria
        if name in records.columns
        for i, mark in enumerate(records[name])
        if mark is not None
    ]
    if marks and settings.pass_mark * 100 > TENTH >= max(mark for mark, _, _ in marks):
        first = min(marks, key=lambda m: m[1])
        place = records.locate(first[1], first[2])
        most = f"{max(mark for mark, _, _ in marks) / 100:g}"
        problems.add(place, "review.scale", words=WORDS, most=most, mark=settings.pass_mark)
