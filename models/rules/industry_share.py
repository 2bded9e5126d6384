"""Share of each industry in the money: floor, target, cap (66号文 二（三）1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.shares import LabelShares


class IndustryShare(LabelShares):
    """分行业布局: 领导小组 sets the layout by field and by industry."""

    key: ClassVar[str] = "industry_share"
    title: ClassVar[Text] = Text("产业占比", "Share of industries")
    example: ClassVar[Mapping[str, Any]] = {"shares": {"钢铁": {"floor": "8%", "cap": "45%"}}}
    axis: ClassVar[str] = "industry"

    basis: str = "66号文 二（三）1"
