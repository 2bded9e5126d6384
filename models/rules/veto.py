"""Vetoes: candidates that are not to be supported, or not in one way (66号文 二（三）4, 三（三）)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.contract import Facts
from allocator.limits import CountBounds, Measure
from allocator.words import Text
from models.decisions import Decisions


class Veto(Decisions):
    """不予支持: each with its reason and basis, which reports print."""

    key: ClassVar[str] = "veto"
    title: ClassVar[Text] = Text("不予支持", "Vetoed")
    example: ClassVar[Mapping[str, Any]] = {
        "candidates": {"B": {"reason": "失信", "basis": "公示", "instrument": "grant"}}
    }
    limits: ClassVar[CountBounds] = CountBounds(cap=0)

    basis: str = "66号文 二（三）4、三（三）"

    def say(self, measure: Measure, facts: Facts) -> Text:
        why = self.candidates[measure.label]
        done = (
            Text("未安排", "is not supported")
            if measure.ok
            else Text("却被安排", "is supported all the same")
        )
        return Text(
            f"不予支持 {facts.title(measure.label).zh}（{why.reason}；{why.basis}）：{done.zh}。",
            f"{facts.title(measure.label).en}, vetoed ({why.reason}; {why.basis}), {done.en}.",
        )
