"""Shares by sub-area, by hand."""

from __future__ import annotations

from models.rules.sub_area_share import SubAreaShare
from tests.models.rules.axis_share import AxisShare


class TestSubAreaShare(AxisShare):
    """The hand-worked cases of a share over one axis."""

    kind = SubAreaShare
    labels = ("工业设计", "科技园区")
    titles = ("细分方向占比", "Share of sub-areas")
