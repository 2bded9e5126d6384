"""Where money comes from and what it may be spent on, and which source pays how much of each award, to the yuan.

66号文 二（一）: the departments' eight kinds of money become one fund; money from above keeps its prescribed uses. The
sources that may pay an award are its *payers*. A plan can be paid exactly where every set of sources has enough
for the awards that no other source may pay (Gale 1957, Hoffman 1960); it is enough to ask that of the unions
of overlapping payers, which `Sources.cuts` lists and the rule `source_use` holds.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from allocator.contract import Facts
from allocator.options import Award, OptionTable
from allocator.program import Ints
from allocator.vacancies import Vacancy
from allocator.words import Text, catalogue

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
            return say("source_use.but", sources=_listed(lacking)) if lacking else say("source_use.every")
        return _listed([s for s in self.names if s in payers]) if payers else say("source_use.nothing")

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


def _listed(names: Sequence[str]) -> Text:
    return Text("、".join(names), ", ".join(names))


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


# -- which source pays what ---------------------------------------------------------------------


@dataclass(frozen=True)
class Split:
    """This year's money of a plan by source, in yuan.

    parts   award or line -> source -> yuan, for each that is paid anything this year
    used    source -> yuan
    unpaid  award or line -> yuan that no source may or can pay; empty wherever `source_use` and the ceiling hold
    """

    parts: Mapping[str, Mapping[str, int]]
    used: Mapping[str, int]
    unpaid: Mapping[str, int]


def split_sources(plan: Any) -> Mapping[str, Mapping[str, int]]:
    """This year's money of each award and fixed line of a plan (`allocator.plan.Plan`) by source, in yuan.

    Keyed by candidate (or line) and source's name; the parts of one add up to its first year's outlay. Later years
    are of sources that are not yet known, and have none. Where others have followed some that dropped out, they are
    paid from what these were to be paid from, and nobody else's sources change.
    """
    made = plan.substitution
    done = () if made is None else (*made.earlier, *made.vacancies)
    return handed_on(plan.facts, [*plan.lines, *plan.awards], done)


def handed_on(
    facts: Facts, awards: Sequence[Award], vacancies: Sequence[Vacancy]
) -> Mapping[str, Mapping[str, int]]:
    """Who pays what of `awards`, some of which follow others: as it was before, each vacancy's money handed on."""
    held = {a.candidate: a for a in awards if not a.fixed}
    for vacancy in reversed(vacancies):
        if vacancy.follower is not None:
            del held[vacancy.follower.candidate]
        held[vacancy.leaving.candidate] = vacancy.leaving
    place = facts.numbers.get("candidates", {})
    first = sorted(held.values(), key=lambda a: place.get(a.candidate, -1))
    parts = dict(split(facts, [*(a for a in awards if a.fixed), *first]).parts)
    for vacancy in vacancies:
        freed, after = parts.pop(vacancy.leaving.candidate, {}), vacancy.follower
        if after is not None:
            parts[after.candidate] = out_of(facts, freed, after)
    return parts


def out_of(facts: Facts, money: Mapping[str, int], award: Award) -> dict[str, int]:
    """This year's payment of an award out of `money` (source -> yuan), as far as its sources may and can pay it."""
    sources = sources_of(facts)
    own: dict[str, int] = {}
    if sources is None:
        return own
    payers, lacking = sources.payers(award.labels), award.outlay[0]
    for source in sources.in_turn:
        taken = min(lacking, money.get(source, 0)) if source in payers else 0
        if taken:
            own[source] = taken
            lacking -= taken
    return own


def split(facts: Facts, awards: Sequence[Award]) -> Split:
    """Who pays what of `awards` (fixed lines among them), by a stated order.

    As much as can be is paid of earmarked money, then of what expires soonest, then in the scenario's order: of each
    source the most that those before it allow. Among awards with the same payers the sources are handed out in
    that order, award after award, so that at most one award stands between two sources.
    """
    sources = sources_of(facts)
    if sources is None:
        return Split({}, {}, {})
    groups: defaultdict[Payers, list[Award]] = defaultdict(list)
    for award in awards:
        if award.outlay[0]:
            groups[sources.payers(award.labels)].append(award)
    demands = {payers: sum(a.outlay[0] for a in own) for payers, own in groups.items()}
    flow = transport(demands, sources.amounts, sources.in_turn)
    parts: dict[str, dict[str, int]] = {}
    unpaid: dict[str, int] = {}
    for payers, own in groups.items():
        left = {s: flow[payers][s] for s in sources.in_turn if flow[payers].get(s)}
        for award in own:
            lacking = award.outlay[0]
            mine = parts.setdefault(award.candidate, {})
            for source in [s for s, there in left.items() if there]:
                taken = min(lacking, left[source])
                if taken:
                    mine[source] = mine.get(source, 0) + taken
                    left[source] -= taken
                    lacking -= taken
            if lacking:
                unpaid[award.candidate] = unpaid.get(award.candidate, 0) + lacking
    used = {s: sum(flow[payers].get(s, 0) for payers in flow) for s in sources.names}
    return Split(parts, used, unpaid)


def transport(
    demands: Mapping[Payers, int], amounts: Mapping[str, int], in_turn: Sequence[str]
) -> dict[Payers, dict[str, int]]:
    """How much of each demand each source pays: the most in all, and of each source in turn the most.

    Augmenting paths in Python integers, a source opened only when those before it are done: what a later one pays
    may re-route earlier money, and never lessens it.
    """
    flow: dict[Payers, dict[str, int]] = {payers: {} for payers in demands}
    lacking = dict(demands)
    for source in in_turn:
        there = amounts[source]
        while there and (path := _path(source, flow, lacking)) is not None:
            there -= _push(path, there, flow, lacking)
    return flow


def _path(
    source: str, flow: Mapping[Payers, Mapping[str, int]], lacking: Mapping[Payers, int]
) -> list[tuple[str, Payers]] | None:
    """The shortest way from a source to a demand that lacks money: (source, demand it would pay more of), ..."""
    came: dict[Payers, tuple[str, Payers | None]] = {}
    reached: set[str] = {source}
    queue: deque[tuple[str, Payers | None]] = deque([(source, None)])
    while queue:
        giver, before = queue.popleft()
        for demand in flow:
            if giver not in demand or demand in came:
                continue
            came[demand] = (giver, before)
            if lacking[demand]:
                return _way(demand, came)
            for other, paid in flow[demand].items():
                if paid and other not in reached:
                    reached.add(other)
                    queue.append((other, demand))
    return None


def _way(demand: Payers, came: Mapping[Payers, tuple[str, Payers | None]]) -> list[tuple[str, Payers]]:
    """The path by which a demand was reached, from its first source on."""
    path: list[tuple[str, Payers]] = []
    at: Payers | None = demand
    while at is not None:
        giver, before = came[at]
        path.append((giver, at))
        at = before
    return path[::-1]


def _push(
    path: Sequence[tuple[str, Payers]],
    there: int,
    flow: Mapping[Payers, dict[str, int]],
    lacking: dict[Payers, int],
) -> int:
    """Send all that the path bears: each demand on it takes from its giver and frees the next giver's money."""
    freed = [flow[demand][path[i + 1][0]] for i, (_, demand) in enumerate(path[:-1])]
    amount = min(there, lacking[path[-1][1]], *freed)
    for i, (giver, demand) in enumerate(path):
        flow[demand][giver] = flow[demand].get(giver, 0) + amount
        if i + 1 < len(path):
            flow[demand][path[i + 1][0]] -= amount
    lacking[path[-1][1]] -= amount
    return amount
