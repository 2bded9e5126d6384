"""Floors, targets and caps by hand: measures in integers, prices in yuan, slack, and how they are shown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from allocator.limits import CountBounds, Measure, MoneyBounds, ShareBounds


def money(part: int, **bounds: Any) -> Measure:
    return Measure("r", "", "", "money", part, MoneyBounds(**bounds))


def share(part: int, whole: int, **bounds: Any) -> Measure:
    return Measure("r", "", "", "share", part, ShareBounds(**bounds), whole)


def test_residuals_in_yuan_are_how_far_a_side_is_inside() -> None:
    own = money(250, floor=100, target=200, cap=300)
    assert [own.residual(s) for s in ("floor", "target", "cap")] == [150, -50, 50]
    assert (own.ok, own.slack) == (True, 50)
    assert money(250).residual("floor") is None
    assert money(250).slack is None


def test_residuals_of_a_share_are_in_ten_thousandths_of_a_yuan() -> None:
    # 333 of 1,000 against a third: 3,330,000 − 3333 × 1000 = −3,000: short by 0.3 of a yuan, so by one.
    own = share(333, 1000, floor=3333)
    assert (own.residual("floor"), own.ok, own.slack) == (-3000, False, -1)
    at = share(3333, 10_000, floor=3333, cap=3333)
    assert (at.residual("floor"), at.residual("cap"), at.ok, at.slack) == (0, 0, True, 0)


@pytest.mark.parametrize(("part", "points"), [(1, 1667), (5, 8333), (3, 5000)])
def test_the_share_that_is_shown_is_rounded_to_basis_points(part: int, points: int) -> None:
    assert share(part, 6).points == points


def test_half_a_basis_point_goes_to_the_even_one() -> None:
    # 25/20,000 is 12.5 basis points → 12; 75/20,000 is 37.5 → 38.
    assert [share(p, 20_000).points for p in (25, 75)] == [12, 38]


def test_of_nothing_there_is_no_share_and_no_shortfall() -> None:
    own = share(0, 0, floor=2000, cap=3000)
    assert (own.points, own.value, own.ok, own.kept, own.slack, own.penalty) == (None, None, True, True, 0, 0)
    assert own.shown(own.value) == "—"


def test_a_part_without_a_whole_is_above_any_cap() -> None:
    assert not share(5, 0, cap=10_000).ok


def test_hard_sides_decide_and_soft_sides_cost() -> None:
    soft = {"hard": False, "price": Fraction(1, 3)}
    hard = money(90, floor=100)
    assert (hard.ok, hard.kept, hard.penalty) == (False, False, 0)
    # Ten yuan short at a third of a yuan each, in hundredths: 1000/3 micro-units, exactly.
    own = money(90, floor=100, **soft)
    assert (own.ok, own.kept, own.penalty) == (True, False, Fraction(1000, 3))
    over = money(130, cap=100, **soft)
    assert over.penalty == 1000


def test_a_share_s_penalty_is_in_yuan_though_its_residual_is_not() -> None:
    # Floor 20 % of 1,000 = 200, part 150: 50 yuan at 2: 100 yuan of merit, 10,000 micro-units.
    own = share(150, 1000, floor=2000, hard=False, price=2)
    assert own.penalty == 10_000
    # A third of a yuan short costs a third of a yuan.
    fine = share(3333, 9999, floor=3334, hard=False, price=3)
    assert fine.penalty == Fraction((3334 * 9999 - 33_330_000) * 300, 10_000)


def test_a_target_costs_on_both_sides_and_only_with_a_price() -> None:
    assert [money(p, target=100, price=1).penalty for p in (90, 100, 115)] == [1000, 0, 1500]
    assert money(90, target=100).penalty == 0
    assert money(90, target=100, price=1).ok


def test_counts_cost_by_the_award() -> None:
    own = Measure("r", "", "", "count", 1, CountBounds(floor=3, hard=False, price=7), money="count")
    assert own.penalty == 2 * 700


def test_which_sides_steer() -> None:
    assert MoneyBounds(floor=1).steers("floor")
    assert not MoneyBounds(floor=1).steers("cap")
    assert not MoneyBounds(target=1).steers("target")
    assert MoneyBounds(target=1, price=0).steers("target")


def test_prices_by_side() -> None:
    both = MoneyBounds(floor=1, target=2, cap=3, price=Fraction(1, 2))
    assert [both.clause_price(s) for s in ("floor", "target", "cap")] == [None, 50, None]
    soft = MoneyBounds(floor=1, target=2, cap=3, price=Fraction(1, 2), hard=False)
    assert [soft.clause_price(s) for s in ("floor", "target", "cap")] == [50, 50, 50]


@pytest.mark.parametrize(
    "bounds",
    [
        {"floor": 2, "cap": 1},
        {"floor": 3, "target": 2},
        {"target": 3, "cap": 2},
        {"floor": 1, "hard": False},
        {"floor": 1, "price": -1},
        {"floors": 1},
        {"floor": 1.5},
    ],
)
def test_bounds_that_cannot_be_are_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        MoneyBounds(**bounds)


def test_bounds_are_read_with_their_units() -> None:
    assert MoneyBounds(cap="2.5万元").cap == 25_000
    assert ShareBounds(cap="12.5%").cap == 1250
    for wrong in ("2.5", "12%"):
        with pytest.raises(ValueError):
            MoneyBounds(cap=wrong)


def test_values_are_shown_as_people_read_them() -> None:
    assert money(12_345_600).shown(12_345_600) == "1,234.56"
    assert share(1, 8).shown(1250) == "12.5%"
    assert Measure("r", "", "", "count", 3, CountBounds(cap=3)).shown(3) == "3"


def test_as_json_says_all_of_it() -> None:
    assert share(150, 1000, floor=2000, cap=3000).as_json() == {
        "rule": "r",
        "label": "",
        "basis": "",
        "unit": "share",
        "value": 1500,
        "part": 150,
        "whole": 1000,
        "floor": 2000,
        "target": None,
        "cap": 3000,
        "slack": -50,
        "ok": False,
        "hard": True,
        "rank": None,
    }


def test_measures_do_not_overflow() -> None:
    # 10亿 × 1,000,000 against half of it: 10^15 × 10,000 is 10^19, past 64 bits.
    whole = 10**9 * 10**6
    assert share(whole // 2, whole, floor=5000).ok
    assert not share(whole // 2 - 1, whole, floor=5000).ok
