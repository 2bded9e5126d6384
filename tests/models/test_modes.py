"""Modes of selection, by hand: what a call pays, and whose score a contest is."""

from __future__ import annotations

import pytest

from allocator.problems import Problems
from models import mode_checks
from models.batch import Batch
from models.modes import calls, contests
from models.pool import repricer, scores
from tests import sample

CALL = {"id": "BD1", "title": "榜一", "mode": "揭榜", "winners": 1}


def test_an_open_call_pays_a_share_of_its_contract_value_and_no_more() -> None:
    # 30 % of a contract of 200万 are 60万: who asks for 100 gets 60 at the full level and 42 at 70 %; who asks 50, 50.
    pool = [
        sample.candidate("A", 100, call="BD1"),
        sample.candidate("B", 50, call="BD1"),
        sample.candidate("C", 100),
    ]
    call = {**CALL, "contract": 200 * sample.WAN, "share": 3000}
    fund = sample.compiled(candidates=pool, calls=[call], lines=())
    awards = {c: sorted(fund.options.award[rows] // sample.WAN) for c, rows in fund.options.rows_of.items()}
    assert awards == {"A": [42, 60], "B": [35, 50], "C": [70, 100]}


def test_its_scalar_price_agrees() -> None:
    pool = [sample.candidate("A", 100, call="BD1", kind="企业", valuation=1000)]
    call = {**CALL, "contract": 200 * sample.WAN, "share": 3000}
    parts = {"candidates": pool, "calls": [call], "lines": ()}
    fund = sample.compiled(**parts)
    price = repricer(sample.scenario(), sample.tables(**parts), fund.facts)
    everything = [fund.options.award_of(k) for k in range(len(fund.options))]
    assert {a.instrument for a in everything} == {"grant", "equity"}
    assert [price(a) for a in everything] == everything


def test_a_call_without_a_contract_value_pays_what_is_asked() -> None:
    found = calls(sample.tables(calls=[CALL, {**CALL, "id": "BD2", "contract": 100, "share": None}]))
    assert (found["BD1"].most, found["BD2"].most) == (None, 100)


def test_a_races_teams_stay_one_unless_it_says_otherwise_and_never_more_than_win() -> None:
    race = {**CALL, "mode": "赛马", "winners": 2}
    found = calls(sample.tables(calls=[race, {**race, "id": "BD2", "winners": 3, "stay": 5}]))
    assert (found["BD1"].stay, found["BD2"].stay) == (1, 3)


def test_the_result_of_a_contest_is_its_teams_score_beside_the_panels() -> None:
    settings = sample.scenario()
    contest = {**CALL, "mode": "以赛代评"}
    pool = [sample.candidate("A", 50, 91, call="BD1"), sample.candidate("B", 50, 88)]
    own = {
        **sample.tables(candidates=pool, calls=[contest]),
        "reviews": sample.reviews_of(
            settings.reviews, [{"candidate": "B", "expert": f"E{i}", "合理性": 80} for i in range(5)]
        ),
    }
    assert contests(own) == {"A"}
    assert {c: s.score for c, s in scores(settings, own).items()} == {"A": 9100, "B": 8000}


def faults(rules: dict | None = None, batch: Batch | None = None, **parts: object) -> dict[str, str]:
    problems = Problems()
    own = sample.scenario(rules, batch=batch or Batch())
    mode_checks.check(own, sample.tables(**parts), problems)
    return {p.code: f"{p.place} {p.what.zh}" for p in problems}


@pytest.mark.parametrize(
    ("code", "said", "parts"),
    [
        ("mode.chief", "investigator", {"candidates": [sample.candidate("A", 50, mode="组阁")]}),
        ("mode.commission", "mode", {"candidates": [sample.candidate("A", 50, mode="定向委托")]}),
        ("mode.race", "winners", {"calls": [{**CALL, "mode": "赛马"}]}),
    ],
)
def test_what_a_mode_lacks_is_a_located_fault(code: str, said: str, parts: dict) -> None:
    found = faults(**parts)
    assert list(found) == [code]
    assert said in found[code]


def test_a_chief_who_is_named_and_a_race_of_two_are_in_order() -> None:
    pool = [sample.candidate("A", 50, mode="组阁", investigator="赵")]
    assert faults(candidates=pool, calls=[{**CALL, "mode": "赛马", "winners": 2}]) == {}
