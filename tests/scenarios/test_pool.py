"""The example pool: it is what its script makes, adds up to the year's money, and names nobody real."""

from __future__ import annotations

import importlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from models.candidate import CANDIDATES, DIRECTIONS, KINDS, NATURES, credit_code_ok
from models.line import LINE_KINDS

RIZHAO = Path(__file__).resolve().parents[2] / "scenarios" / "rizhao"
Rows = list[dict[str, Any]]

DOMAINS = {
    "重大科技创新专项": 4_000,
    "重点研发专项": 3_100,
    "重要创新平台建设": 3_100,
    "重大科技成果转移转化": 3_900,
    "创新主体培育和壮大": 5_300,
}
"""万元 that the assumed year has for each domain, first calls included (FIELD.md)."""


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """The script as a module; its folder is on the path as when it is run."""
    sys.path.insert(0, str(RIZHAO))
    yield importlib.import_module("make_pool")
    sys.path.remove(str(RIZHAO))


@pytest.fixture(scope="module")
def sheets() -> dict[str, list[list[Any]]]:
    """The committed workbook as it is read: rows of cells by sheet."""
    book = CalamineWorkbook.from_path(str(RIZHAO / "pool.xlsx"))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def records(sheets: dict[str, list[list[Any]]], name: str) -> Rows:
    """A sheet's rows by heading, without title, unit and total; a blank cell is None."""
    heads = [str(h).replace("\n", "") for h in sheets[name][2]]
    body = [row for row in sheets[name][3:] if row[0] != "合计"]
    return [{h: None if v == "" else v for h, v in zip(heads, row, strict=True)} for row in body]


@pytest.fixture(scope="module")
def candidates(sheets: dict[str, list[list[Any]]]) -> Rows:
    """The 申报汇总表."""
    return records(sheets, "申报汇总表")


def test_the_script_makes_the_committed_workbook_cell_by_cell(
    maker: ModuleType, sheets: dict[str, list[list[Any]]], tmp_path: Path
) -> None:
    book = CalamineWorkbook.from_path(str(maker.make().to_workbook(tmp_path / "again.xlsx")))
    again = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    assert list(again) == list(sheets)
    for name, rows in again.items():
        assert rows == sheets[name], name


def test_it_writes_the_same_bytes_each_time_and_another_seed_others(
    maker: ModuleType, tmp_path: Path
) -> None:
    first, second, other = (tmp_path / f"{i}.xlsx" for i in range(3))
    maker.make(60).to_workbook(first)
    maker.make(60).to_workbook(second)
    maker.make(60, seed=67).to_workbook(other)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()


def test_every_sheet_says_that_it_is_an_example(sheets: dict[str, list[list[Any]]]) -> None:
    assert list(sheets) == [
        "说明",
        "申报汇总表",
        "专家评审打分",
        "部门综合评价",
        "榜单",
        "先行安排",
        "普惠后补助",
        "结转资金",
    ]
    for name, rows in sheets.items():
        assert "示例数据" in str(rows[0][0]), name
    told = " ".join(str(cell) for row in sheets["说明"] for cell in row)
    assert "全部单位、项目、金额" in told
    assert "均为虚构" in told
    assert "illustrative" in told
    assert "invented" in told


def test_the_years_money_leaves_6400_to_compete_for(sheets: dict[str, list[list[Any]]]) -> None:
    spoken: dict[str, float] = defaultdict(float)
    for row in records(sheets, "先行安排"):
        spoken[row["类别"]] += row["本年安排（万元）"]
    spoken["普惠后补助"] = sum(row["本年安排（万元）"] for row in records(sheets, "普惠后补助"))
    assert spoken == dict(zip(LINE_KINDS, (1_600, 1_800, 4_600, 3_600, 1_000, 3_000), strict=True))
    assert 22_000 - sum(spoken.values()) == 6_400


def test_steady_support_is_900_300_and_400(sheets: dict[str, list[list[Any]]]) -> None:
    steady = [r for r in records(sheets, "先行安排") if r["类别"] == "稳定支持"]
    by_department: dict[str, float] = defaultdict(float)
    for row in steady:
        by_department[row["主管部门"]] += row["本年安排（万元）"]
    assert by_department == {"科技局": 900, "科协": 300, "市场监管局": 400}


