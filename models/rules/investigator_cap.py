"""Limits per principal investigator: number of projects, and money, in one year (限项)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.caps import HolderCap


class InvestigatorCap(HolderCap):
    """同一项目负责人限额: whoever leads several projects; a project that names nobody is under no cap."""

    key: ClassVar[str] = "investigator_cap"
    title: ClassVar[Text] = Text("同一项目负责人限额", "Cap per principal investigator")
    example: ClassVar[Mapping[str, Any]] = {"count": 1}
    axis: ClassVar[str] = "investigator"

    basis: str = "申报通知限项规定"
