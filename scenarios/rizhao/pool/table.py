"""A table as an office fills it in: a sheet of the policy, its columns, and what its heading row says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allocator.records import Field, Sheet

Columns = dict[str, Sequence[Any]]
"""Values by field key, None where blank; money in 万元."""


@dataclass(frozen=True)
class Table:
    """One sheet of the pool: what it is, its merged title, its columns in printing order.

    `summed` names the money columns that the 合计 row adds up; where there are none there is no such row.
    """

    sheet: Sheet
    heading: str
    columns: Columns
    summed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @property
    def fields(self) -> list[Field]:
        """The fields that are printed, in order."""
        return [self.sheet.field(key) for key in self.columns]

    @property
    def captions(self) -> list[str]:
        """The heading row: the field's Chinese name, with its unit where it is money."""
        return [f.title.zh + ("（万元）" if f.kind == "money" else "") for f in self.fields]

    def total(self, key: str) -> float:
        """The sum of a money column in 万元, to two decimals."""
        return round(float(sum(v for v in self.columns[key] if v is not None)), 2)
