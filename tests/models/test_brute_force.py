"""Small random funds, every plan looked at: the best one by the rules' measures is what the solver finds by their rows.

Rows and measures are written apart, so a misreading in one of them shows here.
"""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from allocator.certificate import certify
from allocator.solve import solve
from tests.models.funds import UNIT, SmallFund

BATCHES, BATCH = 24, 20
FLOATS = Fraction(1, 10**8)
"""What a solver's float bound may be above the best plan, and its plan below it, of all that could be gained."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_solver_finds_the_best_of_all_plans_that_the_measures_allow(batch: int) -> None:
    seen: Counter[str] = Counter()
    draw = np.random.default_rng(batch)
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        fund = SmallFund(seed)
        best, outcome = fund.best(), solve(fund.program, gap=0, time_limit=30)
        if best is None:
            assert (outcome.reason, outcome.chosen) == ("infeasible", None), f"seed {seed}"
            seen["infeasible"] += 1
            continue
        assert outcome.chosen is not None, f"seed {seed}: {outcome.reason}, {best} is there"
        value, gained = fund.program.value(outcome.chosen), sum(max(a.merit for a in g) for g in fund.groups)
        if fund.unit == UNIT:
            assert (outcome.reason, value) == ("optimal", best), f"seed {seed}"
            assert outcome.bound == outcome.value
        else:  # micro-units of hundreds of millions are past a float's digits: the bound is true, the plan near it
            assert best - gained * FLOATS <= value <= best, f"seed {seed}"
            assert float(best) <= outcome.bound <= float(best + gained * FLOATS), f"seed {seed}"
        awards = [a for a, taken in zip(fund.options, outcome.chosen, strict=True) if taken]
        assert fund.worth(awards) == value, (
            f"seed {seed}: the measures say otherwise of the solver's own plan"
        )
        scale = max(float(np.abs(fund.program.gain).max()), 1.0)
        size = np.maximum(np.abs(fund.program.matrix).max(axis=1).toarray().ravel(), 1)
        for _ in range(3):
            multipliers = draw.normal(0, 1, len(fund.program.clauses)) * scale / size
            assert certify(fund.program, multipliers).bound >= best, f"seed {seed}"
        seen["solved"] += 1
        seen["priced"] += any(m.penalty > 0 for r in fund.rules for m in r.measure(awards, fund.facts))
    # A batch in which nothing clashes, or nothing is paid for, would prove little.
    assert seen["infeasible"] >= 1
    assert seen["solved"] >= BATCH // 4
    assert seen["priced"] >= 1


@pytest.mark.parametrize("seed", range(1000, 1024))
def test_rows_and_measures_judge_every_plan_alike(seed: int) -> None:
    """Not the best plan only: each plan keeps the rows just where it keeps the measures, at the same value."""
    fund = SmallFund(seed)
    place = {id(a): k for k, a in enumerate(fund.options)}
    for plan in itertools.islice(fund.plans(), 300):
        chosen = np.zeros(len(fund.options), bool)
        chosen[[place[id(a)] for a in plan]] = True
        worth = fund.worth(plan)
        assert (worth is None) == bool(fund.program.broken(chosen))
        if worth is not None:
            assert fund.program.value(chosen) == worth


def test_every_rule_is_on_often_enough_to_decide() -> None:
    on = Counter(r.key for seed in range(BATCHES * BATCH) for r in SmallFund(seed).rules)
    assert set(on) == {
        "applicant_cap",
        "call",
        "cash_ceiling",
        "domain_share",
        "equity_pilot",
        "instrument_share",
        "limit",
        "pin",
        "veto",
    }
    assert min(on.values()) > 80
