"""Batches and 一事一议, by hand: who waits, what is fixed, what draws on the reserve, what is kept for later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from allocator.audit import verify
from allocator.pipeline import Wishes, run
from allocator.problems import Problems
from allocator.records import Tables
from models import mode_checks
from models.batch import Batch
from models.fund import first_calls, line_rows
from models.line import EARLIER, RESERVE, SPECIAL, earlier_sheet, kinds
from models.pool import bars
from models.rules.reserve import Reserve
from tests import sample
from tests.hand import rule

WAN = sample.WAN
YEARS = (2026, 2027, 2028, 2029)
ROOT = Path(__file__).resolve().parents[2]


def with_earlier(*rows: dict, **parts: object) -> Tables:
    own = [{"year1": 0, **row} for row in rows]
    return {**sample.tables(**parts), "earlier": sample.records(earlier_sheet(YEARS), own)}


def test_candidates_of_other_batches_wait_and_those_of_none_do_not() -> None:
    pool = [
        sample.candidate("A", 50, batch="第一批"),
        sample.candidate("B", 50, batch="第二批"),
        sample.candidate("C", 50),
    ]
    own = sample.tables(candidates=pool)
    settings = sample.scenario(batch=Batch(now="第二批"))
    fund = sample.compiled(candidates=pool, batch=Batch(now="第二批"))
    assert set(bars(settings, own, fund.facts)) == {"A"}
    reason = bars(settings, own, fund.facts)["A"]
    assert (reason.text.zh, reason.basis) == ("属第一批，本次安排的是第二批", "66号文 二（三）1")
    assert not len(fund.options.rows_of["A"])
    everyone = sample.compiled(candidates=pool)
    assert all(len(everyone.options.rows_of[c]) for c in "ABC")


def test_what_is_decided_one_by_one_takes_no_part_and_says_why() -> None:
    pool = [sample.candidate("A", 50, special="应急科技攻关"), sample.candidate("B", 50)]
    fund = sample.compiled(candidates=pool)
    reason = bars(sample.scenario(), sample.tables(candidates=pool), fund.facts)["A"]
    assert reason.text.zh == "一事一议，不参加本批竞争择优，由领导小组另行研究（应急科技攻关）"
    assert not len(fund.options.rows_of["A"])


def test_its_line_draws_on_the_reserve_so_that_the_years_money_counts_it_once() -> None:
    # 100万 reserved in two lines, 70万 decided: the first line of 60 is used up, of the second 30 are left.
    lines = [
        sample.line("R1", RESERVE, 60),
        sample.line("Y1", SPECIAL, 70, 20, domain="重点研发专项"),
        sample.line("R2", RESERVE, 40),
    ]
    own = sample.tables(lines=lines)
    assert [(r["id"], r["line"], r["year1"]) for r in line_rows(own)] == [
        ("R1", RESERVE, 0),
        ("Y1", RESERVE, 70 * WAN),
        ("R2", RESERVE, 30 * WAN),
    ]
    assert first_calls(own)[RESERVE] == 100 * WAN
    fund = sample.compiled(lines=lines)
    assert int(fund.options.column("first_year")[fund.options.fixed].sum()) == 100 * WAN
    assert fund.facts.amounts["competitive"] == 400 * WAN


def test_more_than_the_reserve_holds_is_a_located_fault() -> None:
    problems = Problems()
    lines = [sample.line("R1", RESERVE, 60), sample.line("Y1", SPECIAL, 61)]
    mode_checks.check(sample.scenario(), sample.tables(lines=lines), problems)
    (found,) = problems
    assert found.code == "batch.overdrawn"
    assert "year11" in str(found.place)
    assert "1.00 万元" in found.what.zh


def test_what_an_earlier_batch_decided_is_fixed_with_its_candidates_own_labels() -> None:
    pool = [
        sample.candidate("A", 100, batch="第一批", county="东港区"),
        sample.candidate("B", 50, batch="第二批"),
    ]
    own = with_earlier(
        {
            "id": "A",
            "batch": "第一批",
            "instrument": "无偿资助",
            "year1": 60 * WAN,
            "year2": 30 * WAN,
            "year3": 6 * WAN,
            "year4": 4 * WAN,
            "basis": "纪要1号",
        },
        candidates=pool,
        lines=(),
    )
    (row,) = line_rows(own)
    assert (row["id"], row["line"], row["domain"], row["county"]) == (
        "A（第一批）",
        EARLIER,
        "重点研发专项",
        "东港区",
    )
    assert [row[f"year{y}"] for y in (1, 2, 3)] == [60 * WAN, 30 * WAN, 10 * WAN]
    calls = first_calls(own)
    assert calls[EARLIER] == 60 * WAN
    assert kinds(calls)[-1] == EARLIER
    assert EARLIER not in first_calls(sample.tables())


def test_its_commitment_counts_this_year_and_it_takes_a_calls_place() -> None:
    from models.policy import ScienceFund
    from models.rules.call import CallWinners

    pool = [sample.candidate("A", 100, call="BD1", batch="第一批"), sample.candidate("B", 50, call="BD1")]
    own = with_earlier({"id": "A", "year1": 60 * WAN, "year2": 40 * WAN}, candidates=pool, lines=())
    calls = rule(CallWinners)
    settings = sample.scenario({"call": calls}, batch=Batch(now="第二批"))
    policy = ScienceFund()
    facts = policy.facts(settings, own)
    options = policy.options(settings, own, facts)
    line = options.award_of(0)
    assert (line.fixed, line.amount, line.outlay[:2]) == (True, 100 * WAN, (60 * WAN, 40 * WAN))
    assert policy.reprice(settings, own, facts)(line) == line
    # The call's one place is taken: B has none.
    rows = calls.rows(options, facts)
    assert int(rows.upper[0]) == 1
    assert rows.matrix.toarray()[0, options.rows_of["B"]].tolist() == [1, 1]
    assert int(rows.matrix.toarray()[0, 0]) == 1


@pytest.mark.parametrize(
    ("later", "rules", "codes"), [(5, {}, ["batch.later"]), (5, {"reserve": rule(Reserve)}, []), (0, {}, [])]
)
def test_money_for_later_batches_needs_the_rule_that_keeps_it(
    later: int, rules: dict, codes: list[str]
) -> None:
    problems = Problems()
    mode_checks.check(sample.scenario(rules, batch=Batch(later=later)), sample.tables(), problems)
    assert [p.code for p in problems] == codes


def test_a_batch_that_nobody_is_of_is_a_fault() -> None:
    problems = Problems()
    pool = [sample.candidate("A", 50, batch="第一批")]
    mode_checks.check(sample.scenario(batch=Batch(now="第3批")), sample.tables(candidates=pool), problems)
    (found,) = problems
    assert "第一批" in found.what.zh


FIRST = """
extends: {notice}
title: 第一批
data: {{candidates: {{file: {file}}}}}
fund:
  year: 2026
  horizon: 6
  under_minimum: 测试
  sources: {{科技创新类资金: {{amount: 900万元}}}}
  later_ceilings: {{2027: 3000万元}}
