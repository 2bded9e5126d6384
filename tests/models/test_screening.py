"""形式审查, by hand: conditions bar with their reason; hits are a person's to decide, and bar nobody by themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocator.problems import Problems
from allocator.records import Tables
from models.alike import pairs
from models.candidate import CANDIDATES
from models.policy import ScienceFund
from models.pool import bars, eligibility
from models.screening import DISHONEST, EARLIER_PROJECTS, Screening, check_screening, hits, refused
from tests import sample
from tests.sample import candidate, records

CODE, OTHER = "91990100MA0000001G", "91990100MA0000002K"


def screened(settings: dict[str, Any], *rows: dict[str, Any], **more: Any) -> tuple[Any, Tables]:
    """A scenario with these formal checks over these candidates; `more`: rows of further tables."""
    sheets = {"earlier_projects": EARLIER_PROJECTS, "dishonest": DISHONEST}
    tables = {**sample.tables(rows), **{key: records(sheets[key], own) for key, own in more.items()}}
    return sample.scenario(screening=Screening.model_validate(settings)), tables


def condition(**terms: Any) -> dict[str, Any]:
    return {"conditions": [{"basis": "申报指南三", **terms}]}


# -- conditions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "row", "what"),
    [
        ({"kinds": ["企业"]}, {"kind": "高校"}, "单位性质为 高校，申报条件限 企业"),
        ({"counties": ["东港区"]}, {"county": "莒县"}, "所属区县为 莒县，限 东港区"),
        ({"counties": ["东港区"]}, {}, "所属区县为 （未填），限 东港区"),
        # 49 of 149 is 32.9 %.
        (
            {"own_share": "33%"},
            {"own": 49, "total": 149},
            "自筹资金 49.00 万元，占总投资 149.00 万元的比例低于 33%",
        ),
        ({"own_share": "33%"}, {"own": None, "total": 149}, "总投资或自筹资金未填，无法核对自筹比例"),
        ({"most": "99万元"}, {}, "申请财政资金 100.00 万元，超过上限 99.00 万元"),
        ({"least": "101万元"}, {}, "申请财政资金 100.00 万元，低于下限 101.00 万元"),
        ({"first_year": 2026}, {"start": 2025}, "开始年度 2025 早于 2026"),
        ({"last_year": 2028}, {"end": 2029}, "结束年度 2029 晚于 2028"),
        ({"last_year": 2028}, {}, "结束年度未填"),
    ],
)
def test_who_does_not_meet_a_condition_is_refused_with_the_reason(
    terms: dict[str, Any], row: dict[str, Any], what: str
) -> None:
    scenario, tables = screened(condition(**terms), candidate("A", 100, **row))
    reason = refused(scenario, tables)["A"]
    assert reason.text.zh == f"形式审查不合格：{what}"
    assert reason.basis == "申报指南三"


@pytest.mark.parametrize(
    ("terms", "row"),
    [
        ({"kinds": ["企业", "高校"]}, {"kind": "高校"}),
        ({"own_share": "33%"}, {"own": 33, "total": 100}),
        ({"most": "100万元", "least": "100万元"}, {}),
        ({"first_year": 2026, "last_year": 2028}, {"start": 2026, "end": 2028}),
        ({"where": {"domain": ["重大科技创新专项"]}, "most": "1万元"}, {"domain": "重点研发专项"}),
        ({"where": {"call": ["BD1"]}, "most": "1万元"}, {}),
    ],
)
def test_who_just_meets_it_or_is_not_asked_passes(terms: dict[str, Any], row: dict[str, Any]) -> None:
    scenario, tables = screened(condition(**terms), candidate("A", 100, **row))
    assert refused(scenario, tables) == {}


def test_the_refused_have_no_option_and_the_others_keep_theirs() -> None:
    scenario, tables = screened(condition(most="100万元"), candidate("A", 100, 90), candidate("B", 101, 95))
    marks, barred = eligibility(scenario, tables)
    assert np.array_equal(marks, [9000, 9500])
    assert [b is None for b in barred] == [True, False]
    policy = ScienceFund()
    facts = policy.facts(scenario, tables)
    options = policy.options(scenario, tables, facts)
    assert "B" not in {options.candidates[c] for c in options.candidate[~options.fixed]}
    assert "超过上限" in bars(scenario, tables, facts)["B"].text.zh


# -- hits -------------------------------------------------------------------------------------

SAME = (
    candidate("A", 100, title="低温泵关键部件研制", applicant="甲", department="科技局"),
    candidate("B", 90, title="低温泵关键零部件研制", applicant="乙", department="工信局"),
    candidate("C", 80, title="茶树育种", applicant="丙"),
)


def test_the_same_project_sent_twice_is_a_hit_of_both() -> None:
    scenario, tables = screened({"duplicates": {}}, *SAME)
    found = hits(scenario, tables)
    # 9 and 10 characters, 9 in common: 2 · 9 / 19 = 94.7 %.
    assert [(h.candidate, h.other, h.parts) for h in found] == [
        ("A", "B", {"title": 95, "unit": 0}),
        ("B", "A", {"title": 95, "unit": 0}),
    ]
    assert found[0].text.zh == "与 B《低温泵关键零部件研制》（乙）项目名称相似度 95%"
    assert refused(scenario, tables) == {}


def test_less_alike_titles_are_a_hit_where_the_unit_is_the_same() -> None:
    rows = [
        candidate("A", 100, title="低温泵叶轮研制", applicant="甲", credit_code=CODE),
        candidate("B", 100, title="低温泵密封研制", applicant="甲公司", credit_code=CODE),
        candidate("C", 100, title="低温泵电机研制", applicant="乙", credit_code=OTHER),
    ]
    scenario, tables = screened({"duplicates": {}}, *rows)
    # 7 characters each, 5 in common: 71 %.
    assert {(h.candidate, h.other, h.parts["title"]) for h in hits(scenario, tables)} == {
        ("A", "B", 71),
        ("B", "A", 71),
    }


def test_two_teams_of_one_call_answer_the_same_task() -> None:
    rows = [
        candidate(i, 100, title="低温泵关键件", applicant=a, call="BD1")
        for i, a in (("A", "甲"), ("B", "乙"))
    ]
    scenario, tables = screened({"duplicates": {}}, *rows)
    assert hits(scenario, tables) == ()


def test_a_project_of_earlier_years_and_one_in_arrears() -> None:
    earlier = {"id": "20-17", "title": "茶树育种研究", "applicant": "丙", "year": 2023, "overdue": True}
    scenario, tables = screened({"duplicates": {}}, *SAME, earlier_projects=[earlier])
    found = [(h.kind, h.text.zh) for h in hits(scenario, tables) if h.candidate == "C"]
    # 4 and 6 characters, 4 in common: 80 %, and the same unit.
    assert found == [
        ("earlier", "与 2023 年立项的 20-17《茶树育种研究》（丙）项目名称相似度 80%"),
        ("arrears", "承担单位的 20-17《茶树育种研究》（2023 年立项）逾期未结题"),
    ]


def test_a_listed_unit_is_known_by_code_before_name() -> None:
    rows = [
        candidate("A", 100, applicant="甲", credit_code=CODE),
        candidate("B", 100, applicant="乙", credit_code=OTHER),
        candidate("C", 100, applicant="乙"),
    ]
    listed = {"unit": "乙", "credit_code": CODE, "date": "2025-11-03", "basis": "法院公告"}
    scenario, tables = screened({}, *rows, dishonest=[listed])
    assert [(h.candidate, h.kind) for h in hits(scenario, tables)] == [("A", "listed"), ("C", "listed")]


# -- decisions --------------------------------------------------------------------------------

KEEP = {"decision": "keep", "reason": "两项目内容不同", "basis": "核查意见1号"}
EXCLUDE = {"decision": "exclude", "reason": "与 A 重复申报", "basis": "核查意见2号"}


def told(settings: dict[str, Any], *rows: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    scenario, tables = screened(settings, *rows)
    problems = Problems()
    check_screening(scenario, tables, problems)
    return [(p.code.removeprefix("screening."), p.level, p.place.cell or p.place.key) for p in problems]


def test_what_nobody_decided_is_a_notice_and_stops_a_strict_run() -> None:
    assert told({"duplicates": {}}, *SAME) == [("undecided", "notice", "id0"), ("undecided", "notice", "id1")]
    assert told({"duplicates": {}, "strict": True, "decisions": {"A": KEEP}}, *SAME) == [
        ("undecided", "error", "id1")
    ]


def test_decisions_are_kept_with_their_reason_and_basis() -> None:
    settings = {"duplicates": {}, "decisions": {"A": KEEP, "B": EXCLUDE}}
    assert told(settings, *SAME) == []
    scenario, tables = screened(settings, *SAME)
    assert [h.decision.decision for h in hits(scenario, tables) if h.decision] == ["keep", "exclude"]
    reason = refused(scenario, tables)
    assert list(reason) == ["B"]
    assert (reason["B"].text.zh, reason["B"].basis) == ("核查后不予受理：与 A 重复申报", "核查意见2号")


def test_a_decision_on_nobody_is_a_fault_at_its_line() -> None:
    assert told({"decisions": {"Z": KEEP}}, *SAME) == [("nobody", "error", "screening.decisions.Z")]


def test_a_decision_needs_its_reason_and_basis() -> None:
    with pytest.raises(ValueError):
        Screening.model_validate({"decisions": {"A": {"decision": "keep", "reason": "", "basis": "x"}}})


# -- many -------------------------------------------------------------------------------------


def test_blocks_find_what_comparing_one_by_one_finds() -> None:
    """More titles than one block holds: twins far apart are found, once each."""
    draw = np.random.default_rng(7)
    letters = [chr(c) for c in draw.integers(0x4E00, 0x9FA5, 4000)]
    titles = ["".join(draw.choice(letters, 12)) for _ in range(1200)]
    for a, b in ((3, 1100), (511, 512), (0, 1199)):
        titles[b] = titles[a][:11] + "新"
    rows = [{**candidate(f"P{i}", 10, applicant=f"u{i}"), "title": t} for i, t in enumerate(titles)]
    found = list(pairs(records(CANDIDATES, rows), None, 85, 60))
    assert [(p.first, p.second) for p in found] == [(0, 1199), (3, 1100), (511, 512)]


TEXT = "面向近海养殖的刺参良种选育与规模化扩繁关键技术，建立良种保种群体并开展示范推广"


def test_texts_that_are_alike_are_a_hit_whatever_the_titles_say() -> None:
    """The same text under unlike titles, by unlike units; another text is none."""
    rows = (
        candidate("A", 100, title="刺参良种选育", applicant="甲", abstract=TEXT),
        candidate("B", 100, title="海洋牧场能力提升项目", applicant="乙", abstract=TEXT + "。"),
        candidate(
            "C",
            100,
            title="特钢连铸坯表面检测",
            applicant="丙",
            abstract="连铸坯表面缺陷在线检测",
        ),
        candidate("D", 100, title="港口无人集卡", applicant="丁"),
    )
    scenario, own = screened({"duplicates": {}}, *rows)
    found = hits(scenario, own)
    assert [(h.candidate, h.other) for h in found] == [("A", "B"), ("B", "A")]
    assert found[0].parts["text"] >= 95
    assert found[0].parts["title"] < 60
    assert "主要内容相似度" in found[0].text.zh
    scenario, own = screened(
        {"duplicates": {"text": "100%"}}, *rows[:1], candidate("B", 1, abstract=TEXT[:-4])
    )
    assert hits(scenario, own) == ()
