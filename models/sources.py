"""Where money comes from and what it may be spent on.

66号文 二（一）: the departments' eight kinds of money become one fund; money from above keeps its prescribed uses. The
sources that may pay an award are its *payers*. A plan can be paid exactly where every set of sources has enough
for the awards that no other source may pay (Gale 1957, Hoffman 1960); it is enough to ask that of the unions
of overlapping payers, which `Sources.cuts` lists and the rule `source_use` holds. `payers.py` pays them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from allocator.contract import Facts
from allocator.options import OptionTable
from allocator.program import Ints
from allocator.words import Text, catalogue, listed

say = catalogue("models.words").say

SOURCE = "source"
"""The axis by which a fixed line names the one source that pays it (资金来源)."""

MOST_CUTS = 2_000
"""Above this many unions of payers the sources' uses are too tangled to be held by rows."""

Payers = frozenset[str]
"""The names of the sources that may pay an award."""


@dataclass(frozen=True, eq=False)
class Sources:
    """The sources of a year's money, in the order of the scenario.

    amounts  source -> yuan; uses: source -> axis -> labels that it may be spent on (nothing: anything)
    expires  source -> the last year in which it may be spent, where it has one
    known    the payers of what may be paid at all: of the records' candidates and lines
    """

    amounts: Mapping[str, int]
    uses: Mapping[str, Mapping[str, tuple[str, ...]]]
    expires: Mapping[str, int]
    known: frozenset[Payers] = frozenset()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The sources in the scenario's order."""
        return tuple(self.amounts)

    @cached_property
    def in_turn(self) -> tuple[str, ...]:
        """The order in which they are spent: earmarked first, then what expires soonest, then as they are listed."""
        never = max(self.expires.values(), default=0) + 1
        return tuple(sorted(self.names, key=lambda s: (not self.uses.get(s), self.expires.get(s, never))))

    def payers(self, labels: Mapping[str, str]) -> Payers:
        """The sources that may pay an award or a line with these labels."""
        own = tuple(labels.get(axis) for axis in self._asked)
        if own not in self._payers:
            named = own[0]
            self._payers[own] = frozenset(
                s
                for s in self.names
                if named in (None, s) and all(labels.get(axis) in may for axis, may in self._uses(s))
            )
        return self._payers[own]

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        """The axes that decide who may pay."""
        return (SOURCE, *self.axes)

    @cached_property
    def _payers(self) -> dict[tuple[str | None, ...], Payers]:
        """The payers found so far, by the labels that decide: tens of thousands of awards have a few dozen."""
        return {}

    def codes(self, options: OptionTable) -> Ints:
        """`payers` of each option as bits [n], the first source the lowest."""
        found: Ints = np.zeros(len(options), np.int64)
        for bit, source in enumerate(self.names):
            may = options.mask(dict(self._uses(source)))
            if SOURCE in options.labels:
                codes = options.labels[SOURCE]
                may &= (codes.codes < 0) | options.mask({SOURCE: (source,)})
            found |= may.astype(np.int64) << bit
        return found

    def bits(self, payers: Payers) -> int:
        """A set of sources as `codes` writes it."""
        return sum(1 << bit for bit, source in enumerate(self.names) if source in payers)

    def total(self, payers: Payers) -> int:
        """What these sources have together, in yuan."""
        return sum(self.amounts[s] for s in payers)

    @cached_property
    def cuts(self) -> tuple[Payers, ...]:
        """The sets of sources whose money must be enough, all of them together apart: that is the year's ceiling."""
        return cuts(self.known, self.names)

    def label(self, payers: Payers) -> str:
        """What a set of sources is called in rows and measures."""
        return self.reads(payers).zh

    def reads(self, payers: Payers) -> Text:
        """How a set of sources reads: by its names, or by those that it lacks where they are fewer."""
        lacking = [s for s in self.names if s not in payers]
        if len(lacking) < len(payers):
            return say("source_use.but", sources=listed(lacking)) if lacking else say("source_use.every")
        return listed([s for s in self.names if s in payers]) if payers else say("source_use.nothing")

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """How each of the cuts reads, by its label."""
        return {self.label(cut): self.reads(cut) for cut in self.cuts}

    def knowing(
        self,
        candidates: Iterable[Mapping[str, Any]],
        lines: Iterable[Mapping[str, Any]],
        instruments: Iterable[str],
    ) -> Sources:
        """The same with the payers of these records: labels of candidates, under each instrument, and of lines."""
        offered = [{**row, "instrument": key} for row in candidates for key in instruments]
        return replace(self, known=frozenset(self.payers(labels) for labels in (*offered, *lines)))

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes of which any source's uses speak."""
        return tuple(dict.fromkeys(axis for uses in self.uses.values() for axis in uses))

    def _uses(self, source: str) -> Iterable[tuple[str, tuple[str, ...]]]:
        return self.uses.get(source, {}).items()


def sources_of(facts: Facts) -> Sources | None:
    """The sources of a run's money, where its facts know any."""
    found = facts.own.get("sources")
    return found if isinstance(found, Sources) else None


def cuts(payers: Iterable[Payers], names: Sequence[str]) -> tuple[Payers, ...]:
    """Unions of overlapping payers, smallest first, without the union of all sources; at most `MOST_CUTS` + 1.

    A union of parts that share no source says no more than its parts do.
    """
    own = set(payers)
    found, queue = set(own), deque(sorted(own, key=lambda p: (len(p), sorted(p))))
    while queue and len(found) <= MOST_CUTS:
        part = queue.popleft()
        for other in own:
            union = part | other
            if part & other and union not in found:
                found.add(union)
                queue.append(union)
    place = {s: i for i, s in enumerate(names)}
    found.discard(frozenset(names))
    return tuple(sorted(found, key=lambda p: (len(p), sorted(place[s] for s in p))))
