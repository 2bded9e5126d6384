"""形式审查情况表: who passed the formal check, who did not and why, and who is still to be examined."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from allocator.report.cells import Column
from allocator.report.page import Page
from allocator.words import Text
from models.screening import Hit, Screening, hits, refused
from models.tables._table import Table, say
from models.tables._view import View


class FormalCheck(Table):
    """形式审查情况表."""

    key: ClassVar[str] = "screening"
    order: ClassVar[int] = 97
    in_wan: ClassVar[bool] = False

    def applies(self, view: View) -> bool:
        """Where the scenario has formal checks, or the workbook lists what they look into."""
        settings = getattr(view.plan.loaded.scenario, "screening", None)
        lists = {"earlier_projects", "dishonest"} & view.plan.tables.keys()
        return bool(lists) or (isinstance(settings, Screening) and settings != Screening())

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.col.number"), "count"),
                Column(say("sheet.skip.project"), "text", widest=44),
                Column(say("sheet.screening.result"), "label"),
                Column(say("sheet.screening.why"), "text", widest=70),
                Column(say("sheet.skip.basis"), "text", widest=30),
            ]
        )
        scenario, tables = view.plan.loaded.scenario, view.plan.tables
        barred = refused(scenario, tables)
        own: defaultdict[str, list[Hit]] = defaultdict(list)
        for hit in hits(scenario, tables):
            own[hit.candidate].append(hit)
        counts: defaultdict[str, int] = defaultdict(int)
        for i, candidate in enumerate(tables["candidates"]["id"], 1):
            found = own[candidate]
            said = _joined([h.text for h in found])
            basis = "；".join(dict.fromkeys(h.decision.basis for h in found if h.decision is not None))
            if candidate in barred:
                result, said, basis = "refused", barred[candidate].text, barred[candidate].basis
            elif any(h.decision is None for h in found):
                result = "open"
            else:
                result = "noted" if found else "passed"
            counts[result] += 1
            name = f"{candidate} {view.field(candidate, 'title')}（{view.field(candidate, 'applicant')}）"
            grid.rows([[i, name, say(f"sheet.screening.{result}"), said, basis]])
        page.keep_heading(grid, columns=2, filtered=True)
        passed = counts["passed"] + counts["noted"]
        total = sum(counts.values())
        note = say(
            "sheet.screening.note", all=total, passed=passed, refused=counts["refused"], open=counts["open"]
        )
        page.note(note)
        page.sign()


def _joined(texts: list[Text]) -> Text:
    return Text("；".join(t.zh for t in texts), "; ".join(t.en for t in texts))
