"""Calls with competing teams: at most k win (66号文 二（二）1: 揭榜 one, 赛马 two)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from allocator.contract import Facts, Rule
from allocator.limits import CountBounds, Measure, amount_rows
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import Fault, not_known


class CallWinners(Rule):
    """榜单立项数. `winners` overrides, by call, the number that the list of calls gives."""

    key: ClassVar[str] = "call"
    title: ClassVar[Text] = Text("榜单立项数", "Winners of a call")
    example: ClassVar[Mapping[str, Any]] = {}

    basis: str = "66号文 二（二）1"
    winners: dict[str, Annotated[int, Field(ge=0)]] = {}

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        limits = self._limits(facts)
        return amount_rows(self.name, list(limits), options.by("call", "count", list(limits)), limits)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        taken = Counter(a.labels["call"] for a in awards if "call" in a.labels)
        return [
            Measure(
                rule=self.name,
                label=call,
                basis=self.basis,
                unit="count",
                part=taken[call],
                limits=limits,
                money="count",
            )
            for call, limits in self._limits(facts).items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        title, cap = facts.title(measure.label), measure.limits.bound("cap")
        return Text(
            f"榜单 {title.zh} 立项 {measure.part} 个，最多 {cap} 个。",
            f"Call {title.en}: {measure.part} taken, at most {cap}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = facts.labels["call"]
        return [not_known(("winners", call), call, known) for call in self.winners if call not in known]

    def _limits(self, facts: Facts) -> dict[str, CountBounds]:
        merged = {**facts.numbers.get("winners", {}), **self.winners}
        return {call: CountBounds(cap=k) for call, k in merged.items()}
