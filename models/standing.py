"""Where each candidate stands in its guide direction: its score, its rank, and whether it passed the review.

指南方向: the call where a candidate answers one, else domain × sub-area. Within a direction auditors expect the order
of scores to be kept, or a reason for each skip (跳项).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocator.contract import Facts, Reason
from allocator.records import Records, Tables
from allocator.words import Text
from models.pool import Scenario, eligibility, scores


@dataclass(frozen=True)
class Standing:
    """One candidate's place in its direction.

    direction  what makes it one: ("call", id), or (domain, sub-area); title: how it reads
    score      hundredths of a point, None without a review
    rank       1 for the highest score; equal scores share a rank; None without a score
    of         how many of the direction have a score
    barred     why its review keeps it out; None where it passed
    """

    direction: tuple[str, str]
    title: Text
    score: int | None
    rank: int | None
    of: int
    barred: Reason | None


def standings(scenario: Scenario, tables: Tables, facts: Facts) -> Mapping[str, Standing]:
    """The standing of every candidate, by id, in the order of the 申报汇总表."""
    records = tables["candidates"]
    scored = scores(scenario, tables)
    marks, barred = eligibility(scenario, tables, scored)
    keys = [
        ("call", call) if call is not None else (domain, sub_area or "")
        for call, domain, sub_area in zip(
            records["call"], records["domain"], records["sub_area"], strict=True
        )
    ]
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i, (candidate, key) in enumerate(zip(records["id"], keys, strict=True)):
        if candidate in scored:
            groups[key].append(i)
    ranks: dict[int, int] = {}
    for rows in groups.values():
        before: tuple[int, int] | None = None
        for place, i in enumerate(sorted(rows, key=lambda i: -int(marks[i])), 1):
            mark = int(marks[i])
            rank = before[1] if before is not None and before[0] == mark else place
            ranks[i], before = rank, (mark, rank)
    titles = {key: _title(key, facts) for key in dict.fromkeys(keys)}
    return {
        candidate: Standing(
            direction=keys[i],
            title=titles[keys[i]],
            score=int(marks[i]) if i in ranks else None,
            rank=ranks.get(i),
            of=len(groups[keys[i]]),
            barred=barred[i],
        )
        for i, candidate in enumerate(records["id"])
    }


def in_order(
    candidates: Sequence[str], domains: Sequence[str], records: Records, standings: Mapping[str, Standing]
) -> list[str]:
    """Candidates by domain, then from the highest score down."""
    place = {d: i for i, d in enumerate(domains)}
    index, domain = records.index, records["domain"]

    def key(candidate: str) -> tuple[int, int, int]:
        own = standings[candidate]
        return place.get(domain[index[candidate]], len(place)), -(own.score or 0), index[candidate]

    return sorted(candidates, key=key)


def _title(key: tuple[str, str], facts: Facts) -> Text:
    first, second = key
    if first == "call":
        return facts.title(second)
    domain = facts.title(first)
    return Text(f"{domain.zh}·{second}", f"{domain.en} · {second}") if second else domain
