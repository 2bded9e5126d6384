"""Ways out of a clash: which clauses yield, by how much, at what cost; each shown to work by a plan that it allows.

With costs by rule, the cheapest first: the cheapest way is found, then, for each of its clauses held, the cheapest of
the rest (Lawler's partition), so that no way is passed over. Without costs, by the number of clauses that yield, then
by yuan.
"""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocator.program import Bools, Program
from allocator.why.conflict import Clauses, Name, enumerate_sets
from allocator.why.shortfall import COUNT_WORTH, Shortfall

SECONDS = 20.0
"""What each single solve may take where nobody says otherwise."""

PATIENCE = 25.0
"""Seconds that a run spends on finding a way out."""

AMONG = 20
"""Without costs, the first way is the cheapest of the fewest clauses among so many sets, in the order of finding."""


@dataclass(frozen=True, eq=False)
class Way:
    """One way out.

    yields  clause -> yuan (or awards, where counted) by which it yields; cost: in yuan, weighed by the costs of rules
    plan    bool [n]: a plan that it allows, which keeps every other hard clause, checked in integers
    """

    yields: Mapping[Name, Fraction]
    cost: Fraction
    plan: Bools


def by_cost(clauses: Clauses, costs: Mapping[Name, Fraction], count: int) -> list[Way]:
    """The `count` cheapest ways out that differ in the clauses that yield; those without a cost never yield."""
    never = clauses.names - costs.keys()
    heap: list[tuple[Fraction, int, Way, frozenset[Name]]] = []
    made, seen = 0, set[frozenset[Name]]()

    def put(parts: Sequence[frozenset[Name]]) -> None:
        nonlocal made
        new = [] if clauses.stopped else [held for held in parts if held not in seen]
        seen.update(new)
        asked = [(never | held, {n: c for n, c in costs.items() if n not in held}) for held in new]
        for held, way in zip(new, _ways(clauses, asked), strict=True):
            if way is not None:
                heapq.heappush(heap, (way.cost, made, way, held))
                made += 1

    put([frozenset()])
    found: list[Way] = []
    while heap and len(found) < count and not clauses.stopped:
        _, _, way, held = heapq.heappop(heap)
        if not any(way.yields.keys() == other.yields.keys() for other in found):
            found.append(way)
        if len(found) < count:
            put([held | {name} for name in sorted(way.yields)])
    return found


def by_count(clauses: Clauses, sets: Sequence[frozenset[Name]], count: int) -> list[Way]:
    """The ways of those sets of clauses, the fewest clauses first, then the fewest yuan: of the first `AMONG`, then on.

    `sets` are in the order in which they were found, so that more of them never change which way is the first.
    """
    if clauses.stopped:
        return []
    ways = _ways(clauses, [(clauses.names - out, dict.fromkeys(out, Fraction(1))) for out in sets])
    found: list[Way] = []
    for part in (ways[:AMONG], ways[AMONG:]):
        found += sorted((w for w in part if w is not None), key=lambda w: (len(w.yields), w.cost))
    return found[:count]


def settled(sets: Sequence[frozenset[Name]]) -> bool:
    """Whether enough sets are found, fewest clauses first, to know which of them gives the first way."""
    return len(sets) >= AMONG or (len(sets) > 1 and len(sets[-1]) > len(sets[0]))


def first_way(
    program: Program, relax_cost: Mapping[str, Fraction | str], stop: threading.Event | None = None
) -> tuple[Shortfall, ...]:
    """The first way out, the one that `conflicts` names first; empty where none was found within `PATIENCE`.

    Where patience ends before that one is known, it is the first of those found.
    """
    clauses = Clauses(program, SECONDS, stop, PATIENCE)
    if relax_cost:
        ways = by_cost(clauses, costs_of(clauses, relax_cost), 1)
    else:
        sets: list[frozenset[Name]] = []
        for one in enumerate_sets(clauses.names, clauses.feasible, clauses.shrink):
            if isinstance(one, frozenset):
                sets.append(one)
            if settled(sets) or clauses.stopped:
                break
        clauses.until += SECONDS  # how much each of what was found would yield
        ways = by_count(clauses, sets, 1)
    counted = {(c.rule, c.label, c.side) for c in clauses.program.clauses if c.counted}
    return tuple(
        Shortfall(*name, math.ceil(amount), name in counted)
        for way in ways
        for name, amount in way.yields.items()
    )


def costs_of(clauses: Clauses, relax_cost: Mapping[str, Fraction | str]) -> dict[Name, Fraction]:
    """What one yuan of each clause costs, by its rule: 1 where nothing is said; those that never yield are left out."""
    weighed = {n: relax_cost.get(n[0], Fraction(1)) for n in clauses.names}
    return {n: c for n, c in weighed.items() if not isinstance(c, str)}


def _ways(
    clauses: Clauses, asked: Sequence[tuple[frozenset[Name], Mapping[Name, Fraction]]]
) -> list[Way | None]:
    """For each, the cheapest way in which only the clauses with a cost yield, as its plan shows; None without one."""
    return [
        _way(clauses, plan, costs) for (_, costs), plan in zip(asked, clauses.cheapest(asked), strict=True)
    ]


def _way(clauses: Clauses, plan: Bools | None, costs: Mapping[Name, Fraction]) -> Way | None:
    if plan is None:
        return None
    yields = dict(_yields(clauses, plan))
    if not yields.keys() <= costs.keys():
        return None
    program = clauses.program
    counted = {n: program.clauses[clauses.rows[n][0]].counted for n in yields}
    cost = sum((v * costs[n] * (COUNT_WORTH if counted[n] else 1) for n, v in yields.items()), Fraction(0))
    return Way(yields, cost, plan)


def _yields(clauses: Clauses, plan: Bools) -> Iterator[tuple[Name, Fraction]]:
    """The hard clauses that a plan does not keep, and by how much, exactly."""
    program = clauses.program
    violations = program.violations(plan)
    for name, rows in clauses.rows.items():
        short = sum((violations[r] * program.clauses[r].unit for r in rows if violations[r]), Fraction(0))
        if short:
            yield name, short