rules: {{keep: {{rule: reserve}}}}
batch: {{now: 第一批, later: 300万元, basis: 会议纪要}}
"""


def test_a_second_batch_fixes_what_the_first_ones_run_decided_and_both_verify(tmp_path: Path) -> None:
    """Two runs over one list: 900万 in all, of which the first batch leaves 300万 to the second."""
    rows = ["项目编号,项目名称,申报单位,单位性质,技术领域,项目性质,申请财政资金（万元）,专家评分,批次"]
    rows += [
        f"P{i},项目{i},高校{i},高校,重点研发专项,共性技术,{200 + 10 * i},{90 - i},第{'一' if i < 5 else '二'}批"
        for i in range(8)
    ]
    (tmp_path / "pool.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    notice = ROOT / "scenarios" / "rizhao" / "notice.yaml"
    text = FIRST.format(notice=notice, file=tmp_path / "pool.csv")
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(text, encoding="utf-8")
    first = run(one, out=tmp_path / "one", wishes=Wishes(gap=0))
    placed = sum(a.outlay[0] for a in first.awards)
    assert {a.labels["batch"] for a in first.awards if "batch" in a.labels} <= {"第一批"}
    assert 0 < placed <= 600 * WAN
    assert {a.candidate for a in first.awards} <= {f"P{i}" for i in range(5)}
    two.write_text(
        f"extends: one.yaml\ntitle: 第二批\ndata: {{earlier: {{file: {tmp_path / 'one' / 'awards.csv'}}}}}\n"
        "batch: {now: 第二批, later: null}\n",
        encoding="utf-8",
    )
    second = run(two, out=tmp_path / "two", wishes=Wishes(gap=0))
    assert {a.candidate for a in second.lines} == {f"{a.candidate}（前批已安排）" for a in first.awards}
    assert second.totals["first_calls"][EARLIER] == placed
    assert {a.candidate for a in second.awards} <= {"P5", "P6", "P7"}
    assert second.awards
    assert second.totals["unused"] == 900 * WAN - placed - sum(a.outlay[0] for a in second.awards) >= 0
    for year, paid in json.loads((tmp_path / "two" / "plan.json").read_text("utf-8"))["totals"][
        "outlay"
    ].items():
        own = [*second.lines, *second.awards]
        assert paid == sum(a.outlay[int(year) - 2026] for a in own)
    for name in ("one", "two"):
        assert verify(tmp_path / name).findings == ()
