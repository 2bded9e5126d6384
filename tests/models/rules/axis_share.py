"""What a share rule over one axis must do, by hand: the same figures for each, under its own labels and names."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from allocator.options import Award
from models.shares import LabelShares
from tests.hand import award, facts, line, only, program, rule, table, written


class AxisShare:
    """The cases of one rule: its class, two labels of its axis, its titles in Chinese and English."""

    kind: ClassVar[type[LabelShares]]
    labels: ClassVar[tuple[str, str]]
    titles: ClassVar[tuple[str, str]]

    def award(self, candidate: str, yuan: int, label: str) -> Award:
        return award(candidate, yuan, **{self.kind.axis: label})

    def rule(self, shares: dict[str, Any]) -> LabelShares:
        return rule(self.kind, shares=shares)

    def test_it_counts_the_money_of_its_label_with_the_lines_against_the_fund(self) -> None:
        # 150,000 of awards and 50,000 of a line are 20 % of 1,000,000; another label and none at all do not count.
        first, second = self.labels
        awards = [
            line("W", 50_000, **{self.kind.axis: first}),
            self.award("A", 150_000, first),
            self.award("B", 300_000, second),
            award("C", 40_000),
        ]
        own = self.rule({first: {"floor": "20%"}, second: {"cap": "29.99%"}})
        one, other = own.measure(awards, facts(1_000_000))
        assert (one.part, one.whole, one.ok, one.slack) == (200_000, 1_000_000, True, 0)
        assert (other.part, other.ok, other.slack) == (300_000, False, -100)
        assert written(own.rows(table(awards), facts(1_000_000))) == {
            (first, "floor"): ([500_000_000, 1_500_000_000, 0, 0], 2_000_000_000, None),
            (second, "cap"): ([0, 0, 3_000_000_000, 0], None, 2_999_000_000),
        }

    def test_one_yuan_too_much_breaks_it_in_row_and_measure_alike(self) -> None:
        label, _ = self.labels
        own = self.rule({label: {"cap": "10%"}})
        for yuan, ok in ((100_000, True), (100_001, False)):
            awards = [self.award("A", yuan, label)]
            assert only(own.measure(awards, facts(1_000_000)), label).ok is ok
            assert (not program([own], awards, facts(1_000_000)).broken(np.array([True]))) is ok

    def test_a_label_that_neither_scenario_nor_records_have_is_a_located_fault(self) -> None:
        label, _ = self.labels
        own = self.rule({label: {}, "没有": {}})
        ((keys, _what, mend),) = own.check(table([self.award("A", 1, label)]), facts())
        assert keys == ("shares", "没有")
        assert label in mend.en

    def test_it_says_so(self) -> None:
        label, _ = self.labels
        own = self.rule({label: {"floor": "5%"}})
        measure = only(own.measure([self.award("A", 60_000, label)], facts(1_000_000)), label)
        said = f"{label}本年安排 6.00 万元，占年度整合规模 6%（不低于 5%）：符合。"
        assert own.say(measure, facts()).zh == said
        assert (own.title.zh, own.title.en) == self.titles
        assert "66号文" in measure.basis