def test_renewals_are_45_and_owe_1900_and_700_later(sheets: dict[str, list[list[Any]]]) -> None:
    renewals = [r for r in records(sheets, "先行安排") if r["类别"] == "以前年度续拨"]
    assert len(renewals) == 45
    assert sum(r["下一年度（万元）"] for r in renewals) == 1_900
    assert sum(r["后年及以后（万元）"] for r in renewals) == 700
    assert min(r["本年安排（万元）"] for r in renewals) > 0


def test_each_domain_can_reach_its_total(sheets: dict[str, list[list[Any]]], candidates: Rows) -> None:
    spoken: dict[str, float] = defaultdict(float)
    for name in ("先行安排", "普惠后补助"):
        for row in records(sheets, name):
            if row["技术领域"]:
                spoken[row["技术领域"]] += row["本年安排（万元）"]
    asked: dict[str, float] = defaultdict(float)
    for row in candidates:
        asked[row["技术领域"]] += row["申请财政资金（万元）"]
    assert set(spoken) == set(asked) == set(DOMAINS)
    left = {domain: total - spoken[domain] for domain, total in DOMAINS.items()}
    assert sum(left.values()) == 6_400
    # Three times as much is asked for as there is, in every domain: there is something to choose.
    assert all(0 < 3 * left[domain] < asked[domain] for domain in DOMAINS)


def test_the_pool_is_as_large_as_it_says(candidates: Rows) -> None:
    asked = sum(r["申请财政资金（万元）"] for r in candidates)
    assert len(candidates) == 426
    assert 62_000 < asked < 65_000
    assert Counter(r["项目性质"] for r in candidates).keys() == set(NATURES)
    assert {r["单位性质"] for r in candidates} <= set(KINDS)
    assert {r["股权试点方向"] for r in candidates} == {None, *DIRECTIONS}
    six = {"无偿资助", "股权投资", "贷款贴息", "综合奖补", "科研资助", "风险补偿"}
    assert {r["支持方式"] for r in candidates} == six
    assert 60 <= sum(r["投前估值（万元）"] is not None for r in candidates) <= 90
    assert 130 <= sum(r["贷款金额（万元）"] is not None for r in candidates) <= 170


def test_columns_are_the_policys_own_in_its_order(sheets: dict[str, list[list[Any]]]) -> None:
    heads = [str(h).replace("\n", "").removesuffix("（万元）") for h in sheets["申报汇总表"][2]]
    own = [f.title.zh for f in CANDIDATES.fields]
    assert heads == [title for title in own if title in heads]
    assert set(heads) >= {f.title.zh for f in CANDIDATES.fields if f.required}
    assert set(heads) >= {"项目负责人", "核定投入", "核定依据", "备案贷款", "投前估值", "支持方式"}


def test_total_is_request_own_and_other(candidates: Rows) -> None:
    for r in candidates:
        parts = r["申请财政资金（万元）"] + r["自筹资金（万元）"] + r["其他资金（万元）"]
        assert r["总投资（万元）"] == parts, r["项目编号"]


def test_total_rows_add_up(sheets: dict[str, list[list[Any]]]) -> None:
    summed = 0
    for name in ("申报汇总表", "榜单", "先行安排", "普惠后补助"):
        last = sheets[name][-1]
        assert last[0] == "合计"
        for column, total in enumerate(last[1:], 1):
            if total != "":
                assert total == sum(row[column] or 0 for row in sheets[name][3:-1])
                summed += 1
    assert summed == 4 + 1 + 3 + 1


