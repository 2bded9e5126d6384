"""Share of each sub-area of a focus domain in the money: floor, target, cap (66号文 二（二）1–5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.shares import LabelShares


class SubAreaShare(LabelShares):
    """细分方向占比: the sub-areas that the notice names under each domain, and any other that candidates state."""

    key: ClassVar[str] = "sub_area_share"
    title: ClassVar[Text] = Text("细分方向占比", "Share of sub-areas")
    example: ClassVar[Mapping[str, Any]] = {"shares": {"卡脖子与关键共性技术": {"floor": "8%", "cap": "45%"}}}
    axis: ClassVar[str] = "sub_area"

    basis: str = "66号文 二（二）1–5"
