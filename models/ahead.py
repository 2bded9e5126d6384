"""Many years ahead: what a share of equity does to the fund, drawn many times, all draws at once.

Each year's candidates are drawn from this year's pool, with replacement; equity goes first, by worth per yuan, up to
its share of the ceiling; then the rest by worth per yuan, each candidate at the level that the budget's multiplier
picks. This is a fast allocation, not the program: other shares and caps are not looked at. Equity comes back, or fails,
by the instrument's terms in its exit year and raises that year's ceiling; a domain's grade moves what it counts for in
the next year.
Every array is [draws, ...]; the chances of a draw do not depend on the share, so shares can be compared draw by draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.contract import Facts
from allocator.limits import MICRO_PER_YUAN
from allocator.money import show_share
from allocator.options import OptionTable
from allocator.records import Tables
from allocator.words import Text, catalogue
from models import pool
from models.instruments.equity import Equity
from models.rules.equity_pilot import CAPITAL, EquityPilot

say = catalogue("models.words").say
Floats = npt.NDArray[np.float64]

SERIES = ("fund", "count", "merit", "private", "capital", "back", "lost")
"""What is told of each year: the ceiling, projects funded, merit, private money, capital put in, brought back, lost."""


@dataclass(frozen=True, eq=False)
class _Choice:
    """One option of each candidate: which, what it costs this year, its worth; worth 0 where it has none."""

    cost: Floats
    worth: Floats
    private: Floats


def ahead(
    scenario: Any, tables: Tables, facts: Facts, options: OptionTable, years: int, draws: int, seed: int
) -> Mapping[str, Floats]:
    """The series [draws, years]; money in yuan, merit in micro-units."""
    rule, terms, ruled = scenario.years, _equity(scenario), _share(scenario)
    spoken = float(sum(facts.first_calls.values()))
    ceiling = float(facts.amounts["fund"])
    names = tuple(scenario.domains.named)
    who, domain, scores = _candidates(scenario, tables, options, names)
    chance = _chances(draws, years, len(who), len(names), seed)
    capital = _best(options, who, options.mask({"instrument": (CAPITAL,)}), 0.0)
    other = options.mask({"instrument": tuple(k for k in scenario.instruments if k != CAPITAL)})
    rest = _best(options, who, other, _multiplier(options, who, other, (ceiling * (1 - ruled)) - spoken))
    survive = _level(terms.survival) if terms is not None else 0.0
    common = rule.common / 10_000
    found = {name: np.zeros((draws, years)) for name in SERIES}
    last = years + (0 if terms is None else terms.exit_year)
    returns, failed = np.zeros((draws, last)), np.zeros((draws, last))
    factor = np.ones((draws, len(names)))
    for y in range(years):
        drawn = chance.who[:, y]
        fund = ceiling + returns[:, y]
        counts = factor[np.arange(draws)[:, np.newaxis], domain[drawn]]
        invested = _taken(capital, drawn, counts, ruled * fund)
        spent = np.where(invested, capital.cost[drawn], 0.0).sum(axis=1)
        funded = _taken(rest, drawn, np.where(invested, 0.0, counts), np.maximum(fund - spoken - spent, 0.0))
        if terms is not None:
            state = np.sqrt(common) * chance.common[:, y, np.newaxis] + np.sqrt(1 - common) * chance.own[:, y]
            lives = invested & (state < survive)
            back = np.where(lives, capital.cost[drawn], 0.0).sum(axis=1) * terms.multiple / 10_000
            returns[:, y + terms.exit_year] += back * rule.returned / 10_000
            failed[:, y + terms.exit_year] += np.where(invested & ~lives, capital.cost[drawn], 0.0).sum(
                axis=1
            )
        both = invested | funded
        worth = np.where(invested, capital.worth[drawn], np.where(funded, rest.worth[drawn], 0.0))
        private = np.where(invested, capital.private[drawn], np.where(funded, rest.private[drawn], 0.0))
        for name, value in (
            ("fund", fund),
            ("count", both.sum(axis=1)),
            ("merit", worth.sum(axis=1)),
            ("private", private.sum(axis=1)),
            ("capital", spent),
            ("back", returns[:, y]),
            ("lost", failed[:, y]),
        ):
            found[name][:, y] = value
        factor = _graded(rule, domain[drawn], scores[drawn], both, chance.marks[:, y], factor)
    return found


def assumptions(scenario: Any) -> Sequence[Text]:
    """What the years ahead rest on, in words."""
    rule, terms = scenario.years, _equity(scenario)
    shifts = "; ".join(f"≥{mark}: {show_share(share)}" for mark, share in rule.grades)
    said = [say("ahead.pool"), say("ahead.fast"), say("ahead.calls")]
    if terms is not None:
        known = {"survival": show_share(terms.survival), "multiple": show_share(terms.multiple)}
        back = {"year": terms.exit_year, "returned": show_share(rule.returned)}
        said.append(say("ahead.equity", **known, **back, common=show_share(rule.common)))
    said.append(say("ahead.grades", shifts=shifts, spread=rule.spread))
    return said


@dataclass(frozen=True, eq=False)
class _Chance:
    who: npt.NDArray[np.intp]
    common: Floats
    own: Floats
    marks: Floats


def _chances(draws: int, years: int, count: int, domains: int, seed: int) -> _Chance:
    draw = np.random.default_rng(seed)
    return _Chance(
        who=draw.integers(0, max(count, 1), (draws, years, count)),
        common=draw.standard_normal((draws, years)),
        own=draw.standard_normal((draws, years, count)),
        marks=draw.standard_normal((draws, years, domains)),
    )


def _candidates(
    scenario: Any, tables: Tables, options: OptionTable, names: tuple[str, ...]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    """Those with an option: their numbers in the table, their domains, their scores in points."""
    who = np.unique(options.candidate[~options.fixed])
    first = np.array([np.flatnonzero((options.candidate == w) & ~options.fixed)[0] for w in who], np.intp)
    labels = options.labels["domain"]
    domain = np.array([names.index(labels.label(int(k)) or names[0]) for k in first], np.intp)
    marks, _ = pool.worthy(scenario, tables)
    scores = marks[who - (len(options.candidates) - len(marks))] / 100
    return who.astype(np.intp), domain, scores


def _best(
    options: OptionTable, who: npt.NDArray[np.intp], of: npt.NDArray[np.bool_], price: float
) -> _Choice:
    """Each candidate's option of most worth less `price` × cost, among those `of`."""
    at = np.flatnonzero(of & ~options.fixed)
    cost, worth = options.outlay[at, 0].astype(float), options.merit[at].astype(float)
    order = np.lexsort((-(worth - price * cost), options.candidate[at]))
    first = order[np.unique(options.candidate[at][order], return_index=True)[1]]
    place = np.searchsorted(who, options.candidate[at][first])
    found = [np.zeros(len(who)) for _ in range(3)]
    for array, column in zip(found, (cost, worth, options.money["private"][at].astype(float)), strict=True):
        array[place] = column[first]
    found[1][found[0] <= 0] = 0.0
    return _Choice(*found)


