"""Three years ahead of a fund of three, held to every course that they can take with its probability."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from random import Random
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from allocator.options import OptionTable
from allocator.studies.case import open_case
from allocator.studies.horizon import Horizon
from allocator.words import same
from models import ahead
from models.instruments.equity import Equity
from models.instruments.grant import Grant
from models.rules.equity_pilot import EquityPilot
from models.years import Years
from tests import sample
from tests.allocator.programs import made
from tests.sample import WAN

YEARS, DRAWS = 3, 20_000
ROOM = math.sqrt(math.log(2 / 1e-9) / (2 * DRAWS))
"""Dvoretzky, Kiefer, Wolfowitz (Massart 1990): no share of draws is farther from its chance, but for a seed in 10⁹."""

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
NORMAL = NormalDist()
TWO = ("重点研发专项", "重大科技创新专项")

Spread = dict[int, float]


class Fund:
    """A and B may take equity or a grant, C a grant; A and C are of one domain, B of the other. Money in 万元."""

    def __init__(self, share: int, years: Years, exit_year: int = 1, ceiling: int = 300) -> None:
        """`share` of the ceiling, in percent, goes to equity."""
        self.equity = Equity(
            levels=(10_000,), survival=7000, multiple=20_000, exit_year=exit_year, minimum=WAN
        )
        grant = Grant(levels=(10_000,), milestones=(10_000,))
        firm = {"nature": "产业化", "valuation": 99_999}
        self.settings: dict[str, Any] = {
            "years": years,
            "instruments": {"grant": grant, "equity": self.equity},
            "rules": {"pilot": EquityPilot(target=share * 100)} if share else {},
        }
        self.parts: dict[str, Any] = {
            "candidates": [
                sample.candidate("A", 60, 92, domain=TWO[0], **firm),
                sample.candidate("B", 50, 81, domain=TWO[1], **firm),
                sample.candidate("C", 110, 76, domain=TWO[0], kind="高校"),
            ],
            "lines": [sample.line("W", "稳定支持", 30)],
        }
        self.share, self.ceiling = share, ceiling
        self.scenario = sample.scenario(ceiling=ceiling, **self.settings)
        self.compiled = sample.compiled(ceiling=ceiling, **self.parts, **self.settings)
        self.tables = sample.tables(**self.parts)
        self.own, self.outcomes = self._options(), [self._outcomes(deals) for deals in range(4)]

    def drawn(self, draws: int, seed: int) -> Mapping[str, npt.NDArray[np.float64]]:
        """What the years ahead give."""
        c = self.compiled
        return ahead.ahead(self.scenario, self.tables, c.facts, c.options, YEARS, draws, seed)

    # -- every course ---------------------------------------------------------------------------

    def enumerated(self) -> dict[str, list[Spread]]:
        """The chance of each value of each series in each year."""
        found: dict[str, list[Spread]] = {n: [defaultdict(float) for _ in range(YEARS)] for n in ahead.SERIES}
        states: dict[Any, float] = {((0, 0),) * self.equity.exit_year + ((1.0, 1.0),): 1.0}
        for year in range(YEARS):
            after: dict[Any, float] = defaultdict(float)
            for state, weight in states.items():
                for drawn in itertools.combinations_with_replacement(range(3), 3):
                    own = weight * len(set(itertools.permutations(drawn))) / 27
                    told, ends = self._year(drawn, state, last=year == YEARS - 1)
                    for name, value in told.items():
                        found[name][year][value] += own
                    for chance, then in ends:
                        after[then] += own * chance
            states = after
        return found

    def _year(
        self, drawn: tuple[int, ...], state: Any, last: bool
    ) -> tuple[dict[str, int], list[tuple[float, Any]]]:
        """What a year gives, and how likely it leaves which state: what comes back and fails in the years to come, and
        what each domain counts for."""
        (back, lost), *later, counts = state
        own = [self.own[w] for w in drawn]
        fund = self.ceiling * WAN + back
        deals = self._taken(
            own, [i for i in range(3) if own[i]["equity"]], counts, Fraction(self.share, 100) * fund, "equity"
        )
        spent = sum(own[i]["equity"][0] for i in deals)
        rest = [i for i in range(3) if i not in deals]
        grants = self._taken(own, rest, counts, fund - 30 * WAN - spent, "grant")
        given = [own[i]["equity"] for i in deals] + [own[i]["grant"] for i in grants]
        told = {
            "fund": fund,
            "count": len(given),
            "merit": sum(g[1] for g in given),
            "private": sum(g[2] for g in given),
            "capital": spent,
            "back": back,
            "lost": lost,
        }
        told = {name: round(value) for name, value in told.items()}
        if last:
            return told, []
        funded = tuple((own[i]["domain"], own[i]["score"]) for i in sorted((*deals, *grants)))
        ends = []
        for lives, likely in self.outcomes[len(deals)]:
            alive = sum(own[i]["equity"][0] for i, alive in zip(deals, lives, strict=True) if alive)
            returned = alive * self.equity.multiple * self.scenario.years.returned // 10_000**2
            for graded, grade in _graded(self.scenario.years, funded, counts):
                ends.append((likely * grade, (*later, (returned, spent - alive), graded)))
        return told, ends

    def _options(self) -> list[dict[str, Any]]:
        """Of each candidate: its domain, its score, and each instrument's cost, worth and private money."""
        options, found = self.compiled.options, []
        for row in self.parts["candidates"]:
            own: dict[str, Any] = {"domain": TWO.index(row["domain"]), "score": row["score"] / 100}
            own |= dict.fromkeys(("equity", "grant"))
            for k in map(int, options.rows_of[row["id"]]):
                a = options.award_of(k)
                own[a.instrument] = (a.outlay[0], int(options.merit[k]), int(options.money["private"][k]))
            found.append(own)
        return found

    def _taken(self, own: Any, among: list[int], counts: Any, budget: Any, way: str) -> list[int]:
        """By worth per yuan until the next does not fit."""
        ranked = sorted(
            (i for i in among if own[i][way]),
            key=lambda i: -own[i][way][1] * counts[own[i]["domain"]] / own[i][way][0],
        )
        taken: list[int] = []
        for i in ranked:
            if sum(own[j][way][0] for j in (*taken, i)) > budget:
                break
            taken.append(i)
        return taken

    def _outcomes(self, deals: int) -> list[tuple[tuple[bool, ...], float]]:
        """Which deals live, and how likely: independent of each other given the year's common factor."""
        common = self.scenario.years.common / 10_000
        level = NORMAL.inv_cdf(self.equity.survival / 10_000)
        given = [NORMAL.cdf((level - math.sqrt(common) * z) / math.sqrt(1 - common)) for z in NODES]
        found = []
        for lives in itertools.product((True, False), repeat=deals):
            each = [math.prod(p if alive else 1 - p for alive in lives) for p in given]
            found.append((lives, float(np.dot(WEIGHTS, each) / WEIGHTS.sum())))
        return found


