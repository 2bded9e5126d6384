"""What the toy rules have in common."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.contract import Facts, Rule
from allocator.limits import Measure
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text


class ToyRule(Rule):
    """A rule that is only read."""

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        raise NotImplementedError

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        raise NotImplementedError

    def say(self, measure: Measure, facts: Facts) -> Text:
        raise NotImplementedError
