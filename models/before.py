"""归并前预算: what each department and county had before the merger, beside what a plan gives there this year.

An optional sheet. The departments' money is one fund now (66号文 一、二（一）), and whoever had some of it asks first
what has become of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from allocator.options import Award
from allocator.records import Field, Sheet, Tables
from allocator.words import Text

Axis = Literal["department", "county"]
AXES: tuple[Axis, ...] = ("department", "county")

BEFORE = Sheet(
    key="before",
    title=Text("归并前预算", "Before the merger"),
    fields=(
        Field("department", Text("主管部门", "Department"), "label", aliases=("部门", "department")),
        Field("county", Text("所属区县", "County"), "label", aliases=("区县", "county")),
        Field("money", Text("资金类别", "Kind of money"), "label", aliases=("专项资金", "资金名称", "money")),
        Field("year", Text("年度", "Year"), "year", aliases=("year",), low=2000, high=2100),
        Field(
            "amount",
            Text("预算数", "Budget"),
            "money",
            required=True,
            aliases=("金额", "归并前预算数", "amount"),
            low=0,
        ),
        Field("note", Text("备注", "Note"), aliases=("说明", "note")),
    ),
    aliases=("归并前各部门预算", "before"),
    required=False,
)


@dataclass(frozen=True)
class Compared:
    """One department or county (None: none is named): its money before and this year, in yuan."""

    label: str | None
    before: int
    now: int

    @property
    def change(self) -> int:
        """What it has gained."""
        return self.now - self.before

    @property
    def points(self) -> int | None:
        """The change in basis points of what it had; None where it had nothing."""
        return round(10_000 * self.change / self.before) if self.before else None


def known(tables: Tables) -> bool:
    """Whether the records say what was there before."""
    return "before" in tables and len(tables["before"]) > 0


def had(tables: Tables) -> Mapping[str, Mapping[str | None, int]]:
    """What each department and county had: axis -> label (None: none is named) -> yuan; nothing without the sheet."""
    return {axis: _had(tables, axis) for axis in AXES} if known(tables) else {}


def _had(tables: Tables, axis: Axis) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for label, amount in zip(tables["before"][axis], tables["before"]["amount"], strict=True):
        found[label] = found.get(label, 0) + amount
    return found


def compared(tables: Tables, awards: Iterable[Award], axis: Axis) -> list[Compared]:
    """Each label of `axis` before the merger and this year, fixed lines among the `awards`.

    In the order of the sheet, then as awards name them; what names none comes last. Each column adds up to all of its
    money. Empty where there is no such sheet.
    """
    if not known(tables):
        return []
    earlier = _had(tables, axis)
    now: dict[str | None, int] = {}
    for award in awards:
        name = award.labels.get(axis)
        now[name] = now.get(name, 0) + award.outlay[0]
    labels = [*dict.fromkeys(k for k in (*earlier, *now) if k is not None)]
    found = [Compared(label, earlier.get(label, 0), now.get(label, 0)) for label in labels]
    rest = Compared(None, earlier.get(None, 0), now.get(None, 0))
    return [*found, rest] if rest.before or rest.now else found
