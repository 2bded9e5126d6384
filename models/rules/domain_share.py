"""Share of each focus domain in the year's fund: floor, target, cap (66号文 二（二）1–5, 二（三）1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.shares import LabelShares


class DomainShare(LabelShares):
    """重点领域资金占比: each domain's money, standing lines and renewals of that domain among it."""

    key: ClassVar[str] = "domain_share"
    title: ClassVar[Text] = Text("重点领域占比", "Share of domains")
    example: ClassVar[Mapping[str, Any]] = {"shares": {"重点研发专项": {"floor": "20%", "cap": "60%"}}}
    axis: ClassVar[str] = "domain"

    basis: str = "66号文 二（二）1–5、二（三）1"
