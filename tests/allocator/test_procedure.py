"""The notice's steps as they run, by hand: projects and amounts first, instruments after (66号文 二（三）4, 5)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocator.procedure import LIST, fixed_list, sequential
from allocator.program import Bools, Program
from allocator.solve import Outcome, solve
from models.instruments.equity import Equity
from models.instruments.grant import Grant
from models.pool import face_value
from models.rules.cash_ceiling import CashCeiling
from models.rules.equity_pilot import EquityPilot
from tests import sample
from tests.hand import rule
from tests.planned import choose
from tests.sample import candidate

TERMS = {"grant": Grant(levels=(10_000, 5000)), "equity": Equity(equivalent=9000)}
X = candidate("X", 200, 90, nature="产业化")
Y = candidate("Y", 200, 80, nature="产业化", valuation=1000)


def exactly(program: Program, start: Bools | None) -> Outcome:
    return solve(program, gap=0, start=start)


def stepwise(pool: list[Any], ceiling: int, **rules: Any) -> tuple[Any, Any]:
    own = {"cash_ceiling": rule(CashCeiling), **rules}
    parts = {"candidates": pool, "lines": ()}
    fund = sample.compiled(own, ceiling, instruments=TERMS, **parts)
    settings = sample.scenario(own, ceiling, instruments=TERMS)
    face = face_value(settings, sample.tables(**parts), fund.options)
    return fund, sequential(fund, face, exactly)


def awards(fund: Any, outcome: Outcome) -> list[tuple[str, str, int]]:
    return [(a.candidate, a.instrument, a.amount // 10_000) for a in fund.options.awards(outcome.chosen)]


def test_the_list_is_made_at_face_value_and_what_that_forgoes_is_told() -> None:
    # 200万 for one of two. By score X: 0.9 × 200 = 180 at face value; but only a grant fits it, 60 % suitable: 108.
    # Y by equity: 0.8 × 200 × 0.9 = 144. Deciding at once would gain 36.
    fund, steps = stepwise([X, Y], 200)
    assert awards(fund, steps.listed) == [("X", "grant", 200)]
    assert awards(fund, steps.outcome) == [("X", "grant", 200)]
    assert awards(fund, steps.joint) == [("Y", "equity", 200)]
    assert (steps.outcome.value, steps.joint.value, steps.forgone) == (108, 144, 36)


def test_instruments_are_then_chosen_for_what_they_are_worth() -> None:
    # Y alone: 200万 listed at 160, whichever way; by equity 144, by grant 96.
    fund, steps = stepwise([Y], 200)
    assert awards(fund, steps.outcome) == [("Y", "equity", 200)]
    assert (steps.listed.value, steps.outcome.value, steps.forgone) == (160, 144, 0)


def test_the_second_step_moves_no_amount_and_adds_nobody() -> None:
    fund, _ = stepwise([X, Y], 1000)
    listed = choose(fund.options, ("Y", "grant", 5000))
    second = fixed_list(fund, listed)
    open_ = [
        (a.candidate, a.instrument, a.level)
        for k in np.flatnonzero(second.fixed == -1)
        for a in [fund.options.award_of(int(k))]
    ]
    # Equity is offered at the full 200万 only, so 100万 can be a grant and nothing else.
    assert open_ == [("Y", "grant", 5000)]
    assert second.broken(np.zeros(len(fund.options), bool)) == (f"{LIST} · Y · floor",)
    assert not second.broken(listed)
    full = fixed_list(fund, choose(fund.options, ("Y", "grant", 10_000)))
    assert int((full.fixed == -1).sum()) == 2


def test_rules_on_instruments_are_kept_in_both_steps() -> None:
    # A floor of 40 % equity over 500万 makes Y take capital; X's grant beside it fits.
    fund, steps = stepwise([X, Y], 500, equity_pilot=rule(EquityPilot, floor="40%"))
    assert awards(fund, steps.outcome) == [("X", "grant", 200), ("Y", "equity", 200)]


def test_where_no_plan_is_each_step_says_so() -> None:
    _, steps = stepwise([X], 500, equity_pilot=rule(EquityPilot, floor="40%"))
    assert {steps.listed.reason, steps.outcome.reason, steps.joint.reason} == {"infeasible"}
    assert steps.forgone is None


def test_an_empty_list_is_a_list() -> None:
    fund, steps = stepwise([X], 0)
    assert awards(fund, steps.outcome) == []
    assert steps.forgone == 0


@pytest.mark.parametrize("ceiling", [100, 150, 250, 300, 420])
def test_deciding_jointly_is_never_worth_less(ceiling: int) -> None:
    pool = [
        X,
        Y,
        candidate("Z", 120, 85, nature="基础研究", kind="高校"),
        candidate("V", 90, 77, valuation=600),
    ]
    fund, steps = stepwise(pool, ceiling)
    assert steps.forgone >= 0
    amounts = {(c, a) for c, _, a in awards(fund, steps.listed)}
    assert {(c, a) for c, _, a in awards(fund, steps.outcome)} == amounts
