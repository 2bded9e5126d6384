"""The figures by which plans of this fund are compared, beside the engine's: private money, loss, the pilot ratio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allocator.contract import Facts, Figure
from allocator.limits import ShareBounds
from allocator.options import Award
from allocator.words import catalogue
from models.base import TITLES
from models.rules.equity_pilot import CAPITAL, PILOT_BASES, EquityPilot

say = catalogue("models.words").say


def figures(scenario: Any, facts: Facts, awards: Sequence[Award]) -> Sequence[Figure]:
    """The figures of a list of awards; lines of renewals count in the ratio as the rule counts them."""
    chosen = [a for a in awards if not a.fixed]
    found = [
        Figure(name, say(f"figure.{name}"), "money", sum(a.columns.get(name, 0) for a in chosen))
        for name in ("private", "loss")
    ]
    if CAPITAL not in scenario.instruments:
        return found
    rule = next((r for r in scenario.rules.values() if isinstance(r, EquityPilot)), EquityPilot(name="pilot"))
    for base in PILOT_BASES:
        ratio = rule.over(base, awards, facts, ShareBounds()).points
        found.append(Figure(f"pilot_{base}", say("figure.pilot", base=TITLES[base]), "share", ratio))
    return found
