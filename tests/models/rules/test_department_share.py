"""Shares by department, by hand."""

from __future__ import annotations

from models.rules.department_share import DepartmentShare
from tests.models.rules.axis_share import AxisShare


class TestDepartmentShare(AxisShare):
    """The hand-worked cases of a share over one axis."""

    kind = DepartmentShare
    labels = ("市科技局", "市工信局")
    titles = ("部门占比", "Share of departments")
