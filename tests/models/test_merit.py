"""Merit, by hand: score × need met × suitability in quality-weighted need, and what a fund does by it."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.solve import solve
from models.instruments.grant import Grant
from models.merit import Merit
from models.rules.cash_ceiling import CashCeiling
from tests import sample
from tests.sample import WAN, candidate

LINEAR = Merit()
CURVED = Merit(need_scale=((0, 0), (5000, 7000), (10_000, 10_000)))


def test_a_full_grant_of_100_wan_at_80_points_is_80_wan_of_merit() -> None:
    # 0.80 × 100万 × 1 × 100 % = 80万 of quality-weighted need: 80 million micro-units of one 万元.
    assert LINEAR.worth(8000, 100 * WAN, 100 * WAN, 10_000) == 80_000_000


def test_equity_counts_at_its_grant_equivalent_and_its_suitability() -> None:
    # 85 points, need 200万, capital of 200万 worth 120万, 90 % suitable: 0.85 × 120 × 0.9 = 91.8万.
    assert LINEAR.worth(8500, 200 * WAN, 120 * WAN, 9000) == 91_800_000


def test_more_than_the_need_is_worth_no_more_than_the_need() -> None:
    assert LINEAR.worth(8000, 100 * WAN, 999 * WAN, 10_000) == 80_000_000


def test_a_concave_scale_pays_the_first_half_more() -> None:
    # Half of the need met is worth 70 %: 0.9 × 100万 × 70 % = 63万; three quarters, 85 %: 76.5万.
    assert CURVED.worth(9000, 100 * WAN, 50 * WAN, 10_000) == 63_000_000
    assert CURVED.worth(9000, 100 * WAN, 75 * WAN, 10_000) == 76_500_000
    assert CURVED.worth(9000, 100 * WAN, 25 * WAN, 10_000) == 31_500_000
    assert CURVED.worth(9000, 100 * WAN, 100 * WAN, 10_000) == 90_000_000


def test_it_is_rounded_once_and_half_to_even() -> None:
    # One yuan at 50.00 points and 100 % is 0.5 yuan of need: 50 micro-units. At 0.5 % suitability a quarter: 0.25 → 0.
    assert LINEAR.worth(5000, 1, 1, 10_000) == 50
    assert LINEAR.worth(5000, 1, 1, 50) == 0
    # × 1 %: exactly 0.5 → 0, the even one; three times that, 1.5 → 2; five times, 2.5 → 2.
    assert [LINEAR.worth(5000, n, n, 100) for n in (1, 3, 5)] == [0, 2, 2]
    arrays = [np.array(v) for v in ([5000] * 3, [1, 3, 5], [1, 3, 5], [100] * 3)]
    assert LINEAR.worths(*arrays).tolist() == [0, 2, 2]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10_000), st.integers(1, 10**14), st.integers(0, 10**14), st.integers(0, 10_000)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_arrays_say_what_the_formula_says(rows: list[tuple[int, int, int, int]]) -> None:
    columns = [np.array(c, np.int64) for c in zip(*rows, strict=True)]
    for merit in (LINEAR, CURVED):
        exact = []
        for score, need, equivalent, fit in rows:
            met = Fraction(min(equivalent, need), need)
            if merit is CURVED:
                half = Fraction(1, 2)
                met = met * Fraction(7, 5) if met <= half else Fraction(7, 10) + (met - half) * Fraction(3, 5)
            exact.append(round(Fraction(score, 10_000) * need * met * Fraction(fit, 10_000) * 100))
        assert merit.worths(*columns).tolist() == exact
        assert [merit.worth(*row) for row in rows] == exact


def test_ten_yi_at_full_marks_does_not_overflow() -> None:
    # 10^15 元 × 10,000 × 10,000 is 10^23, past 64 bits: 100 points of it are 10^17 micro-units.
    big = np.array([10**15])
    assert LINEAR.worths(np.array([10_000]), big, big, np.array([10_000])).tolist() == [10**17]


def test_a_nature_or_instrument_that_is_not_named_suits_fully() -> None:
    merit = Merit.model_validate(
        {"suitability": {"基础研究": {"instruments": {"equity": "0%", "grant": "90%"}}}}
    )
    assert merit.fit("基础研究", "equity") == 0
    assert merit.fit("基础研究", "grant") == 9000
    assert merit.fit("基础研究", "interest_subsidy") == 10_000
    assert merit.fit("产业化", "equity") == 10_000


def test_an_option_that_meets_too_little_of_the_need_is_not_viable() -> None:
    merit = Merit(least_met=4000)
    assert merit.viable(100 * WAN, 40 * WAN)
    assert not merit.viable(100 * WAN, 40 * WAN - 1)
    pool = [candidate("A", 100)]
    grant = {"grant": Grant(levels=(10_000, 5000, 3000))}
    fund = sample.compiled(candidates=pool, lines=(), merit=merit, instruments=grant)
    assert fund.options.level.tolist() == [10_000, 5000]


@pytest.mark.parametrize(
    "scale",
    [
        ((0, 0), (5000, 4000), (10_000, 10_000)),  # convex
        ((0, 0), (5000, 7000)),
        ((0, 100), (10_000, 10_000)),
        ((0, 0), (5000, 7000), (5000, 8000), (10_000, 10_000)),
        ((0, 0), (5000, 11_000), (10_000, 10_000)),
    ],
)
def test_scales_that_are_not_concave_from_nothing_to_all_are_refused(
    scale: tuple[tuple[int, int], ...],
) -> None:
    with pytest.raises(ValueError, match="need_scale"):
        Merit(need_scale=scale)


def by_score(seed: int, ceiling: int, requests: tuple[int, ...]) -> tuple[list[int], list[int], list[bool]]:
    """Scores, requests in 万元, and who is funded, with one instrument at one level, a linear scale, only a ceiling."""
    draw = Random(seed)
    pool = [candidate(f"c{i}", draw.choice(requests), draw.randint(60, 99)) for i in range(14)]
    fund = sample.compiled(
        {"cash_ceiling": CashCeiling(name="cash_ceiling")},
        ceiling,
        candidates=pool,
        lines=(),
        merit=Merit(),
        instruments={"grant": Grant()},
    )
    outcome = solve(fund.program, gap=0)
    assert outcome.chosen is not None
    funded = [bool(outcome.chosen[fund.options.rows_of[row["id"]]].any()) for row in pool]
    return [r["score"] for r in pool], [r["request"] // WAN for r in pool], funded


@pytest.mark.parametrize("seed", range(25))
def test_with_one_instrument_equal_requests_and_a_ceiling_it_funds_strictly_by_score(seed: int) -> None:
    """Equal requests: no funded candidate scores below one that is not."""
    scores, _, funded = by_score(seed, 170, (20,))
    assert sum(funded) == 8
    inside = [s for s, f in zip(scores, funded, strict=True) if f]
    outside = [s for s, f in zip(scores, funded, strict=True) if not f]
    assert min(inside) >= max(outside)


@pytest.mark.parametrize("seed", range(40))
def test_with_unequal_requests_a_better_one_is_left_out_only_where_its_exchange_would_not_fit_or_not_pay(
    seed: int,
) -> None:
    """It goes by score up to the last unit, which is exactly this.

    A yuan is worth the score of whom it goes to. So nothing is worth more than going down the list and paying the
    last one in part, and nothing found is worth less than stopping before that one. Who would fit is not left out;
    a better one is left out for a worse one only where it would not fit in that one's place, or be worth less there.
    """
    ceiling = 300
    scores, requests, funded = by_score(seed, ceiling, (10, 20, 30, 50, 70))
    spent = sum(r for r, f in zip(requests, funded, strict=True) if f)
    left = ceiling - spent
    assert left >= 0
    for j, (score, request) in enumerate(zip(scores, requests, strict=True)):
        if funded[j]:
            continue
        assert request > left, "one that fits beside the plan is not left out"
        for i in range(len(scores)):
            if funded[i] and score > scores[i]:
                assert request - requests[i] > left or score * request <= scores[i] * requests[i]
    value = sum(s * r for s, r, f in zip(scores, requests, funded, strict=True) if f)
    room, whole, split = ceiling, 0, Fraction(0)
    for score, request in sorted(zip(scores, requests, strict=True), reverse=True):
        if request > room:
            split = Fraction(score * room)
            break
        room, whole = room - request, whole + score * request
    assert whole <= value <= whole + split
