"""From records to options, by hand: every option, its money, its merit, its labels, and why some have none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from allocator.contract import Reason
from models import pool
from tests import sample
from tests.sample import WAN, candidate, line

A = candidate("A", 100, 90, nature="基础研究", kind="高校", domain="重大科技创新专项", own=None, other=None)
B = candidate("B", 200, 85, nature="产业化", valuation=1000, applicant="乙", own=300, other=100)
D = candidate("D", 80, 75, nature="技术改造", loan=400, interest=13, applicant="丙", own=80)
G = candidate("G", 40, 50)
H = candidate("H", 0.5, 70, kind="高校")
LINES = (
    line("W1", "稳定支持", 30, domain="重点研发专项"),
    line("W2", "以前年度续拨", 20, 10, instrument="股权投资"),
)
POOL = {"candidates": [A, B, D, G, H], "lines": LINES}


@pytest.fixture(scope="module")
def fund() -> Any:
    return sample.compiled(**POOL)


def wan(values: Any) -> list[float]:
    return [int(v) / WAN for v in values]


def test_lines_come_first_then_candidates_by_instrument_and_falling_level(fund: Any) -> None:
    awards = fund.options.awards(np.ones(len(fund.options), bool))
    assert [(a.candidate, a.instrument, a.level) for a in awards] == [
        ("W1", "", 10_000),
        ("W2", "equity", 10_000),
        ("A", "grant", 10_000),
        ("A", "grant", 7000),
        ("B", "grant", 10_000),
        ("B", "grant", 7000),
        ("B", "equity", 10_000),
        ("B", "equity", 5000),
        ("D", "grant", 10_000),
        ("D", "grant", 7000),
        ("D", "interest_subsidy", 10_000),
    ]
    assert [a.fixed for a in awards] == [True] * 2 + [False] * 9


def test_commitments_and_cash_of_each_option(fund: Any) -> None:
    # A renewal's commitment was counted in the year of its decision: 0 now, and 20万 and 10万 of cash.
    # Milestones 60/40; a grant of up to 60万 at once: D's 56万 is.
    options = fund.options
    assert wan(options.award) == [30, 0, 100, 70, 200, 140, 200, 100, 80, 56, 4.8]
    assert wan(options.outlay[:, 0]) == [30, 20, 60, 42, 120, 84, 200, 100, 48, 56, 4.8]
    assert wan(options.outlay[:, 1]) == [0, 10, 40, 28, 80, 56, 0, 0, 32, 0, 0]
    assert not options.outlay[:, 2:].any()
    assert (options.award == options.outlay.sum(axis=1))[2:].all()


def test_merit_of_each_option(fund: Any) -> None:
    # A: 0.90 × 100, × 70 %. B by grant, 60 % suitable: 0.85 × 200 × 0.6 = 102, × 70 % = 71.4; by equity, of which a
    # yuan counts 0.6: 0.85 × 120 = 102 and 51. D: 0.75 × 80 = 60 and 42; 4.8万 counted four times: 0.75 × 19.2 = 14.4.
    assert [m / 1_000_000 for m in fund.options.merit] == [0, 0, 90, 63, 102, 71.4, 102, 51, 60, 42, 14.4]


def test_further_money_of_each_option(fund: Any) -> None:
    money = fund.options.money
    # B's 400万 of its own and others' money go with its request of 200万; equity loses 40 % as expected.
    assert wan(money["private"]) == [0, 0, 0, 0, 400, 280, 400, 200, 80, 56, 4.8]
    assert wan(money["loss"]) == [0, 0, 0, 0, 0, 0, 80, 40, 0, 0, 0]
    assert wan(fund.options.recovery[:, 5]) == [0, 0, 0, 0, 0, 0, 216, 108, 0, 0, 0]


def test_labels_are_the_records_own_and_absent_ones_absent(fund: Any) -> None:
    labels = fund.options.award_of(2).labels
    assert labels["domain"] == "重大科技创新专项"
    assert labels["kind"] == "高校"
    assert "call" not in labels
    assert "line" not in labels
    steady = fund.options.award_of(0).labels
    assert dict(steady) == {"domain": "重点研发专项", "line": "稳定支持"}


def test_each_candidate_is_a_group_and_fixed_lines_are_fixed(fund: Any) -> None:
    assert fund.program.groups.tolist() == [0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4]
    assert fund.program.fixed.tolist() == [1, 1] + [-1] * 9


def test_why_some_have_no_option_at_all() -> None:
    settings, tables = sample.scenario(), sample.tables(**POOL)
    why = pool.bars(settings, tables, sample.compiled(**POOL).facts)
    assert set(why) == {"G", "H"}
    assert why["G"].text.zh == "评审得分 50.00，低于合格线 60 分"
    # 0.5万 is no grant, and a university takes neither capital nor interest: each instrument says its own reason.
    assert "无偿资助：" in why["H"].text.zh
    assert why["H"].text.zh.count("；") == 2
    assert why["H"].text.en.count("; ") == 2


def test_every_option_is_priced_again_from_the_records_alone(fund: Any) -> None:
    price = pool.repricer(sample.scenario(), sample.tables(**POOL), fund.facts)
    for k in range(len(fund.options)):
        award = fund.options.award_of(k)
        assert price(award) == award


def test_a_yuan_more_a_year_later_or_a_better_label_is_not_the_records_price(fund: Any) -> None:
    price = pool.repricer(sample.scenario(), sample.tables(**POOL), fund.facts)
    award = fund.options.award_of(4)
    for altered in (
        replace(award, amount=award.amount + 1),
        replace(award, outlay=(award.outlay[0] - 1, award.outlay[1] + 1, *award.outlay[2:])),
        replace(award, merit=award.merit + 1),
        replace(award, labels={**award.labels, "kind": "高校"}),
        replace(award, columns={**award.columns, "private": 0}),
    ):
        assert price(altered) == award != altered


def test_awards_that_cannot_be_have_a_reason(fund: Any) -> None:
    price = pool.repricer(sample.scenario(), sample.tables(**POOL), fund.facts)
    award = fund.options.award_of(4)
    for impossible in (
        replace(award, candidate="X"),
        replace(award, candidate="G"),
        replace(award, instrument="loan"),
        replace(award, candidate="A", instrument="equity"),
    ):
        assert isinstance(price(impossible), Reason)


def test_at_face_value_a_yuan_is_a_yuan_whatever_the_instrument(fund: Any) -> None:
    settings, tables = sample.scenario(), sample.tables(**POOL)
    face = pool.face_value(settings, tables, fund.options)
    # B: 0.85 × 200 by grant and by equity alike; D's subsidy 0.75 × 4.8 = 3.6.
    assert [v / 1_000_000 for v in face] == [0, 0, 90, 63, 170, 119, 170, 85, 60, 42, 3.6]


def test_a_pool_of_nobody_is_its_lines() -> None:
    fund = sample.compiled(candidates=[], lines=LINES)
    assert len(fund.options) == 2
    assert fund.program.shape == (0, 2)


def test_a_pool_of_nothing_at_all() -> None:
    fund = sample.compiled(candidates=[], lines=())
    assert fund.program.shape == (0, 0)


def test_lines_use_instruments_by_either_name() -> None:
    named = [line("W1", "以前年度续拨", 1, instrument=n) for n in ("equity",)]
    named += [
        line("W2", "以前年度续拨", 1, instrument="股权投资"),
        line("W3", "以前年度续拨", 1, instrument="奖补"),
    ]
    fund = sample.compiled(candidates=[], lines=named)
    assert [fund.options.award_of(k).instrument for k in range(3)] == ["equity", "equity", "奖补"]
    assert fund.options.mask({"instrument": ("equity",)}).tolist() == [True, True, False]
