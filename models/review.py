"""Reviews: experts × criteria, and the consensus that is made of them (66号文 二（三）3).

A sheet of one row per candidate and expert, one column per criterion, recusals marked. Consensus is the mean of
the experts' weighted scores with the highest and the lowest dropped from `trim_from` experts up, rounded once,
half to even, to hundredths of a point: the published score, on which everything else rests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np
from pydantic import Field as Setting
from pydantic import model_validator

from allocator.contract import Settings
from allocator.money import Share, Unreadable
from allocator.records import Field, Records, Sheet
from allocator.words import Text, catalogue

EXPERTS = "专家"


class Criterion(Settings):
    """One criterion: its weight, who scores it (the reviewers where nobody is named), and where that comes from."""

    weight: Share
    scored_by: str | None = None
    en: str = ""
    source: str = ""


class Reviews(Settings):
    """How reviews become a score. Scores are out of 100; `pass_mark` in points; `reviewers` names the panel."""

    reviewers: str = EXPERTS
    criteria: dict[str, Criterion]
    pass_mark: int = Setting(default=60, ge=0, le=100)
    experts_min: int = Setting(default=5, ge=1)
    experts_max: int = Setting(default=9, ge=1)
    trim_from: int = Setting(default=5, ge=3)
    source: str = ""

    @property
    def experts(self) -> Mapping[str, Criterion]:
        """The criteria that the experts score."""
        return {name: c for name, c in self.criteria.items() if c.scored_by in (None, self.reviewers)}

    @property
    def others(self) -> Mapping[str, Criterion]:
        """The criteria that other bodies score."""
        own = self.experts
        return {name: c for name, c in self.criteria.items() if name not in own}

    @model_validator(mode="after")
    def _some_for_experts(self) -> Reviews:
        if not self.experts:
            raise Unreadable("review.no_experts", words=catalogue("models.words"), reviewers=self.reviewers)
        return self


OF_CANDIDATE = Field(
    "candidate", Text("项目编号", "Project ID"), "code", required=True, aliases=("编号", "项目编码", "id")
)
"""The candidate that a row of reviews or assessments speaks of."""


def review_sheet(reviews: Reviews) -> Sheet:
    """The review table of these criteria."""
    return Sheet(
        key="reviews",
        title=Text("专家评审打分", "Reviews"),
        fields=(
            OF_CANDIDATE,
            Field(
                "expert",
                Text("专家", "Expert"),
                "code",
                required=True,
                aliases=("专家编号", "评审专家", "expert"),
            ),
            *(
                Field(name, Text(name, c.en or name), "score", low=0, high=10_000)
                for name, c in reviews.experts.items()
            ),
            Field("recused", Text("回避", "Recused"), "flag", aliases=("是否回避", "recused")),
        ),
        aliases=("评审打分表", "专家打分", "reviews"),
        unique=("candidate", "expert"),
        required=False,
    )


@dataclass(frozen=True)
class Consensus:
    """What the panel came to on one candidate, in hundredths of a point.

    score   the trimmed mean; low, high  the extremes of the experts' own totals, before trimming
    experts how many scored; recused how many stood aside
    """

    score: int
    low: int
    high: int
    experts: int
    recused: int


_KNOWN: WeakKeyDictionary[Records, tuple[Reviews, Mapping[str, Consensus]]] = WeakKeyDictionary()


def consensus(reviews: Reviews, records: Records) -> Mapping[str, Consensus]:
    """The consensus on every candidate that somebody scored; the last one of these records is remembered."""
    known = _KNOWN.get(records)
    if known is None or known[0] is not reviews:
        known = _KNOWN[records] = (reviews, MappingProxyType(_consensus(reviews, records)))
    return known[1]


def _consensus(reviews: Reviews, records: Records) -> dict[str, Consensus]:
    totals: dict[str, list[int]] = defaultdict(list)
    stood_aside: dict[str, int] = defaultdict(int)
    weighted, scored = np.zeros(len(records), np.int64), np.ones(len(records), bool)
    for name, criterion in reviews.experts.items():
        weighted += criterion.weight * records.ints(name)
        scored &= records.known(name)
    rows = zip(records["candidate"], records["recused"], scored.tolist(), weighted.tolist(), strict=True)
    for candidate, recused, whole_row, total in rows:
        if recused:
            stood_aside[candidate] += 1
        elif whole_row:
            totals[candidate].append(total)
    whole = sum(criterion.weight for criterion in reviews.experts.values())
    return {c: _panel(reviews, values, whole, stood_aside[c]) for c, values in totals.items()}


def rounded(part: int, whole: int) -> int:
    """part / whole, half to even, in integers; `whole` is above 0."""
    found, rest = divmod(part, whole)
    return found + (2 * rest > whole or (2 * rest == whole and found % 2 == 1))


def _panel(reviews: Reviews, totals: list[int], whole: int, recused: int) -> Consensus:
    ordered = sorted(totals)
    kept = ordered[1:-1] if len(ordered) >= reviews.trim_from else ordered
    return Consensus(
        score=rounded(sum(kept), len(kept) * whole),
        low=rounded(ordered[0], whole),
        high=rounded(ordered[-1], whole),
        experts=len(ordered),
        recused=recused,
    )