def test_codes_are_right_in_form_and_of_no_real_place(sheets: dict[str, list[list[Any]]]) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    for name, unit in (("申报汇总表", "申报单位"), ("先行安排", "承担单位"), ("普惠后补助", "承担单位")):
        for r in records(sheets, name):
            if r["统一社会信用代码"]:
                holders[r["统一社会信用代码"]].add(r[unit])
                codes[r[unit]].add(r["统一社会信用代码"])
    assert len(holders) > 500
    assert all(credit_code_ok(code) and code[2:8] == "999900" for code in holders)
    assert all(len(names) == 1 for names in holders.values())
    assert all(len(found) == 1 for found in codes.values())


def test_ids_do_not_repeat(sheets: dict[str, list[list[Any]]]) -> None:
    for name in ("申报汇总表", "榜单", "先行安排", "普惠后补助"):
        ids = [row[0] for row in sheets[name][3:-1]]
        assert len(set(ids)) == len(ids) > 0, name


def test_firms_put_in_one_to_three_projects(candidates: Rows) -> None:
    projects = Counter(r["申报单位"] for r in candidates if r["单位性质"] == "企业")
    assert set(projects.values()) == {1, 2, 3}


def test_most_firms_match_the_request_and_some_do_not(candidates: Rows) -> None:
    firms = [r for r in candidates if r["单位性质"] == "企业"]
    short = sum(r["自筹资金（万元）"] < r["申请财政资金（万元）"] for r in firms)
    assert 0.03 < short / len(firms) < 0.13


def test_loans_are_firms_and_what_was_paid_fits_their_rate(candidates: Rows) -> None:
    loans = [r for r in candidates if r["贷款金额（万元）"] is not None]
    assert {r["单位性质"] for r in loans} == {"企业"}
    assert all((r["实付利息（万元）"] is None) == (r["贷款金额（万元）"] is None) for r in candidates)
    rates = [r["实付利息（万元）"] / r["贷款金额（万元）"] for r in loans]
    assert 0.025 < min(rates) < 0.0339 < max(rates) < 0.049
    assert sum(r["贷款金额（万元）"] for r in loans) / len(loans) == pytest.approx(400, rel=0.02)


def test_who_asks_for_an_instrument_has_what_it_takes(candidates: Rows) -> None:
    for r in candidates:
        assert r["支持方式"] != "股权投资" or r["投前估值（万元）"], r["项目编号"]
        assert r["支持方式"] != "贷款贴息" or r["实付利息（万元）"], r["项目编号"]
        assert r["支持方式"] != "综合奖补" or r["核定投入（万元）"], r["项目编号"]
        assert (r["支持方式"] == "风险补偿") == (r["单位性质"] == "银行") == bool(r["备案贷款（万元）"])
        assert not r["股权试点方向"] or r["投前估值（万元）"], r["项目编号"]


def test_who_is_done_asks_for_a_tenth_of_what_was_spent_and_most_can_prove_it(candidates: Rows) -> None:
    done = [r for r in candidates if r["核定投入（万元）"]]
    assert 25 <= len(done) <= 50
    assert all(0 <= 10 * r["申请财政资金（万元）"] - r["核定投入（万元）"] < 10 for r in done)
    assert 0 < sum(r["核定依据"] is None for r in done) < 0.2 * len(done)
    assert {r["核定依据"] for r in candidates if not r["核定投入（万元）"]} == {None}


def test_lines_with_one_source_take_no_more_than_it_has(sheets: dict[str, list[list[Any]]]) -> None:
    """院所 900, 科普 300, talents 1,800 and earmarked money 4,600 are each paid by their own source."""
    named: dict[str, float] = defaultdict(float)
    for row in records(sheets, "先行安排"):
        if row["资金来源"]:
            named[row["资金来源"]] += row["本年安排（万元）"]
    assert named == {
        "市属科研机构发展资金": 900,
        "科学技术普及资金": 300,
        "人才建设（产业）资金": 1_800,
        "省级以上科技资金（指定用途）": 4_600,
    }


def test_what_is_unspent_is_carried_over_or_lapses_after_two_years(
    sheets: dict[str, list[list[Any]]],
) -> None:
    by_age: dict[bool, float] = defaultdict(float)
    for row in records(sheets, "结转资金"):
        by_age[2026 - row["资金下达年度"] >= 2] += row["未支出金额（万元）"]
    assert by_age == {False: 220, True: 67}


