"""Shares by county, by hand."""

from __future__ import annotations

from models.rules.county_share import CountyShare
from tests.models.rules.axis_share import AxisShare


class TestCountyShare(AxisShare):
    """The hand-worked cases of a share over one axis."""

    kind = CountyShare
    labels = ("东港区", "莒县")
    titles = ("区县占比", "Share of counties")
