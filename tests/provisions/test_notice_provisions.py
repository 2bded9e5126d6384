"""Each provision of 日政办字〔2020〕66号, exercised: a test is named after its place (二（二）5: `2_2_5`, 末: `end`).

Here are 一 to 二（二）; 二（三） and 三 are in `test_procedure_provisions.py`. `docs/provisions.md` lists them all;
`test_provisions_page.py` keeps that list true.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.pipeline import check
from allocator.problems import InputFaults
from models.payers import split
from tests.golden.page import SECTIONS, fund, lines, pool
from tests.provisions.funds import EQUITY, shares, two_sources
from tests.report.opened import sheets, table, yuan
from tests.tiny import awarded, candidate, line, ran, write

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
