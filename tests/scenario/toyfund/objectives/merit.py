from __future__ import annotations

from allocator.contract import Facts, Objective
from allocator.options import OptionTable
from allocator.program import Ints
from allocator.records import Tables
from allocator.words import Text


class Merit(Objective):
    """Quality-weighted need."""

    key = "merit"
    title = Text("绩效", "Merit")

    least: int = 0

    def gain(self, options: OptionTable, tables: Tables, facts: Facts) -> Ints:
        raise NotImplementedError
