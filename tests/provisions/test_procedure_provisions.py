"""Each provision of 日政办字〔2020〕66号 on how money is decided and governed, 二（三） and 三, exercised.

Tests are named as in `test_notice_provisions.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from allocator.audit import verify
from allocator.contract import Reason
from allocator.finished import Finished
from allocator.pipeline import run
from allocator.problems import InputFaults
from allocator.rundir import write as write_run
from allocator.substitution import substitute
from allocator.words import same
from models.review import Criterion, Reviews, consensus
from models.self_evaluation import write as write_forms
from models.years import Years
from tests import sample
from tests.provisions.funds import EQUITY, two_sources
from tests.report.opened import sheets, table, yuan
from tests.tiny import awarded, candidate, line, ran, write

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
