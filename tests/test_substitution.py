"""After publication some drop out: who follows is told by rank and by money, in yuan worked by hand."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from allocator.audit import verify
from allocator.audit.figures import seal
from allocator.cli import main
from allocator.contract import Reason
from allocator.finished import Finished, reopen
from allocator.problems import InputFaults
from allocator.rundir import write
from allocator.substitution import Substituted, substitute
from allocator.words import same
from models.payers import handed_on, split_sources
from tests.tiny import awarded, candidate, line, ran

WHY = Reason(same("公示期内放弃"), "公示结果")

POOL = (
    candidate("A", 60, 90),
    candidate("B", 50, 85),
    candidate("C", 80, 80),
    candidate("D", 40, 75),
    candidate("E", 40, 95, "乙"),
    candidate("F", 30, 88, "乙"),
    candidate("G", 10, 50),
)
"""100 万元 a year, 60 % of a grant in the first. A, B and E at full pay 36 + 30 + 24 = 90 of it; the 10 left buy F or D
at half (9 and 12), so F at 15: 9 a year. In 甲 the reserve is C (80), D (40); G did not pass."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return ran(tmp_path_factory.mktemp("year"), POOL, [line("W", "稳定支持", 0)], amount=100)


def after(run: Finished, *leaving: str) -> Substituted:
    return substitute(run, dict.fromkeys(leaving, WHY))


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], env={"LANG": "zh_CN.UTF-8", "COLUMNS": "160"})


def test_the_year_is_as_worked_by_hand(year: Finished) -> None:
    assert awarded(year) == {"A": ("grant", 60), "B": ("grant", 50), "E": ("grant", 40), "F": ("grant", 15)}


def test_the_next_in_rank_whom_the_freed_money_pays_follows(year: Finished) -> None:
    """A frees 60. C, next in rank, asks 80: at half it gets 40, and pays 24 of the 36 this year. D waits."""
    made = after(year, "A")
    (vacancy,) = made.record.vacancies
    assert vacancy.follower is not None
    assert (vacancy.follower.candidate, vacancy.follower.amount) == ("C", 400_000)
    assert vacancy.follower.outlay[:2] == (240_000, 160_000)
    assert vacancy.place is not None
    assert vacancy.place.zh == "第 3 名（80.00 分）"
    assert vacancy.passed == ()


def test_nothing_else_moves_and_the_rest_stays_unused(year: Finished) -> None:
    made = after(year, "A")
    assert made.plan is not None
    assert {a.candidate: a.amount for a in made.plan.awards} == {
        "B": 500_000, "C": 400_000, "E": 400_000, "F": 150_000
    }  # fmt: skip
    assert made.plan.totals["unused"] == 1_000_000 - 300_000 - 240_000 - 240_000 - 90_000


def test_one_whom_the_money_does_not_pay_is_passed_over_with_its_reason(year: Finished) -> None:
    """F frees 15, of it 9 this year; in 乙 nobody is left. E frees 40: nobody either. B frees 50: C at half, 40."""
    (vacancy,) = after(year, "F").record.vacancies
    assert vacancy.follower is None
    assert vacancy.passed == ()
    both = after(year, "A", "B").record.vacancies
    assert [v.follower.candidate if v.follower else None for v in both] == ["C", "D"]


def test_the_reason_of_the_passed_over_names_the_money(tmp_path: Path) -> None:
    """D leaves 24 a year of 40: C's least is 40 in all and 24 this year, so C fits; with C at 90, 45 does not."""
    pool = [candidate("D", 40, 85), candidate("C", 90, 80), candidate("B", 20, 75)]
    run = ran(tmp_path, pool, amount=24)
    assert awarded(run) == {"D": ("grant", 40)}
    (vacancy,) = after(run, "D").record.vacancies
    assert vacancy.follower is not None
    assert vacancy.follower.candidate == "B"
    ((who, place, why),) = vacancy.passed
    assert (who, place.zh) == ("C", "第 2 名（80.00 分）")
    assert why.zh.startswith("最低需立项 45.00 万元、本年 27.00 万元，各档均超出腾出的资金")
    assert "立项 40.00 万元、本年 24.00 万元" in why.zh


def test_every_hard_rule_is_kept_by_who_follows(tmp_path: Path) -> None:
    """B and C are of one firm, which may have one award: when A drops out, C would be its second, so D follows."""
    firm = {"applicant": "同一单位"}
    pool = [
        candidate("A", 40, 90),
        candidate("B", 40, 85, **firm),
        candidate("C", 40, 80, **firm),
        candidate("D", 40, 70),
    ]
    run = ran(tmp_path, pool, amount=48, rules={"once": {"rule": "applicant_cap", "count": 1}})
    assert set(awarded(run)) == {"A", "B"}
    made = after(run, "A")
    (vacancy,) = made.record.vacancies
    assert vacancy.follower is not None
    assert vacancy.follower.candidate == "D"
    assert [(who, why.zh) for who, _, why in vacancy.passed] == [("C", "将不符合：同一单位限额·同一单位上限")]


TWO_SOURCES = {
    "year": 2026,
    "minimum": "0元",
    "sources": {
        "企业专项": {"amount": "24万元", "uses": {"kind": ["企业"]}},
        "通用": {"amount": "24万元"},
    },
}


