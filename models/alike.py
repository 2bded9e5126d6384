"""How alike projects are: by title, text, unit and person (rapidfuzz), blockwise, so that thousands take seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def pairs(records: Records, others: Records | None, title: int, same: int, text: int = 101) -> Iterator[Pair]:
    """Rows whose titles are alike by `title` per cent, or by `same` where unit or person agree, or whose texts
    (主要内容) are alike by `text` per cent.

    Without `others`, rows of `records` among themselves, each pair once; two teams of one call are no pair: they answer
    the same task. Source: the normalised indel similarity of rapidfuzz's `fuzz.ratio`.
    """
    from rapidfuzz import fuzz

    within = others is None
    there = records if others is None else others
    texts = _alike(_texts(records), _texts(there), text) if text <= 100 else {}
    own, other = _all(records["title"]), _all(there["title"])
    titles = _alike(own, other, min(title, same))
    for i, j in sorted({*titles, *texts}):
        if within and (j <= i or _rivals(records, i, j)):
            continue
        near = titles.get((i, j))
        parts = {"title": round(fuzz.ratio(own[i], other[j])) if near is None else near}
        if (i, j) in texts:
            parts["text"] = texts[i, j]
        parts |= _agreement(records, there, i, j)
        agree = 100 in (parts.get("unit"), parts.get("person"))
        if (i, j) in texts or (near is not None and (near >= title or (near >= same and agree))):
            yield Pair(i, j, parts)


def _alike(own: Mapping[int, str], other: Mapping[int, str], least: int) -> dict[tuple[int, int], int]:
    """The similarity of every two that are alike by `least` per cent, by their rows."""
    from rapidfuzz import fuzz, process

    rows, columns = list(own), list(other)
    found: dict[tuple[int, int], int] = {}
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        scores = process.cdist(
            [own[r] for r in block],
            list(other.values()),
            scorer=fuzz.ratio,
            score_cutoff=least,
            dtype=np.uint8,
        )
        for a, b in np.argwhere(scores >= least).tolist():
            found[block[a], columns[b]] = int(scores[a, b])
    return found


def _all(values: Sequence[str]) -> dict[int, str]:
    return {i: key(value) for i, value in enumerate(values)}


def _texts(records: Records) -> dict[int, str]:
    """The texts of the rows that have one."""
    said = records.columns.get("abstract") or ()
    return {i: key(value) for i, value in enumerate(said) if value}


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
