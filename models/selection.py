"""A plan as the reasons are told from it: who is supported, what is paid and left, which ranks were skipped."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from allocator.compile import Compiled
from allocator.plan import Ruled, judge
from allocator.program import Bools
from allocator.records import Tables
from allocator.why.exchange import Exchange
from allocator.words import Text
from models.pool import Scenario
from models.rules.cash_ceiling import CashCeiling
from models.rules.reserve import Reserve
from models.standing import Standing


class Selection:
    """One plan: `chosen` bool [n] over the compiled options; `stepwise` where projects were settled before instruments.

    `ruled` is what the rules measure of it, worked out where it is not handed over.


    exchange  additions and exchanges, exactly; cash  the rows of the yearly ceilings
    paid      this year's money of each option, in yuan [n]; left  what is left of it, beside what is held back
    """

    def __init__(
        self,
        scenario: Scenario,
        tables: Tables,
        compiled: Compiled,
        chosen: Bools,
        standings: Mapping[str, Standing],
        stepwise: bool = False,
        ruled: Sequence[Ruled] | None = None,
    ) -> None:
        self.scenario, self.tables, self.compiled = scenario, tables, compiled
        self.options, self.facts, self.program = compiled.options, compiled.facts, compiled.program
        self.chosen, self.standings, self.stepwise = chosen, standings, stepwise
        self._ruled = ruled
        self.exchange = Exchange(compiled.program, chosen)
        self.cash = {
            r
            for r, c in enumerate(compiled.program.clauses)
            if isinstance(compiled.rules.get(c.rule), (CashCeiling, Reserve))
        }
        self.paid = self.options.column("first_year")
        held = [
            rule.cap(self.facts)
            for rule in compiled.rules.values()
            if isinstance(rule, Reserve) and rule.hard
        ]
        self.left = min([self.facts.ceilings[self.facts.years[0]], *held]) - int(self.paid[chosen].sum())

    @cached_property
    def funded(self) -> Mapping[str, int]:
        """The chosen option of each candidate that is supported, fixed lines apart."""
        rows = np.flatnonzero(self.chosen & ~self.options.fixed).tolist()
        return {self.options.candidates[self.options.candidate[k]]: k for k in rows}

    @cached_property
    def below(self) -> Mapping[str, Sequence[str]]:
        """For each candidate that passed its review and is not supported: who below it in its direction is.

        From the lowest rank up; absent where nobody is. These are the skips that auditors ask about.
        """
        scores = {d: [self.score(c) for c in own] for d, own in self.supported.items()}
        found = {}
        for candidate, own in self.standings.items():
            if candidate in self.funded or own.barred is not None or own.score is None:
                continue
            count = bisect_left(scores.get(own.direction, ()), own.score)
            if count:
                found[candidate] = self.supported[own.direction][:count]
        return found

    @cached_property
    def placed(self) -> Sequence[str]:
        """The supported candidates that rank below one that is skipped, by direction."""
        most: dict[tuple[str, str], Sequence[str]] = {}
        for candidate, lower in self.below.items():
            direction = self.standings[candidate].direction
            most[direction] = max(most.get(direction, ()), lower, key=len)
        return [c for lower in most.values() for c in lower]

    @cached_property
    def supported(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """The supported candidates of each direction, from the lowest score up."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for candidate in sorted(self.funded, key=lambda c: (self.score(c), c)):
            found[self.standings[candidate].direction].append(candidate)
        return dict(found)

    @cached_property
    def ruled(self) -> Sequence[Ruled]:
        """What every rule measures and says of this plan."""
        if self._ruled is not None:
            return self._ruled
        return judge(self.compiled, self.options.awards(self.chosen), self.chosen)

    def score(self, candidate: str) -> int:
        """The score of a supported candidate; one that is supported without any counts as the lowest."""
        return self.standings[candidate].score or 0

    def rate(self, k: int) -> Fraction:
        """The worth of a yuan of this year's money spent on option k, in units of gain."""
        return Fraction(int(self.program.gain[k]), int(self.paid[k]))

    def clause(self, name: str, label: str) -> Text:
        """How a rule and its label read together."""
        title, reads = self.compiled.rules[name].title, self.facts.title(label)
        return Text(f"{title.zh}·{reads.zh}", f"{title.en} · {reads.en}") if label else title

    def rules(self, kind: type[Any]) -> list[Any]:
        """The rules of one class."""
        return [rule for rule in self.compiled.rules.values() if isinstance(rule, kind)]
