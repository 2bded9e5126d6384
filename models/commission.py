"""Who is commissioned directly (定向委托): what the rule of that name pins, with the reason and basis of the record."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.contract import Facts
from allocator.records import Tables
from models.batch import Batch, waits
from models.candidate import COMMISSION

COMMISSIONED = "commissioned"
"""Where the facts hold them."""


def commissioned(tables: Tables, batch: Batch) -> Mapping[str, str]:
    """The basis of each candidate of this batch that is commissioned directly, by id; empty where none is stated."""
    records = tables["candidates"]
    rows = zip(*(records[key] for key in ("id", "mode", "mode_basis", "batch", "special")), strict=True)
    return {
        i: basis or ""
        for i, mode, basis, own, special in rows
        if mode == COMMISSION and waits(batch, own, special) is None
    }


def commissioned_of(facts: Facts) -> Mapping[str, str]:
    """Those that the facts hold."""
    found = facts.own.get(COMMISSIONED, {})
    return found if isinstance(found, Mapping) else {}
