"""The normalised copy of a table: a text file that reads back exactly, with nothing left to interpret.

UTF-8 with a byte-order mark, so that Excel opens it right; field keys as headings; money in whole yuan, shares in
basis points, scores in hundredths, flags as 1 and 0, blank where absent. Text that a spreadsheet would take for a
formula carries a leading apostrophe, which reading takes off again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from allocator.intake.grid import letters
from allocator.problems import Place, Problems
from allocator.records import Field, Records, Sheet

_GUARDED = ("=", "+", "-", "@", "'", "\t", "\r", "\n")
PIECE = 4096
"""Rows that are read at a time."""
_WORDS = ("text", "label", "code")


def write_table(records: Records, path: Path) -> None:
    """Write `records` to `path`: one column for each field of its sheet, in the sheet's order."""
    fields = records.sheet.fields
    columns = [_written(field, records[field.key]) for field in fields]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.key for field in fields])
        writer.writerows(zip(*columns, strict=True))


def read_table(path: Path, sheet: Sheet) -> Records:
    """The records that `write_table` wrote. Raises `InputFaults` where the file is not as that writes it."""
    problems = Problems()
    name, keys = path.name, [field.key for field in sheet.fields]
    texts: list[list[str]] = [[] for _ in keys]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        if next(rows, []) != keys:
            problems.add(Place(name, cell="A1"), "intake.normal_heading", keys=", ".join(keys))
            problems.stop()
        # In pieces: half a million small lists at once would keep the garbage collector busy.
        while piece := list(islice(rows, PIECE)):
            for r, row in enumerate(piece, 2 + len(texts[0])):
                if len(row) != len(keys):
                    place = Place(name, cell=f"A{r}")
                    problems.add(place, "intake.row_wide", cells=len(row), columns=len(keys), heading="")
            problems.stop()
            for text, values in zip(texts, zip(*piece, strict=True), strict=True):
                text.extend(values)
    columns = {
        field.key: _read(field, texts[c], name, letters(c), problems) for c, field in enumerate(sheet.fields)
    }
    problems.stop()
    at = {field.key: letters(c) for c, field in enumerate(sheet.fields)}
    return Records(sheet, columns, lambda row, key: Place(name, cell=f"{at[key] if key else 'A'}{row + 2}"))


def _written(field: Field, values: Sequence[Any]) -> list[str]:
    if field.kind in _WORDS:
        return ["" if v is None else f"'{v}" if v.startswith(_GUARDED) else v for v in values]
    texts = {v: "" if v is None else str(int(v)) for v in set(values)}
    return [texts[v] for v in values]


def _read(field: Field, texts: Sequence[str], file: str, column: str, problems: Problems) -> list[Any]:
    if field.kind in _WORDS:
        return [t.removeprefix("'") if t else None for t in texts]
    value: Callable[[str], Any] = _flag if field.kind == "flag" else _whole
    known: dict[str, Any] = {"": None}
    for text in set(texts) - {""}:
        try:
            known[text] = value(text)
        except ValueError:
            row = texts.index(text) + 2
            problems.add(Place(file, cell=f"{column}{row}"), "intake.normal", key=field.key, value=text)
            known[text] = None
    return [known[t] for t in texts]


def _whole(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError(text)
    return number


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"
