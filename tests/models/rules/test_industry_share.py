"""Shares by industry, by hand."""

from __future__ import annotations

from models.rules.industry_share import IndustryShare
from tests.models.rules.axis_share import AxisShare


class TestIndustryShare(AxisShare):
    """The hand-worked cases of a share over one axis."""

    kind = IndustryShare
    labels = ("钢铁", "化工")
    titles = ("产业占比", "Share of industries")
