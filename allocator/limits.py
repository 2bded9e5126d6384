"""Floors, targets and caps: how a clause becomes rows for the solver, and how it is measured on a plan.

The two are written apart on purpose: rows are group-by sums over the option table, a measure adds up a list
of awards in Python integers. The contract test holds them to each other, and the verifier trusts the measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from scipy import sparse

from allocator.money import Money, Share, Unreadable, show, show_share
from allocator.program import OPEN, Clause, Ints, Rows, Side

Unit = Literal["money", "share", "count"]
SIDES: tuple[Side, ...] = ("floor", "target", "cap")
MICRO_PER_YUAN = 100
"""Micro-units of merit in one yuan of quality-weighted need (merit is in 万元; 1e6 / 1e4)."""


class Settings(BaseModel):
    """Base of every setting: strict about keys, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Force(Settings):
    """How a clause binds.

    A floor and a cap are hard unless `hard: false`; then, as a target always, they yield at `price`: yuan of
    quality-weighted need that one yuan of shortfall is held to cost (for counts: per one). A target without a
    price is shown and measured, and does not steer.

    In the place of a price a `rank` may stand: what all clauses of rank 1 miss is made least, then of rank 2, and
    so on, before the objective is looked at. `tolerance` is what the whole rank may miss beyond the least; of
    several that its clauses state the largest counts.
    """

    hard: bool = True
    price: Fraction | None = Field(default=None, ge=0)
    rank: int | None = Field(default=None, ge=1)
    tolerance: Money = 0

    @model_validator(mode="before")
    @classmethod
    def _yields(cls, data: Any) -> Any:
        """What has a rank yields, without being told to."""
        if isinstance(data, Mapping) and data.get("rank") is not None:
            return {"hard": False, **data}
        return data

    @model_validator(mode="after")
    def _priced(self) -> Force:
        if self.rank is not None and (self.price is not None or self.hard):
            raise Unreadable("limits.rank")
        if not self.hard and self.price is None and self.rank is None:
            raise Unreadable("limits.price")
        if self.tolerance < 0 or (self.tolerance and self.rank is None):
            raise Unreadable("limits.tolerance")
        return self

    def clause_price(self, side: Side) -> Fraction | None:
        """Micro-units of merit per yuan (or one) of violation; None where the side is hard."""
        if self.rank is not None:
            return Fraction(0)
        if self.hard and side != "target":
            return None
        return None if self.price is None else self.price * MICRO_PER_YUAN

    def count(self, floor: int | None = None, cap: int | None = None) -> CountBounds:
        """Bounds on a number of awards that bind in the same way."""
        return CountBounds(**self.force, floor=floor, cap=cap)

    @property
    def force(self) -> dict[str, Any]:
        """Its settings, to be handed to other bounds that bind alike."""
        return {name: getattr(self, name) for name in Force.model_fields}


class Bounds(Force):
    """Floor, target and cap, each in the clause's own unit, and how they bind."""

    def bound(self, side: Side) -> int | None:
        """The bound of one side, in the clause's own unit."""
        found: int | None = getattr(self, side)
        return found

    def clause(self, rule: str, label: str, side: Side, unit: Fraction = Fraction(1)) -> Clause:
        """The clause of one of its rows, of which one unit is `unit` yuan (or awards)."""
        price = self.clause_price(side)
        return Clause(
            rule,
            label,
            side,
            None if price is None else price * unit,
            unit,
            counted=isinstance(self, CountBounds),
            rank=self.rank,
            tolerance=self.tolerance,
        )

    def steers(self, side: Side) -> bool:
        """Whether the side is a row of the program."""
        return self.bound(side) is not None and (side != "target" or self.clause_price(side) is not None)

    @model_validator(mode="after")
    def _ordered(self) -> Bounds:
        said = [b for s in SIDES if (b := self.bound(s)) is not None]
        if said != sorted(said):
            raise Unreadable("limits.crossed")
        return self


class ShareBounds(Bounds):
    """Floor, target and cap as shares of a whole."""

    floor: Share | None = None
    target: Share | None = None
    cap: Share | None = None


class MoneyBounds(Bounds):
    """Floor, target and cap in yuan."""

    floor: Money | None = None
    target: Money | None = None
    cap: Money | None = None


class CountBounds(Bounds):
    """Floor, target and cap as numbers of awards."""

    floor: int | None = Field(default=None, ge=0)
    target: int | None = Field(default=None, ge=0)
    cap: int | None = Field(default=None, ge=0)
    tolerance: int = Field(default=0, ge=0)


class CountForce(Force):
    """How a clause binds that counts awards: its tolerance is a number of them."""

    tolerance: int = Field(default=0, ge=0)


# -- rows -------------------------------------------------------------------------------------


def amount_rows(
    rule: str, labels: Sequence[str], parts: sparse.csr_array, limits: Mapping[str, Bounds]
) -> Rows:
    """Rows floor ≤ part ≤ cap: `parts` int64 [labels, n], a limit for each label."""
    built = [
        (r, limits[label].clause(rule, label, side), limits[label].bound(side))
        for r, label in enumerate(labels)
        for side in SIDES
        if limits[label].steers(side)
    ]
    return _block([(parts[[r], :], clause, int(bound or 0)) for r, clause, bound in built], parts.shape[1])


