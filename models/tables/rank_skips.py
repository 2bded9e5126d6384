"""未按评审排名安排项目说明表 (FIELD.md, headings verbatim): what auditors look for first.

Within each guide direction (指南方向) in which a supported project ranks below one that passed its review and is not
supported: both are listed, in the order of ranks, the skipped one with its reason: first the one that the scenario
states for it, if any (`rank_order.skips`), then what exchanging the two would come to.
"""

from __future__ import annotations

from typing import ClassVar

from allocator.money import show
from allocator.report.cells import Column
from allocator.report.page import Page
from allocator.words import Text
from models.reasons import PROCEDURE
from models.tables._table import Table, say
from models.tables._view import View


class RankSkips(Table):
    """未按评审排名安排项目说明表."""

    key: ClassVar[str] = "rank_skips"
    order: ClassVar[int] = 50

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.skip.direction"), "text", widest=20),
                Column(say("sheet.skip.rank"), "count"),
                Column(say("sheet.skip.score"), "score"),
                Column(say("sheet.skip.project"), "text", widest=34),
                Column(say("sheet.skip.result"), "text", widest=16),
                Column(say("sheet.skip.reason"), "text", widest=60),
                Column(say("sheet.skip.basis"), "text", widest=20),
            ]
        )
        below, placed = view.reasons.selection.below, view.reasons.selection.placed
        directions = {s.direction: i for i, s in enumerate(view.standings.values())}
        listed = sorted(
            [*below, *placed],
            key=lambda c: (directions[view.standings[c].direction], view.standings[c].rank or 0),
        )
        for candidate in listed:
            own = view.standings[candidate]
            result, reason, basis = (
                _skipped(view, candidate) if candidate in below else _placed(view, candidate)
            )
            project = f"{candidate} {view.field(candidate, 'title')}（{view.field(candidate, 'applicant')}）"
            grid.rows([[own.title, own.rank, own.score, project, result, reason, basis]])
        page.keep_heading(grid, columns=2, filtered=bool(listed))
        page.note(say("sheet.rank_skips.note", skipped=len(below), placed=len(placed)))
        page.sign()


def _skipped(view: View, candidate: str) -> tuple[Text, Text, str]:
    why = view.reasons.unfunded[candidate]
    reason = why.text if why.skip is None else why.skip
    if (
        why.skip is not None and why.code != "competition"
    ):  # that its money was short stands in the list already
        reason = Text(f"{why.text.zh}；{why.skip.zh}", f"{why.text.en}; {why.skip.en}")
    stated = view.passed_over.get(candidate)
    if stated is not None:  # what the scenario says for it comes first, and its basis is what it rests on
        reason = Text(f"{stated.reason}；{reason.zh}", f"{stated.reason}; {reason.en}")
        return say("sheet.skip.not_placed"), reason, stated.basis
    return say("sheet.skip.not_placed"), reason, why.basis


def _placed(view: View, candidate: str) -> tuple[Text, Text, str]:
    award = view.awarded[candidate]
    result = say(
        "sheet.skip.placed",
        amount=show(award.amount),
        instrument=view.plan.facts.title(award.instrument),
        paid=show(award.outlay[0]),
    )
    pin = view.pinned.get(candidate)
    if pin is not None:
        return result, say("sheet.proposed.pinned", reason=pin.reason, basis=pin.basis), pin.basis
    return result, say("sheet.skip.see_above"), PROCEDURE
