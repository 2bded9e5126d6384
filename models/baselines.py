"""Baselines: what the same pool would get by today's practice, and by merit per yuan.

They are orders in which options are taken until the money is gone; the engine takes them in turn and skips what
would break a hard rule, as an office would.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from allocator.contract import Order
from allocator.options import OptionTable
from allocator.records import Tables
from allocator.words import Text
from models.pool import Scenario, eligibility
from models.rules.pin import Pin

DEFAULT = "grant"
"""What a candidate that asks for nothing in particular is given in practice."""


def orders(scenario: Scenario, tables: Tables, options: OptionTable) -> Mapping[str, Order]:
    """The baselines of this policy by name, pinned candidates first in each."""
    marks, _ = eligibility(scenario, tables)
    lines = len(options.candidates) - len(marks)
    free = np.flatnonzero(~options.fixed)
    owner = options.candidate[free] - lines
    score = marks[owner]
    pinned = _pinned(scenario)
    last = ~np.isin(np.array(options.candidates)[options.candidate[free]], list(pinned))
    asked = _asked(scenario, tables, options, free, owner)
    by_score = np.lexsort((-options.level[free], ~asked, owner, -score, last))
    first_of_each = _first(owner[by_score])
    cost = np.maximum(options.column("first_year")[free], 1)
    rate = options.merit[free] / cost
    by_rate = np.lexsort((owner, -rate, last))
    return {
        "by_score": Order(
            Text("按评审得分从高到低安排", "by score until the money is gone"),
            Text(
                "现行做法：按得分排序，按申报的支持方式和申请额安排，遇到突破硬性规则的跳过",
                "today's practice: in order of score, as asked for, skipping what breaks a hard rule",
            ),
            free[by_score[first_of_each]],
        ),
        "by_rate": Order(
            Text("按单位资金评审价值从高到低安排", "by merit per yuan"),
            Text(
                "按每元当年资金的评审价值排序，遇到突破硬性规则的跳过",
                "in order of merit per yuan of this year's money, skipping what breaks a hard rule",
            ),
            free[by_rate],
        ),
    }


def _pinned(scenario: Scenario) -> set[str]:
    rules = scenario.rules.values()
    return {c for rule in rules if isinstance(rule, Pin) for c in rule.candidates}


def _asked(
    scenario: Scenario,
    tables: Tables,
    options: OptionTable,
    free: npt.NDArray[np.intp],
    owner: npt.NDArray[np.int32],
) -> npt.NDArray[np.bool_]:
    """Which free options are of the instrument that their candidate asks for (a grant where it does not say)."""
    names = {name: key for key, i in scenario.instruments.items() for name in (key, i.title.zh, i.title.en)}
    wanted = np.array([names.get(a, DEFAULT) if a else DEFAULT for a in tables["candidates"]["asks"]])
    codes = options.labels["instrument"]
    own = np.array(codes.values)[codes.codes[free]]
    return np.asarray(own == wanted[owner], bool)


def _first(owner: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """The place of each candidate's first option in an order, in that order."""
    _, first = np.unique(owner, return_index=True)
    return np.sort(first)
