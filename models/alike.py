"""How alike projects are: by title, unit and person (rapidfuzz), blockwise, so that thousands take seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from allocator.intake.names import key
from allocator.records import Records

BLOCK = 512
"""Titles that are compared with all others at a time."""


@dataclass(frozen=True)
class Pair:
    """Row `first` and row `second` may be one project; `parts` say how alike they are, in per cent."""

    first: int
    second: int
    parts: Mapping[str, int]

    @property
    def turned(self) -> Pair:
        """The same pair, seen from the other."""
        return Pair(self.second, self.first, self.parts)


def pairs(records: Records, others: Records | None, title: int, same: int) -> Iterator[Pair]:
    """Rows whose titles are alike by `title` per cent, or by `same` where unit or person agree.

    Without `others`, rows of `records` among themselves, each pair once; two teams of one call are no pair: they answer
    the same task. Source: the normalised indel similarity of rapidfuzz's `fuzz.ratio`.
    """
    from rapidfuzz import fuzz, process

    within = others is None
    there = records if others is None else others
    own, other = _names(records), _names(there)
    for start in range(0, len(own), BLOCK):
        scores = process.cdist(
            own[start : start + BLOCK],
            other,
            scorer=fuzz.ratio,
            score_cutoff=min(title, same),
            dtype=np.uint8,
        )
        for a, b in np.argwhere(scores >= min(title, same)).tolist():
            i, alike = start + a, int(scores[a, b])
            if (within and b <= i) or (within and _rivals(records, i, b)):
                continue
            parts = {"title": alike, **_agreement(records, there, i, b)}
            if alike >= title or 100 in (parts.get("unit"), parts.get("person")):
                yield Pair(i, b, parts)


def _names(records: Records) -> list[str]:
    return [key(title) for title in records["title"]]


def _rivals(records: Records, i: int, j: int) -> bool:
    call = records["call"][i]
    return (
        call is not None and call == records["call"][j] and records["applicant"][i] != records["applicant"][j]
    )


def _agreement(records: Records, others: Records, i: int, j: int) -> dict[str, int]:
    found: dict[str, int] = {}
    codes = records["credit_code"][i], others["credit_code"][j]
    units = codes if None not in codes else (key(records["applicant"][i]), key(others["applicant"][j]))
    found["unit"] = 100 * (units[0] == units[1])
    people = records.columns.get("investigator"), others.columns.get("investigator")
    if people[0] is not None and people[1] is not None and people[0][i] and people[1][j]:
        found["person"] = 100 * (key(people[0][i]) == key(people[1][j]))
    return found
