"""Faults that show only across cells: each with its cell, what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from allocator.problems import Problem, Problems
from models.checks import check
from models.review import Criterion, Reviews
from models.rules.cash_ceiling import CashCeiling
from models.rules.source_use import SourceUse
from tests import sample
from tests.sample import WAN, candidate, line

CODE = "91350100M000100Y43"
"""A code whose check character is right by GB 32100."""

PANELS = Reviews(
    criteria={"合理性": Criterion(weight=6000), "可行性": Criterion(weight=4000)},
    experts_min=2,
    experts_max=3,
)


def scenario(**parts: Any) -> Any:
    return sample.scenario({"ceiling": CashCeiling(), "source_use": SourceUse()}, **parts)


def faults(
    candidates: Iterable[Any] = (), reviews: Iterable[Any] | None = None, settings: Any = None, **parts: Any
) -> list[Problem]:
    tables = dict(sample.tables(candidates=candidates, **{"lines": (), **parts}))
    if reviews is not None:
        tables["reviews"] = sample.reviews_of(PANELS, reviews)
    problems = Problems()
    check(settings or scenario(reviews=PANELS), tables, problems)
    return list(problems)


def only(found: list[Problem], code: str, cell: str | None = None) -> Problem:
    (problem,) = found
    assert problem.code == code
    if cell is not None:
        assert problem.place.cell == cell
    assert problem.what.zh
    assert problem.mend.zh
    assert problem.what.en != problem.what.zh
    return problem


def test_a_right_row_has_no_fault() -> None:
    row = candidate(
        "A", 100, total=250, own=120, other=30, start=2026, end=2026, credit_code=CODE, call="BD1"
    )
    assert faults([row]) == []


def test_a_total_is_request_and_own_and_other_to_the_yuan() -> None:
    row = candidate("A", 100, total=250, own=120, other=30) | {"own": 120 * WAN + 1}
    problem = only(faults([row]), "candidate.sum", "total0")
    assert "250.00" in problem.what.zh


def test_a_total_is_not_held_to_parts_that_are_not_stated() -> None:
    assert faults([candidate("A", 100, total=250, own=None, other=30)]) == []
    assert faults([candidate("A", 100, own=1, other=1)]) == []


def test_a_call_must_be_on_the_list() -> None:
    problem = only(faults([candidate("A", 1, call="BD9")]), "candidate.call", "call0")
    assert "BD9" in problem.what.en


def test_a_project_does_not_end_before_it_begins() -> None:
    only(faults([candidate("A", 1, start=2027, end=2026)]), "candidate.years", "end0")


def test_a_credit_code_carries_its_check_character() -> None:
    only(faults([candidate("A", 1, credit_code=CODE[:-1] + "4")]), "candidate.code", "credit_code0")


def test_one_code_with_two_names_is_noticed_and_does_not_stop_the_run() -> None:
    rows = [
        candidate("A", 1, credit_code=CODE, applicant="甲厂"),
        candidate("B", 1, credit_code=CODE, applicant="甲公司"),
    ]
    problem = only(faults(rows), "candidate.names", "applicant0")
    assert problem.level == "notice"
    assert "甲厂、甲公司" in problem.what.zh


def test_one_thing_stands_in_one_place() -> None:
    only(faults([candidate("W1", 1)], lines=[line("W1", "稳定支持", 1)]), "candidate.twice", "id0")
    entitled = [{"id": "W2", "title": "普惠", "year1": WAN}]
    only(faults([candidate("W2", 1)], entitlements=entitled), "candidate.twice", "id0")


@pytest.mark.parametrize(("ceiling", "found"), [(20_000, []), (19_999, ["fund.minimum"])])
def test_a_fund_below_two_yi_is_refused(ceiling: int, found: list[str]) -> None:
    settings = scenario(ceiling=ceiling, reviews=PANELS)
    settings.fund = settings.fund.model_copy(update={"minimum": 200_000_000})
    assert [p.code for p in faults(settings=settings)] == found


def test_a_fund_below_two_yi_may_be_tested_with_a_reason() -> None:
    settings = scenario(ceiling=15_000, reviews=PANELS)
    settings.fund = settings.fund.model_copy(update={"minimum": 200_000_000, "under_minimum": "压力测试"})
    assert faults(settings=settings) == []


@pytest.mark.parametrize(("paid", "found"), [(500, []), (501, ["fund.overspoken"])])
def test_first_calls_fit_the_fund(paid: int, found: list[str]) -> None:
    assert [p.code for p in faults(lines=[line("W1", "稳定支持", paid)])] == found


def test_money_of_a_year_that_is_not_planned_is_a_fault_and_not_lost() -> None:
    settings = scenario(reviews=PANELS)
    settings.fund = settings.fund.model_copy(update={"horizon": 2})
    lines = [line("W1", "以前年度续拨", 1, 1), line("W2", "以前年度续拨", 1) | {"year3": 5}]
    only(faults(lines=lines, settings=settings), "fund.horizon", "year31")


def said(
    candidate: str,
    expert: str,
    first: float | None = 80,
    second: float | None = 80,
    recused: bool | None = None,
) -> Any:
    return {"candidate": candidate, "expert": expert, "合理性": first, "可行性": second, "recused": recused}


def test_reviews_of_a_full_panel_have_no_fault() -> None:
    rows = [said("A", "E1"), said("A", "E2"), said("A", "E3", None, None, True)]
    assert faults([candidate("A", 1)], rows) == []


def test_a_review_of_nobody_is_a_fault() -> None:
    rows = [said("A", "E1"), said("A", "E2"), said("Z", "E1")]
    only(faults([candidate("A", 1)], rows), "review.unknown", "candidate2")


def test_a_recused_expert_does_not_score() -> None:
    rows = [said("A", "E1"), said("A", "E2"), said("A", "E3", 80, None, True)]
    problem = only(faults([candidate("A", 1)], rows), "review.recused", "recused2")
    assert "合理性" in problem.what.zh


def test_an_expert_who_is_not_recused_scores_every_criterion() -> None:
    rows = [said("A", "E1"), said("A", "E2", 80, None)]
    problem = only(faults([candidate("A", 1)], rows), "review.missing", "可行性1")
    assert "可行性" in problem.what.zh


def test_a_candidate_without_reviews_is_noticed() -> None:
    rows = [said("A", "E1"), said("A", "E2")]
    problem = only(faults([candidate("A", 1), candidate("B", 1)], rows), "review.none", "id1")
    assert problem.level == "notice"


@pytest.mark.parametrize(
    ("experts", "found"), [(1, ["review.panel"]), (2, []), (3, []), (4, ["review.panel"])]
)
def test_panels_of_the_wrong_size_are_noticed(experts: int, found: list[str]) -> None:
    problems = faults([candidate("A", 1)], [said("A", f"E{i}") for i in range(experts)])
    assert [p.code for p in problems] == found
    assert all(p.level == "notice" for p in problems)


def test_all_faults_are_said_at_once() -> None:
    rows = [
        candidate("A", 100, total=250, own=1, other=1, call="BD9", credit_code="1"),
        candidate("B", 1, start=2030, end=2026),
    ]
    assert {p.code for p in faults(rows)} == {
        "candidate.sum",
        "candidate.call",
        "candidate.code",
        "candidate.years",
    }


def test_a_cell_that_could_not_be_read_is_told_of_once_and_does_not_break_the_checks() -> None:
    rows = [candidate("A", 100, credit_code=CODE), candidate("B", 100, credit_code=CODE, applicant=None)]
    lines = [line("L", "稳定支持", 100) | {"year1": None}]
    assert faults(rows, lines=lines) == []
    nameless = [candidate("A", 100) | {"id": None}]
    assert faults(nameless, reviews=[]) == []


def test_a_scenario_that_nothing_holds_to_the_fund_is_refused() -> None:
    problem = only(faults(settings=sample.scenario({"uses": SourceUse()}, reviews=PANELS)), "fund.no_ceiling")
    assert "cash_ceiling" in problem.mend.zh


def test_candidates_that_nobody_scored_are_one_fault() -> None:
    rows = [candidate(i, 100) | {"score": None} for i in "AB"]
    only(faults(rows), "review.no_table")


def test_a_request_above_the_whole_fund_is_noticed() -> None:
    assert faults([candidate("A", 500)]) == []
    problem = only(faults([candidate("A", 501)]), "candidate.above_fund", "request0")
    assert problem.level == "notice"
