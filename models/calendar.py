"""When money comes and when it is paid: the sources' months of arrival against the months of payment.

Fixed lines come first, in the order of the 当年可用财力测算表; then awards by rank in their direction, the higher score
first where ranks are equal: whoever ranks lower waits. Each is paid out of the sources that it was parted over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, model_validator

from allocator.calendar import Calendar, Due
from allocator.contract import Facts, Settings
from allocator.money import Share, Unreadable, split
from allocator.options import Award
from allocator.records import Tables
from allocator.vacancies import Vacancy
from allocator.words import catalogue, same
from models.fund import line_rows
from models.line import LINE_KINDS
from models.payers import handed_on
from models.pool import Scenario
from models.standing import standings
from models.terms import Standing

Months = dict[Annotated[int, Field(ge=1, le=12)], Share]
"""Month -> share of the year's payment; they add up to 100 %."""

WORDS = catalogue("models.words")


class Payments(Settings):
    """The months in which this year's money is paid.

    instruments  by the instrument's key; lines: by the kind of fixed line; other: whatever is not named
    """

    instruments: dict[str, Months] = {}
    lines: dict[str, Months] = {}
    other: Months = {12: 10_000}
    source: str = ""
    standing: Standing = "assumed"

    @model_validator(mode="after")
    def _whole(self) -> Payments:
        for months in (*self.instruments.values(), *self.lines.values(), self.other):
            if sum(months.values()) != 10_000:
                raise Unreadable("payments.whole", words=WORDS)
        return self

    def of(self, labels: Mapping[str, str]) -> Months:
        """The months of an award or line with these labels."""
        line = labels.get("line")
        if line is not None:
            return self.lines.get(line, self.other)
        return self.instruments.get(labels.get("instrument", ""), self.other)


def calendar(
    scenario: Scenario,
    payments: Payments,
    tables: Tables,
    facts: Facts,
    awards: Sequence[Award],
    earlier: Sequence[Vacancy] = (),
) -> Calendar:
    """The year's arrivals by source, and every payment of it, part by part, in the order in which they come first."""
    arrivals = {name: source.by_month() for name, source in scenario.fund.sources.items()}
    parts = handed_on(facts, awards, earlier)
    lines = {
        str(row["id"]): same(f"{row['id']} {row.get('title') or ''}".strip()) for row in line_rows(tables)
    }
    dues = []
    for order, award in enumerate(_in_turn(scenario, tables, facts, awards)):
        months = payments.of(award.labels)
        for source, amount in parts.get(award.candidate, {}).items():
            for month, part in zip(months, split(amount, list(months.values())), strict=True):
                if part:
                    title = lines.get(award.candidate) or facts.title(award.candidate)
                    dues.append(Due(source, month, award.candidate, title, part, order))
    return Calendar(facts.years[0], arrivals, tuple(dues))


def _in_turn(scenario: Scenario, tables: Tables, facts: Facts, awards: Sequence[Award]) -> list[Award]:
    """Lines by kind, then awards by rank and score."""
    where = standings(scenario, tables, facts)
    kinds = {kind: i for i, kind in enumerate(LINE_KINDS)}
    place = {c: i for i, c in enumerate(where)}

    def turn(award: Award) -> tuple[int, int, int, int]:
        if award.fixed:
            return 0, kinds.get(award.labels.get("line", ""), len(kinds)), 0, 0
        own = where[award.candidate]
        return 1, own.rank or len(where) + 1, -(own.score or 0), place[award.candidate]

    return sorted(awards, key=turn)
