"""Where a scenario's tables come from: the `data:` section, shared by the scenario reader and the intake.

data:
  workbook: pool.xlsx                  # every sheet that is not named below is looked for here
  candidates:
    file: proposals.csv
    where: {fund: 4}                   # keep only the rows whose column says this
    columns:
      id: {template: "F{fund}-{row}"}
      title: proposal
      request: {column: requested, unit: 元}
      score: {column: score, out_of: 5}
      decided: {column: status, map: {FUNDED: 是, "*": 否}}
    constants: {kind: 企业}
    currency: USD
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from allocator.limits import Settings
from allocator.money import UNITS, Unreadable

__all__ = ["ColumnSource", "DataSettings", "TableSource", "file_keys"]

ANY_OTHER = "*"
"""In a `map`: every value that it does not list."""


def _text(value: Any) -> Any:
    """A scalar as the text that a cell would hold: 4 is `4`, true is `true`."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, Decimal)) else value


def _known_unit(value: str) -> str:
    if value not in UNITS:
        raise Unreadable("money.unknown_unit", unit=value)
    return value


CellText = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A cell's text as a scenario writes it, with or without quotes."""

Unit = Annotated[str, BeforeValidator(_known_unit)]
"""A unit of money: a key of `allocator.money.UNITS`."""


class ColumnSource(Settings):
    """How one field of a record is read from a table: from a column, or put together by a template.

    column    the table's heading
    unit      what a bare number means: 元, 万元, ...
    out_of    the full mark that scores of this column are given out of (5: a 4.5 becomes 90 points)
    map       the table's values -> the field's; `*` stands for every other value; without it others are faults
    template  text with the table's headings in braces, and {row}: the row's number in the file
    """

    column: CellText | None = None
    unit: Unit | None = None
    out_of: int | None = Field(default=None, ge=1)
    map: dict[str, CellText] | None = None
    template: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _heading(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, cls)) else {"column": value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        written = handler.resolve_ref_schema(handler(core))
        # Kept in place: what refers to the definition gets both ways of writing it.
        mapping = dict(written)
        written.clear()
        written.update({"anyOf": [{"type": ["string", "number"]}, mapping]})
        return written

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnSource:
        if (self.column is None) == (self.template is None):
            raise Unreadable("data.column_or_template")
        return self


class TableSource(Settings):
    """Where one sheet of the policy comes from, and how its columns are named there.

    file       the workbook or CSV file; without it, the scenario's `workbook`
    sheet      the sheet in a workbook; without it, it is found by its names
    columns    field -> heading, or how it is read; fields that are not named are found by their headings
    constants  field -> the one value of every row
    where      heading -> value: rows that say otherwise are left out
    currency   what the amounts are in; a label for reports: amounts are never converted
    """

    file: Path | None = None
    sheet: str | None = None
    columns: dict[str, ColumnSource] = Field(default_factory=dict)
    constants: dict[str, CellText] = Field(default_factory=dict)
    where: dict[str, CellText] = Field(default_factory=dict)
    currency: str = "CNY"

    @model_validator(mode="after")
    def _said_once(self) -> TableSource:
        for key in self.columns:
            if key in self.constants:
                raise Unreadable("data.column_and_constant", key=key)
        return self


class DataSettings(Settings):
    """All tables of a scenario: `workbook` for those that are not named, and one `TableSource` for each that is.

    A relative path is relative to the file that says it; the scenario's reader hands paths over absolute.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, TableSource] = Field(init=False)

    workbook: Path | None = None

    @property
    def tables(self) -> Mapping[str, TableSource]:
        """The named sheets by the policy's keys, in the scenario's order."""
        return dict(self.__pydantic_extra__ or {})

    def source(self, sheet: str) -> TableSource | None:
        """Where `sheet` comes from, its file filled in; None where the scenario gives neither table nor workbook."""
        found = self.tables.get(sheet, TableSource())
        if found.file is None:
            found = found.model_copy(update={"file": self.workbook})
        return None if found.file is None else found


def file_keys(data: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The keys below `data:` whose values are paths, of those that it has."""
    if isinstance(data.get("workbook"), str):
        yield ("workbook",)
    for key, table in data.items():
        if isinstance(table, Mapping) and isinstance(table.get("file"), str):
            yield (key, "file")
