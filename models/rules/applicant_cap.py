"""Limits per applicant: money, and number of projects, in one year (限项)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.caps import HolderCap


class ApplicantCap(HolderCap):
    """同一单位限额."""

    key: ClassVar[str] = "applicant_cap"
    title: ClassVar[Text] = Text("同一单位限额", "Cap per applicant")
    example: ClassVar[Mapping[str, Any]] = {"count": 1}
    axis: ClassVar[str] = "applicant"

    basis: str = "申报通知限项规定"
