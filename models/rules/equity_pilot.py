"""The equity pilot: a certain share of the fund becomes capital (66号文 二（二）末2).

安排一定比例实施股权投资改革试点，变无偿拨款为资本金注入. The notice leaves the share open: floor, target and cap
are the scenario's. The numerator is this year's 资本金 appropriation; the base is named, and all three are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from allocator.contract import Facts, Rule
from allocator.limits import Measure, ShareBounds, share_rows
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import Base, base_column, base_sum
from models.shares import share_sentence

CAPITAL = "equity"
PILOT_BASES: tuple[Base, ...] = ("fund", "discretionary", "enterprise")


class EquityPilot(ShareBounds, Rule):
    """股权投资试点比例."""

    key: ClassVar[str] = "equity_pilot"
    title: ClassVar[Text] = Text("股权投资试点比例", "Equity pilot ratio")
    example: ClassVar[Mapping[str, Any]] = {"floor": "20%", "cap": "40%"}

    basis: str = "66号文 二（二）末2"
    of: Base = "fund"

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        capital = np.where(options.mask({"instrument": (CAPITAL,)}), options.column("first_year"), 0)
        whole = base_column(self.of, "first_year", options, facts)
        return share_rows(self.name, [""], options.sums([capital]), whole, {"": self.limits})

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        return [self.over(self.of, awards, facts, self.limits)]

    def say(self, measure: Measure, facts: Facts) -> Text:
        return share_sentence(Text("股权投资试点", "Equity pilot"), measure, self.of)

    def over(self, base: Base, awards: Sequence[Award], facts: Facts, limits: ShareBounds) -> Measure:
        """The ratio over any of its bases; only `self.of` binds."""
        capital = [a for a in awards if a.labels.get("instrument") == CAPITAL]
        return Measure(
            rule=self.name,
            label="",
            basis=self.basis,
            unit="share",
            part=sum(a.money("first_year", facts.years) for a in capital),
            whole=base_sum(base, "first_year", awards, facts),
            limits=limits,
            money="first_year",
        )

    @property
    def limits(self) -> ShareBounds:
        """Its floor, target and cap, and how they bind."""
        return ShareBounds(**self.force, floor=self.floor, target=self.target, cap=self.cap)
