from __future__ import annotations

from typing import Literal

from pydantic import Field

from allocator.limits import MoneyBounds
from allocator.words import Text
from toyfund.rules._rule import ToyRule


class Limit(ToyRule):
    """Any sum within bounds."""

    key = "limit"
    title = Text("限额", "Limit")

    where: dict[str, list[str]] = Field(default_factory=dict, description="axis -> labels")
    column: Literal["award", "outlay", "recovery"] = "award"
    bounds: MoneyBounds