def share_rows(
    rule: str,
    labels: Sequence[str],
    parts: sparse.csr_array,
    whole: Ints | int,
    limits: Mapping[str, Bounds],
) -> Rows:
    """Rows 10000·part ≷ share·whole; `whole` is a constant in yuan, or the column [n] that adds up to it.

    A unit of such a row is a ten-thousandth of a yuan, so a price per yuan is divided by 10000.
    """
    built: list[tuple[sparse.csr_array, Clause, int]] = []
    for r, label in enumerate(labels):
        part = parts[[r], :] * 10_000
        for side in SIDES:
            if not limits[label].steers(side):
                continue
            points = limits[label].bound(side) or 0
            clause = limits[label].clause(rule, label, side, Fraction(1, 10_000))
            if isinstance(whole, int):
                built.append((part, clause, points * whole))
            else:
                built.append((sparse.csr_array(part - sparse.csr_array(points * whole[None, :])), clause, 0))
    return _block(built, parts.shape[1])


def _block(built: Sequence[tuple[sparse.csr_array, Clause, int]], columns: int) -> Rows:
    if not built:
        empty = np.zeros(0, np.int64)
        return Rows(sparse.csr_array((0, columns), dtype=np.int64), empty, empty, ())
    for _, clause, bound in built:
        if abs(bound) >= OPEN:
            raise OverflowError(f"{clause}: a bound of {bound} does not fit in 64 bits")
    return Rows(
        matrix=sparse.csr_array(sparse.vstack([row for row, _, _ in built])),
        lower=np.array([b if c.side != "cap" else -OPEN for _, c, b in built], np.int64),
        upper=np.array([b if c.side != "floor" else OPEN for _, c, b in built], np.int64),
        clauses=tuple(c for _, c, _ in built),
    )


# -- measures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """One clause's rule and label on one plan, in integers.

    part   yuan, or a count; whole: the share's base in yuan (None unless `unit` is share)
    limits the bounds that it is held to; `basis` the article or decision that it rests on
    """

    rule: str
    label: str
    basis: str
    unit: Unit
    part: int
    limits: Bounds
    whole: int | None = None
    money: str = "award"

    def residual(self, side: Side) -> int | None:
        """How far the plan is inside `side`, exactly, negative where broken; None where the side is open.

        In yuan or counts; for a share in ten-thousandths of a yuan. A target's residual is −|distance|.
        """
        bound = self.limits.bound(side)
        if bound is None:
            return None
        distance = self.part - bound if self.whole is None else 10_000 * self.part - bound * self.whole
        return {"floor": distance, "cap": -distance, "target": -abs(distance)}[side]

    @property
    def ok(self) -> bool:
        """Whether every hard side holds."""
        return all((self.residual(s) or 0) >= 0 for s in ("floor", "cap") if self._is_hard(s))

    @property
    def kept(self) -> bool:
        """Whether floor and cap hold, hard or soft."""
        return all((self.residual(s) or 0) >= 0 for s in ("floor", "cap"))

    @property
    def slack(self) -> int | None:
        """Yuan (or count) to the nearer of floor and cap, rounded down; negative where one is broken."""
        left = [r for s in ("floor", "cap") if (r := self.residual(s)) is not None]
        if not left:
            return None
        return min(left) // (1 if self.whole is None else 10_000)

    @property
    def points(self) -> int | None:
        """The share in basis points, rounded half to even; None where there is no whole to share."""
        if not self.whole:
            return None
        return round(Fraction(10_000 * self.part, self.whole))

    @property
    def value(self) -> int | None:
        """What is compared with the bounds: basis points, yuan or a count; None: no whole, reads 无."""
        return self.points if self.unit == "share" else self.part

    @property
    def penalty(self) -> Fraction:
        """What the soft sides' violations cost this plan, in micro-units of merit."""
        cost = Fraction(0)
        for side in SIDES:
            price, residual = self.limits.clause_price(side), self.residual(side)
            if price is not None and residual is not None and residual < 0:
                cost += price * -residual / (1 if self.whole is None else 10_000)
        return cost

    def _is_hard(self, side: Side) -> bool:
        return self.limits.bound(side) is not None and self.limits.clause_price(side) is None

    def shown(self, value: int | None) -> str:
        """A value or bound of this measure as people read it: 万元, %, or a count."""
        if value is None:
            return "—"
        if self.unit == "share":
            return show_share(value)
        return show(value) if self.unit == "money" else str(value)

    def as_json(self) -> dict[str, Any]:
        """The measure as plan.json holds it: shares in basis points, money in whole yuan."""
        return {
            "rule": self.rule,
            "label": self.label,
            "basis": self.basis,
            "unit": self.unit,
            "value": self.value,
            "part": self.part,
            "whole": self.whole,
            "floor": self.limits.bound("floor"),
            "target": self.limits.bound("target"),
            "cap": self.limits.bound("cap"),
            "slack": self.slack,
            "ok": self.ok,
            "hard": self.limits.hard,
            "rank": self.limits.rank,
        }
