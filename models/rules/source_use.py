"""Uses of the sources: no award or line is paid from money that is meant for something else (66号文 二（一）).

The departments' money is spent as one, money from above only on its prescribed uses. For each set of sources, what no
other source may pay stays within what they have this year; all sources together are the year's ceiling, which
`cash_ceiling` holds, so that what follows from the ceiling is no row here. Where all of this holds, every award can be
parted over sources to the yuan (`models/sources.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from allocator.contract import Facts, Rule
from allocator.limits import Measure, MoneyBounds, amount_rows
from allocator.money import show
from allocator.options import Award, OptionTable
from allocator.program import Bools, Ints, Rows
from allocator.words import Text, catalogue
from models.base import Fault
from models.sources import MOST_CUTS, Payers, Sources, cuts, sources_of

say = catalogue("models.words").say


class SourceUse(Rule):
    """资金来源使用范围. The sources with their uses are the fund's (`fund.sources`)."""

    key: ClassVar[str] = "source_use"
    title: ClassVar[Text] = Text("资金来源使用范围", "Uses of the sources")
    example: ClassVar[Mapping[str, Any]] = {}

    basis: str = "66号文 二（一）"

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        sources = sources_of(facts)
        limits: dict[str, MoneyBounds] = {}
        columns: list[Ints] = []
        if sources is not None:
            codes, outlay = sources.codes(options), options.column("first_year")
            free = ~options.fixed & (outlay > 0)
            open_money = sources.total(frozenset(sources.names)) - int(outlay[options.fixed].sum())
            held: dict[bytes, int] = {}
            for cut in sources.cuts:
                within = codes & ~sources.bits(cut) == 0
                column, cap = np.where(within, outlay, 0), sources.total(cut)
                # A larger set that holds no more options than a smaller one says nothing new.
                if held.get(key := within.tobytes(), cap + 1) <= cap or _most(options, column) <= cap:
                    continue
                # One that holds all that may be chosen, and leaves it no less than the ceiling does, follows from it.
                if within[free].all() and cap - int(column[options.fixed].sum()) >= open_money:
                    continue
                held[key] = cap
                limits[sources.label(cut)] = MoneyBounds(cap=cap)
                columns.append(column)
        return amount_rows(self.name, list(limits), options.sums(columns), limits)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        sources = sources_of(facts)
        if sources is None:
            return []
        paid: Counter[Payers] = Counter()
        for award in awards:
            paid[sources.payers(award.labels)] += award.outlay[0]
        return [
            Measure(
                rule=self.name,
                label=sources.label(cut),
                basis=self.basis,
                unit="money",
                part=sum(money for payers, money in paid.items() if payers <= cut),
                limits=MoneyBounds(cap=sources.total(cut)),
                money="first_year",
            )
            for cut in self._cuts(sources, paid)
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        cap, left = measure.limits.bound("cap") or 0, measure.slack or 0
        key = "source_use.kept" if left >= 0 else "source_use.over"
        return say(
            key,
            sources=_reads(measure.label, facts),
            part=show(measure.part),
            cap=show(cap),
            left=show(abs(left)),
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        sources = sources_of(facts)
        if sources is None or len(sources.cuts) <= MOST_CUTS:
            return []
        return [((), say("source_use.tangled"), say("source_use.untangle"))]

    def _cuts(self, sources: Sources, paid: Mapping[Payers, int]) -> Sequence[Payers]:
        """The cuts of the records; and of the awards themselves, should the records not know their payers."""
        return (
            sources.cuts if sources.known.issuperset(paid) else cuts({*sources.known, *paid}, sources.names)
        )


def _reads(label: str, facts: Facts) -> Text:
    sources = sources_of(facts)
    return facts.title(label) if sources is None else sources.titles.get(label, facts.title(label))


def _most(options: OptionTable, column: Ints) -> int:
    """The most that any plan could put into a column: each candidate's largest entry, and every fixed line's."""
    free: Bools = ~options.fixed
    largest: Ints = np.zeros(len(options.candidates), np.int64)
    np.maximum.at(largest, options.candidate[free], column[free])
    return int(largest.sum()) + int(column[~free].sum())
