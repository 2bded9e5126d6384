"""未入选清单: every candidate that is not supported, with the reason that decided."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from models.tables._table import Table, say
from models.tables._view import View


class NotSelected(Table):
    """未入选清单."""

    key: ClassVar[str] = "not_selected"
    order: ClassVar[int] = 40

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.col.number"), "count", widest=6),
                Column(say("sheet.col.id"), "code"),
                Column(say("sheet.col.project"), "text", widest=22),
                Column(say("sheet.col.applicant"), "text", widest=18),
                Column(say("sheet.col.department"), "label", widest=10),
                Column(say("sheet.col.domain"), "label", widest=10),
                Column(say("sheet.col.asked"), "label", widest=8),
                Column(say("sheet.col.score"), "score"),
                Column(say("sheet.col.rank"), "count"),
                Column(say("sheet.col.request"), "money", sums=True),
                Column(say("sheet.col.kind_of_reason"), "label", widest=10),
                Column(say("sheet.col.reason"), "text", widest=50),
                Column(say("sheet.col.basis"), "text", widest=20),
            ],
            label_at=2,
        )
        reasons = view.reasons.unfunded
        kinds = {code: say(f"sheet.kind.{code}") for code in {w.code for w in reasons.values()}}
        for number, candidate in enumerate(view.in_order(list(reasons)), 1):
            why, own = reasons[candidate], view.standings[candidate]
            grid.rows(
                [
                    [
                        number,
                        candidate,
                        view.field(candidate, "title"),
                        view.field(candidate, "applicant"),
                        view.field(candidate, "department"),
                        view.title(view.field(candidate, "domain")),
                        view.field(candidate, "asks"),
                        own.score,
                        own.rank,
                        view.field(candidate, "request"),
                        kinds[why.code],
                        why.text if why.skip is None else say("sheet.not_selected.skipped", reason=why.text),
                        why.basis or None,
                    ]
                ]
            )
        page.keep_heading(grid, columns=3, filtered=True)
        grid.total(counted=True)
        page.note(say("sheet.not_selected.note"))
        page.sign()