def test_who_follows_is_paid_from_what_is_freed_and_nobody_elses_sources_change(tmp_path: Path) -> None:
    """A, a firm, takes the firms' 24, U, a university, the other 24. A's money cannot pay V: B follows."""
    pool = [
        candidate("A", 40, 90),
        candidate("U", 40, 85, kind="高校"),
        candidate("V", 40, 80, kind="高校"),
        candidate("B", 40, 75),
    ]
    run = ran(tmp_path, pool, fund=TWO_SOURCES, rules={"uses": {"rule": "source_use"}})
    assert set(awarded(run)) == {"A", "U"}
    before = handed_on(run.compiled.facts, run.awards, ())
    assert before == {"A": {"企业专项": 240_000}, "U": {"通用": 240_000}}
    made = after(run, "A")
    (vacancy,) = made.record.vacancies
    assert vacancy.follower is not None
    assert vacancy.follower.candidate == "B"
    assert [(who, why.zh) for who, _, why in vacancy.passed] == [
        ("V", "腾出的资金来自企业专项，按其用途不能用于该项目")
    ]
    assert split_sources(made.plan) == {"U": {"通用": 240_000}, "B": {"企业专项": 240_000}}


def test_where_nobody_mends_a_floor_there_is_no_plan_and_it_is_said(tmp_path: Path) -> None:
    """乙 must have at least 24 of 48; E, its only candidate, drops out."""
    floor = {"domains": {"rule": "domain_share", "of": "fund", "shares": {"乙": {"floor": "50%"}}}}
    run = ran(tmp_path, [candidate("A", 40, 90), candidate("E", 40, 80, "乙")], amount=48, rules=floor)
    made = after(run, "E")
    assert made.plan is None
    assert [t.zh for t in made.broken] == ["重点领域占比·乙下限"]
    result = call("substitute", run.folder, "--out", "E")
    assert result.exit_code == 3
    assert "重点领域占比·乙下限" in result.output
    assert not run.folder.with_name("run-substituted").exists()


def test_a_pin_is_lifted_and_the_one_that_left_is_kept_out(tmp_path: Path) -> None:
    pin = {"pin": {"candidates": {"A": {"reason": "应急", "basis": "纪要"}}}}
    run = ran(tmp_path, [candidate("A", 40, 70), candidate("B", 40, 90)], amount=12, rules=pin)
    assert awarded(run) == {"A": ("grant", 20)}
    made = after(run, "A")
    assert made.plan is not None
    assert [a.candidate for a in made.plan.awards] == ["B"]
    rules = made.plan.loaded.scenario.rules
    assert rules["pin"].candidates == {}
    assert rules["dropped_out"].candidates["A"].reason == "公示期内放弃"


def test_what_is_written_verifies_and_can_be_followed_again(year: Finished, tmp_path: Path) -> None:
    made = after(year, "A")
    assert made.plan is not None
    write(made.plan, tmp_path / "second")
    assert verify(tmp_path / "second").findings == ()
    said = json.loads((tmp_path / "second" / "plan.json").read_text(encoding="utf-8"))
    assert said["status"] == "substituted"
    assert said["substitution"]["of"] == year.said["seal"]
    assert said["digest"]["inputs"] == year.said["digest"]["inputs"]
    assert said["objective"] <= said["certified_bound"]
    again = after(reopen(tmp_path / "second"), "C")
    assert again.plan is not None
    (vacancy,) = again.record.vacancies
    assert vacancy.follower is not None
    assert vacancy.follower.candidate == "D"  # A has left and does not come back
    assert set(again.plan.loaded.scenario.rules["dropped_out"].candidates) == {"A", "C"}
    write(again.plan, tmp_path / "third")
    assert verify(tmp_path / "third").findings == ()


def test_a_forged_record_is_found(year: Finished, tmp_path: Path) -> None:
    made = after(year, "A")
    assert made.plan is not None
    write(made.plan, tmp_path / "second")
    path = tmp_path / "second" / "plan.json"
    said = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    said["substitution"]["vacancies"][0]["follower"]["candidate"] = "D"
    said["seal"] = seal({k: v for k, v in said.items() if k != "seal"})
    path.write_text(json.dumps(said, ensure_ascii=False, default=float), encoding="utf-8")
    assert [f.place for f in verify(tmp_path / "second").findings] == ["plan.json substitution.vacancies.0"]


def test_the_command_tells_writes_and_refuses(year: Finished, tmp_path: Path) -> None:
    folder = shutil.copytree(year.folder, tmp_path / "run")
    result = call("substitute", folder, "--out", "A", "--why", "不再承担", "--basis", "来函")
    assert result.exit_code == 0, result.output
    assert "递补结果" in result.output
    assert verify(tmp_path / "run-substituted").findings == ()
    unknown = call("substitute", folder, "--out", "Z")
    assert unknown.exit_code == 2
    assert "Z 不是" in unknown.output
    assert call("substitute", folder, "--out", "A", "--to", folder).exit_code == 2
    plan = folder / "plan.json"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace('"amount": 600000', '"amount": 600001'), encoding="utf-8"
    )
    assert call("substitute", folder, "--out", "A").exit_code == 1


def test_one_who_holds_nothing_cannot_drop_out(year: Finished) -> None:
    with pytest.raises(InputFaults) as found:
        after(year, "C")
    assert [p.place.file for p in found.value.problems] == ["--out C"]
