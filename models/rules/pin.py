"""Pins: candidates that the leading group has decided to support (66号文 二（二）1 定向委托, 二（三）4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.contract import Facts
from allocator.limits import CountBounds, Measure
from allocator.options import OptionTable
from allocator.words import Text
from models.decisions import Decisions


class Pin(Decisions):
    """指定支持: each with its reason and basis, which reports print."""

    key: ClassVar[str] = "pin"
    title: ClassVar[Text] = Text("指定支持", "Pinned")
    example: ClassVar[Mapping[str, Any]] = {"candidates": {"D": {"reason": "应急", "basis": "会议纪要"}}}
    limits: ClassVar[CountBounds] = CountBounds(floor=1)

    basis: str = "66号文 二（二）1、二（三）4"

    def say(self, measure: Measure, facts: Facts) -> Text:
        why = self.candidates[measure.label]
        done = Text("已安排", "is supported") if measure.ok else Text("未安排", "is not supported")
        return Text(
            f"指定支持 {facts.title(measure.label).zh}（{why.reason}；{why.basis}）：{done.zh}。",
            f"{facts.title(measure.label).en}, pinned ({why.reason}; {why.basis}), {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[tuple[tuple[str, ...], Text, Text]]:
        unknown = super().check(options, facts)
        named = {keys[1] for keys, _, _ in unknown}
        return unknown + [
            (
                ("candidates", candidate),
                Text(
                    f"“{candidate}”没有可用的支持方式（未达合格线或不符合条件）",
                    f"“{candidate}” has no option: below the pass mark, or no instrument fits",
                ),
                Text("取消指定，或补齐评审与资料", "lift the pin, or complete its reviews and records"),
            )
            for candidate, decision in self.candidates.items()
            if candidate not in named and not len(self._options(options, candidate, decision))
        ]
