"""Deals that do not close, held to every outcome of small pools with its exact probability."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from allocator.chance import Closing, Spread, spread
from allocator.program import Bools
from allocator.studies.case import open_case
from allocator.studies.pilot_close import BANDS, _round_width, pilot_close
from models import closing
from models.instruments.equity import Equity
from models.years import Years
from tests import sample

BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "rizhao" / "baseline.yaml"
DRAWS = 4000
ROOM = math.sqrt(math.log(2 / 1e-6) / (2 * DRAWS))
"""Dvoretzky, Kiefer, Wolfowitz (Massart 1990): no share of the draws is farther from its chance, but for one seed in a
million; Hoeffding's bound for one share, and for a mean as a part of its range, is the same number."""

Parts = tuple[Any, Any, Any, Bools]


def fund(seed: int, share: int = 7000) -> Parts:
    """Eight firms that could take equity at two levels; three or four of them are planned, one may hold a grant."""
    draw = Random(seed)
    firms = [
        sample.candidate(c, draw.randrange(100, 400, 10), draw.randint(60, 99), valuation=9999)
        for c in "ABCDEFGH"
    ]
    equity = Equity(levels=(10_000, 5000), minimum=10_000)
    settings = {"years": Years(closing=share)}
    own = sample.scenario(**settings)
    own.instruments = {**own.instruments, "equity": equity}
    options = sample.compiled(candidates=firms, lines=(), instruments=own.instruments, **settings).options
    chosen = options.fixed.copy()
    for number, who in enumerate(draw.sample("ABCDEFGH", draw.choice((3, 4)))):
        instrument = "grant" if number == 3 else "equity"
        chosen[
            draw.choice(
                [k for k in options.rows_of[who] if options.award_of(int(k)).instrument == instrument]
            )
        ] = True
    return own, sample.tables(candidates=firms, lines=()), options, chosen


def outcomes(
    own: Any, tables: Any, options: Any, chosen: Bools
) -> Iterator[tuple[Fraction, dict[str, int], dict[str, int]]]:
    """Every way in which deals close or not: its probability, the year's end, and what each of the reserve is given."""
    closes = Fraction(own.years.closing, 10_000)
    held = {a.candidate for a in options.awards(chosen)}
    deals = [a.amount for a in options.awards(chosen) if a.instrument == "equity"]
    scores = dict(zip(tables["candidates"]["id"], tables["candidates"]["score"], strict=True))
    asked = sorted((c for c in scores if c not in held), key=lambda c: -scores[c])
    levels = {
        c: [a.amount for k in options.rows_of[c] if (a := options.award_of(int(k))).instrument == "equity"]
        for c in asked
    }
    for happens in itertools.product((True, False), repeat=len(deals) + len(asked)):
        chance = math.prod((closes if h else 1 - closes for h in happens), start=Fraction(1))
        paid = [d for d, h in zip(deals, happens, strict=False) if h]
        left, given = sum(deals) - sum(paid), {}
        for c, h in zip(asked, happens[len(deals) :], strict=True):
            fits = [amount for amount in levels[c] if amount <= left]
            if h and fits:
                given[c] = max(fits)
                left -= given[c]
        end = {"planned": len(deals), "closed": len(paid), "followed": len(given), "stays": left}
        yield chance, {**end, "spent": sum(deals) - left}, given


