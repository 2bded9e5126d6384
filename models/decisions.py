"""What pins and vetoes have in common: decisions on named candidates, each with its reason and basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field
from scipy import sparse

from allocator.contract import Facts, Rule, Settings
from allocator.limits import CountBounds, Measure, amount_rows
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import no_candidate, not_known


class Decision(Settings):
    """One decision of the leading group on one candidate; with `instrument`, on that way of support only."""

    reason: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    instrument: str | None = None


class Decisions(Rule):
    """Decisions by candidate id."""

    limits: ClassVar[CountBounds]

    candidates: dict[str, Decision]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        labels = list(self.candidates)
        parts = [self._options(options, c, d) for c, d in self.candidates.items()]
        rows = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
        columns = np.concatenate(parts) if parts else np.zeros(0, np.intp)
        ones = np.ones(len(columns), np.int64)
        matrix = sparse.csr_array((ones, (rows, columns)), shape=(len(labels), len(options)), dtype=np.int64)
        return amount_rows(self.name, labels, matrix, dict.fromkeys(labels, self.limits))

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        by_id: Mapping[str, Award] = {a.candidate: a for a in awards}
        return [
            Measure(
                rule=self.name,
                label=candidate,
                basis=decision.basis,
                unit="count",
                part=int(
                    candidate in by_id
                    and decision.instrument in (None, by_id[candidate].labels.get("instrument"))
                ),
                limits=self.limits,
                money="count",
            )
            for candidate, decision in self.candidates.items()
        ]

    def _options(
        self, options: OptionTable, candidate: str, decision: Decision
    ) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        found = options.rows_of.get(candidate, np.zeros(0, np.intp))
        if decision.instrument is not None:
            found = found[options.mask({"instrument": (decision.instrument,)})[found]]
        return found

    def check(self, options: OptionTable, facts: Facts) -> list[tuple[tuple[str, ...], Text, Text]]:
        return [
            no_candidate(("candidates", candidate), candidate)
            for candidate in self.candidates
            if candidate not in facts.numbers["candidates"]
        ] + [
            not_known(("candidates", candidate, "instrument"), d.instrument, facts.labels["instrument"])
            for candidate, d in self.candidates.items()
            if d.instrument is not None and d.instrument not in facts.labels["instrument"]
        ]
