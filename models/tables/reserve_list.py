"""递补顺序表: who would follow in each guide direction where something is supported; see `models/followers.py`."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from allocator.words import Text
from models.followers import reserves
from models.reasons import Why
from models.tables._table import Table, say
from models.tables._view import View


class ReserveList(Table):
    """递补顺序表."""

    key: ClassVar[str] = "reserve_list"
    order: ClassVar[int] = 45

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.reserve_list.direction"), "text", widest=26),
                Column(say("sheet.reserve_list.turn"), "count"),
                Column(say("sheet.col.rank"), "count"),
                Column(say("sheet.col.score"), "score"),
                Column(say("sheet.col.id"), "code"),
                Column(say("sheet.col.project"), "text", widest=30),
                Column(say("sheet.col.applicant"), "text", widest=24),
                Column(say("sheet.col.request"), "money"),
                Column(say("sheet.reserve_list.least"), "money"),
                Column(say("sheet.reserve_list.least_now"), "money"),
                Column(say("sheet.col.note"), "text", widest=28),
            ]
        )
        options, reasons = view.plan.options, view.reasons.unfunded
        taken = set(view.awarded)
        rows, waiting = 0, reserves(view.standings, taken)
        for direction in dict.fromkeys(view.standings[c].direction for c in view.awarded):
            for turn, candidate in enumerate(waiting.get(direction, ()), 1):
                own, why = view.standings[candidate], reasons[candidate]
                ways = [int(k) for k in options.rows_of.get(candidate, ())]
                rows += 1
                grid.rows(
                    [
                        [
                            own.title,
                            turn,
                            own.rank,
                            own.score,
                            candidate,
                            view.field(candidate, "title"),
                            view.field(candidate, "applicant"),
                            view.field(candidate, "request"),
                            min((int(options.award[k]) for k in ways), default=None),
                            min((int(options.outlay[k, 0]) for k in ways), default=None),
                            _note(why, ways),
                        ]
                    ]
                )
        page.keep_heading(grid, columns=1, filtered=bool(rows))
        page.note(say("sheet.reserve_list.note" if rows else "sheet.reserve_list.none"))
        page.sign()


def _note(why: Why, ways: list[int]) -> Text | None:
    """Why one that stands in the order could not follow, in short: the whole reason stands among those not selected."""
    if why.code == "vetoed":
        return why.text
    return None if ways else say("follower.none")
