"""Prices on funds whose optimum at every step is known from all plans."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.solve import Outcome
from allocator.studies.case import open_case
from allocator.studies.moves import moves
from allocator.studies.prices import prices
from allocator.studies.pricing import Base, Worth, interval, unasked, worth_of
from allocator.studies.study import Effort
from tests.allocator.programs import at_random, best, made
from tests.studies.small import scenario
from tests.studies.test_sweep import MIXED, RULE

EXACT = Effort(gap=0.0)
FLOOR = "rules.domains.shares.创新主体培育和壮大.floor"


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300万元; at least 67 % for the domain of C, D and F: two of them, and A."""
    path = scenario(tmp_path_factory.mktemp("prices"), domains=MIXED)
    path.write_text(path.read_text(encoding="utf-8") + RULE.replace("0%", "66%"), encoding="utf-8")
    return path


def test_a_point_more_of_the_floor_costs_a_project_and_100_more_buys_one(fund: Path) -> None:
    """A, C, D are 260. At 67 % all three must be of the domain: C, D, F are 240. 400万元 buy A, B, C, D: 350."""
    found = prices(fund, effort=EXACT)
    by = {p.move.path: p for p in found.prices}
    floor = by[FLOOR]
    assert floor.up is not None
    assert (floor.up.low, floor.up.high) == (-20_000_000, -20_000_000)
    assert floor.down is not None
    assert (floor.down.low, floor.down.high) == (0, 0)
    year = by["ceiling.2026"]
    # the ceiling's row alone moves; the floor stays a share of the fund as it is
    assert year.up is not None
    assert (year.up.low, year.up.high) == (90_000_000, 90_000_000)
    assert found.prices[0] is year
    assert "100 万元" in found.sentences()[0].zh


def test_one_rule_alone_can_be_asked_for(fund: Path) -> None:
    found = prices(fund, rules=["domains"], effort=EXACT)
    assert {p.move.path for p in found.prices} == {FLOOR}


@pytest.mark.parametrize("seed", range(60))
def test_each_row_of_small_programs_against_every_plan(seed: int) -> None:
    program = at_random(seed)
    base = best(program)
    if base is None:
        assert prices(program, effort=EXACT).ended == "infeasible"
        return
    for price in prices(program, effort=EXACT).prices:
        for moved, worth in ((price.move.up, price.up), (price.move.down, price.down)):
            assert moved is not None
            assert worth is not None
            other = moved.program
            value = best(other)
            assert worth.gone == (value is None)
            if value is not None and worth.low is not None and worth.high is not None:
                slack = Fraction(1, 10**8) * max(abs(base), abs(value), 1)
                assert worth.low - slack <= value - base <= worth.high + slack
                loosened = (other.upper >= program.upper).all() and (other.lower <= program.lower).all()
                assert not loosened or value >= base  # a relaxed rule never lowers the optimum


def test_every_row_that_no_number_moves_is_moved_by_itself(fund: Path) -> None:
    case = open_case(fund)
    paths = [m.path for m in moves(case)]
    assert FLOOR in paths
    assert "ceiling.2026" in paths
    assert len(paths) == len(set(paths))


def test_an_interval_is_what_both_solves_prove() -> None:
    """v₀ = 100, b₀ = 101; v₁ = 103, b₁ = 105: between 2 and 5. The program's values are whole numbers."""
    program = made([103, 1], [([1, 1], None, 1)])
    outcome = Outcome("within_gap", np.array([True, False]), 103, 105.0, 0.02, 0.0)
    found = worth_of(Base(program.fixed == -1, Fraction(100), Fraction(101)), program, outcome)
    assert (found.low, found.high) == (2, 5)
    assert not found.within
    assert Worth(Fraction(-1), Fraction(1)).within
    assert interval(found, 1).en == "+2.00 to +5.00"
    nothing = worth_of(
        Base(program.fixed == -1, Fraction(1), Fraction(1)),
        program,
        Outcome("infeasible", None, None, None, None, 0.0),
    )
    assert nothing.gone
    assert not nothing.within


def test_without_a_solve_only_where_nothing_can_change() -> None:
    """A cap of 5 that the plan fills to 3 may fall to 4 unasked; to 2 it must be solved; to 7 too."""
    program = made([3, 1], [([3, 4], None, 5)])
    base = Base(np.array([True, False]), Fraction(3), Fraction(3))
    for cap, worth in ((4, Worth(Fraction(0), Fraction(0))), (2, None), (7, None)):
        assert unasked(base, program, replace(program, upper=np.array([cap]))) == worth


@pytest.mark.parametrize("name", ["baseline", "full-rules"])
def test_every_number_of_a_rule_has_a_name_in_chinese(name: str) -> None:
    case = open_case(Path(__file__).resolve().parents[2] / "scenarios" / "rizhao" / f"{name}.yaml")
    found = [m.title.zh for m in moves(case)]
    assert "年度资金上限·以后年度可承诺比例" in found
    assert not [t for t in found if re.search("[a-z_]{3}", t)]
