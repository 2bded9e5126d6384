"""The budget's tables: headings as the field has them, and the same yuan as plan.json in every one of them."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from allocator.plan import Plan
from allocator.rundir import plan_text
from models.accounts import Accounts, kind_of
from models.payers import split_sources
from tests.report.opened import sheets, table, yuan
from tests.tiny import candidate, line, ran

TOTAL = "合计"
BUDGET = (
    "序号｜支出方向｜项目名称｜主管部门｜承担单位｜支持方式｜资金来源｜指标文号｜"
    "功能分类科目｜政府预算经济分类科目｜立项总额｜已拨｜本年安排｜以后年度"
)
FUNDING = (
    "项目名称｜项目编码｜建设单位｜项目主管部门｜安排金额(万元)｜资金来源｜资金性质｜"
    "财预文号｜安排年度｜上级资金文号｜经办人｜业务处｜备注"
)


@pytest.fixture(scope="module")
def book(zh: Path) -> dict[str, Worksheet]:
    return sheets(zh)


@pytest.fixture(scope="module")
def said(example: Plan) -> dict[str, Any]:
    """plan.json of the same plan: whole yuan."""
    found: dict[str, Any] = json.loads(plan_text(example, {}))
    return found


def total_of(rows: list[dict[str, Any]], column: str) -> int:
    (row,) = (r for r in rows if any(isinstance(v, str) and v.startswith(TOTAL) for v in r.values()))
    return yuan(row[column])


def test_every_table_adds_up_to_the_yuan_of_plan_json(
    book: dict[str, Worksheet], said: dict[str, Any]
) -> None:
    t = said["totals"]
    paid = t["ceiling"] - t["unused"]
    assert paid == sum(sum(a["outlay"].get("2026", 0) for a in said[part]) for part in ("awards", "lines"))
    committed = t["award"] + sum(line["amount"] for line in said["lines"])
    later = sum(t["outlay"].values()) - paid
    budget = table(book["预算安排建议表"], "序号")
    assert total_of(budget, "本年安排") == paid
    assert total_of(budget, "立项总额") == committed
    assert total_of(budget, "以后年度") == later
    assert total_of(table(book["资金安排表"], "项目名称"), "安排金额(万元)") == paid
    assert total_of(table(book["拟立项公示名单"], "序号"), "拟安排资金") == t["award"]
    assert total_of(table(book["拟支持项目清单"], "序号"), "拟安排资金（立项总额）") == t["award"]
    units = table(book["直通车拨付表"], "收款单位")
    assert total_of(units, TOTAL) == paid + later
    for year, outlay in t["outlay"].items():
        if outlay:
            assert total_of(units, f"{year} 年") == outlay
    assert total_of(table(book["直通车拨付清单"], "序号"), "本年拨付") == paid
    by_year = {r["项目"]: r for r in table(book["分年度资金安排"], "项目")}
    assert yuan(by_year[TOTAL]["2026 年"]) == paid


def test_payments_list_what_each_source_pays_each_unit(book: dict[str, Worksheet], example: Plan) -> None:
    rows = table(book["直通车拨付清单"], "序号")[:-1]
    assert [r["序号"] for r in rows] == list(range(1, len(rows) + 1))
    paid: Counter[tuple[str, str | None]] = Counter()
    for r in rows:
        paid[r["项目编号"], r["资金来源"]] += yuan(r["本年拨付"])
    parts = split_sources(example)
    for award in example.awards:
        for source, amount in parts[award.candidate].items():
            assert paid[award.candidate, source] == amount
    units = {r["收款单位"]: yuan(r["2026 年"]) for r in table(book["直通车拨付表"], "收款单位")}
    named = {r["收款单位"] for r in rows}
    assert named <= set(units)
    for unit in list(named)[:20]:
        assert sum(yuan(r["本年拨付"]) for r in rows if r["收款单位"] == unit) == units[unit]


def test_budget_has_the_fields_headings(book: dict[str, Worksheet]) -> None:
    heads = [c for c in next(book["预算安排建议表"].iter_rows(min_row=3, max_row=3, values_only=True)) if c]
    assert heads == BUDGET.split("｜")


def test_budget_spends_each_source_as_the_split_does(book: dict[str, Worksheet], example: Plan) -> None:
    used: Counter[str] = Counter()
    for own in split_sources(example).values():
        used.update(own)
    rows = [r for r in table(book["预算安排建议表"], "序号") if r["资金来源"]]
    there = Counter(dict.fromkeys(used, 0))
    for r in rows:
        there[r["资金来源"]] += yuan(r["本年安排"])
    assert there == used
    funds: Counter[str] = Counter()
    for r in table(book["资金安排表"], "项目名称"):
        if r["资金来源"]:
            funds[r["资金来源"]] += yuan(r["安排金额(万元)"])
    assert funds == used


def test_budget_leaves_out_what_a_renewal_was_once_decided_at(tmp_path: Path) -> None:
    """The renewal's 6 and 4 are paid; its commitment is another year's. A's 40 is this year's, 24 of it paid."""
    renewal = line("W", "以前年度续拨", 6, 4, domain="乙", applicant="丙单位", department="科技局")
    run = ran(tmp_path, [candidate("A", 40, 80, department="工信局")], [renewal], amount=40)
    rows = table(sheets(run.folder / "plan.xlsx")["预算安排建议表"], "序号")
    first = next(r for r in rows if r["项目名称"] == "项目A")
    assert (first["支出方向"], first["主管部门"], first["承担单位"]) == ("甲", "工信局", "单位A")
    assert [yuan(first[k]) for k in ("立项总额", "已拨", "本年安排", "以后年度")] == [
        400_000,
        0,
        240_000,
        160_000,
    ]
    old = next(r for r in rows if r["项目名称"] == "事项W")
    assert (old["立项总额"], old["已拨"]) == (None, None)
    assert (yuan(old["本年安排"]), yuan(old["以后年度"])) == (60_000, 40_000)
    assert total_of(rows, "本年安排") == 300_000


def test_budget_names_heads_by_instrument_and_kind_of_payee() -> None:
    accounts = Accounts.model_validate(
        {
            "economic": {
                "grant": {"heads": {"企业": "507", "*": "505"}},
                "equity": {"heads": {"企业": "508"}, "payee": "受托管理机构"},
                "稳定支持": {"heads": {"*": "506"}},
            }
        }
    )
    assert accounts.head({"instrument": "grant"}, "企业") == "507"
    assert accounts.head({"instrument": "grant"}, "高校") == "505"
    assert accounts.head({"instrument": "grant", "line": "稳定支持"}, "企业") == "506"
    assert accounts.head({"instrument": "equity"}, "高校") is None
    assert accounts.head({}, "企业") is None
    assert accounts.payee({"instrument": "equity"}, "甲公司") == "受托管理机构"
    assert accounts.payee({"instrument": "grant"}, "甲公司") == "甲公司"
    assert [kind_of(None, c) for c in ("91370000X", "12370000X", "5237000X", None)] == [
        "企业",
        "事业单位",
        "社会组织",
        None,
    ]
    assert kind_of("高校", "91370000X") == "高校"


def test_funding_has_the_fields_headings_and_the_right_documents(tmp_path: Path) -> None:
    fund = {
        "year": 2026,
        "minimum": "0元",
        "sources": {
            "市级": {"amount": "20万元", "document": "日财预〔2026〕1号"},
            "省级": {
                "amount": "20万元",
                "level": "省级以上",
                "document": "鲁财〔2026〕9号",
                "uses": {"domain": ["乙"]},
            },
        },
    }
    pool = [candidate("A", 30, 80), candidate("B", 30, 80, "乙")]
    run = ran(tmp_path, pool, fund=fund, rules={"uses": {"rule": "source_use"}})
    sheet = sheets(run.folder / "plan.xlsx")["资金安排表"]
    heads = [c for c in next(sheet.iter_rows(min_row=3, max_row=3, values_only=True)) if c]
    assert heads == FUNDING.split("｜")
    rows = {r["项目编码"]: r for r in table(sheet, "项目名称") if r["项目编码"]}
    assert (rows["A"]["财预文号"], rows["A"]["上级资金文号"]) == ("日财预〔2026〕1号", None)
    assert (rows["B"]["财预文号"], rows["B"]["上级资金文号"]) == (None, "鲁财〔2026〕9号")
    assert {r["安排年度"] for r in rows.values()} == {2026}


def test_publicity_shows_no_score_and_no_person(book: dict[str, Worksheet], example: Plan) -> None:
    rows = table(book["拟立项公示名单"], "序号")
    assert list(rows[0]) == ["序号", "项目名称", "申报单位", "推荐单位", "技术领域", "支持方式", "拟安排资金"]
    assert len(rows) == example.totals["count"] + 1


def test_reserve_list_is_in_rank_order_and_holds_nobody_twice(
    book: dict[str, Worksheet], example: Plan
) -> None:
    rows = table(book["递补顺序表"], "指南方向")
    assert rows
    chosen = {a.candidate for a in example.awards}
    assert not chosen & {r["项目编号"] for r in rows}
    assert len({r["项目编号"] for r in rows}) == len(rows)
    for before, after in pairwise(rows):
        if before["指南方向"] == after["指南方向"]:
            assert after["递补顺序"] == before["递补顺序"] + 1
            assert after["评审得分"] <= before["评审得分"]
        else:
            assert after["递补顺序"] == 1


def test_direct_pays_each_unit_what_its_awards_and_lines_pay(
    book: dict[str, Worksheet], example: Plan
) -> None:
    rows = {r["收款单位"]: r for r in table(book["直通车拨付表"], "收款单位")}
    manager = example.loaded.scenario.accounts.economic["equity"].payee
    capital = sum(a.outlay[0] for a in example.awards if a.instrument == "equity")
    assert yuan(rows[manager]["2026 年"]) == capital
    records = example.tables["candidates"]
    own: Counter[str] = Counter()
    for a in example.awards:
        if a.instrument != "equity":
            own[records["applicant"][records.index[a.candidate]]] += a.outlay[0]
    for a in example.lines:
        if "applicant" in a.labels and a.labels["line"] != "一事一议预留":
            own[a.labels["applicant"]] += a.outlay[0]
    assert {u: yuan(rows[u]["2026 年"]) for u in own} == dict(own)


def test_before_compares_departments_and_counties(tmp_path: Path) -> None:
    """科技局 had 30 and has A's 24; 工信局 had 10 and has nothing; W's 6 name no department."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "before.csv").write_text(
        "主管部门,所属区县,预算数（万元）\n科技局,东港区,30\n工信局,莒县,10\n", encoding="utf-8"
    )
    data = {k: {"file": f"{k}.csv"} for k in ("candidates", "lines", "before")}
    pool = [candidate("A", 40, 80, department="科技局", county="岚山区")]
    run = ran(tmp_path, pool, [line("W", "稳定支持", 6)], amount=40, data=data)
    book = sheets(run.folder / "plan.xlsx")
    rows = {r["主管部门"]: r for r in table(book["归并前后对比表"], "主管部门")}
    assert [yuan(rows["科技局"][k]) for k in ("归并前预算", "本年安排", "增减")] == [
        300_000,
        240_000,
        -60_000,
    ]
    assert rows["科技局"]["增减比例"] == pytest.approx(-0.2)
    assert yuan(rows["工信局"]["本年安排"]) == 0
    assert rows["未注明"]["增减比例"] == "无"
    assert [yuan(rows[TOTAL][k]) for k in ("归并前预算", "本年安排")] == [400_000, 300_000]
    counties = table(book["归并前后对比表"], "所属区县")
    assert [r["所属区县"] for r in counties] == ["东港区", "莒县", "岚山区", "未注明", TOTAL]


def test_before_is_no_sheet_where_nothing_is_known(book: dict[str, Worksheet]) -> None:
    assert "归并前后对比表" not in book
