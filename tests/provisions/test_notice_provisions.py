"""Each provision of 日政办字〔2020〕66号, exercised: a test is named after its place (二（二）5: `2_2_5`, 末: `end`).

`docs/provisions.md` lists them; `test_provisions_page.py` keeps that list true.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from allocator.audit import verify
from allocator.contract import Reason
from allocator.finished import Finished
from allocator.pipeline import check, run
from allocator.problems import InputFaults
from allocator.rundir import write as write_run
from allocator.substitution import substitute
from allocator.words import same
from models.review import Criterion, Reviews, consensus
from models.self_evaluation import write as write_forms
from models.sources import split
from models.years import Years
from tests import sample
from tests.golden.page import SECTIONS, fund, lines, pool
from tests.report.opened import sheets, table, yuan
from tests.tiny import awarded, candidate, line, ran, write

EQUITY = {
    "minimum": "10万元",
    "stake_cap": "50%",
    "survival": "60%",
    "multiple": "180%",
    "exit_year": 2,
}


def shares(**of: str) -> dict[str, Any]:
    floors = {domain: {"floor": floor} for domain, floor in of.items()}
    return {"domains": {"rule": "domain_share", "of": "fund", "shares": floors}}


def two_sources(earmark: dict[str, list[str]], own: str = "30万元", above: str = "24万元") -> dict[str, Any]:
    return {
        "year": 2026,
        "minimum": "0元",
        "sources": {
            "科技创新类资金": {"amount": own},
            "省级以上科技资金": {"amount": above, "level": "省级以上", "uses": earmark},
        },
    }


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """48 万元: A and B at full pay 24 each; C, the least, has nothing."""
    own = [candidate("A", 40, 90), candidate("B", 40, 85), candidate("C", 40, 80)]
    return ran(tmp_path_factory.mktemp("year"), own, amount=48)


# -- 一 and 二（一）: one fund ---------------------------------------------------------------------


def test_1_one_pool_is_decided_at_once_and_recorded_whole(tmp_path: Path) -> None:
    """Two departments' candidates compete for one pool of two sources; one sealed plan holds the whole decision."""
    own = [candidate("A", 40, 90, department="科技局"), candidate("B", 40, 85, department="工信局")]
    made = ran(tmp_path, own, fund=two_sources({}))
    assert made.said["totals"]["ceiling"] == 540_000
    assert set(made.said["totals"]["by"]["department"]) == {"科技局", "工信局"}
    assert set(made.said["digest"]["files"]) >= {"resolved.yaml", "tables/candidates.csv", "plan.xlsx"}


def test_2_1_a_fund_below_two_yi_is_refused_unless_it_says_why(tmp_path: Path) -> None:
    small = two_sources({})
    del small["minimum"]
    with pytest.raises(InputFaults) as found:
        check(write(tmp_path, [candidate("A", 40, 90)], fund=small))
    assert "fund.minimum" in {p.code for p in found.value.problems}
    check(write(tmp_path, [candidate("A", 40, 90)], fund={**small, "under_minimum": "测试小规模"}))


def test_2_1_money_from_above_is_spent_on_its_prescribed_uses_only(tmp_path: Path) -> None:
    """The province's 24 are for 乙: B, of 70 points, has them. Of the city's 30 A has 24, and C's half needs 12."""
    own = [candidate("A", 40, 90), candidate("C", 40, 89), candidate("B", 40, 70, "乙")]
    use = {"uses": {"rule": "source_use"}}
    made = ran(tmp_path, own, fund=two_sources({"domain": ["乙"]}), rules=use)
    parts = split(made.compiled.facts, made.awards).parts
    assert awarded(made) == {"A": ("grant", 40), "B": ("grant", 40)}
    assert parts == {"A": {"科技创新类资金": 240_000}, "B": {"省级以上科技资金": 240_000}}


# -- 二（二）: where the money goes ------------------------------------------------------------------


