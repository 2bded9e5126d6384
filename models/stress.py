"""Stresses of the year's money: what this decision could still pay if money were cut, or came late from above.

A stress lessens what the yearly ceilings hold: a cut takes a share of every source (and of the years assumed to come),
money that is late arrives a year after it was due. Lines that only late money may pay wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ConfigDict, Field

from allocator.contract import Facts, Settings, Stressed
from allocator.limits import MoneyBounds, amount_rows
from allocator.money import Share
from allocator.options import OptionTable
from allocator.program import Bools
from allocator.words import Text
from models.line import EARMARKED
from models.rules.cash_ceiling import CashCeiling
from models.sources import sources_of


class Stress(Settings):
    """One stress.

    cut    the share that every source loses, this year and in later ones
    late   levels (级次) of government whose money arrives only next year
    """

    title: str = ""
    en: str = ""
    cut: Share = Field(default=0, le=10_000)
    late: tuple[str, ...] = ()
    source: str = ""


class Stresses(Settings):
    """The stresses by name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Stress] = Field(init=False)

    @property
    def named(self) -> Mapping[str, Stress]:
        """The stresses by name, in the scenario's order."""
        return dict(self.__pydantic_extra__ or {})


def stressed(scenario: Any, facts: Facts, options: OptionTable) -> Mapping[str, Stressed]:
    """Each stress of a scenario with the rows that hold its ceilings, a year each."""
    rule = next((r for r in scenario.rules.values() if isinstance(r, CashCeiling)), CashCeiling(later=10_000))
    caps = {int(label): bounds.cap or 0 for label, bounds in rule.bounds(facts).items()}
    found: dict[str, Stressed] = {}
    for name, stress in scenario.stresses.named.items():
        ceilings = {year: _left(scenario, stress, year, cap, facts) for year, cap in caps.items()}
        waiting = _waiting(scenario, stress, facts, options)
        columns = [
            np.where(waiting, 0, options.column(f"outlay.{year}"))
            if year == facts.years[0]
            else options.column(f"outlay.{year}")
            for year in ceilings
        ]
        limits = {str(year): MoneyBounds(cap=max(cap, 0)) for year, cap in ceilings.items()}
        rows = amount_rows(name, list(limits), options.sums(columns), limits)
        title = Text(stress.title or name, stress.en or stress.title or name)
        found[name] = Stressed(title, rows, ceilings)
    return found


def _left(scenario: Any, stress: Stress, year: int, cap: int, facts: Facts) -> int:
    """What a year's ceiling still holds under a stress, rounded down."""
    if year != facts.years[0]:
        return cap * (10_000 - stress.cut) // 10_000
    lost = 0
    for source in scenario.fund.sources.values():
        late = source.level in stress.late
        lost += source.amount if late else -(-source.amount * stress.cut // 10_000)
    return cap - lost


def _waiting(scenario: Any, stress: Stress, facts: Facts, options: OptionTable) -> Bools:
    """The fixed lines that only late money may pay: bool [n]. Earmarked lines are of the money from above."""
    late = {name for name, s in scenario.fund.sources.items() if s.level in stress.late}
    none = np.zeros(len(options), bool)
    if not late:
        return none
    sources = sources_of(facts)
    waits = none.copy()
    for k in np.flatnonzero(options.fixed).tolist():
        labels = options.award_of(k).labels
        payers = sources.payers(labels) if sources is not None else frozenset()
        waits[k] = labels.get("line") == EARMARKED or (bool(payers) and payers <= late)
    return waits
