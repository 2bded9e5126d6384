"""Share of each county or district in the money: floor, target, cap (66号文 二（三）1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.shares import LabelShares


class CountyShare(LabelShares):
    """区县资金占比. Co-funding by counties is recorded, not asked for here."""

    key: ClassVar[str] = "county_share"
    title: ClassVar[Text] = Text("区县占比", "Share of counties")
    example: ClassVar[Mapping[str, Any]] = {"shares": {"东港区": {"floor": "8%", "cap": "45%"}}}
    axis: ClassVar[str] = "county"

    basis: str = "66号文 二（三）1"
