"""Who takes part in the order of a guide direction (指南方向), and where each stands: what the rules on ranks go by.

Those take part that passed the review, have a way of support, and are not decided apart from it: whom the leading group
pins or vetoes has its own reason and basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from allocator.contract import Facts, Rule
from allocator.records import Tables
from allocator.words import Text
from models.decisions import Decisions
from models.pool import Scenario
from models.standing import standings

ORDER = "order"
"""Where the facts hold it."""


@dataclass(frozen=True)
class Order:
    """Each candidate's direction, by its label, and its score in hundredths of a point."""

    directions: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)

    @property
    def named(self) -> tuple[str, ...]:
        """The directions, each once."""
        return tuple(dict.fromkeys(self.directions.values()))


class Ordered(Rule):
    """A rule that goes by scores within directions; for it the facts hold them."""


def with_order(scenario: Scenario, tables: Tables, facts: Facts) -> Facts:
    """The facts with directions and scores, where a rule of the scenario asks for them."""
    if not any(isinstance(rule, Ordered) for rule in scenario.rules.values()):
        return facts
    apart = {
        c
        for rule in scenario.rules.values()
        if isinstance(rule, Decisions)
        for c, decision in rule.candidates.items()
        if decision.instrument is None or rule.limits.bound("floor")
    }
    supported = _supported(scenario, tables, facts)
    directions: dict[str, str] = {}
    scores: dict[str, int] = {}
    titles: dict[str, Text] = {}
    for i, (candidate, own) in enumerate(standings(scenario, tables, facts).items()):
        if own.score is None or own.barred is not None or candidate in apart or not supported[i]:
            continue
        label = "·".join(part for part in own.direction[own.direction[0] == "call" :] if part)
        directions[candidate], scores[candidate], titles[label] = label, own.score, own.title
    return replace(
        facts,
        own={**facts.own, ORDER: Order(directions, scores)},
        titles={**titles, **facts.titles},
    )


def order_of(facts: Facts) -> Order:
    """The order that the facts hold; of nobody where no rule asks for it."""
    found = facts.own.get(ORDER)
    return found if isinstance(found, Order) else Order()


def tiers(facts: Facts, apart: Iterable[str] = ()) -> Mapping[str, list[list[str]]]:
    """The candidates of each direction by falling score, those of equal score together; without those `apart`."""
    out = set(apart)
    found: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    order = order_of(facts)
    for candidate, direction in order.directions.items():
        if candidate not in out:
            found[direction][order.scores[candidate]].append(candidate)
    return {d: [own[score] for score in sorted(own, reverse=True)] for d, own in found.items()}


def _supported(
    scenario: Scenario, tables: Tables, facts: Facts
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which candidates some instrument would give enough: bool [n]."""
    records = tables["candidates"]
    found = np.zeros(len(records), bool)
    for instrument in scenario.instruments.values():
        offers = instrument.offers(tables, facts)
        viable = scenario.merit.viable(records.ints("request")[offers.row], offers.money["equivalent"])
        found[offers.row[np.flatnonzero(viable)]] = True
    return found
