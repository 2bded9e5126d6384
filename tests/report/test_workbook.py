"""The workbook as a whole: both languages, its formulas, small funds made by hand, and how long a large one takes."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from allocator.plan import Plan
from allocator.words import LANGS
from models.fund import Fund
from models.instruments.grant import Grant
from models.rules.cash_ceiling import CashCeiling
from models.rules.pin import Pin
from models.tables._view import View
from models.workbook import tables, write
from tests import sample
from tests.hand import rule
from tests.planned import planned
from tests.report.opened import calculated, part, saved, sendable, sheets, table
from tests.sample import WAN, candidate

CEILING = {"ceiling": rule(CashCeiling)}


def small(*choices: Any, **more: Any) -> Plan:
    scenario = {k: more.pop(k) for k in ("title", "note") if k in more}
    return sendable(planned(CEILING, *choices, **more), **scenario)


def applying(plan: Plan) -> int:
    """How many tables have something to say of a plan."""
    assert plan.chosen is not None
    view = View(plan, plan.chosen)
    return sum(t.applies(view) for t in tables())


def text_of(path: Path) -> str:
    return "\n".join(
        str(v)
        for s in sheets(path).values()
        for row in s.iter_rows(values_only=True)
        for v in row
        if v is not None
    )


def test_the_sheets_stand_in_the_offices_order(zh: Path) -> None:
    book = sheets(zh)
    assert list(book) == [
        "汇总",
        "当年可用财力测算表",
        "预算安排建议表",
        "资金安排表",
        "拟支持项目清单",
        "拟立项公示名单",
        "未入选清单",
        "递补顺序表",
        "未按评审排名安排项目说明表",
        "领域×支持方式",
        "分年度资金安排",
        "直通车拨付表",
        "直通车拨付清单",
        "结转结余",
        "规则执行",
        "股权试点清单",
        "数据问题",
        "运行信息",
    ]


def test_each_formula_comes_to_the_value_that_stands_beside_it(zh: Path, en: Path) -> None:
    counted = 0
    for path in (zh, en):
        values, formulas = sheets(path), sheets(path, values=False)
        for name, sheet in formulas.items():
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        shown = values[name][cell.coordinate].value
                        assert shown == pytest.approx(calculated(sheet, values[name], cell.value), abs=1e-6)
                        counted += 1
    assert counted > 200


def test_both_languages_hold_the_same_numbers(zh: Path, en: Path) -> None:
    for one, other in zip(sheets(zh).values(), sheets(en).values(), strict=True):
        mine, theirs = (
            [[v for v in row if isinstance(v, (int, float))] for row in s.iter_rows(values_only=True)]
            for s in (one, other)
        )
        assert [r for r in mine if r] == [r for r in theirs if r]


def test_the_english_book_has_english_names_and_headings(en: Path) -> None:
    book = sheets(en)
    assert all(name.replace("×", "x").isascii() and len(name) <= 31 for name in book)
    heads = next(book["Proposed awards"].iter_rows(min_row=3, max_row=3, values_only=True))
    assert all(str(h).isascii() for h in heads)


def test_gap_bound_and_objective_stand_under_run_facts_only(zh: Path) -> None:
    book = sheets(zh)
    words = ("上界", "乘子", "方案价值", "证书")
    for name, sheet in book.items():
        text = " ".join(str(v) for row in sheet.iter_rows(values_only=True) for v in row if v)
        assert any(w in text for w in words) == (name == "运行信息"), name


def test_every_sheet_says_that_the_figures_are_an_example(zh: Path, en: Path) -> None:
    book = sheets(zh)
    assert all("示例数据" in str(s["A2"].value) for s in book.values())
    assert all("illustrative data" in str(s["A2"].value) for s in sheets(en).values())


def test_a_plan_without_equity_says_so(tmp_path: Path) -> None:
    sheet = sheets(saved(small(("A", "grant", 10_000)), tmp_path))["股权试点清单"]
    assert "本方案没有安排股权投资项目。" in {row[0] for row in sheet.iter_rows(values_only=True)}
    assert [r["占比"] for r in table(sheet, "口径")] == [0, 0, 0]


def test_a_scenario_without_equity_has_no_such_sheet(tmp_path: Path) -> None:
    plan = small(("A", "grant", 10_000), instruments={"grant": Grant()})
    assert "股权试点清单" not in sheets(saved(plan, tmp_path))


@pytest.mark.parametrize("lang", LANGS)
def test_an_empty_selection_is_a_whole_workbook_of_nothing(tmp_path: Path, lang: Any) -> None:
    plan = small(lines=())
    path = saved(plan, tmp_path, lang)
    assert len(sheets(path)) == applying(plan)
    if lang == "zh":
        proposed = table(sheets(path)["拟支持项目清单"], "序号")
        assert [r["拟安排资金（立项总额）"] for r in proposed] == [
            0,
            0,
            0,
            0,
        ]  # the total, and three instruments
        ratio = table(sheets(path)["股权试点清单"], "口径")
        assert ratio[2]["占比"] == "无"  # nothing went to enterprises: no ratio, not 0 %


def test_no_candidate_at_all(tmp_path: Path) -> None:
    plan = small(candidates=(), calls=())
    assert len(sheets(saved(plan, tmp_path))) == applying(plan)


def test_a_plan_without_a_selection_is_not_sent_on(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without a selection"):
        write(sendable(planned(CEILING, solved=False)), tmp_path / "plan.xlsx", "zh")
    assert not (tmp_path / "plan.xlsx").exists()


def test_titles_from_the_records_cannot_become_formulas(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://example.org","x")'
    pool = [
        candidate("A", 100, 90, title=evil, applicant="+1", note="-1"),
        candidate("B", 100, 10, title="@x"),
    ]
    path = saved(small(("A", "grant", 10_000), candidates=pool, calls=()), tmp_path)
    cells = [
        c
        for s in sheets(path, values=False).values()
        for row in s.iter_rows()
        for c in row
        if c.value is not None
    ]
    assert {c.value for c in cells if c.data_type != "f"} >= {evil, "+1", "-1", "@x"}
    assert not [c for c in cells if c.data_type == "f" and "HYPERLINK" in str(c.value)]


def test_figures_that_are_no_example_are_not_called_one(tmp_path: Path) -> None:
    assert "示例" not in text_of(saved(small(("A", "grant", 10_000)), tmp_path))
    noted = small(("A", "grant", 10_000), note="全部为示例")
    assert "示例数据" in text_of(saved(noted, tmp_path))


def test_a_fund_in_another_currency_is_not_spoken_of_in_yuan(tmp_path: Path) -> None:
    fund = Fund.model_validate(
        {"year": 2026, "minimum": 0, "currency": "USD", "sources": {"all": {"amount": 500 * WAN}}}
    )
    text = text_of(saved(small(("A", "grant", 10_000), fund=fund), tmp_path))
    assert "万元" not in text
    assert "万美元" in text


def test_a_plan_that_was_stopped_says_so_on_its_first_page(tmp_path: Path) -> None:
    plan = replace(small(("A", "grant", 10_000)), status="time_limit")
    first = sheets(saved(plan, tmp_path))["汇总"]
    assert str(first["A3"].value).startswith("注意：本次测算在得到最优证明之前停止")


def test_pinned_projects_carry_reason_and_basis(tmp_path: Path) -> None:
    pin = rule(Pin, candidates={"A": {"reason": "应急", "basis": "会议纪要〔2026〕1号"}})
    plan = sendable(planned({**CEILING, "pin": pin}, ("A", "grant", 10_000)))
    (row, *_) = table(sheets(saved(plan, tmp_path))["拟支持项目清单"], "序号")
    assert row["备注"] == "指定支持：应急（会议纪要〔2026〕1号）"


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path, example: Plan) -> None:
    (tmp_path / "later").mkdir()
    first, second = saved(example, tmp_path), saved(example, tmp_path / "later")
    assert first.read_bytes() == second.read_bytes()
    assert "2026-01-01T00:00:00Z" in part(first, "docProps/core.xml")


def seconds(plan: Plan, folder: Path) -> float:
    """CPU seconds of one writing, the best of two."""
    taken = []
    for _ in range(2):
        began = time.process_time()
        saved(plan, folder)
        taken.append(time.process_time() - began)
    return min(taken)


def many(count: int) -> Plan:
    """A plan over `count` candidates of a hundred firms, every third supported."""
    pool = [
        candidate(f"P{i}", 20 + i % 50, 60 + i % 40, applicant=f"firm {i % 100}", own=100)
        for i in range(count)
    ]
    choices = [(f"P{i}", "grant", 10_000) for i in range(0, count, 3)]
    return sendable(planned(CEILING, *choices, candidates=pool, calls=(), ceiling=100 * count))


def test_the_example_is_written_within_a_few_seconds(tmp_path: Path, example: Plan) -> None:
    assert len(example.tables["candidates"]) > 400
    assert seconds(example, tmp_path) < 4.0


def test_the_time_grows_with_the_pool_and_not_faster(tmp_path: Path) -> None:
    assert seconds(many(2400), tmp_path) < 4 * 2 * seconds(many(600), tmp_path)


def test_records_that_say_little_are_no_hindrance(tmp_path: Path) -> None:
    pool = [{**c, "department": None, "county": None, "sub_area": None, "own": None} for c in sample.POOL]
    plan = small(("A", "grant", 10_000), candidates=pool)
    assert len(sheets(saved(plan, tmp_path))) == applying(plan)
