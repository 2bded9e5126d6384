"""What limits per holder have in common (限项): money, or number of projects, of whoever holds several in one year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field, model_validator
from scipy import sparse

from allocator.contract import Facts, Rule
from allocator.limits import Bounds, CountBounds, Measure, MoneyBounds, Unit, amount_rows
from allocator.money import Money, Unreadable, show
from allocator.options import Award, OptionTable
from allocator.program import Ints, Rows
from allocator.words import Text, catalogue
from models.base import Fault, money_faults, not_known


class HolderCap(Rule):
    """`amount` of `money`, or `count` of awards, for each label of `axis`; `instruments` narrows what counts.

    Only holders whose candidates' largest options could pass the cap have a row; an award whose holder is not
    stated is under no cap.
    """

    axis: ClassVar[str]
    numbers: ClassVar[Mapping[str, Text]] = {
        "amount": Text("金额上限", "cap on the amount"),
        "count": Text("项数上限", "cap on the number"),
    }

    money: str = "award"
    amount: Money | None = None
    count: int | None = Field(default=None, ge=1)
    instruments: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> HolderCap:
        if (self.amount is None) == (self.count is None):
            raise Unreadable("applicant_cap.one", words=catalogue("models.words"))
        return self

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        column, _ = self._column
        labels = self._crowded(options, column)
        counted = (options.mask(self._where) & ~options.fixed).astype(np.int64)
        parts = options.by(self.axis, column, labels) @ sparse.diags_array(counted, dtype=np.int64)
        return amount_rows(self.name, labels, sparse.csr_array(parts), dict.fromkeys(labels, self._limits))

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        column, unit = self._column
        held: defaultdict[str, int] = defaultdict(int)
        for award in awards:
            if not award.fixed and self.axis in award.labels and award.fits(self._where):
                held[award.labels[self.axis]] += award.money(column, facts.years)
        return [
            Measure(self.name, holder, self.basis, unit, part, self._limits, money=column)
            for holder, part in held.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        if measure.unit == "count":
            return Text(
                f"{measure.label} 立项 {measure.part} 个，最多 {self.count} 个。",
                f"{measure.label}: {measure.part} awards, at most {self.count}.",
            )
        return Text(
            f"{measure.label} 合计 {show(measure.part)} 万元，限额 {show(self.amount or 0)} 万元。",
            f"{measure.label}: {show(measure.part)} in all, at most {show(self.amount or 0)} (万元).",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = facts.labels["instrument"]
        unknown = [i for i in self.instruments if i not in known]
        return money_faults(self.money, options) + [not_known(("instruments",), i, known) for i in unknown]

    @property
    def _column(self) -> tuple[str, Unit]:
        return ("count", "count") if self.amount is None else (self.money, "money")

    @property
    def _where(self) -> Mapping[str, tuple[str, ...]]:
        return {"instrument": self.instruments} if self.instruments else {}

    @property
    def _limits(self) -> Bounds:
        return CountBounds(cap=self.count) if self.amount is None else MoneyBounds(cap=self.amount)

    def _crowded(self, options: OptionTable, column: str) -> list[str]:
        """The holders that could pass the cap: whose candidates' largest options add up to more."""
        codes = options.labels[self.axis]
        chosen = np.flatnonzero(~options.fixed & (codes.codes >= 0) & options.mask(self._where))
        largest: Ints = np.zeros(len(options.candidates), np.int64)
        np.maximum.at(largest, options.candidate[chosen], options.column(column)[chosen])
        owner = np.full(len(options.candidates), -1)
        owner[options.candidate[chosen]] = codes.codes[chosen]
        most = np.zeros(len(codes.values), np.int64)
        np.add.at(most, owner[owner >= 0], largest[owner >= 0])
        cap = self._limits.bound("cap") or 0
        return [codes.values[i] for i in np.flatnonzero(most > cap)]
