"""The year's money beyond its ceiling, by hand: entitlements in proportion, 部门预算, recoveries, 结转 and 结余."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from allocator.problems import Place, Problem, Problems
from allocator.records import Records
from models import money_checks
from models.carry import CARRY, carried
from models.fund import Fund, first_calls, line_rows
from models.instruments.risk_compensation import RiskCompensation
from models.rules.cash_ceiling import CashCeiling
from models.rules.domain_share import DomainShare
from models.rules.source_use import SourceUse
from tests import sample
from tests.hand import award, facts, only, rule, table, written
from tests.sample import WAN, line


def fund(**more: Any) -> Fund:
    return Fund.model_validate(
        {"year": 2026, "minimum": 0, "sources": {"市级": {"amount": "500万元"}}, **more}
    )


def entitled(*amounts: int) -> list[dict[str, Any]]:
    return [
        {"id": f"P{i}", "title": "普惠", "applicant": f"firm {i}", "year1": a} for i, a in enumerate(amounts)
    ]


# -- entitlements ---------------------------------------------------------------------------------


def test_entitlements_over_budget_are_all_paid_in_one_proportion_to_the_yuan() -> None:
    # 100,000, 50,000 and 50,001 are due; 150,000 are there: 74,999.625, 37,499.8125, 37,500.5625.
    # Rounded down they come to 149,998; the two yuan left go to .8125 and .625.
    own = sample.tables(lines=(), entitlements=entitled(100_000, 50_000, 50_001))
    rows = line_rows(own, fund(entitlement_budget="15万元"))
    assert [r["year1"] for r in rows] == [75_000, 37_500, 37_500]
    assert first_calls(own, fund(entitlement_budget="15万元"))["普惠后补助"] == 150_000


def test_entitlements_within_their_budget_are_paid_by_their_standard() -> None:
    own = sample.tables(lines=(), entitlements=entitled(100_000, 50_000))
    for budget in ("15万元", "20万元"):
        assert [r["year1"] for r in line_rows(own, fund(entitlement_budget=budget))] == [100_000, 50_000]
    assert first_calls(own, fund())["普惠后补助"] == 150_000


def test_the_plan_and_what_competes_know_the_reduced_sums() -> None:
    own = fund(entitlement_budget="12万元")
    made = sample.compiled(lines=(), entitlements=entitled(100_000, 60_000), fund=own)
    assert made.facts.amounts["competitive"] == 500 * WAN - 120_000
    fixed = made.options.awards(made.options.fixed)
    assert [a.outlay[0] for a in fixed] == [75_000, 45_000]
    assert all(a.labels["line"] == "普惠后补助" for a in fixed)


# -- a department's own budget ---------------------------------------------------------------------

LINES = (
    line("W1", "稳定支持", 60, domain="重点研发专项"),
    line("W2", "稳定支持", 40, domain="重点研发专项", budgeted=True),
)


def test_a_line_in_a_departments_budget_is_paid_and_counts_in_no_share_and_no_base() -> None:
    made = sample.compiled(lines=LINES, fund=fund())
    assert made.facts.ceilings[2026] == 500 * WAN
    assert made.facts.amounts == {"fund": 460 * WAN, "discretionary": 400 * WAN, "competitive": 400 * WAN}
    awards = made.options.awards(made.options.fixed)
    shares = {"shares": {"重点研发专项": {"cap": "50%"}}}
    by_fund = only(rule(DomainShare, **shares).measure(awards, made.facts), "重点研发专项")
    assert (by_fund.part, by_fund.whole) == (60 * WAN, 460 * WAN)
    awarded = rule(DomainShare, of="awarded", **shares)
    assert only(awarded.measure(awards, made.facts), "重点研发专项").whole == 60 * WAN
    rows = awarded.rows(made.options, made.facts)
    # 10000 × 60 − 5000 × 60 for W1, nothing for W2.
    assert rows.matrix.toarray()[0, :2].tolist() == [5_000 * 60 * WAN, 0]
    assert only(rule(CashCeiling).measure(awards, made.facts), "2026").part == 100 * WAN


# -- recoveries ----------------------------------------------------------------------------------


def test_a_recovery_relaxes_a_later_year_only_by_the_part_that_counts() -> None:
    # 600,000 are paid in 2027 and 400,000 are expected back; the cap of that year is 400,000.
    awards = [award("A", 600_000, (0, 600_000), recovery=(0, 400_001))]
    own = rule(CashCeiling)
    for part, paid in ((0, 600_000), (5_000, 400_000), (10_000, 199_999)):
        counting = replace(facts(1_000_000), own={"recoveries_counted": part})
        measure = only(own.measure(awards, counting), "2027")
        assert (measure.part, measure.ok) == (paid, part > 0)
        assert written(own.rows(table(awards), counting))["2027", "cap"] == ([paid], None, 400_000)


def test_a_recovery_of_this_year_never_counts() -> None:
    awards = [award("A", 10, (10,), recovery=(10,))]
    counting = replace(facts(5), own={"recoveries_counted": 10_000})
    assert only(rule(CashCeiling).measure(awards, counting), "2026").part == 10
    assert written(rule(CashCeiling).rows(table(awards), counting))["2026", "cap"] == ([10], None, 5)


def test_the_fund_counts_none_by_default() -> None:
    assert sample.compiled(lines=()).facts.own["recoveries_counted"] == 0
    own = sample.compiled(lines=(), fund=fund(recoveries_counted="30%")).facts
    assert own.own["recoveries_counted"] == 3_000
    assert np.all(sample.compiled(lines=()).options.recovery >= 0)


# -- 结转 and 结余 ---------------------------------------------------------------------------------


def leftover(*rows: dict[str, Any]) -> Records:
    return sample.records(CARRY, rows)


OLD = (
    {"id": "X1", "title": "甲", "since": 2025, "amount": 30 * WAN},
    {"id": "X2", "title": "乙", "since": 2024, "amount": 20 * WAN},
    {"id": "X3", "title": "丙", "since": 2021, "amount": 5 * WAN},
)


def test_unspent_money_stays_with_its_project_for_two_years() -> None:
    found = carried({"carry": leftover(*OLD)}, 2026)
    assert [(c.id, c.amount, c.lapsed) for c in found] == [
        ("X1", 30 * WAN, False),
        ("X2", 20 * WAN, True),
        ("X3", 5 * WAN, True),
    ]
    assert [c.lapsed for c in carried({"carry": leftover(*OLD)}, 2026, years=3)] == [False, False, True]
    assert carried({}, 2026) == ()


def faults(settings: Any, **tables: Any) -> list[Problem]:
    carry = tables.pop("carry", None)
    own = dict(sample.tables(**{"lines": (), **tables}))
    if carry is not None:
        own["carry"] = leftover(*carry)
    problems = Problems()
    money_checks.check(settings, own, problems)
    return list(problems)


def test_what_was_appropriated_this_year_is_not_carried_over() -> None:
    (problem,) = faults(sample.scenario(fund=fund()), carry=[{**OLD[0], "since": 2026}])
    assert (problem.code, problem.place, problem.level) == (
        "carry.since",
        Place("sample", "carry", "since0"),
        "error",
    )


def test_a_renewal_of_what_is_unspent_is_noticed() -> None:
    renewal = [line("X1", "以前年度续拨", 10)]
    (problem,) = faults(sample.scenario(fund=fund()), carry=OLD, lines=renewal)
    assert (problem.code, problem.level) == ("carry.renewed", "notice")
    assert "30.00" in problem.what.zh
    assert faults(sample.scenario(fund=fund()), carry=OLD, lines=[line("X9", "以前年度续拨", 10)]) == []


# -- the pool, and entitlements, as they are noticed ---------------------------------------------


def pooled(**terms: Any) -> Any:
    own = RiskCompensation.model_validate({"balance": "300万元", "in_force": "3亿元", **terms})
    return sample.scenario({"s": SourceUse()}, instruments={"risk_compensation": own})


@pytest.mark.parametrize(("brought", "lacking"), [(0, "15.00"), (14, "1.00"), (15, None)])
def test_a_pool_below_the_need_of_its_loans_is_noticed_until_first_calls_bring_the_rest(
    brought: int, lacking: str | None
) -> None:
    # 3亿 × 3 % × 35 % = 315万 are needed and 300万 there.
    rows = [line("W", "上级指定用途", brought, instrument="风险补偿")] if brought else []
    found = faults(pooled(), lines=rows)
    assert [p.code for p in found] == ([] if lacking is None else ["pool.short"])
    assert all(p.level == "notice" and f"仍缺 {lacking} 万元" in p.what.zh for p in found)


def test_a_pool_at_its_stop_line_is_noticed() -> None:
    assert [p.code for p in faults(pooled(balance="315万元", npl="5%"))] == ["pool.stopped"]


def test_entitlements_that_are_reduced_are_noticed_with_their_factor() -> None:
    settings = sample.scenario(fund=fund(entitlement_budget="15万元"))
    (problem,) = faults(settings, entitlements=entitled(150_000, 50_000))
    assert (problem.code, problem.level) == ("fund.entitlements", "notice")
    assert "75.0000%" in problem.what.zh
