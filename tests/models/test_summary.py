"""What a run says on the screen, by hand: figures, bounds, ratios, what binds, today's practice."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from allocator.plan import Baseline, Decided, Plan
from allocator.report.block import Block, cell
from allocator.words import Text
from models import summary
from models.rules.cash_ceiling import CashCeiling
from models.rules.domain_share import DomainShare
from models.rules.equity_pilot import EquityPilot
from models.rules.instrument_share import InstrumentShare
from tests import sample
from tests.hand import rule
from tests.planned import planned
from tests.sample import candidate, line

POOL = [
    candidate("A", 100, 90, kind="高校", domain="重大科技创新专项"),
    candidate("B", 200, 85, nature="产业化", valuation=1000),
]
LINES = [line("W1", "稳定支持", 30, domain="重点研发专项"), line("W2", "以前年度续拨", 20, 10)]
CHOICES = (("A", "grant", 10_000), ("B", "equity", 10_000))


def plan_of(rules: Any = None, *choices: Any, **more: Any) -> Plan:
    return planned(rules, *(choices or CHOICES), candidates=POOL, lines=LINES, **more)


def table(block: Block) -> list[list[str]]:
    return [[cell(c, "zh") for c in row] for row in block.rows]


def notes(block: Block) -> list[str]:
    return [n.zh for n in block.notes]


def test_the_years_money_first_what_is_spoken_for_then_what_is_arranged_and_left() -> None:
    # 500 − 30 − 20 = 450 to compete for; A pays 60 of its 100 this year, B 200 at once: 260, and 190 are left.
    assert table(summary.available(plan_of())) == [
        ["年度规模", "500.00"],
        ["减：稳定支持", "30.00"],
        ["减：以前年度续拨", "20.00"],
        ["本批可竞争安排", "450.00"],
        ["本批本年安排（2 项，立项总额 300.00）", "260.00"],
        ["结余", "190.00"],
    ]


def test_how_many_have_a_way_of_support_is_said_where_not_all_have() -> None:
    more = [*POOL, candidate("C", 100, 40)]  # C is below the pass mark
    block = summary.available(planned(None, *CHOICES, candidates=more, lines=LINES))
    assert notes(block)[0].startswith("申报 3 项，其中 2 项有可用的支持方式、参加安排；另 1 项")
    assert notes(summary.available(plan_of())) == []


def test_domains_with_their_lines_and_bounds() -> None:
    # 重大 60 of 500: 12 %, which is just its cap; 重点 200 + 30 of 500: 46 %, below its floor.
    bounds = {"重大科技创新专项": {"cap": "12%"}, "重点研发专项": {"floor": "46.5%", "target": "50%"}}
    rows = table(summary.by_domain(plan_of({"domain_share": rule(DomainShare, shares=bounds)})))
    assert [r[:7] for r in rows] == [
        ["重大科技创新专项", "1", "100.00", "60.00", "0.00", "12%", "≤ 12%"],
        ["重点研发专项", "1", "200.00", "200.00", "30.00", "46%", "≥ 46.5%，目标 50%"],
    ]
    assert rows[1][7] == "未达到"


def test_instruments_without_a_rule_are_shown_without_a_verdict() -> None:
    rows = table(summary.by_instrument(plan_of()))
    assert rows == [
        ["无偿资助", "1", "100.00", "60.00", "0.00", "", "", ""],
        ["股权投资", "1", "200.00", "200.00", "0.00", "", "", ""],
    ]


def test_an_instruments_share_is_that_of_its_rule() -> None:
    # 200 of 450 open to competition: 44.44 %.
    rows = table(
        summary.by_instrument(
            plan_of(
                {"instrument_share": rule(InstrumentShare, shares={"equity": {"floor": "40%", "cap": "50%"}})}
            )
        )
    )
    assert rows[1][5:7] == ["44.44%", "40%–50%"]


def test_the_pilot_ratio_stands_over_its_three_bases_and_its_bounds_by_its_own() -> None:
    # Capital 200 of 500: 40 %; of 可统筹 500 − 30 − 20 = 450: 44.44 %; of enterprises' 200 (a line that names no
    # kind is nobody's): 100 %.
    own = {"equity_pilot": rule(EquityPilot, of="discretionary", floor="20%")}
    assert table(summary.pilot(plan_of(own))) == [
        ["年度整合规模", "200.00", "500.00", "40%", ""],
        ["可统筹资金", "200.00", "450.00", "44.44%", "≥ 20%"],
        ["涉企资金", "200.00", "200.00", "100%", ""],
    ]


def test_a_ratio_of_nothing_reads_none() -> None:
    found = table(summary.pilot(plan_of(None, ("A", "grant", 10_000))))
    assert found[2] == ["涉企资金", "0.00", "0.00", "无", ""]


def test_what_binds_and_what_is_missed_in_its_own_sentence() -> None:
    bounds = {"重大科技创新专项": {"cap": "12%"}, "重点研发专项": {"floor": "46.5%"}}
    plan = plan_of({"domain_share": rule(DomainShare, shares=bounds), "cash_ceiling": rule(CashCeiling)})
    said = notes(summary.binds(plan))
    assert any("重点研发专项" in s and "未达到" in s for s in said)
    # 190万 are left, more than any single step: the ceiling does not bind.
    assert not any("上限" in s for s in said)


def test_nothing_binds() -> None:
    assert notes(summary.binds(plan_of())) == ["没有规则起约束作用。"]


def test_practice_stands_beside_the_plan_with_what_it_misses() -> None:
    rules = {"equity_pilot": rule(EquityPilot, floor="20%")}
    worse = plan_of(rules, ("A", "grant", 7000))
    missed = tuple(r for r in worse.ruled if not r.measure.kept)
    title = Text("按得分", "by score")
    own = Baseline("by_score", title, Text("", ""), worse.chosen, Fraction(0), worse.totals, missed)
    block = summary.practice(plan_of(rules, baselines={"by_score": own}))
    # Merit: 0.9 × 100 + 0.85 × 200 × 0.6 = 90 + 102; by score 0.9 × 70 = 63.
    assert table(block) == [
        ["本方案", "2", "300.00", "260.00", "192.00"],
        ["按得分", "1", "70.00", "42.00", "63.00"],
    ]
    assert notes(block) == ["按得分：未达到 股权投资试点比例。"]


def test_a_decided_list_and_the_steps_of_the_notice_are_compared() -> None:
    decided = Decided(3_000_000, 150_000_000, ("A",), ("Z",), ("B",), ("pin · A",), ("Z",))
    steps = SimpleNamespace(forgone=12.5, outcome=SimpleNamespace(value=250.0))
    said = " ".join(notes(summary.practice(plan_of(decided=decided, sequential=steps))))
    assert "12.50 万元（为本方案的 5%）" in said
    assert "实际立项 2 项，合计申请 300.00 万元，评审价值 150.00 万元" in said
    assert "pin · A" in said
    assert "其中 1 项" in said


def test_without_a_plan_only_the_money_and_practice_are_said() -> None:
    blocks = summary.blocks(plan_of(solved=False))
    assert [b.title.zh for b in blocks] == ["当年可用财力（万元）"]
    assert [r[0] for r in table(blocks[0])] == [
        "年度规模",
        "减：稳定支持",
        "减：以前年度续拨",
        "本批可竞争安排",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_row_has_a_cell_for_each_column(lang: Any) -> None:
    for block in summary.blocks(plan_of({"equity_pilot": rule(EquityPilot, floor="20%")})):
        assert all(len(row) == len(block.columns) for row in block.rows)
        assert all(cell(c, lang) for c in block.columns)


def test_a_fund_in_another_currency_is_not_called_yuan() -> None:
    settings = sample.scenario()
    plan = plan_of(fund=settings.fund.model_copy(update={"currency": "USD"}))
    blocks = summary.blocks(plan)
    assert blocks[0].title.zh == "当年可用财力（万美元）"
    said = [c for b in blocks for t in (b.title, *b.columns, *b.notes) for c in (t.zh, t.en)]
    assert not any("万元" in s for s in said)


def test_the_plans_own_choices_are_not_changed_by_printing() -> None:
    plan = plan_of()
    before = plan.chosen.copy()
    summary.blocks(plan)
    assert np.array_equal(plan.chosen, before)
