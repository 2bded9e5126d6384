"""What holds of every fund: relaxing and money help, order does not matter, prices cost, proofs are above plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allocator.certificate import certify
from allocator.contract import Facts, Rule
from allocator.limits import Bounds
from allocator.options import Award
from allocator.program import Program
from allocator.solve import solve
from allocator.solve.highs import lp_multipliers
from models.rules.domain_share import DomainShare
from models.rules.equity_pilot import EquityPilot
from models.rules.instrument_share import InstrumentShare
from models.rules.limit import Limit
from tests.hand import award, facts, program, rule
from tests.models.funds import CONSTANT, UNIT, SmallFund

seeds = st.integers(0, 10**6).map(SmallFund).filter(lambda f: f.unit == UNIT)
few = settings(
    derandomize=True,
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def optimum(made: Program) -> Fraction | None:
    """The proven best value; None where there is no plan."""
    outcome = solve(made, gap=0, time_limit=30)
    assert outcome.reason in ("optimal", "infeasible"), outcome
    return None if outcome.chosen is None else made.value(outcome.chosen)


def under(
    fund: SmallFund, rules: Sequence[Rule], options: Sequence[Award] | None = None, own: Facts | None = None
) -> Program:
    """The fund's program with other rules, options or facts."""
    return program(rules, options or fund.options, own or fund.facts)


def limits(own: Rule) -> list[Bounds]:
    """The bounds of a rule that has any."""
    if isinstance(own, EquityPilot):
        return [own.limits]
    if isinstance(own, DomainShare | InstrumentShare):
        return list(own.shares.values())
    return list(own.limits.values()) if isinstance(own, Limit) else []


def remade(own: Rule, **how: object) -> Rule:
    """The rule with the same bounds, bound differently."""
    if isinstance(own, EquityPilot):
        return own.model_copy(update=how)
    field = "shares" if isinstance(own, DomainShare | InstrumentShare) else "limits"
    return own.model_copy(
        update={field: {k: v.model_copy(update=how) for k, v in getattr(own, field).items()}}
    )


@few
@given(seeds, st.data())
def test_without_one_of_its_rules_a_fund_is_worth_no_less(fund: SmallFund, data: st.DataObject) -> None:
    assume(fund.rules)
    left = list(fund.rules)
    left.pop(data.draw(st.integers(0, len(left) - 1)))
    value = optimum(fund.program)
    assume(value is not None)
    relaxed = solve(under(fund, left), gap=0)
    assert relaxed.bound >= float(value)
    assert optimum(under(fund, left)) >= value


@few
@given(seeds, st.integers(1, 20))
def test_more_money_is_never_worth_less_where_nothing_must_be_a_share_of_it(
    fund: SmallFund, more: int
) -> None:
    rules = [
        r
        for r in fund.rules
        if getattr(r, "of", None) not in CONSTANT
        or all(b.floor is None and b.target is None for b in limits(r))
    ]
    by = more * UNIT
    amounts = {k: v + by for k, v in fund.facts.amounts.items()}
    ceilings = {y: c + by for y, c in fund.facts.ceilings.items()}
    richer = replace(fund.facts, amounts=amounts, ceilings=ceilings)
    value, raised = optimum(under(fund, rules)), optimum(under(fund, rules, own=richer))
    assert value is None or (raised is not None and raised >= value)


def test_more_money_can_be_worth_less_where_a_floor_is_a_share_of_it() -> None:
    """Why the property above says so: 20 % of a larger fund may be more equity than there is."""
    options = [award("A", 20, instrument="equity", merit=5), award("B", 80, merit=9)]
    own = [rule(EquityPilot, floor="20%")]
    assert optimum(program(own, options, facts(100))) == 14
    assert optimum(program(own, options, facts(101))) is None