def test_2_2_domains_have_floors_that_money_follows(tmp_path: Path) -> None:
    """Without a floor both awards go to 甲; a floor of 50 % for 乙 brings its candidate of 70 points in."""
    own = [candidate("A", 40, 90), candidate("B", 40, 85), candidate("C", 40, 70, "乙")]
    free = ran(tmp_path / "free", own, amount=48)
    assert set(awarded(free)) == {"A", "B"}
    held = ran(tmp_path / "held", own, amount=48, rules=shares(乙="50%"))
    assert awarded(held) == {"A": ("grant", 40), "C": ("grant", 40)}


def test_2_2_1_a_call_takes_one_team_and_pays_a_share_of_its_contract(tmp_path: Path) -> None:
    """揭榜: contract 60 of which half is paid. Both teams ask for 50; one is taken, at 30 at most."""
    call = {"榜单编号": "BD1", "榜单名称": "榜一", "组织方式": "揭榜", "最多立项数": 1}
    own = [candidate("A", 50, 90, call="BD1"), candidate("B", 50, 85, call="BD1")]
    more = {"calls": [{**call, "榜单金额（万元）": 60, "资助比例": "50%"}]}
    made = ran(tmp_path, own, amount=100, rules={"calls": {"rule": "call"}}, more=more)
    assert awarded(made) == {"A": ("grant", 30)}


def test_2_2_1_a_directed_commission_is_supported_with_its_basis(tmp_path: Path) -> None:
    own = [
        candidate("A", 40, 90),
        candidate("B", 40, 65, mode="定向委托", mode_basis="领导小组纪要〔2026〕3号"),
    ]
    made = ran(tmp_path, own, amount=24, rules={"commission": {"rule": "commission"}})
    assert awarded(made)["B"][1] > 0
    (rule,) = (r for r in made.said["rules"] if r["rule"] == "commission")
    assert (rule["label"], rule["basis"], rule["ok"]) == ("B", "领导小组纪要〔2026〕3号", True)


def test_2_2_2_steady_support_is_paid_before_anything_competes(tmp_path: Path) -> None:
    """Of 48, 24 are steady support; the 24 that are left pay one award of the two."""
    steady = [line("W", "稳定支持", 24, applicant="市属研究院")]
    made = ran(tmp_path, [candidate("A", 40, 90), candidate("B", 40, 85)], steady, amount=48)
    assert awarded(made) == {"A": ("grant", 40)}
    assert made.said["totals"]["competitive"] == 240_000


def test_2_2_2_in_a_contest_the_result_decides(tmp_path: Path) -> None:
    contest = {"榜单编号": "DS1", "榜单名称": "创新大赛", "组织方式": "以赛代评", "最多立项数": 2}
    own = [candidate(c, 20, score, call="DS1") for c, score in (("A", 90), ("B", 70), ("C", 80))]
    made = ran(
        tmp_path,
        own,
        amount=100,
        rules={"calls": {"rule": "call"}},
        more={"calls": [{**contest, "榜单金额（万元）": ""}]},
    )
    assert set(awarded(made)) == {"A", "C"}


def test_2_2_4_talent_money_is_a_line_that_the_choice_does_not_touch(tmp_path: Path) -> None:
    talents = [line("T", "人才资金", 24)]
    made = ran(tmp_path, [candidate("A", 40, 90), candidate("B", 40, 85)], talents, amount=48)
    assert set(awarded(made)) == {"A"}
    (row,) = table(sheets(made.folder / "plan.xlsx")["当年可用财力测算表"], "年度规模")
    assert yuan(row["人才资金"]) == 240_000


def test_2_2_5_six_instruments_are_offered_each_to_whom_it_suits(tmp_path: Path) -> None:
    own = ran(tmp_path, pool(), lines(), fund=fund(), batch={"now": "第一批", "later": "40万元"}, **SECTIONS)
    options = own.compiled.options
    offered = {
        options.award_of(k).candidate: options.award_of(k).instrument
        for k in range(len(options))
        if not options.fixed[k]
    }
    assert offered == {
        "A": "grant",
        "B": "grant",
        "C": "research_funding",
        "D": "equity",
        "E": "interest_subsidy",
        "F": "award_subsidy",
        "G": "risk_compensation",
    }


