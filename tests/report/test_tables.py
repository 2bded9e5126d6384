"""Every sheet of plan.xlsx against the plan: the same yuan in each, headings as the field has them, both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from allocator.plan import Plan
from models.line import LINE_KINDS
from models.rules.equity_pilot import CAPITAL
from models.tables.rules_kept import TIGHTEST
from models.workbook import tables
from tests.report.opened import part, sheets, table, yuan

TOTAL = "合计"


@pytest.fixture(scope="module")
def book(zh: Path) -> dict[str, Worksheet]:
    return sheets(zh)


def total_of(rows: list[dict], column: str, beginning: str = TOTAL) -> int:
    """The yuan of a column in the row that any cell names as the total."""
    found = [r for r in rows if any(str(v).startswith(beginning) for v in r.values() if isinstance(v, str))]
    assert len(found) == 1, f"{len(found)} rows begin with {beginning}"
    return yuan(found[0][column])


def test_every_table_has_its_test() -> None:
    files = [Path(__file__), *Path(__file__).parent.glob("test_table_*.py")]
    own = [n for f in files for n in re.findall(r"^def (test_\w+)", f.read_text(encoding="utf-8"), re.M)]
    untested = [t.key for t in tables() if not any(name.startswith(f"test_{t.key}_") for name in own)]
    assert not untested


def test_each_is_found_by_its_file_and_has_a_place_of_its_own() -> None:
    files = {f.stem for f in (Path(__file__).parents[2] / "models" / "tables").glob("[!_]*.py")}
    assert {type(t).__module__.rpartition(".")[2] for t in tables()} == files
    orders = [t.order for t in tables()]
    assert orders == sorted(set(orders))


def test_summary_adds_up_to_the_plan(book: dict[str, Worksheet], example: Plan) -> None:
    sheet, t = book["汇总"], example.totals
    figures = {r[0]: r[1] for r in sheet.iter_rows(min_row=4, max_row=13, values_only=True)}
    figures |= {r[5]: r[7] for r in sheet.iter_rows(min_row=4, max_row=13, values_only=True)}
    assert yuan(figures["年度整合规模"]) == t["ceiling"]
    assert yuan(figures["本批立项总额"]) == t["award"]
    assert yuan(figures["本批本年拨付"]) == t["first_year"]
    assert yuan(figures["本年结余"]) == t["unused"]
    assert figures["拟支持（项）"] == t["count"]
    for heading in ("技术领域", "支持方式"):
        rows = table(sheet, heading)
        assert total_of(rows, "立项总额") == t["award"]
        assert total_of(rows, "首年拨付") == t["first_year"]
        assert total_of(rows, "先行安排") == t["ceiling"] - t["competitive"]
        assert total_of(rows, "本年合计") == t["ceiling"] - t["unused"]
    for row in table(sheet, "技术领域"):
        own = next((v for k, v in t["by"]["domain"].items() if k == row["技术领域"]), None)
        if own is not None:
            assert (yuan(row["立项总额"]), row["项数"]) == (own["award"], own["count"])


def test_summary_sets_the_plan_beside_todays_practice(book: dict[str, Worksheet], example: Plan) -> None:
    rows = {r["办法"]: r for r in table(book["汇总"], "办法")}
    assert yuan(rows["本方案"]["立项总额"]) == example.totals["award"]
    for b in example.baselines.values():
        own = rows[b.title.zh]
        assert yuan(own["立项总额"]) == b.totals["award"]
        assert own["评审价值"] == pytest.approx(b.totals["merit"] / 1e6, abs=1e-3)
        assert own["未达到规则数"] == len(b.missed)
        mine = {a.candidate for a in example.awards}
        theirs = {a.candidate for a in example.options.awards(b.chosen) if not a.fixed}
        assert own["与本方案相同项数"] == len(mine & theirs)


def test_summary_has_native_charts(zh: Path) -> None:
    kinds = [part(zh, f"xl/charts/chart{n}.xml") for n in (1, 2, 3, 4)]
    assert ['<c:barDir val="bar"/>' in k for k in kinds] == [True, False, False, True]
    assert '<c:grouping val="stacked"/>' in kinds[0]
    assert "doughnutChart" in kinds[1]
    assert '<c:barDir val="col"/>' in kinds[2]


def test_available_has_the_fields_headings_and_what_is_left(
    book: dict[str, Worksheet], example: Plan
) -> None:
    sheet = book["当年可用财力测算表"]
    (row,) = table(sheet, "年度规模")
    assert list(row) == ["年度规模", *LINE_KINDS, "本批可竞争安排"]
    assert yuan(row["本批可竞争安排"]) == example.totals["competitive"]
    assert {k: yuan(row[k]) for k in LINE_KINDS} == example.totals["first_calls"]
    assert total_of(table(sheet, "来源"), "金额") == example.totals["ceiling"]
    lines = table(sheet, "类别")
    assert total_of(lines, "本年安排") == sum(a.outlay[0] for a in example.lines)
    assert total_of(lines, "以后年度") == sum(sum(a.outlay[1:]) for a in example.lines)
    use = {r["项目"]: r["本年安排"] for r in table(sheet, "项目")}
    assert yuan(use["结余"]) == example.totals["unused"]


def test_proposed_lists_every_award_once_with_its_money(book: dict[str, Worksheet], example: Plan) -> None:
    rows = table(book["拟支持项目清单"], "序号")
    by_id = {r["项目编号"]: r for r in rows if r["项目编号"]}
    assert len(by_id) == example.totals["count"] == sum(r["序号"] is not None for r in rows)
    for a in example.awards:
        row = by_id[a.candidate]
        assert yuan(row["拟安排资金（立项总额）"]) == a.amount
        assert yuan(row["首年拨付"]) == a.outlay[0]
        assert yuan(row["以后年度"]) == sum(a.outlay[1:])
        assert row["支持方式"] == example.facts.title(a.instrument).zh
        if a.instrument == CAPITAL:
            records = example.tables["candidates"]
            valuation = records["valuation"][records.index[a.candidate]]
            assert row["持股比例"] == pytest.approx(a.amount / (valuation + a.amount), abs=5e-5)
        else:
            assert row["持股比例"] is None


def test_proposed_says_where_another_instrument_was_asked_for(
    book: dict[str, Worksheet], example: Plan
) -> None:
    asks = dict(zip(*(example.tables["candidates"][k] for k in ("id", "asks")), strict=True))
    changed = 0
    for r in table(book["拟支持项目清单"], "序号"):
        if r["项目编号"] and asks[r["项目编号"]]:
            asked = asks[r["项目编号"]]
            said = f"申报为{asked}" in (r["备注"] or "")
            assert said == (asked != r["支持方式"])
            changed += said
    assert changed


def test_proposed_adds_up_by_domain_and_by_instrument(book: dict[str, Worksheet], example: Plan) -> None:
    rows = table(book["拟支持项目清单"], "序号")
    money = "拟安排资金（立项总额）"
    assert total_of(rows, money, "合计") == example.totals["award"]
    assert total_of(rows, "首年拨付", "合计") == example.totals["first_year"]
    for domain, own in example.totals["by"]["domain"].items():
        assert total_of(rows, money, f"{domain}小计（{own['count']} 项）") == own["award"]
    for key, own in example.totals["by"]["instrument"].items():
        title = example.facts.title(key).zh
        assert total_of(rows, money, f"其中：{title}（{own['count']} 项）") == own["award"]


def test_not_selected_lists_the_rest_each_with_a_reason(book: dict[str, Worksheet], example: Plan) -> None:
    rows = [r for r in table(book["未入选清单"], "序号") if r["项目编号"]]
    everyone = set(example.tables["candidates"]["id"])
    assert {r["项目编号"] for r in rows} == everyone - {a.candidate for a in example.awards}
    assert all(r["未入选理由"] and r["依据"] for r in rows)
    mark = example.loaded.scenario.reviews.pass_mark
    below = [r for r in rows if r["评审得分"] is not None and r["评审得分"] < mark]
    assert below
    assert all(f"低于合格线 {mark} 分" in r["未入选理由"] for r in below)
    assert not [r for r in rows if r not in below and "低于合格线" in r["未入选理由"]]


def test_rank_skips_has_the_fields_headings_and_every_skip(book: dict[str, Worksheet], example: Plan) -> None:
    sheet = book["未按评审排名安排项目说明表"]
    heads = [c for c in next(sheet.iter_rows(min_row=3, max_row=3, values_only=True)) if c]
    assert heads == ["指南方向", "排名", "平均分", "项目", "安排结果", "理由", "依据"]
    records, mark = example.tables["candidates"], example.loaded.scenario.reviews.pass_mark
    rows = table(sheet, "指南方向")
    said = {r["项目"].split(" ")[0]: r for r in rows}
    chosen = {a.candidate for a in example.awards}
    score = {c: said[c]["平均分"] for c in said}
    direction = {
        c: records["call"][i] or (records["domain"][i], records["sub_area"][i])
        for c, i in records.index.items()
    }
    for c, row in said.items():
        like = [d for d in said if direction[d] == direction[c]]
        if c in chosen:
            assert row["安排结果"].startswith("安排 ")
            assert any(d not in chosen and score[d] > score[c] for d in like)
        else:
            assert row["安排结果"] == "未安排"
            assert score[c] >= mark
            assert any(d in chosen and score[d] < score[c] for d in like)
            assert row["理由"]
    listed = {r["项目编号"]: r for r in table(book["未入选清单"], "序号") if r["项目编号"]}
    funded = {r["项目编号"]: r for r in table(book["拟支持项目清单"], "序号") if r["项目编号"]}
    for c, row in listed.items():  # and nobody is left out
        passed = row["评审得分"] is not None and row["评审得分"] >= mark
        beaten = any(
            direction[d] == direction[c] and f["评审得分"] < row["评审得分"] for d, f in funded.items()
        )
        assert (passed and beaten) == (c in said)


def test_matrix_adds_up_both_ways(book: dict[str, Worksheet], example: Plan) -> None:
    sheet, t = book["领域×支持方式"], example.totals
    wholes = (("award", yuan), ("first_year", yuan), ("count", int))
    for nth, (figure, read) in enumerate(wholes):
        rows = {r["技术领域"]: r for r in table(sheet, "技术领域", nth)}
        total = rows.pop(TOTAL)
        assert read(total[TOTAL]) == t[figure]
        for domain, own in t["by"]["domain"].items():
            assert read(rows[domain][TOTAL]) == own[figure]
        for key, own in t["by"]["instrument"].items():
            assert read(total[example.facts.title(key).zh]) == own[figure]


def test_by_year_is_what_the_plan_pays_and_may_get_back(book: dict[str, Worksheet], example: Plan) -> None:
    sheet, t = book["分年度资金安排"], example.totals
    rows = {r["项目"]: r for r in table(sheet, "项目")}
    for year, paid in t["outlay"].items():
        assert yuan(rows[TOTAL][f"{year} 年"]) == paid
    below = {r["项目"]: r for r in table(sheet, "项目", 1)}
    for year, back in t["recovery"].items():
        assert yuan(below["预计股权回收"][f"{year} 年"]) == back
    first, last = example.options.years[0], example.options.years[-1]
    assert yuan(below["尚可安排"][f"{first} 年"]) == t["unused"]
    assert below["年度规模"][f"{last} 年"] is None  # no forecast is not a forecast of nothing


def test_rules_kept_has_every_clause_and_only_the_tightest_applicants(
    book: dict[str, Worksheet], example: Plan
) -> None:
    rows = table(book["规则执行"], "规则")
    caps = [r for r in example.ruled if r.title.zh == "同一单位限额"]
    rest = [r for r in example.ruled if r.title.zh != "同一单位限额"]
    assert [r["说明"] for r in rows if r["规则"] != "同一单位限额"] == [r.sentence.zh for r in rest]
    names = {r.measure.rule for r in caps}
    shown = [r for r in rows if r["规则"] == "同一单位限额"]
    assert len(shown) == sum(min(TIGHTEST, sum(r.measure.rule == n for r in caps)) for n in names)
    said = {r["说明"] for r in shown}
    assert all(r.sentence.zh in said for r in caps if r.binding)
    text = " ".join(str(v) for row in book["规则执行"].iter_rows(values_only=True) for v in row if v)
    for n in names:
        left = sum(r.measure.rule == n for r in caps) - TIGHTEST
        assert left <= 0 or f"另有 {left} 个单位未列" in text
    share = next(r for r in rows if r["规则"] == "重点领域占比")
    measure = next(r.measure for r in rest if r.title.zh == "重点领域占比")
    assert share["执行数"] == pytest.approx((measure.points or 0) / 10_000)
    assert share["上限"] == pytest.approx((measure.limits.bound("cap") or 0) / 10_000)


def test_equity_pilot_lists_deals_ratios_directions_and_a_reserve(
    book: dict[str, Worksheet], example: Plan
) -> None:
    sheet = book["股权试点清单"]
    deals = [a for a in example.awards if a.instrument == CAPITAL]
    capital = sum(a.amount for a in deals)
    rows = table(sheet, "序号")
    assert [r["项目编号"] for r in rows if r["项目编号"]]
    assert {r["项目编号"] for r in rows if r["项目编号"]} == {a.candidate for a in deals}
    assert total_of(rows, "拟投资本金") == capital
    assert total_of(rows, "预计回收") == sum(sum(a.recovery) for a in deals)
    assert total_of(rows, "预计损失") == sum(a.columns["loss"] for a in deals)
    bases = {r["口径"]: r for r in table(sheet, "口径")}
    assert list(bases) == ["年度整合规模", "可统筹资金", "涉企资金"]
    assert bases["年度整合规模"]["占比"] == pytest.approx(capital / example.totals["ceiling"], abs=5e-5)
    assert total_of(table(sheet, "试点方向"), "拟投资本金") == capital
    reserve = table(sheet, "序号", 1)
    chosen = {a.candidate for a in example.awards}
    assert 0 < len(reserve) <= 10
    assert not chosen & {r["项目编号"] for r in reserve}
    marks = [r["评审得分"] for r in reserve]
    assert marks == sorted(marks, reverse=True)


def test_data_notices_gives_place_fault_and_remedy(book: dict[str, Worksheet], example: Plan) -> None:
    rows = table(book["数据问题"], "序号")
    assert [(r["位置"], r["问题"], r["处理办法"]) for r in rows] == [
        (str(p.place), p.what.zh, p.mend.zh) for p in example.problems
    ]


def test_run_facts_say_what_was_proved(book: dict[str, Worksheet], example: Plan) -> None:
    rows = {r["项目"]: r["内容"] for r in table(book["运行信息"], "项目")}
    assert example.value is not None
    assert rows["方案价值"] == f"{float(example.value) / 1e6:,.4f}"
    assert rows["差距"] == f"{(example.gap or 0) * 100:.4f} %"
    assert rows["优化模型摘要"] == example.digest["program"]
    assert rows["方案文件"] == "baseline.yaml"