def _multiplier(
    options: OptionTable, who: npt.NDArray[np.intp], of: npt.NDArray[np.bool_], budget: float
) -> float:
    """The worth of a yuan at which the best choices of this year's pool cost the budget, by bisection."""
    low, high = 0.0, 10.0 * MICRO_PER_YUAN
    for _ in range(50):
        price = (low + high) / 2
        choice = _best(options, who, of, price)
        if choice.cost[choice.worth > price * choice.cost].sum() > budget:
            low = price
        else:
            high = price
    return high


def _taken(
    choice: _Choice, drawn: npt.NDArray[np.intp], counts: Floats, budget: Floats
) -> npt.NDArray[np.bool_]:
    """Who is taken [draws, n]: by worth per yuan, until the next does not fit; one drawn twice stands for two."""
    cost, worth = choice.cost[drawn], choice.worth[drawn] * counts
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.where((worth > 0) & (cost > 0), worth / cost, 0.0)
    order = np.argsort(-density, axis=1, kind="stable")
    sorted_cost = np.take_along_axis(np.where(density > 0, cost, 0.0), order, axis=1)
    fits = (np.cumsum(sorted_cost, axis=1) <= np.asarray(budget)[:, np.newaxis]) & (
        np.take_along_axis(density, order, axis=1) > 0
    )
    taken = np.zeros_like(fits)
    np.put_along_axis(taken, order, fits, axis=1)
    return taken


def _graded(
    rule: Any,
    domain: npt.NDArray[np.intp],
    scores: Floats,
    funded: npt.NDArray[np.bool_],
    chance: Floats,
    before: Floats,
) -> Floats:
    """What each domain counts for next year [draws, domains], by the grade of what it was given for."""
    found = before.copy()
    for d in range(before.shape[1]):
        own = funded & (domain == d)
        number = own.sum(axis=1)
        mean = np.where(number > 0, (scores * own).sum(axis=1) / np.maximum(number, 1), 0.0)
        mark = mean + rule.spread * chance[:, d]
        share = np.full(len(mark), rule.grades[-1][1])
        for least, counts in reversed(rule.grades):
            share = np.where(mark >= least, counts, share)
        found[:, d] = np.where(number > 0, share / 10_000, before[:, d])
    return found


def _level(share: int) -> float:
    """The standard normal's point below which `share` basis points lie."""
    if 0 < share < 10_000:
        return NormalDist().inv_cdf(share / 10_000)
    return -np.inf if share == 0 else np.inf


def _equity(scenario: Any) -> Equity | None:
    return next((i for i in scenario.instruments.values() if isinstance(i, Equity)), None)


def _share(scenario: Any) -> float:
    """The share of the fund that goes to equity: the rule's target, else its floor."""
    rule = next((r for r in scenario.rules.values() if isinstance(r, EquityPilot)), None)
    if rule is None or _equity(scenario) is None:
        return 0.0
    return float(rule.target if rule.target is not None else rule.floor or 0) / 10_000