def test_2_2_end1_steady_support_goes_on_whatever_competes(tmp_path: Path) -> None:
    """A line of steady support is in every plan, and counts in its domain's share: 乙's floor is met by it alone."""
    steady = [line("W", "稳定支持", 24, domain="乙")]
    made = ran(tmp_path, [candidate("A", 40, 90)], steady, amount=48, rules=shares(乙="50%"))
    assert [a.candidate for a in made.awards if a.fixed] == ["W"]
    assert awarded(made) == {"A": ("grant", 40)}


def test_2_2_end2_a_share_goes_to_the_equity_pilot_and_moves_with_its_ratio(tmp_path: Path) -> None:
    """B of 80 points would be paid 24 this year as a grant; a floor of 25 % of 80 makes its 40 capital."""
    own = [candidate("A", 40, 90), candidate("B", 40, 80, nature="产业化", valuation=100)]
    grant = {"levels": ["100%"], "round_to": "1万元", "minimum": "1万元", "milestones": ["60%", "40%"]}
    more = {"instruments": {"grant": grant, "equity": {**EQUITY, "equivalent": "75%"}}}
    free = ran(tmp_path / "free", own, amount=80, **more)
    assert awarded(free) == {"A": ("grant", 40), "B": ("grant", 40)}
    pilot = {"equity_pilot": {"of": "fund", "floor": "25%"}}
    held = ran(tmp_path / "held", own, amount=80, rules=pilot, **more)
    assert awarded(held) == {"A": ("grant", 40), "B": ("equity", 40)}
    (rule,) = (r for r in held.said["rules"] if r["rule"] == "equity_pilot")
    assert (rule["part"], rule["whole"], rule["value"]) == (400_000, 800_000, 5000)


# -- 二（三）: how it is decided --------------------------------------------------------------------


def test_2_3_1_money_is_kept_for_later_batches(tmp_path: Path) -> None:
    own = [candidate("A", 40, 90, batch="第一批"), candidate("B", 40, 95, batch="第二批")]
    made = ran(
        tmp_path,
        own,
        amount=48,
        rules={"held": {"rule": "reserve"}},
        batch={"now": "第一批", "later": "24万元"},
    )
    assert set(awarded(made)) == {"A"}
    assert made.said["totals"]["unused"] == 240_000


def test_2_3_2_a_departments_workbook_is_checked_cell_by_cell(tmp_path: Path) -> None:
    """Two faults, told at once, each with its file and cell; nothing is used."""
    path = write(tmp_path, [candidate("A", 40, 90), candidate("B", 30, 80, "丙")])
    table_ = tmp_path / "candidates.csv"
    table_.write_text(table_.read_text(encoding="utf-8").replace("A,项目A", ",项目A"), encoding="utf-8")
    with pytest.raises(InputFaults) as found:
        run(path)
    places = [str(p.place) for p in found.value.problems if p.level == "error"]
    assert len(places) == 2
    assert all("candidates.csv" in p for p in places)


def test_2_3_3_experts_scores_make_the_published_score() -> None:
    """Five experts: 60, 70, 80, 90, 100; highest and lowest dropped, (70 + 80 + 90) / 3 = 80.00; one stood aside."""
    reviews = Reviews(criteria={"合理性": Criterion(weight=10_000)}, trim_from=5)
    rows = [
        {"candidate": "A", "expert": f"E{i}", "合理性": score}
        for i, score in enumerate((60, 70, 80, 90, 100))
    ]
    rows.append({"candidate": "A", "expert": "E9", "合理性": None, "recused": True})
    verdict = consensus(reviews, sample.reviews_of(reviews, rows))["A"]
    assert (verdict.score, verdict.experts, verdict.recused) == (8000, 5, 1)


