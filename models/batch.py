"""Batches (分期分批) and 一事一议: what this run decides, what waits, what was decided before, what is kept for later.

66号文 二（三）1、2: money is arranged in batches; 二（三）末: urgent or very great projects are decided one by one.
What an earlier batch decided is a fixed line (the sheet 前批已定: a list in the workbook, or awards.csv of that batch's
run); what is decided one by one is a fixed line that draws on the reserve (kind 一事一议 of the 先行安排). Neither is
chosen among again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allocator.contract import Facts, Reason, Settings
from allocator.money import Money
from allocator.records import Records
from allocator.words import catalogue

say = catalogue("models.words").say

BATCH = "batch"
"""Where the facts hold the section."""


class Batch(Settings):
    """The batch that a run decides.

    now    its name, as the 批次 column has it; candidates of other batches wait. Without it all are of this batch
    later  this year's money that is kept for later batches (the rule `reserve` keeps it); basis: who decided so
    """

    now: str = ""
    later: Money = 0
    basis: str = ""


def batch_of(facts: Facts) -> Batch:
    """The batch that the facts hold."""
    found = facts.own.get(BATCH)
    return found if isinstance(found, Batch) else Batch()


def waiting(batch: Batch, records: Records) -> Sequence[Reason | None]:
    """Why each candidate takes no part in this batch's choice; None where it does."""
    return [
        waits(batch, own, special) for own, special in zip(records["batch"], records["special"], strict=True)
    ]


def waits(batch: Batch, own: str | None, special: str | None) -> Reason | None:
    """The same of one candidate, by its 批次 and its 一事一议事由: it is of another batch, or decided by itself."""
    if special is not None:
        return Reason(say("batch.special", reason=special), "66号文 二（三）末")
    if batch.now and own is not None and own != batch.now:
        return Reason(say("batch.waits", own=own, now=batch.now), "66号文 二（三）1")
    return None


def drawn(rows: Sequence[Mapping[str, Any]], special: str, reserve: str) -> list[dict[str, Any]]:
    """Fixed lines in which what is decided one by one draws on the reserve: both are of the reserve's kind.

    The reserve's lines fall by what is drawn this year, in their order, and never below 0.
    """
    left = sum(int(row["year1"] or 0) for row in rows if row["line"] == special)
    found = []
    for row in rows:
        if row["line"] == reserve and left and row["year1"] is not None:
            taken = min(left, int(row["year1"]))
            left -= taken
            row = {**row, "year1": int(row["year1"]) - taken}
        found.append({**row, "line": reserve} if row["line"] == special else dict(row))
    return found


def overdrawn(rows: Sequence[Mapping[str, Any]], special: str, reserve: str) -> int:
    """How much more is decided one by one this year than the reserve holds, in yuan."""
    asked = sum(int(row["year1"] or 0) for row in rows if row["line"] == special)
    held = sum(int(row["year1"] or 0) for row in rows if row["line"] == reserve)
    return max(asked - held, 0)


def earlier_rows(earlier: Records, candidates: Records, kind: str) -> list[dict[str, Any]]:
    """What an earlier batch decided as fixed lines, with the labels of the candidates' own records.

    The third year's column holds all later money, as in the 先行安排.
    """
    found = []
    for i in range(len(earlier)):
        own = earlier.row(i)
        at = candidates.index.get(own["id"])
        labels = candidates.row(at) if at is not None else {}
        named = {k: v for k, v in own.items() if v is not None and not k.startswith("year") and k != "batch"}
        flow = [own.get(f"year{y}") or 0 for y in range(1, len(own))]
        found.append(
            {
                **labels,
                "basis": None,
                "source": None,
                "investigator": None,
                "instrument": None,
                **named,
                "year1": own["year1"],
                "year2": flow[1],
                "year3": sum(flow[2:]),
                "id": f"{own['id']}（{own['batch'] or kind}）",
                "line": kind,
                "note": None,
            }
        )
    return found
