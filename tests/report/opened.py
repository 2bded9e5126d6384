"""A written workbook as a reader sees it: cells with the values that stand in them, tables by their headings."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from allocator.plan import Plan
from allocator.words import Lang
from models.workbook import write

Table = list[dict[str, Any]]

_NO_SCENARIO = {"title": "小方案", "note": ""}


def sendable(plan: Plan, **scenario: Any) -> Plan:
    """A plan made by hand with what a workbook says of its scenario."""
    settings = {**_NO_SCENARIO, **vars(plan.loaded.scenario), **scenario}
    loaded = SimpleNamespace(
        scenario=SimpleNamespace(**settings), resolved=SimpleNamespace(file=Path("small.yaml"))
    )
    return replace(
        plan, loaded=loaded, digest={"inputs": {"pool.xlsx": "0" * 64}, "scenario": "1", "program": "2"}
    )


def saved(plan: Plan, folder: Path, lang: Lang = "zh") -> Path:
    """The workbook of a plan, on disk."""
    path = folder / f"plan-{lang}.xlsx"
    write(plan, path, lang)
    return path


def sheets(path: Path, values: bool = True) -> dict[str, Worksheet]:
    """The sheets by name, with values (as a viewer that does not calculate shows them) or with formulas."""
    book = load_workbook(path, data_only=values)
    return {name: book[name] for name in book.sheetnames}


def table(sheet: Worksheet, first_heading: str, nth: int = 0) -> Table:
    """The rows under the nth row that begins with `first_heading`, down to the first row with nothing in it."""
    rows = list(sheet.iter_rows(values_only=True))
    heads = [i for i, row in enumerate(rows) if row[0] == first_heading]
    at = heads[nth]
    names = list(rows[at])
    found = []
    for row in rows[at + 1 :]:
        if all(v is None for v in row) or (row[0] is not None and all(v is None for v in row[1:])):
            break
        found.append({h: v for h, v in zip(names, row, strict=True) if h is not None})
    return found


def yuan(value: Any) -> int:
    """A cell of 万元 in whole yuan; raises where it is no whole number of them."""
    amount = round(value * 10_000)
    assert abs(value * 10_000 - amount) < 1e-4, f"{value} is not a whole number of yuan"
    return int(amount)


def part(path: Path, name: str) -> str:
    """One part of the file, as text."""
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode("utf-8")


_SUM = re.compile(r"^=(?:SUBTOTAL\(9,|SUM\()([A-Z]+\d+(?::[A-Z]+\d+)?)\)$")
_LESS = re.compile(r"^=([A-Z]+\d+)-SUM\(([A-Z]+\d+:[A-Z]+\d+)\)$")
_SUMIF = re.compile(r'^=SUMIF\((\S+?),"(.*)",(\S+?)\)$')


def calculated(formulas: Worksheet, values: Worksheet, formula: str) -> float:
    """What one of the workbook's formulas comes to; a SUBTOTAL leaves the subtotals in its range out, as it must."""

    def cells(where: str) -> list[tuple[int, int]]:
        left, top, right, bottom = range_boundaries(where.replace("$", ""))
        return [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]

    def number(row: int, column: int) -> float:
        value = values.cell(row, column).value
        return float(value) if isinstance(value, (int, float)) else 0.0

    if plain := _SUM.match(formula):
        nested = "SUBTOTAL" in formula
        return sum(
            number(r, c)
            for r, c in cells(plain[1])
            if not (nested and str(formulas.cell(r, c).value).startswith("=SUBTOTAL"))
        )
    if less := _LESS.match(formula):
        (first,) = cells(less[1])
        return number(*first) - sum(number(r, c) for r, c in cells(less[2]))
    conditional = _SUMIF.match(formula)
    assert conditional, f"not a formula that a report has: {formula}"
    keys, sums = cells(conditional[1]), cells(conditional[3])
    wanted = conditional[2].replace('""', '"')
    return sum(number(*s) for k, s in zip(keys, sums, strict=True) if values.cell(*k).value == wanted)