def test_calls_have_2_to_4_teams_of_different_applicants(
    sheets: dict[str, list[list[Any]]], candidates: Rows
) -> None:
    calls = {r["榜单编号"]: r for r in records(sheets, "榜单")}
    teams: dict[str, Rows] = defaultdict(list)
    for r in candidates:
        if r["榜单编号"]:
            teams[r["榜单编号"]].append(r)
    assert teams.keys() == calls.keys()
    assert 8 <= len(calls) <= 12
    for key, call in calls.items():
        assert call["最多立项数"] == {"揭榜": 1, "赛马": 2}[call["组织方式"]]
        assert call["最多立项数"] < len(teams[key]) <= 4
        assert len({r["统一社会信用代码"] for r in teams[key]}) == len(teams[key])
        assert {r["项目名称"] for r in teams[key]} == {call["榜单名称"]}
        assert max(r["申请财政资金（万元）"] for r in teams[key]) <= 0.3 * call["榜单金额（万元）"]
        assert len({r["所属产业"] for r in teams[key]}) == 1


def test_panels_are_5_to_9_and_recused_experts_score_nothing(
    maker: ModuleType, sheets: dict[str, list[list[Any]]], candidates: Rows
) -> None:
    reviews = records(sheets, "专家评审打分")
    criteria = list(maker.REVIEWS.experts)
    assert sum(c.weight for c in maker.REVIEWS.criteria.values()) == 10_000
    scoring: Counter[str] = Counter()
    recused = 0
    for r in reviews:
        scores = [r[c] for c in criteria]
        if r["回避"]:
            recused += 1
            assert scores == [None] * len(criteria)
        else:
            scoring[r["项目编号"]] += 1
            assert all(0 <= s <= 100 for s in scores)
    assert scoring.keys() == {r["项目编号"] for r in candidates}
    assert set(scoring.values()) == {5, 6, 7, 8, 9}
    assert 0.015 < recused / len(reviews) < 0.045
    assert len({(r["项目编号"], r["专家"]) for r in reviews}) == len(reviews)


def test_the_office_and_finance_score_their_own_criteria_and_say_why(
    maker: ModuleType, sheets: dict[str, list[list[Any]]], candidates: Rows
) -> None:
    """66号文 二（三）4、5: 产业发展布局 and 年度工作重点 are the office's, 产出效益 is finance's."""
    rows = records(sheets, "部门综合评价")
    own = {
        body: [n for n, c in maker.REVIEWS.others.items() if c.scored_by == body]
        for body in ("领导小组办公室", "市财政局")
    }
    assert own == {"领导小组办公室": ["产业发展布局", "年度工作重点"], "市财政局": ["产出效益"]}
    for r in rows:
        scored = [n for n in maker.REVIEWS.others if r[n] is not None]
        assert scored == own[r["评价部门"]]
        assert r["评价理由"]
    assert len(rows) == 2 * len(candidates) == len({(r["项目编号"], r["评价部门"]) for r in rows})


def test_a_pool_of_another_size_keeps_the_proportions(maker: ModuleType, tmp_path: Path) -> None:
    pool = maker.make(1_278)
    assert pool.ceiling == 3 * 22_000
    assert dict(pool.budget())["本批可竞争安排"] == 3 * 6_400
    assert len(pool.tables["candidates"]) == 1_278
    assert len(pool.tables["entitlements"]) == 3 * 350
    assert len(pool.tables["calls"]) == 30
    names = [path.name for path in pool.to_csv(tmp_path)]
    files = ["申报汇总表", "专家评审打分", "部门综合评价", "榜单", "先行安排", "普惠后补助", "结转资金"]
    assert names == [f"{name}.csv" for name in files]
    text = (tmp_path / "申报汇总表.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(text) == 1_279
    assert text[0].startswith("项目编号,项目名称,推荐单位,申报单位,统一社会信用代码")


def test_a_pool_too_small_for_its_natures_is_refused(maker: ModuleType) -> None:
    with pytest.raises(ValueError, match="50 or more"):
        maker.make(49)
