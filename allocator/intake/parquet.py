"""Parquet files as grids: columns as they are stored, for pools too large for a workbook.

Needs pyarrow (`pip install 'allocator[parquet]'`), which is imported here only.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allocator.intake.grid import Cell, Odd

MAGIC = b"PAR1"
"""What a Parquet file begins and ends with."""

SAFE_DIGITS = 2**53
"""From here on a float does not hold every whole number: such a one is handed over as its digits."""


class NoReader(Exception):
    """Parquet cannot be read: pyarrow is not installed."""


def rows(data: bytes) -> list[list[Cell]]:
    """The heading and the rows of a Parquet file. Raises `NoReader`, and `ValueError` for a torn file or odd columns.

    Nulls are blank. NaN is an `Odd` cell, like Excel's errors: no number, and not absent either.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise NoReader from None
    try:
        table = pyarrow.parquet.read_table(io.BytesIO(data), use_threads=False)
    except pyarrow.ArrowException as error:
        raise ValueError(str(error)) from error
    columns = [_cells(column.to_pylist()) for column in table.columns]
    return [list(table.column_names), *map(list, zip(*columns, strict=True))]


def _cells(values: list[Any]) -> list[Cell]:
    """A column's values as cells; each distinct one is made once, and shared."""
    try:
        made = {value: _cell(value) for value in set(values)}
    except TypeError:  # lists and structs cannot be compared
        return [_cell(value) for value in values]
    if any(isinstance(value, bool) for value in made):  # True and 1 are one key
        return [_cell(value) for value in values]
    return [made[value] for value in values]


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, (str, bool, datetime, date, time, timedelta)):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < SAFE_DIGITS else str(value)
    if isinstance(value, float):
        return value if value == value else Odd("cell_error", "NaN")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return Odd("cell_error", type(value).__name__)
