"""Where no plan keeps every rule: the least that would have to yield, by hand and against all plans."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocator.program import OPEN
from allocator.why.shortfall import COUNT_WORTH, Shortfall, shortfalls, yielding
from models.rules.call import CallWinners
from models.rules.cash_ceiling import CashCeiling
from models.rules.equity_pilot import EquityPilot
from models.rules.pin import Pin
from tests.allocator.programs import at_random, best, made, plans
from tests.hand import award, facts, line, program, rule

WHY = {"reason": "应急", "basis": "纪要"}


def test_lines_above_the_ceiling_lack_the_difference() -> None:
    own = program([rule(CashCeiling)], [line("W", 130), award("A", 50)], facts(100))
    assert shortfalls(own) == (Shortfall("cash_ceiling", "2026", "cap", 30, False),)


def test_a_pilot_floor_that_the_pool_cannot_reach_lacks_yuan_of_capital() -> None:
    # 20 % of 1,000 is 200; all the capital there is comes to 150.
    awards = [award("A", 90, instrument="equity"), award("B", 60, instrument="equity"), award("C", 500)]
    own = program([rule(EquityPilot, floor="20%")], awards, facts(1000))
    assert shortfalls(own) == (Shortfall("equity_pilot", "", "floor", 50, False),)


def test_a_part_of_a_yuan_is_rounded_up() -> None:
    # 33.33 % of 1,000 is 333.3; 333 are there, 0.3 lacks.
    own = program([rule(EquityPilot, floor="33.33%")], [award("A", 333, instrument="equity")], facts(1000))
    (found,) = shortfalls(own)
    assert found.amount == 1
    assert not yielding(own, (found,)).broken(np.array([True]))


def test_two_pinned_teams_of_one_call_lack_one_winner() -> None:
    awards = [award("A", 10, call="BD1"), award("B", 10, call="BD1")]
    own = program([rule(CallWinners), rule(Pin, candidates={"A": WHY, "B": WHY})], awards, facts())
    (found,) = shortfalls(own)
    assert (found.amount, found.counted) == (1, True)
    assert best(yielding(own, (found,))) is not None


def test_money_yields_before_a_decision_does_up_to_what_a_decision_is_held_to_be_worth() -> None:
    # A pinned award of 30 over a ceiling of 10: 20 元 more are cheaper than lifting the pin.
    rules = [rule(CashCeiling), rule(Pin, candidates={"A": WHY})]
    assert shortfalls(program(rules, [award("A", 30)], facts(10))) == (
        Shortfall("cash_ceiling", "2026", "cap", 20, False),
    )
    dear = COUNT_WORTH + 100
    assert shortfalls(program(rules, [award("A", dear)], facts(10))) == (
        Shortfall("pin", "A", "floor", 1, True),
    )


def test_soft_clauses_are_not_named_though_they_are_missed() -> None:
    soft = rule(EquityPilot, floor="50%", hard=False, price="1")
    own = program([rule(CashCeiling), soft], [line("W", 130)], facts(100))
    assert [s.rule for s in shortfalls(own)] == ["cash_ceiling"]


def test_a_program_with_a_plan_lacks_nothing() -> None:
    assert shortfalls(made([1, 1], [([1, 1], 1, 2)])) == ()


@pytest.mark.parametrize("seed", range(80))
def test_it_names_a_cheapest_way_out_and_that_is_one(seed: int) -> None:
    own = at_random(seed)
    if best(own) is not None:
        assert shortfalls(own) == ()
        return

    def cost(chosen: np.ndarray) -> int:
        missed = zip(own.clauses, own.violations(chosen), strict=True)
        return sum(v for c, v in missed if c.price is None)

    lawful = [
        c for c in plans(own) if not set(own.broken(c)) & {"fixed lines", "at most one option a candidate"}
    ]
    found = shortfalls(own)
    least = min(cost(c) for c in lawful)
    assert least <= sum(s.amount for s in found) <= least * Fraction(1001, 1000)
    opened = yielding(own, found)
    assert best(opened) is not None
    assert ((opened.upper < OPEN) == (own.upper < OPEN)).all()
    assert ((opened.lower > -OPEN) == (own.lower > -OPEN)).all()
