"""重复申报比对表: applications that may be one project, side by side: how alike they are, and what was decided."""

from __future__ import annotations

from typing import Any, ClassVar

from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from models.screening import DUPLICATE, EARLIER, Hit, hits
from models.tables._table import Table, say
from models.tables._view import View


class DuplicateCheck(Table):
    """重复申报比对表: only where something was found."""

    key: ClassVar[str] = "duplicates"
    order: ClassVar[int] = 98
    in_wan: ClassVar[bool] = False

    def applies(self, view: View) -> bool:
        return bool(_pairs(view))

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.col.number"), "count"),
                Column(say("sheet.duplicates.own"), "text", widest=36),
                Column(say("sheet.duplicates.kind"), "label", widest=16),
                Column(say("sheet.duplicates.other"), "text", widest=36),
                *(
                    Column(say(f"sheet.duplicates.alike_{part}"), "share")
                    for part in ("title", "text", "unit", "person")
                ),
                Column(say("sheet.duplicates.decision"), "label"),
                Column(say("sheet.col.reason_given"), "text", widest=24),
                Column(say("sheet.col.basis"), "text", widest=20),
            ]
        )
        grid.rows(_row(view, hit, i) for i, hit in enumerate(_pairs(view), 1))
        page.keep_heading(grid, columns=2)
        page.note(say("sheet.duplicates.note"))
        page.sign()


def _pairs(view: View) -> list[Hit]:
    """Each pair once, by whichever of the two stands first in the table."""
    found: dict[frozenset[str], Hit] = {}
    for hit in hits(view.plan.loaded.scenario, view.plan.tables):
        if hit.kind in (DUPLICATE, EARLIER):
            found.setdefault(frozenset((hit.kind, hit.candidate, hit.other)), hit)
    return list(found.values())


def _row(view: View, hit: Hit, number: int) -> list[Cell]:
    other = view.plan.tables["candidates" if hit.kind == DUPLICATE else "earlier_projects"]
    mine, theirs = view.records, other
    decision = hit.decision
    return [
        number,
        _named(mine, hit.candidate),
        say(f"sheet.duplicates.{hit.kind}"),
        _named(theirs, hit.other),
        *(hit.parts[p] * 100 if p in hit.parts else None for p in ("title", "text", "unit", "person")),
        say(f"sheet.duplicates.{decision.decision}" if decision else "sheet.duplicates.open"),
        None if decision is None else decision.reason,
        None if decision is None else decision.basis,
    ]


def _named(records: Any, id: str) -> str:
    i = records.index[id]
    return f"{id} {records['title'][i]}（{records['applicant'][i]}）"
