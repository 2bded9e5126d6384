"""What the terms of instruments have in common: levels, rounding, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from allocator.contract import Facts, Instrument, Offer, Offers, Settings
from allocator.money import Money, Share, Unreadable
from allocator.program import Bools, Ints
from allocator.records import Records, Tables
from allocator.words import catalogue
from models.candidate import ENTERPRISE_KIND

WORDS = catalogue("models.words")
Standing = Literal["sourced", "thin", "assumed"]


class Origin(Settings):
    """Where a term's figure comes from, and how well that is sourced."""

    source: str
    standing: Standing


class Terms(Instrument):
    """The terms that every instrument here has.

    round_to    awards are rounded down to a multiple of it
    minimum     the least award worth making; cap: the most for one project, if any
    equivalent  the grant-equivalent of one yuan of it
    origins     term -> where its figure comes from
    """

    round_to: Money = 10_000
    minimum: Money = 10_000
    cap: Money | None = None
    equivalent: Share = 10_000
    origins: dict[str, Origin] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _levels_fall(self) -> Terms:
        if list(self.levels) != sorted(set(self.levels), reverse=True) or not self.levels:
            raise Unreadable("terms.levels", words=WORDS)
        unknown = sorted(set(self.origins) - set(type(self).model_fields))
        if unknown:
            raise Unreadable("terms.origins", words=WORDS, names=", ".join(unknown))
        return self

    def rounded(self, amount: Any) -> Any:
        """`amount` down to a whole number of `round_to`; a number or an array."""
        return amount // self.round_to * self.round_to

    def levelled(
        self,
        records: Records,
        eligible: Bools,
        amount: Callable[[int], Ints],
        flows: Callable[[Ints], Flows],
    ) -> Offers:
        """Offers at each level: `amount(level)` [n] in yuan, `flows(award)` its flows. Equal awards count once."""
        found: list[tuple[Ints, int, Ints]] = []
        before = np.zeros(len(records), np.int64)
        for level in self.levels:
            award = amount(level)
            row = np.flatnonzero(eligible & (award >= max(self.minimum, 1)) & (award != before))
            found.append((row.astype(np.int64), level, award[row]))
            before = award
        row = np.concatenate([r for r, _, _ in found])
        award = np.concatenate([a for _, _, a in found])
        outlay, recovery, loss = flows(award)
        return Offers(
            row=row.astype(np.intp),
            level=np.concatenate([np.full(len(r), level, np.int32) for r, level, _ in found]),
            award=award,
            outlay=outlay,
            recovery=recovery,
            money={
                "equivalent": award * self.equivalent // 10_000,
                "private": private_money(records, row, award),
                "loss": loss,
            },
        )

    def offer(
        self,
        candidate: Mapping[str, Any],
        award: int,
        outlay: tuple[int, ...],
        recovery: tuple[int, ...],
        loss: int = 0,
    ) -> Offer:
        """The scalar twin of one row of `levelled`: the flows by year."""
        return Offer(
            award=award,
            outlay=outlay,
            recovery=recovery,
            money={
                "equivalent": award * self.equivalent // 10_000,
                "private": private_of(candidate, award),
                "loss": loss,
            },
        )


Flows = tuple[Ints, Ints, Ints]
"""Outlay and recovery [k, years], and expected loss [k]."""


def candidates(tables: Tables) -> Records:
    """The candidates' table."""
    return tables["candidates"]


def enterprises(records: Records) -> Bools:
    """Whose applicant is an enterprise: bool [n]."""
    return np.array([kind == ENTERPRISE_KIND for kind in records["kind"]], bool)


def in_year(amount: Ints, year: int, facts: Facts) -> Ints:
    """`amount` [k] in year number `year` of the plan, as flows [k, years]."""
    flow = none(amount, facts)
    flow[:, year] = amount
    return flow


def none(award: Ints, facts: Facts) -> Ints:
    """No money in any year, as flows [k, years]."""
    return np.zeros((len(award), len(facts.years)), np.int64)


def private_money(records: Records, row: Ints, award: Ints) -> Ints:
    """Own and other funds that go with each award [k], in proportion to the request that it meets, rounded down.

    Only what a candidate states is counted.
    """
    stated = (records.ints("own") + records.ints("other"))[row]
    request = records.ints("request")[row]
    room = float(stated.max(initial=0)) * float(award.max(initial=0)) < 2**62
    stated = stated if room else stated.astype(object)
    return np.asarray(stated * np.minimum(award, request) // request, np.int64)


def private_of(candidate: Mapping[str, Any], award: int) -> int:
    """The scalar twin of `private_money`."""
    request: int = candidate["request"]
    return ((candidate["own"] or 0) + (candidate["other"] or 0)) * min(award, request) // request