def test_2_3_4_the_leading_group_pins_and_vetoes_with_reason_and_basis(tmp_path: Path) -> None:
    own = [candidate("A", 40, 90), candidate("B", 40, 85), candidate("C", 40, 70)]
    decided = {
        "pin": {"candidates": {"C": {"reason": "应急攻关", "basis": "纪要1号"}}},
        "veto": {"candidates": {"A": {"reason": "失信", "basis": "公示"}}},
    }
    made = ran(tmp_path, own, amount=48, rules=decided)
    assert set(awarded(made)) == {"B", "C"}
    rows = table(sheets(made.folder / "plan.xlsx")["未入选清单"], "序号")
    (out,) = (r for r in rows if r["项目编号"] == "A")
    assert "失信" in out["未入选理由"]
    assert out["依据"] == "公示"


def test_2_3_5_projects_are_listed_first_and_instruments_chosen_after(tmp_path: Path) -> None:
    """As the procedure is written: the list and its amounts are settled, then how each is supported."""
    own = [candidate("A", 40, 90), candidate("B", 40, 80, nature="产业化", valuation=100)]
    grant = {"levels": ["100%"], "round_to": "1万元", "minimum": "1万元", "milestones": ["60%", "40%"]}
    suits = {"suitability": {"产业化": {"instruments": {"grant": "10%", "equity": "100%"}}}}
    made = ran(
        tmp_path,
        own,
        amount=80,
        procedure="sequential",
        merit=suits,
        instruments={"grant": grant, "equity": EQUITY},
    )
    assert awarded(made) == {"A": ("grant", 40), "B": ("equity", 40)}
    assert made.said["sequential"]["forgone"] == 0


def test_2_3_5_after_publication_others_follow_and_nothing_else_moves(year: Finished) -> None:
    made = substitute(year, {"A": Reason(same("放弃"), "公示结果")})
    assert made.plan is not None
    assert [a.candidate for a in made.plan.awards] == ["B", "C"]


def test_2_3_5_heads_of_account_and_documents_stand_in_the_proposal(tmp_path: Path) -> None:
    money = two_sources({})
    money["sources"]["科技创新类资金"] |= {"document": "日财教指〔2026〕1号", "function": "2060404"}
    accounts = {"economic": {"grant": {"heads": {"企业": "50799 其他对企业补助"}}}}
    made = ran(tmp_path, [candidate("A", 40, 90)], fund=money, accounts=accounts)
    first = table(sheets(made.folder / "plan.xlsx")["预算安排建议表"], "序号")[0]
    assert (first["资金来源"], first["指标文号"]) == ("科技创新类资金", "日财教指〔2026〕1号")
    assert (first["功能分类科目"], first["政府预算经济分类科目"]) == ("2060404", "50799 其他对企业补助")


def test_2_3_6_every_award_has_a_self_evaluation_and_grades_shift_the_next_year(
    year: Finished, tmp_path: Path
) -> None:
    facts = year.compiled.facts
    write_forms(year.loaded.scenario, year.tables, facts, year.awards, tmp_path / "forms.xlsx", "zh")
    (form,) = sheets(tmp_path / "forms.xlsx").values()
    said = [r[0] for r in form.iter_rows(values_only=True)]
    assert [s for s in said if s in ("A（2026 年度）", "B（2026 年度）")] == [
        "A（2026 年度）",
        "B（2026 年度）",
    ]
    bands = Years().grades
    assert [least for least, _ in bands] == [90, 80, 60, 0]  # 优 良 中 差
    shifts = [share for _, share in bands]
    assert shifts == sorted(shifts, reverse=True)
    assert shifts[0] > 10_000 > shifts[-1]


def test_2_3_end_what_is_decided_one_by_one_draws_on_the_reserve(tmp_path: Path) -> None:
    """12 are kept for 一事一议; a decision of 5 draws on them, and the others lose nothing by it."""
    kept = line("R", "一事一议预留", 12)
    own = [candidate("A", 40, 90)]
    before = ran(tmp_path / "before", own, [kept], amount=36)
    after = ran(tmp_path / "after", own, [kept, line("S", "一事一议", 5, applicant="某单位")], amount=36)
    assert awarded(before) == awarded(after) == {"A": ("grant", 40)}
    calls = after.said["totals"]["first_calls"]
    assert calls["一事一议预留"] == before.said["totals"]["first_calls"]["一事一议预留"] == 120_000