@few
@given(seeds, st.integers(0, 10**6))
def test_the_order_of_the_candidates_does_not_matter(fund: SmallFund, seed: int) -> None:
    shuffled = list(fund.options)
    Random(seed).shuffle(shuffled)
    assert optimum(under(fund, fund.rules, shuffled)) == optimum(fund.program)


@few
@given(seeds, st.sampled_from([0.0, 1e-4, 0.05, 0.5]))
def test_every_plan_at_every_gap_keeps_the_integers_and_its_own_bound(fund: SmallFund, gap: float) -> None:
    outcome = solve(fund.program, gap=gap, time_limit=30)
    if outcome.chosen is None:
        assert outcome.reason == "infeasible"
        return
    assert fund.program.broken(outcome.chosen) == ()
    awards = [a for a, taken in zip(fund.options, outcome.chosen, strict=True) if taken]
    assert fund.worth(awards) == fund.program.value(outcome.chosen)
    assert outcome.value <= outcome.bound
    assert outcome.gap <= gap + 1e-12


@few
@given(seeds)
def test_a_soft_rule_is_never_worth_less_than_the_same_rule_hard(fund: SmallFund) -> None:
    bounded = [r for r in fund.rules if limits(r)]
    assume(bounded)
    others = [r for r in fund.rules if not limits(r)]
    price = Fraction(3, 2)
    hard = optimum(under(fund, [*others, *(remade(r, hard=True, price=None) for r in bounded)]))
    shown = [remade(r, hard=False, price=price, target=None) for r in bounded]
    soft = optimum(under(fund, [*others, *shown]))
    assert hard is None or soft >= hard


@few
@given(seeds)
def test_a_higher_price_is_never_worth_more(fund: SmallFund) -> None:
    bounded = [r for r in fund.rules if limits(r)]
    assume(bounded)
    others = [r for r in fund.rules if not limits(r)]
    worth = [
        optimum(under(fund, [*others, *(remade(r, hard=False, price=Fraction(p)) for r in bounded)]))
        for p in (0, 1, 4)
    ]
    if None in worth:  # what the other rules forbid no price allows
        assert worth == [None] * 3
    else:
        assert worth == sorted(worth, reverse=True)


@few
@given(seeds)
def test_the_relaxations_multipliers_prove_a_bound_between_the_best_plan_and_no_proof_at_all(
    fund: SmallFund,
) -> None:
    value = optimum(fund.program)
    assume(value is not None)
    proved = certify(fund.program, lp_multipliers(fund.program)).bound
    nothing = certify(fund.program, None).bound
    assert value <= proved
    assert proved <= nothing + 1 + abs(nothing) / 10**6


@few
@given(seeds, st.lists(st.floats(-1e15, 1e15), min_size=40, max_size=40))
def test_no_multipliers_prove_less_than_the_best_plan(fund: SmallFund, multipliers: list[float]) -> None:
    value = optimum(fund.program)
    assume(value is not None)
    rows = len(fund.program.clauses)
    assert certify(fund.program, np.array(multipliers[:rows])).bound >= value


@few
@given(seeds)
def test_a_plan_to_begin_from_changes_no_optimum(fund: SmallFund) -> None:
    begun_from_its_lines(fund)


@pytest.mark.parametrize("seed", [2950, 3365, 4527, 5359])
def test_a_plan_to_begin_from_is_not_all_that_the_solver_finds(seed: int) -> None:
    """Funds at which HiGHS 1.16, given a start, closes the gap in its presolve and hands back the start."""
    begun_from_its_lines(SmallFund(seed))


def begun_from_its_lines(fund: SmallFund) -> None:
    """The optimum is found from the fixed lines alone as without them."""
    value, begun = optimum(fund.program), solve(fund.program, gap=0, start=fund.program.fixed == 1)
    found = None if begun.chosen is None else fund.program.value(begun.chosen)
    assert found == value, (
        f"with a start the solve ends {begun.reason!r} at {found}, bound {begun.bound}; without one it finds {value}: "
        "a solver that is done and handed back the start must be asked again without it"
    )
