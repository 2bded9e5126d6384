"""递补情况表: who followed those that dropped out after publication, and who was passed over, each with why."""

from __future__ import annotations

from typing import ClassVar

from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from allocator.words import Text, same
from models.tables._table import Table, say
from models.tables._view import View


class Substituted(Table):
    """递补情况表: only where a plan follows on another."""

    key: ClassVar[str] = "substituted"
    order: ClassVar[int] = 15

    def applies(self, view: View) -> bool:
        return view.plan.substitution is not None

    def write(self, page: Page, view: View) -> None:
        made = view.plan.substitution
        assert made is not None
        page.note(say("sheet.substituted.of", seal=made.of[:12]))
        grid = page.grid(
            [
                Column(say("sheet.substituted.out"), "text", widest=30),
                Column(say("sheet.substituted.why"), "text", widest=22),
                Column(say("sheet.substituted.freed"), "money", sums=True),
                Column(say("sheet.substituted.freed_now"), "money", sums=True),
                Column(say("sheet.substituted.into"), "text", widest=30),
                Column(say("sheet.substituted.place"), "label", widest=18),
                Column(say("sheet.col.instrument"), "label"),
                Column(say("sheet.substituted.award"), "money", sums=True),
                Column(say("sheet.substituted.now"), "money", sums=True),
                Column(say("sheet.substituted.result"), "text", widest=30),
            ]
        )
        for v in made.vacancies:
            reason, basis = made.why[v.leaving.candidate]
            after = v.follower
            own: list[Cell] = [
                _named(view, v.leaving.candidate),
                f"{reason}（{basis}）",
                v.leaving.amount,
                v.leaving.outlay[0],
            ]
            if after is None:
                nobody = "nobody_of" if v.passed else "nobody"
                end: list[Cell] = [None, None, None, None, None]
                end.append(say(f"sheet.substituted.{nobody}", count=len(v.passed)))
            else:
                followed = say("sheet.substituted.followed", candidate=after.candidate)
                end = [_named(view, after.candidate), v.place, view.title(after.instrument)]
                end += [after.amount, after.outlay[0], followed]
            grid.rows([[*own, *end]])
        grid.total()
        passed = [(v.leaving.candidate, *skip) for v in made.vacancies for skip in v.passed]
        if passed:
            page.heading(say("sheet.substituted.passed"))
            below = page.grid(
                [
                    Column(say("sheet.substituted.passed_title"), "text"),
                    Column(say("sheet.substituted.vacancy"), "text"),
                    Column(say("sheet.substituted.place"), "text", span=2),
                    Column(say("sheet.substituted.reason"), "text", span=6),
                ]
            )
            below.rows([_named(view, c), same(out), place, why] for out, c, place, why in passed)
        page.sign()


def _named(view: View, candidate: str) -> Text:
    """A project by its number, title and applicant."""
    title, applicant = view.field(candidate, "title"), view.field(candidate, "applicant")
    return same(f"{candidate} {title}（{applicant}）")
