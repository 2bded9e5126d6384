"""What becomes of a line's money when its project is suspended, terminated, or has money taken back (66号文 三（三）).

终止项目执行、暂停拨款和追回已拨付资金. Suspension frees nothing: the money stays with the project until somebody
decides. Termination ends what later years would have paid; this year's unpaid quota is free only once its transfer
(调剂) is approved, by the number of that approval. What is taken back goes to the treasury: it is recorded here, and
comes into a fund only as a source of a later year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from allocator.problems import Problems
from allocator.records import Records, Tables
from allocator.words import catalogue

RUNNING, SUSPENDED, TERMINATED = "正常执行", "暂停拨款", "终止执行"
STATES: Final = (RUNNING, SUSPENDED, TERMINATED)
LATER = ("year2", "year3")
WORDS = catalogue("models.words")


def paid(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line's row with the money that is still to be paid."""
    if row.get("state") != TERMINATED:
        return dict(row)
    ended = {**row, **dict.fromkeys(LATER, 0)}
    return {**ended, "year1": 0} if row.get("transfer") else ended


@dataclass(frozen=True)
class Halted:
    """One line that does not run as it was decided, with its money in yuan.

    before, now  this year's money as decided, and as still to be paid; later: what later years no longer pay
    recovered    what was taken back from the unit, None where nothing was
    """

    id: str
    title: str
    unit: str | None
    state: str
    before: int
    now: int
    later: int
    recovered: int | None
    transfer: str | None
    basis: str | None


def halted(tables: Tables) -> Iterator[Halted]:
    """The lines that are suspended or terminated, or had money taken back, in the order of the sheet."""
    for row in _rows(tables):
        state = row.get("state") or RUNNING
        if state == RUNNING and row.get("recovered") is None:
            continue
        left = paid(row)
        yield Halted(
            id=row["id"],
            title=row["title"],
            unit=row["applicant"],
            state=state,
            before=row["year1"] or 0,
            now=left["year1"] or 0,
            later=sum((row[y] or 0) - (left[y] or 0) for y in LATER),
            recovered=row.get("recovered"),
            transfer=row.get("transfer"),
            basis=row["basis"],
        )


def check_supervision(tables: Tables, problems: Problems) -> None:
    """Note decisions without their basis, and a transfer of what nobody has terminated."""
    if "lines" not in tables:
        return
    records: Records = tables["lines"]
    for i, row in enumerate(_rows(tables)):
        state = row.get("state") or RUNNING
        if (state != RUNNING or row.get("recovered") is not None) and not row["basis"]:
            problems.add(records.locate(i, "basis"), "line.halted_basis", words=WORDS, id=row["id"])
        if row.get("transfer") and state != TERMINATED:
            problems.add(
                records.locate(i, "transfer"), "line.transfer", words=WORDS, id=row["id"], state=state
            )


def _rows(tables: Tables) -> Iterator[dict[str, Any]]:
    if "lines" in tables:
        yield from (tables["lines"].row(i) for i in range(len(tables["lines"])))
