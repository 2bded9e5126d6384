"""Leverage: the private money that goes with the awards, yuan for yuan of merit."""

from __future__ import annotations

from typing import ClassVar

from allocator.contract import Facts, Objective
from allocator.limits import MICRO_PER_YUAN
from allocator.options import OptionTable
from allocator.program import Ints
from allocator.words import Text


class Leverage(Objective):
    """The most private money levered."""

    key: ClassVar[str] = "leverage"
    title: ClassVar[Text] = Text("撬动社会资金", "Private money levered")

    def gain(self, options: OptionTable, facts: Facts) -> Ints:
        return options.column("private") * MICRO_PER_YUAN
