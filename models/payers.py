"""Which source pays how much of each award this year, to the yuan: a flow from sources to those that they may pay.

`Sources` (`sources.py`) says who may pay what; money with a prescribed use goes first.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allocator.contract import Facts
from allocator.options import Award
from allocator.vacancies import Vacancy
from models.sources import Payers, sources_of


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
