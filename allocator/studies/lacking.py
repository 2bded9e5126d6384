"""What hard rules would have to yield, in words."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.money import show
from allocator.studies.case import Case
from allocator.why.shortfall import Shortfall
from allocator.words import Text, say


def lacking(case: Case, found: Sequence[Shortfall]) -> Text:
    """One cheapest way out in one sentence; or that none was found in time."""
    if not found:
        return say("study.lacking.unknown")
    parts = [
        say(
            f"study.lacking.{s.side}{'_count' if s.counted else ''}",
            clause=case.rule(s.rule, s.label, ""),
            amount=s.amount if s.counted else show(s.amount),
        )
        for s in found
    ]
    what = Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    return say("study.lacking.said", what=what)
