"""Merit: quality-weighted need met, as `models/merit.py` prices it. What the fund is for."""

from __future__ import annotations

from typing import ClassVar

from allocator.contract import Facts, Objective
from allocator.options import OptionTable
from allocator.program import Ints
from allocator.words import Text


class MeritObjective(Objective):
    """The most merit."""

    key: ClassVar[str] = "merit"
    title: ClassVar[Text] = Text("评审价值", "Merit")

    def gain(self, options: OptionTable, facts: Facts) -> Ints:
        return options.merit