@cache
def _graded(
    rule: Years, funded: tuple[tuple[int, float], ...], before: tuple[float, float]
) -> list[tuple[tuple[float, float], float]]:
    """What each domain counts for next year, and how likely; `funded`: domains and scores."""
    ways = []
    for d in range(2):
        scores = [score for domain, score in funded if domain == d]
        if not scores:
            ways.append([(before[d], 1.0)])
            continue
        mark = NormalDist(sum(scores) / len(scores), rule.spread)
        above, own = 0.0, []
        for least, counts in rule.grades:
            here = 1 - mark.cdf(least) if least else 1.0
            own.append((counts / 10_000, here - above))
            above = here
        ways.append(own)
    return [((one, other), p * q) for (one, p), (other, q) in itertools.product(*ways)]


CASES = {
    "one year, alike": Fund(30, Years(common=4000, returned=5000, spread=8)),
    "two years": Fund(40, Years(common=0, spread=12), exit_year=2),
    "no equity": Fund(0, Years(spread=8)),
    "every grade apart": Fund(
        35,
        Years(common=1500, spread=10, grades=((90, 14_000), (80, 10_000), (70, 7000), (0, 4000))),
        ceiling=150,
    ),
}


@pytest.fixture(scope="module")
def whole() -> Mapping[str, dict[str, list[Spread]]]:
    return {name: fund.enumerated() for name, fund in CASES.items()}


def moments(own: Spread) -> tuple[float, float, float]:
    """Mean, variance, fourth central moment."""
    values, chance = np.array(list(own), float), np.array(list(own.values()))
    mean = float(values @ chance)
    return mean, float((values - mean) ** 2 @ chance), float((values - mean) ** 4 @ chance)


@pytest.mark.parametrize("name", CASES)
def test_the_draws_are_spread_as_all_courses_are(name: str, whole: Mapping[str, Any]) -> None:
    drawn, wanted = CASES[name].drawn(DRAWS, seed=3), whole[name]
    for series, year in itertools.product(ahead.SERIES, range(YEARS)):
        own, values = wanted[series][year], drawn[series][:, year]
        assert sum(own.values()) == pytest.approx(1)
        assert set(np.rint(values).astype(int).tolist()) <= own.keys(), (series, year)
        for value in own:
            below = sum(p for v, p in own.items() if v <= value)
            assert abs(float((values <= value + 0.5).mean()) - below) < ROOM, (series, year)
        mean, variance, fourth = moments(own)
        assert abs(values.mean() - mean) <= 5 * math.sqrt(variance / DRAWS) + 1e-3, (series, year)
        off = 5 * math.sqrt(max(fourth - variance**2, 0) / DRAWS)
        assert abs(values.var() - variance) <= off + 1e-6 * (1 + variance), (series, year)


