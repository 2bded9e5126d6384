"""Directed commissions (定向委托): who is marked so is supported, each on its stated basis (66号文 二（二）1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from allocator.contract import Facts, Rule
from allocator.limits import CountBounds, Measure
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import Fault
from models.commission import commissioned_of
from models.listed import block, taken

LIMITS = CountBounds(floor=1)


class Commission(Rule):
    """定向委托. Who they are, and on what basis (遴选依据), stands in the 申报汇总表."""

    key: ClassVar[str] = "commission"
    title: ClassVar[Text] = Text("定向委托", "Directed commissions")
    example: ClassVar[Mapping[str, Any]] = {}

    basis: str = "66号文 二（二）1"

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        return block(
            options,
            [(LIMITS.clause(self.name, c, "floor"), [(1, c)], 1) for c in commissioned_of(facts)],
        )

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        there = taken(awards)
        return [
            Measure(self.name, c, why or self.basis, "count", int(c in there), LIMITS, money="count")
            for c, why in commissioned_of(facts).items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        candidate = facts.title(measure.label)
        done = Text("已安排", "is supported") if measure.ok else Text("未安排", "is not supported")
        return Text(
            f"定向委托 {candidate.zh}（{measure.basis}）：{done.zh}。",
            f"{candidate.en}, commissioned directly ({measure.basis}), {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        found: list[Fault] = []
        for candidate, why in commissioned_of(facts).items():
            if not why:
                found.append(
                    (
                        (),
                        Text(
                            f"定向委托项目“{candidate}”没有写遴选依据",
                            f"“{candidate}” is commissioned without a basis",
                        ),
                        Text(
                            "在申报汇总表的“遴选依据”栏写明决定文件",
                            "state the decision in the column “Basis of selection”",
                        ),
                    )
                )
            if not len(options.rows_of.get(candidate, ())):
                found.append(
                    (
                        (),
                        Text(
                            f"定向委托项目“{candidate}”没有可用的支持方式（未达合格线或不符合条件）",
                            f"“{candidate}” is commissioned but has no option: it failed its review, or nothing fits",
                        ),
                        Text(
                            "补齐论证与资料，或改为竞争立项",
                            "complete its reviews and records, or let it compete",
                        ),
                    )
                )
        return found
