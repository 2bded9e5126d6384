"""Why a candidate is not supported, by hand: what the deciding reason is, and that what it says is so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from allocator.contract import Rule
from allocator.plan import Plan
from models.merit import Merit
from models.reasons import Reasons, Why
from models.rules.applicant_cap import ApplicantCap
from models.rules.call import CallWinners
from models.rules.cash_ceiling import CashCeiling
from models.rules.domain_share import DomainShare
from models.rules.pin import Pin
from models.rules.veto import Veto
from models.selection import Selection
from models.standing import standings
from tests import sample
from tests.hand import rule
from tests.planned import choose
from tests.sample import candidate

DOMAIN = "重点研发专项"


def reasons(rules: Mapping[str, Any], *choices: Any, stepwise: bool = False, **more: Any) -> Reasons:
    """The reasons of a plan over a small fund; `more` as `sample.compiled`."""
    more = {"lines": (), "calls": (), **more}
    compiled = sample.compiled(rules, **more)
    parts = {k: more.pop(k) for k in ("candidates", "lines", "calls", "entitlements") if k in more}
    tables, scenario = sample.tables(**parts), sample.scenario(rules, **more)
    where = standings(scenario, tables, compiled.facts)
    chosen = choose(compiled.options, *choices)
    return Reasons(Selection(scenario, tables, compiled, chosen, where, stepwise))


def why(rules: Mapping[str, Any], *choices: Any, **more: Any) -> dict[str, Why]:
    return dict(reasons(rules, *choices, **more).unfunded)


def held(*rules: Rule) -> dict[str, Rule]:
    """The rules by their names, the ceiling among them."""
    return {r.name: r for r in (rule(CashCeiling, later="100%"), *rules)}


CEILING = held()


def test_below_the_pass_mark_comes_before_everything_else() -> None:
    veto = rule(Veto, candidates={"A": {"reason": "失信", "basis": "纪要"}})
    found = why(held(veto), candidates=[candidate("A", 50, 59)])
    assert found["A"] == Why("barred", found["A"].text, "66号文 二（三）3")
    assert found["A"].text.zh == "评审得分 59.00，低于合格线 60 分"


def test_a_candidate_without_a_review_is_told_so() -> None:
    pool = [{**candidate("A", 50), "score": None}]
    found = why(CEILING, candidates=pool)
    assert (found["A"].code, found["A"].text.zh) == ("barred", "没有有效的专家评审")


def test_no_instrument_fits_and_each_says_why() -> None:
    found = why(CEILING, candidates=[candidate("A", 0.5, 80)])["A"]
    assert found.code == "barred"
    assert found.text.zh.startswith("没有适用的支持方式；无偿资助：")
    assert "股权投资：未填投前估值" in found.text.zh
    assert "贷款贴息：未填贷款金额或实付利息" in found.text.zh


def test_what_an_instrument_could_give_is_too_little() -> None:
    # Only a subsidy is open: 500万元 × 3 % × 40 % = 6 万元, worth 24 of a need of 1,000; at least 30 % must be met.
    pool = [candidate("A", 1000, 80, own=0, loan=500, interest=20)]
    grant = sample.scenario().instruments["grant"].model_copy(update={"own_match": 10_000})
    instruments = {**sample.scenario().instruments, "grant": grant}
    merit = Merit.model_validate({"least_met": "30%"})
    found = why(CEILING, candidates=pool, merit=merit, instruments=instruments)["A"]
    assert "贷款贴息：所能给予的支持不足需求的最低比例" in found.text.zh


def test_a_veto_gives_its_reason_and_basis() -> None:
    veto = rule(Veto, candidates={"A": {"reason": "失信名单", "basis": "纪要〔2026〕3号"}})
    found = why(held(veto), candidates=[candidate("A", 50)])["A"]
    assert (found.code, found.basis) == ("vetoed", "纪要〔2026〕3号")
    assert found.text.zh == "领导小组决定不予支持：失信名单"


def test_a_veto_of_the_only_way_of_support_is_a_veto() -> None:
    veto = rule(Veto, candidates={"A": {"reason": "不宜", "basis": "纪要", "instrument": "grant"}})
    found = why(held(veto), candidates=[candidate("A", 50)])["A"]
    assert (found.code, found.text.zh) == ("vetoed", "领导小组决定不予支持：不宜")


def test_a_full_call_names_its_winner_with_the_score() -> None:
    pool = [
        candidate("A", 50, 90, call="BD1", applicant="甲"),
        candidate("B", 40, 80, call="BD1", applicant="乙"),
    ]
    calls = [{"id": "BD1", "title": "榜一", "mode": "揭榜", "winners": 1}]
    rules = held(rule(CallWinners))
    found = why(rules, ("A", "grant", 10_000), candidates=pool, calls=calls)["B"]
    assert found.code == "call"
    assert found.text.zh == "榜单“BD1 榜一”已立项 1 个，达到上限：甲（90.00 分）"
    assert found.skip is None


def test_an_applicant_at_its_cap_is_told_what_it_holds() -> None:
    pool = [candidate("A", 50, 90, applicant="甲"), candidate("B", 40, 80, applicant="甲")]
    cap = rule(ApplicantCap, count=1)
    found = why(held(cap), ("A", "grant", 10_000), candidates=pool)["B"]
    assert found.code == "limit"
    assert found.text.zh == "再安排该项目将突破“同一单位限额”（目前：甲 立项 1 个，最多 1 个）"


def test_a_domain_at_its_cap_is_told_its_share() -> None:
    pool = [candidate("A", 50, 90), candidate("B", 40, 80)]
    share = rule(DomainShare, shares={DOMAIN: {"cap": "10%"}})
    found = why(held(share), ("A", "grant", 10_000), candidates=pool)["B"]
    assert found.code == "limit"
    assert found.text.zh.startswith("再安排该项目将突破“重点领域占比”（目前：重点研发专项本年安排 50.00 万元")


def test_a_limit_decides_only_where_it_stops_every_way_of_support() -> None:
    # A is paid 480 of the 500 this year. B's 40 would pass its domain's 6 % (30); 28 would not: only money stops that.
    pool = [candidate("A", 800, 90, domain="重大科技创新专项"), candidate("B", 40, 80)]
    share = rule(DomainShare, shares={DOMAIN: {"cap": "6%"}})
    found = why(held(share), ("A", "grant", 10_000), candidates=pool)["B"]
    assert found.code == "competition"
    assert "本年资金仅余 20.00 万元，安排该项目至少需 28.00 万元" in found.text.zh


def test_competition_says_what_is_left_and_what_the_least_would_be() -> None:
    # 60 − 50 = 10 万元 are left; the lowest level of B is 70 % of 40, paid at once: 28.
    pool = [candidate("A", 50, 90), candidate("B", 40, 80)]
    found = why(CEILING, ("A", "grant", 10_000), candidates=pool, ceiling=60)["B"]
    assert (found.code, found.basis) == ("competition", "66号文 二（三）4、5")
    assert found.text.zh == (
        "竞争择优未入选：评审得分 80.00，列本方向第 2 名（共 2 名）；"
        "本年资金仅余 10.00 万元，安排该项目至少需 28.00 万元；本方向安排的 1 项名次均不低于该项目；"
        "同等本年资金的总体效益低于全部拟支持项目"
    )
    assert "score 80.00, rank 2 of 2" in found.text.en


def test_competition_claims_to_be_less_worth_only_where_it_is() -> None:
    # B scores more than A in another direction: it is worth more a yuan, and only its size is in the way.
    pool = [candidate("A", 50, 80), candidate("B", 90, 90, domain="创新主体培育和壮大")]
    found = why(CEILING, ("A", "grant", 10_000), candidates=pool, ceiling=60)["B"]
    assert found.code == "competition"
    assert "低于" not in found.text.zh
    assert "本方向没有安排项目" in found.text.zh


def test_a_later_years_ceiling_is_named() -> None:
    # At its lowest level, 70, B pays 42 now and 28 next year, when no more than 5 % of 500 may be committed: 25.
    pool = [candidate("B", 100, 80)]
    tight = held(rule(CashCeiling, later="5%"))
    found = why(tight, candidates=pool)["B"]
    assert found.code == "competition"
    assert found.text.zh.split("；")[1] == "2027 年可承诺的资金不足以再安排该项目"


def test_what_nothing_stands_against_is_first_in_reserve() -> None:
    pool = [candidate("A", 50, 90), candidate("B", 40, 80)]
    found = why(CEILING, ("A", "grant", 10_000), candidates=pool)["B"]
    assert found.code == "room"
    assert "可优先递补" in found.text.zh
    later = why(CEILING, ("A", "grant", 10_000), candidates=pool, stepwise=True)["B"]
    assert "程序" in later.text.zh


def test_what_a_soft_rule_makes_not_worth_while_says_so() -> None:
    # 40 万元 more of the domain would miss its soft cap by 40, at 10 yuan of worth each.
    pool = [candidate("A", 50, 90), candidate("B", 40, 80)]
    share = rule(DomainShare, shares={DOMAIN: {"cap": "10%", "hard": False, "price": 10}})
    found = why(held(share), ("A", "grant", 10_000), candidates=pool)["B"]
    assert found.code == "room"
    assert "总体效益不增加" in found.text.zh


# -- skips ----------------------------------------------------------------------------------------


def test_a_skip_for_want_of_money_says_how_much() -> None:
    # A ranks first and asks 200 (140 at its lowest, 84 of it this year); B got 30 of the 40 there are.
    pool = [candidate("A", 200, 90), candidate("B", 30, 80)]
    found = why(CEILING, ("B", "grant", 10_000), candidates=pool, ceiling=40)["A"]
    assert found.skip is not None
    assert (
        found.skip.zh
        == "本方向名次在后而安排的有 1 项，与该项目对换测算；腾出的本年资金不够，至少还差 44.00 万元"
    )


def test_a_skip_for_a_rule_names_it() -> None:
    pool = [
        candidate("A", 40, 90, applicant="甲"),
        candidate("B", 30, 80),
        candidate("C", 30, 70, applicant="甲", domain="创新主体培育和壮大"),
    ]
    cap = rule(ApplicantCap, count=1)
    found = why(held(cap), ("B", "grant", 10_000), ("C", "grant", 10_000), candidates=pool)["A"]
    assert found.skip is not None
    assert found.skip.zh.endswith("换后突破“同一单位限额·甲”")


def test_a_skip_of_a_pinned_project_names_the_pin() -> None:
    pool = [candidate("A", 30, 90), candidate("B", 30, 80)]
    pin = rule(Pin, candidates={"B": {"reason": "应急", "basis": "纪要"}})
    found = why(held(pin), ("B", "grant", 10_000), candidates=pool, ceiling=40)["A"]
    assert found.skip is not None
    assert "换后突破“指定支持·B project B”" in found.skip.zh


def test_a_skip_that_a_plan_cannot_defend_is_called_within_tolerance() -> None:
    # The two are alike but for their scores: to prefer B is no better than the calculation's tolerance allows.
    pool = [candidate("A", 30, 90), candidate("B", 30, 80)]
    found = why(CEILING, ("B", "grant", 10_000), candidates=pool, ceiling=40)["A"]
    assert found.skip is not None
    assert "允许误差以内，可优先递补" in found.skip.zh


def test_a_skip_for_being_paid_at_once_says_so() -> None:
    # A's 60 are a lump sum; B's 100 are paid 60 this year and 40 next: worth 80 for 60 against 0.9 × 60 = 54.
    pool = [candidate("A", 60, 90), candidate("B", 100, 80)]
    found = why(CEILING, ("B", "grant", 10_000), candidates=pool, ceiling=60)["A"]
    assert found.skip is not None
    assert found.skip.zh.split("；")[1:] == [
        "换后总体效益不增加",
        "与其中 1 项相比，按立项总额计该项目效益较高，但本年须拨付其 100%（对方 60%），占用本年资金较多",
    ]


def test_equal_scores_are_no_skip() -> None:
    pool = [candidate("A", 30, 80), candidate("B", 30, 80)]
    found = reasons(CEILING, ("B", "grant", 10_000), candidates=pool, ceiling=40)
    assert found.selection.below == {}
    assert {s.rank for s in found.selection.standings.values()} == {1}


def test_other_directions_are_no_skip() -> None:
    pool = [candidate("A", 30, 90, sub_area="甲"), candidate("B", 30, 80, sub_area="乙")]
    assert reasons(CEILING, ("B", "grant", 10_000), candidates=pool, ceiling=40).selection.below == {}


def test_every_claim_of_the_example_holds(example: Plan) -> None:
    """The reasons of a whole pool against the program's own arithmetic."""
    scenario, program = example.loaded.scenario, example.compiled.program
    assert example.chosen is not None
    where = standings(scenario, example.tables, example.facts)
    told = Reasons(Selection(scenario, example.tables, example.compiled, example.chosen, where))
    paid = example.options.column("first_year")
    funded = np.flatnonzero(example.chosen & ~example.options.fixed & (paid > 0))
    seen = set()
    for name, found in told.unfunded.items():
        seen.add(found.code)
        ways = []
        for k in example.options.rows_of.get(name, ()):
            joined = example.chosen.copy()
            joined[k] = True
            broken = program.broken(joined)
            only_money = bool(broken) and all(b.startswith("ceiling") for b in broken)
            ways.append((bool(broken), only_money))
            if "低于全部拟支持项目" in found.text.zh and only_money:
                assert all(
                    int(program.gain[k]) * int(paid[f]) < int(program.gain[f]) * int(paid[k]) for f in funded
                )
        if found.code == "room":
            assert any(not stopped for stopped, _ in ways)
        elif found.code == "competition":
            assert all(stopped for stopped, _ in ways)
            assert any(only_money for _, only_money in ways)
        elif found.code in ("call", "limit"):
            assert all(stopped and not only_money for stopped, only_money in ways)
    assert {"barred", "call", "competition"} <= seen


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reasons_end_without_a_full_stop_and_say_no_placeholder(example: Plan, lang: str) -> None:
    assert example.chosen is not None
    where = standings(example.loaded.scenario, example.tables, example.facts)
    told = Reasons(
        Selection(example.loaded.scenario, example.tables, example.compiled, example.chosen, where)
    )
    for found in told.unfunded.values():
        for text in (found.text, found.skip):
            said = "" if text is None else getattr(text, lang)
            assert not said.endswith(("。", "."))
            assert "{" not in said
