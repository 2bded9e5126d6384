"""Money held back this year: for later batches, and whatever else is named (66号文 二（三）1、二（三）末).

What is reserved for 一事一议 by a fixed line the ceiling counts as spent; here stands what no line holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from allocator.contract import Facts, Rule
from allocator.limits import Force, Measure, MoneyBounds, amount_rows
from allocator.money import Money, show
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import Fault
from models.batch import batch_of

LATER = "后续批次"
"""How the batch section's money for later batches is named."""


class Reserve(Force, Rule):
    """预留资金: `held` by what it is for. The batch section's `later` counts with it.

    This year's money, fixed lines among it, stays within the ceiling less all that is held.
    """

    key: ClassVar[str] = "reserve"
    title: ClassVar[Text] = Text("预留资金", "Money held back")
    example: ClassVar[Mapping[str, Any]] = {"held": {"应急": "250万元"}}

    basis: str = "66号文 二（三）1、二（三）末"
    held: dict[str, Money] = {}

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        return amount_rows(
            self.name, [""], options.sums([options.column("first_year")]), {"": self._limits(facts)}
        )

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        paid = sum(a.outlay[0] for a in awards)
        return [Measure(self.name, "", self.basis, "money", paid, self._limits(facts), money="first_year")]

    def say(self, measure: Measure, facts: Facts) -> Text:
        own = self._held(facts)
        zh = "、".join(f"{what} {show(money)}" for what, money in own.items())
        en = ", ".join(f"{what} {show(money)}" for what, money in own.items())
        left = facts.ceilings[facts.years[0]] - measure.part
        done = Text("留足", "kept") if measure.kept else Text("没有留足", "not kept")
        return Text(
            f"本年预留 {show(sum(own.values()))} 万元（{zh or '无'}），安排后尚余 {show(left)} 万元：{done.zh}。",
            f"Held back this year: {show(sum(own.values()))} ({en or 'nothing'}), {show(left)} left (万元): {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        spoken = int(options.column("first_year")[options.fixed].sum())
        left = facts.ceilings[facts.years[0]] - spoken - sum(self._held(facts).values())
        if left >= 0 or not self.hard:
            return []
        return [
            (
                ("held",),
                Text(
                    f"预留与先行安排合计超出年度规模 {show(-left)} 万元",
                    f"what is held back and the fixed lines exceed the year's fund by {show(-left)} (万元)",
                ),
                Text("减少预留", "hold back less"),
            )
        ]

    def _held(self, facts: Facts) -> Mapping[str, int]:
        later = batch_of(facts).later
        return {**self.held, **({LATER: later} if later else {})}

    def cap(self, facts: Facts) -> int:
        """What all of this year's money may come to, in yuan."""
        return facts.ceilings[facts.years[0]] - sum(self._held(facts).values())

    def _limits(self, facts: Facts) -> MoneyBounds:
        return MoneyBounds(**self.force, cap=self.cap(facts))
