"""递补: who follows one that drops out after publication: by rank, in the same guide direction, from the same money.

The money is what the one that dropped out frees: its commitment, its payments of each year, and the sources that were
to pay them. Nothing else moves, so a follower's option fits into that money or is none.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from allocator.contract import Facts, Follower, Reason
from allocator.money import show
from allocator.options import Award, OptionTable
from allocator.records import Tables
from allocator.vacancies import Vacancy
from allocator.words import Text, catalogue
from models.payers import handed_on, out_of
from models.pool import Scenario, no_instrument
from models.rules.pin import Pin
from models.rules.veto import Veto
from models.standing import Standing, standings

say = catalogue("models.words").say

DROPPED = "dropped_out"
"""The rule, a veto, by which a scenario remembers those that dropped out."""


def without(scenario: Any, leaving: Mapping[str, Reason]) -> Sequence[str]:
    """Changes to a scenario: a veto of each that leaves, with why, and its pins lifted."""
    vetoed = {c: {"reason": why.text.zh, "basis": why.basis} for c, why in leaving.items()}
    rules: dict[str, Any] = {DROPPED: {"rule": Veto.key, "candidates": vetoed}}
    for name, rule in scenario.rules.items():
        if isinstance(rule, Pin):
            own = {c: None for c in leaving if c in rule.candidates}
            if own:
                rules[name] = {"candidates": own}
    return ["rules=" + json.dumps(rules, ensure_ascii=False)]


def reserves(where: Mapping[str, Standing], taken: set[str]) -> Mapping[tuple[str, str], list[str]]:
    """Those of each direction that are not taken, from the highest score down, in the table's order where equal.

    Those that did not pass their review are no part of it.
    """
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for candidate, own in where.items():
        if candidate not in taken and own.barred is None:
            found[own.direction].append(candidate)
    for waiting in found.values():
        waiting.sort(key=lambda c: -(where[c].score or 0))
    return found


def in_reserve(where: Mapping[str, Standing], direction: tuple[str, str], taken: set[str]) -> list[str]:
    """The same of one direction."""
    return reserves({c: s for c, s in where.items() if s.direction == direction}, taken).get(direction, [])


def followers(
    scenario: Scenario,
    tables: Tables,
    facts: Facts,
    options: OptionTable,
    awards: Sequence[Award],
    leaving: Award,
    earlier: Sequence[Vacancy] = (),
) -> list[Follower]:
    """The reserve of the direction of `leaving`, each with the options that its money pays, of most worth first."""
    where = standings(scenario, tables, facts)
    taken = {a.candidate for a in awards} | {leaving.candidate}
    vetoed = _vetoed(scenario)
    money = handed_on(facts, awards, earlier).get(leaving.candidate)
    found = []
    for candidate in in_reserve(where, where[leaving.candidate].direction, taken):
        own = where[candidate]
        place = say("follower.place", rank=own.rank, score=f"{(own.score or 0) / 100:.2f}")
        if candidate in vetoed:
            found.append(Follower(candidate, place, (), vetoed[candidate]))
            continue
        ways, reason = _ways(scenario, tables, facts, options, candidate, leaving, money)
        found.append(Follower(candidate, place, ways, reason))
    return found


def _vetoed(scenario: Scenario) -> Mapping[str, Reason]:
    """Those that are not to be supported in any way, and why."""
    return {
        c: Reason(say("why.vetoed", reason=d.reason), d.basis)
        for rule in scenario.rules.values()
        if isinstance(rule, Veto)
        for c, d in rule.candidates.items()
        if d.instrument is None
    }


def _ways(
    scenario: Scenario,
    tables: Tables,
    facts: Facts,
    options: OptionTable,
    candidate: str,
    leaving: Award,
    money: Mapping[str, int] | None,
) -> tuple[tuple[int, ...], Reason | None]:
    """A candidate's options that fit into the money that `leaving` frees, or why none does."""
    rows = options.rows_of.get(candidate, ())
    if not len(rows):
        records = tables["candidates"]
        refused = no_instrument(scenario, records.row(records.index[candidate]), facts)
        return (), refused or Reason(say("follower.none"))
    ways = [int(k) for k in rows if _fits(options, int(k), leaving)]
    if not ways:
        least = min(rows, key=lambda k: (int(options.outlay[k, 0]), int(options.award[k])))
        return (), Reason(
            say(
                "follower.dear",
                need=show(int(options.award[least])),
                paid=show(int(options.outlay[least, 0])),
                freed=show(leaving.amount),
                now=show(leaving.outlay[0]),
            )
        )
    if money is not None:
        paid = [
            k for k in ways if sum(out_of(facts, money, options.award_of(k)).values()) == options.outlay[k, 0]
        ]
        if not paid:
            names = "、".join(money)
            return (), Reason(say("follower.sources", sources=Text(names, names.replace("、", ", "))))
        ways = paid
    ways.sort(key=lambda k: (-int(options.merit[k]), -int(options.award[k]), k))
    return tuple(ways), None


def _fits(options: OptionTable, k: int, leaving: Award) -> bool:
    """Whether option k costs no more than what is freed: in all, and in each year."""
    paid = options.outlay[k].tolist()
    return int(options.award[k]) <= leaving.amount and all(
        own <= freed for own, freed in zip(paid, leaving.outlay, strict=True)
    )