# -- 三: how it is governed -------------------------------------------------------------------------


def test_3_2_a_record_shows_one_altered_yuan(year: Finished, tmp_path: Path) -> None:
    made = substitute(year, {"A": Reason(same("放弃"), "公示结果")})
    assert made.plan is not None
    write_run(made.plan, tmp_path / "run")
    assert verify(tmp_path / "run").findings == ()
    path = tmp_path / "run" / "plan.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["awards"][0]["amount"] += 1
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    assert verify(tmp_path / "run").findings


def test_3_2_the_treasury_pays_each_unit_straight(year: Finished) -> None:
    rows = {r["收款单位"]: r for r in table(sheets(year.folder / "plan.xlsx")["直通车拨付表"], "收款单位")}
    assert {u: yuan(rows[u]["2026 年"]) for u in ("单位A", "单位B")} == {"单位A": 240_000, "单位B": 240_000}
    assert yuan(rows["单位A"]["2027 年"]) == 160_000


def test_3_3_whoever_is_barred_stays_out_and_frees_nothing_for_itself(year: Finished) -> None:
    """A leaves and is kept out from then on: a second substitution does not bring it back."""
    first = substitute(year, {"A": Reason(same("终止项目执行"), "66号文 三（三）")})
    assert first.plan is not None
    rule = first.plan.loaded.scenario.rules["dropped_out"]
    assert rule.candidates["A"].reason == "终止项目执行"
    assert rule.candidates["A"].basis == "66号文 三（三）"
    assert "A" not in {a.candidate for a in first.plan.awards}


def test_3_3_suspended_terminated_and_recovered_money_goes_where_it_must(tmp_path: Path) -> None:
    """36 a year, 12 of them (and 8 next year) renewed: A asks for 40, of which 24 this year.

    Suspended, the 12 stay spoken for; terminated, they do until their transfer is approved; what is taken back adds
    nothing to this year.
    """
    own = [candidate("A", 40, 90), candidate("B", 20, 80)]

    def made(name: str, **state: Any) -> Finished:
        renewed = line("X", "以前年度续拨", 12, year2=8, applicant="某单位", **state)
        return ran(tmp_path / name, own, [renewed], amount=36)

    running = made("running")
    suspended = made("suspended", state="暂停拨款", basis="通报1号")
    ended = made("ended", state="终止执行", basis="纪要2号", recovered=6)
    freed = made("freed", state="终止执行", basis="纪要2号", transfer="日财调〔2026〕1号", recovered=6)
    left = {
        n: r.said["totals"]["first_calls"]["以前年度续拨"] for n, r in (("run", running), ("sus", suspended))
    }
    assert left == {"run": 120_000, "sus": 120_000}
    assert ended.said["totals"]["first_calls"]["以前年度续拨"] == 120_000
    assert freed.said["totals"]["first_calls"]["以前年度续拨"] == 0
    assert awarded(running) == awarded(suspended) == awarded(ended) == {"A": ("grant", 40)}
    assert awarded(freed) == {"A": ("grant", 40), "B": ("grant", 20)}
    assert all(r.said["totals"]["ceiling"] == 360_000 for r in (running, suspended, ended, freed))
    later = {
        n: sum(v["outlay"].get("2027", 0) for v in r.said["lines"]) for n, r in (("r", running), ("e", ended))
    }
    assert later == {"r": 80_000, "e": 0}
    (row,) = table(sheets(freed.folder / "plan.xlsx")["终止暂停追回"], "编号")[:1]
    money = ("原列本年", "本年仍列", "释放本年额度", "以后年度不再安排", "追回金额")
    assert [yuan(row[m]) for m in money] == [120_000, 0, 120_000, 80_000, 60_000]
    assert (row["执行状态"], row["调剂批复文号"], row["依据"]) == ("终止执行", "日财调〔2026〕1号", "纪要2号")
    assert verify(freed.folder).findings == ()