def test_the_cases_are_not_trivial(whole: Mapping[str, Any]) -> None:
    """Equity comes back and fails, in its year and not before, and grades change who is funded."""
    one, two = whole["one year, alike"], whole["two years"]
    assert [len(s) > 2 for s in one["back"]] == [False, True, True]
    assert [len(s) > 2 for s in two["back"]] == [False, False, True]
    assert all(len(s) == 1 for s in whole["no equity"]["lost"])
    apart = whole["every grade apart"]["merit"]
    assert len(apart[1]) > len(apart[0])
    assert moments(apart[1])[0] != pytest.approx(moments(apart[0])[0], rel=1e-4)


def test_what_is_brought_back_on_average_is_survival_times_multiple(whole: Mapping[str, Any]) -> None:
    """The common factor moves how outcomes hang together, and no mean: 70 % × 2 × 50 % of the capital, 30 % lost."""
    one = whole["one year, alike"]
    capital = moments(one["capital"][0])[0]
    assert moments(one["back"][1])[0] == pytest.approx(0.7 * 2 * 0.5 * capital, rel=1e-6)
    assert moments(one["lost"][1])[0] == pytest.approx(0.3 * capital, rel=1e-6)


# -- settings compared ---------------------------------------------------------------------------


def compared(*found: Mapping[str, Any]) -> Horizon:
    case = open_case(made([1], []))
    names = tuple(str(i) for i in range(len(found)))
    return Horizon(
        title=same(""), case=case, arms=names, found=found, first_year=2026, names={}, assumptions=()
    )


def test_shares_that_admit_the_same_deals_give_the_same_years_to_the_yuan() -> None:
    """Deals cost 50 and 60 of 300: at 37 and 39 % two of them fit (100 to 111 < 120), never three."""
    rule = Years(returned=0)
    one, other = (Fund(share, rule).drawn(500, seed=5) for share in (37, 39))
    same_deals = (one["capital"] == other["capital"]).all(axis=1)
    assert same_deals.sum() > 100
    for name in ahead.SERIES:
        assert (one[name][same_deals] == other[name][same_deals]).all(), name


def test_common_chances_make_a_difference_surer_than_chances_apart() -> None:
    low, high = Fund(20, Years()), Fund(40, Years())
    alike = compared(low.drawn(2000, 7), high.drawn(2000, 7))
    apart = compared(low.drawn(2000, 7), high.drawn(2000, 8))
    for name in ("merit", "private", "count"):
        (_, a, b), (_, c, d) = alike.advantage(1, name), apart.advantage(1, name)
        assert b - a < 0.8 * (d - c), name


def test_the_interval_of_an_advantage_covers_the_true_one() -> None:
    low, high = Fund(0, Years()), Fund(40, Years())
    true = {
        name: sum(
            moments(h)[0] - moments(w)[0]
            for h, w in zip(high.enumerated()[name], low.enumerated()[name], strict=True)
        )
        for name in ("fund", "merit", "lost")
    }
    times, covered = 250, dict.fromkeys(true, 0)
    for seed in range(times):
        study = compared(low.drawn(100, seed), high.drawn(100, seed))
        for name, value in true.items():
            _, a, b = study.advantage(1, name)
            covered[name] += a <= value <= b
    # of 250 intervals of 95 %, 237.5 on average, and with a standard deviation of 3.4
    assert all(226 <= n <= 248 for n in covered.values()), covered


# -- the budget's multiplier ---------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_multiplier_is_the_least_worth_of_a_yuan_at_which_all_fits(seed: int) -> None:
    draw = Random(seed)
    firms = [sample.candidate(c, draw.randint(40, 200), draw.randint(60, 99)) for c in "ABCDEF"]
    grant = Grant(levels=(10_000, 7000, 4000), milestones=(10_000,))
    options = sample.compiled(candidates=firms, lines=(), instruments={"grant": grant}).options
    who = np.unique(options.candidate)
    every = np.ones(len(options.award), bool)
    budget = draw.randint(100, 400) * WAN
    found = ahead._multiplier(options, who, every, budget)
    prices = sorted({Fraction(0), *_places(options)})
    least = next(p for p in prices if _cost(options, p) <= budget)
    assert found == pytest.approx(float(least), rel=1e-9, abs=1e-9)
    assert _cost(options, Fraction(found)) <= budget


def _places(options: OptionTable) -> Iterator[Fraction]:
    """Every price at which some candidate's best choice may change."""
    for rows in options.rows_of.values():
        pairs = [(0, 0), *((int(options.outlay[k, 0]), int(options.merit[k])) for k in rows)]
        for (c, w), (d, v) in itertools.combinations(pairs, 2):
            if c != d and (w - v) * (c - d) > 0:
                yield Fraction(w - v, c - d)


def _cost(options: OptionTable, price: Fraction) -> int:
    """What each candidate's best choice at a price costs in all; of equal ones the cheapest."""
    total = 0
    for rows in options.rows_of.values():
        choices = [(Fraction(0), 0)]
        choices += [
            (int(options.merit[k]) - price * int(options.outlay[k, 0]), -int(options.outlay[k, 0]))
            for k in rows
        ]
        total -= max(choices)[1]
    return total
