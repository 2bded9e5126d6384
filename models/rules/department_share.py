"""Share of what each department recommends in the money: floor, target, cap (66号文 二（一）, 二（三）2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.shares import LabelShares


class DepartmentShare(LabelShares):
    """各部门申报项目资金占比: by the department that recommends a candidate or runs a line."""

    key: ClassVar[str] = "department_share"
    title: ClassVar[Text] = Text("部门占比", "Share of departments")
    example: ClassVar[Mapping[str, Any]] = {"shares": {"市科技局": {"floor": "8%", "cap": "45%"}}}
    axis: ClassVar[str] = "department"

    basis: str = "66号文 二（一）、二（三）2"
