"""A tiny policy for the scenario reader's tests: it reads, and never decides."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field as Setting

from allocator.limits import Settings, ShareBounds
from allocator.money import Money, Share
from allocator.records import Field, Sheet
from allocator.words import Text, same


class Fund(Settings):
    """The year's money."""

    total: Money
    years: dict[int, Money] = Setting(default_factory=dict)
    domains: dict[str, ShareBounds] = Setting(default_factory=dict)
    batches: list[str] = Setting(default_factory=list)
    growth: Fraction = Fraction(0)
    round_to: int | Literal["yuan"] = 1


class Memo(Settings):
    """A section that may be left out."""

    open: bool = False
    pilot: Share | None = None


class ToyPolicy:
    """The least that the reader asks of a policy."""

    name = "toy"
    package = "toyfund"
    sections: ClassVar[Mapping[str, type[Settings]]] = {"fund": Fund, "memo": Memo}

    def sheets(self, scenario: Any) -> tuple[Sheet, ...]:
        return (
            Sheet("candidates", Text("申报汇总表", "Candidates"), (Field("id", same("id")),)),
            Sheet("reviews", Text("评审", "Reviews"), (Field("id", same("id")),)),
        )


POLICY: Any = ToyPolicy()

WHOLE = """\
policy: toy
fund:
  total: 2亿元
objective:
  merit: {}
"""
"""The least that is a scenario of the toy policy; five lines, so that what is added begins in line 6."""