def enumerated(
    parts: Parts,
) -> tuple[Mapping[str, Mapping[int, Fraction]], Mapping[str, tuple[Fraction, Fraction]]]:
    """The chance of each value of each figure; the chance that each of the reserve enters, and its mean amount."""
    figures: dict[str, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    enters: dict[str, tuple[Fraction, Fraction]] = {}
    for chance, end, given in outcomes(*parts):
        for name, value in end.items():
            figures[name][value] += chance
        for c, amount in given.items():
            often, mean = enters.get(c, (Fraction(0), Fraction(0)))
            enters[c] = often + chance, mean + chance * amount
    return figures, enters


def closed(parts: Parts, draws: int = 1, seed: int = 1) -> Closing:
    return closing.closing(*parts, draws, seed)


@pytest.mark.parametrize("seed", range(12))
def test_every_outcome_is_counted_with_its_probability(seed: int) -> None:
    parts = fund(seed, share=(7000, 2500, 9000)[seed % 3])
    figures, enters = enumerated(parts)
    found = closed(parts)
    assert found.draws is None
    for name, wanted in figures.items():
        own = found.figures[name]
        told = {v: p for v, p in zip(own.values.tolist(), own.chance.tolist(), strict=True) if p > 0}
        assert told == pytest.approx({v: float(p) for v, p in wanted.items()}, abs=1e-12)
        assert own.mean == pytest.approx(float(sum(v * p for v, p in wanted.items())))
        for percent in (5, 50, 95):
            rising = sorted(wanted)
            reached = itertools.accumulate(wanted[v] for v in rising)
            assert own.at(percent) == next(
                v for v, p in zip(rising, reached, strict=True) if 100 * p >= percent
            )
    names = parts[2].candidates
    told_of = {names[e.candidate]: (e.chance, e.amount) for e in found.waiting if e.chance}
    assert told_of.keys() == enters.keys()
    for c, (often, mean) in enters.items():
        assert told_of[c] == pytest.approx((float(often), float(mean)))


@pytest.mark.parametrize("seed", range(6))
def test_draws_stay_within_the_bound_of_their_number(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = fund(seed)
    figures, enters = enumerated(parts)
    monkeypatch.setattr(closing, "STATES", 1)
    found = closed(parts, DRAWS, seed)
    assert found.draws == DRAWS
    for name, wanted in figures.items():
        own = found.figures[name]
        for value in wanted:
            below = float(sum(p for v, p in wanted.items() if v <= value))
            assert abs(float(own.chance[own.values <= value].sum()) - below) < ROOM, name
    most = max(a.amount for a in parts[2].awards(np.ones(len(parts[2].award), bool)))
    for e in found.waiting:
        often, mean = enters.get(parts[2].candidates[e.candidate], (Fraction(0), Fraction(0)))
        assert abs(e.chance - float(often)) < ROOM
        assert abs(e.amount - float(mean)) < ROOM * most


def test_deals_that_are_planned_and_others_held_by_grants_do_not_follow() -> None:
    for seed in range(12):
        own, tables, options, chosen = fund(seed)
        held = set(options.candidate[chosen].tolist())
        found = closed((own, tables, options, chosen))
        assert len(found.waiting) == 8 - len(held)
        assert not held & {e.candidate for e in found.waiting}
        assert [e.score for e in found.waiting] == sorted((e.score for e in found.waiting), reverse=True)


def test_two_deals_and_one_that_waits_by_hand() -> None:
    """100 and 200 planned at 70 %; C asks 150 or half of it, and closes at 70 % too."""
    firms = [sample.candidate(c, r, valuation=9999) for c, r in (("A", 100), ("B", 200), ("C", 150))]
    instruments = {"equity": Equity(levels=(10_000, 5000), minimum=10_000)}
    more: dict[str, Any] = {"candidates": firms, "lines": ()}
    options = sample.compiled(instruments=instruments, **more).options
    chosen = np.array(
        [
            options.award_of(k).candidate in "AB" and options.level[k] == 10_000
            for k in range(len(options.award))
        ]
    )
    own = sample.scenario(years=Years(closing=7000), instruments=instruments)
    found = closed((own, sample.tables(**more), options, chosen))
    # A alone closes: 200 are free and C takes 150; B alone: 100 are free and C takes 75; neither: C takes 150
    ends = {
        0: 0.49,
        500_000: 0.21 * 0.7,  # A closed, C took 150
        2_000_000: 0.21 * 0.3,
        250_000: 0.21 * 0.7,  # B closed, C took 75
        1_000_000: 0.21 * 0.3,
        1_500_000: 0.09 * 0.7,
        3_000_000: 0.09 * 0.3,
    }
    stays = found.figures["stays"]
    assert dict(zip(stays.values.tolist(), stays.chance.tolist(), strict=True)) == pytest.approx(ends)
    (c,) = found.waiting
    assert c.chance == pytest.approx(0.51 * 0.7)
    assert c.amount == pytest.approx((0.21 + 0.09) * 0.7 * 1_500_000 + 0.21 * 0.7 * 750_000)


@pytest.mark.parametrize("share", ["100%", "0%"])
def test_deals_that_all_close_or_none(share: str) -> None:
    case = open_case(BASELINE, (f"years.closing={share}",))
    assert case.compiled is not None
    assert case.tables is not None
    options = case.compiled.options
    equity = np.flatnonzero(options.mask({"instrument": ("equity",)}) & ~options.fixed)
    chosen = options.fixed.copy()
    first = [int(equity[options.candidate[equity] == c][0]) for c in np.unique(options.candidate[equity])[:3]]
    chosen[first] = True
    money = int(options.outlay[first, 0].sum())
    found = closed((case.scenario.scenario, case.tables, options, chosen)).figures
    whole = share == "100%"
    middle = {name: (own.mean, own.at(5), own.at(95)) for name, own in found.items()}
    assert middle["planned"] == (3, 3, 3)
    assert middle["closed"] == ((3, 3, 3) if whole else (0, 0, 0))
    assert middle["followed"] == (0, 0, 0)
    assert middle["spent"] == ((money,) * 3 if whole else (0, 0, 0))
    assert middle["stays"] == ((0, 0, 0) if whole else (money,) * 3)


def test_the_study_counts_them_all_and_its_draws_come_close(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = ("solve.gap=5%",)
    counted = pilot_close(BASELINE, sets=sets)
    assert counted.ended == "whole"
    assert counted.found is not None
    assert counted.found.draws is None
    assert any("逐一计入全部成交情形" in t.zh for t in counted.sentences())
    shares = counted.frames()["bands"]["share"]
    assert abs(sum(shares) - 10_000) <= len(shares) / 2 + 1
    entering = counted.frames()["followers"]
    assert entering["chance"].max() <= 7000
    assert counted.found.figures["followed"].mean == pytest.approx(
        sum(e.chance for e in counted.found.waiting)
    )
    monkeypatch.setattr(closing, "STATES", 100)
    drawn = pilot_close(BASELINE, draws=DRAWS, sets=sets)
    assert drawn.found is not None
    assert drawn.found.draws == DRAWS
    assert any(f"抽样 {DRAWS} 次" in t.zh for t in drawn.sentences())
    for one, other in zip(drawn.found.waiting, counted.found.waiting, strict=True):
        assert one.candidate == other.candidate
        assert abs(one.chance - other.chance) < ROOM


def test_a_spread_of_draws_and_its_percentiles() -> None:
    own = spread([3, 1, 1, 2])
    assert own.values.tolist() == [1, 2, 3]
    assert own.chance.tolist() == [0.5, 0.25, 0.25]
    assert (own.mean, own.at(0), own.at(50), own.at(51), own.at(100)) == (1.75, 1, 1, 2, 3)
    assert Spread(np.array([7]), np.array([1.0])).at(95) == 7


@pytest.mark.parametrize(("most", "width"), [(0, 1), (12, 1), (13, 2), (61, 10), (1_200_000, 100_000)])
def test_bands_have_round_widths(most: int, width: int) -> None:
    assert _round_width(most) == width
    assert width * BANDS >= most


def test_a_plan_without_deals_says_so_and_shows_no_tables() -> None:
    found = pilot_close(BASELINE.with_name("no-pilot.yaml"), sets=("solve.gap=5%",))
    assert [t.zh for t in found.sentences()] == ["方案中没有股权投资，没有可测算的成交。"]
    assert found.tables() == ()
