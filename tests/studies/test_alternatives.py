"""Alternatives on small pools, each held to every plan that there is."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from allocator.program import Bools
from allocator.studies.alternatives import alternatives
from allocator.studies.case import Case, open_case
from allocator.studies.study import Effort
from tests.allocator.programs import made, sound_plans
from tests.models.funds import SmallFund

EXACT = Effort(gap=0.0)


def by_hand(case: Case, within: Fraction, count: int, differ: int) -> list[Fraction]:
    """The values that the greedy search must meet, from the list of all plans; ties make only values certain."""
    program = case.program
    sound = sound_plans(program)
    found = [max(sound, key=program.value)]
    least = program.value(found[0]) * (1 - within)
    while len(found) <= count:
        left = [
            p
            for p in sound
            if program.value(p) >= least
            and all(len(case.taken(f).keys() - case.taken(p).keys()) >= differ for f in found)
        ]
        if not left:
            break
        found.append(max(left, key=program.value))
    return [program.value(f) for f in found]


def test_four_projects_two_of_which_fit() -> None:
    # 10+9=19 is best; leaving out one of them: 10+8=18; leaving out one of each: 9+8=17
    program = made([10, 9, 8, 1], [([1, 1, 1, 1], None, 2)])
    found = alternatives(program, within=0.2, count=9, differ=1, effort=EXACT)
    assert [int(program.value(p)) for p in found.plans] == [19, 18, 17]
    assert found.shared == ()
    assert found.ending is not None
    assert "no further plan" in found.ending.en


def test_what_all_plans_share_is_named() -> None:
    program = made([50, 9, 8], [([1, 1, 1], None, 2)])
    found = alternatives(program, within=0.5, count=1, differ=1, effort=EXACT)
    assert [np.flatnonzero(p).tolist() for p in found.plans] == [[0, 1], [0, 2]]
    assert found.shared == ("0",)
    frame = found.frames()["funded"]
    assert frame["marks"].tolist() == ["●○", "○●"]


def test_more_than_the_plan_funds_cannot_be_left_out() -> None:
    found = alternatives(made([5, 4], [([1, 1], None, 1)]), differ=2, effort=EXACT)
    assert len(found.plans) == 1
    assert found.ending is not None
    assert "too few" in found.ending.en


def test_no_plan_no_alternatives() -> None:
    found = alternatives(made([5], [([1], 2, None)]), effort=EXACT)
    assert (found.ended, found.plans) == ("infeasible", ())
    assert found.blocks()[0].notes


@pytest.mark.parametrize("seed", range(40))
def test_against_every_plan_of_a_small_fund(seed: int) -> None:
    fund = SmallFund(seed)
    if fund.best() is None or fund.unit != 10:
        return
    case = open_case(fund.program)
    found = alternatives(fund.program, within=Fraction(1, 3), count=2, differ=1, effort=EXACT)
    values = [fund.program.value(p) for p in found.plans]
    assert values[:1] == [fund.best()]
    assert values == sorted(values, reverse=True)
    for i, plan in enumerate(found.plans):
        assert not fund.program.broken(plan)
        assert values[i] >= values[0] - abs(values[0]) / 3
        for earlier in found.plans[:i]:
            assert case.taken(earlier).keys() - case.taken(plan).keys()
    assert values[:2] == by_hand(case, Fraction(1, 3), 2, 1)[:2]


@pytest.mark.parametrize("seed", range(12))
def test_closed_to_the_margin_only_all_that_is_left_is_found_all_the_same(seed: int) -> None:
    """Where no gap is said, further plans of a program are closed to the margin: what is left is found all the same."""
    draw = Random(seed)
    gain = [draw.randint(5, 30) for _ in range(7)]
    program = made(gain, [([draw.randint(1, 9) for _ in gain], None, 15)])
    found = alternatives(program, within=Fraction(1, 4), count=50, differ=2)
    case = open_case(program)
    least = program.value(found.plans[0]) * Fraction(3, 4)
    assert all(program.value(p) >= least for p in found.plans)
    taken = [case.taken(p).keys() for p in found.plans]

    def apart(plan: Bools) -> bool:
        return all(len(t - case.taken(plan).keys()) >= 2 for t in taken)

    left = [p for p in sound_plans(program) if program.value(p) >= least and apart(p)]
    assert not left
    assert all(len(a - b) >= 2 for i, b in enumerate(taken) for a in taken[:i])
