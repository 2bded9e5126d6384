"""Suspension, termination and recovery, by hand: 66号文 三（三）."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.problems import Problems
from models.supervision import SUSPENDED, TERMINATED, check_supervision, halted, paid
from tests import sample
from tests.sample import WAN


def line(**more: Any) -> dict[str, Any]:
    return sample.line("W", "以前年度续拨", 20, 10) | {"year3": 5 * WAN, "applicant": "甲"} | more


def test_a_suspended_project_keeps_all_of_its_money() -> None:
    row = line(state=SUSPENDED, basis="通报1号")
    assert paid(row) == row


def test_a_terminated_project_frees_later_years_and_this_one_only_by_an_approval() -> None:
    ended = paid(line(state=TERMINATED, basis="纪要2号"))
    assert (ended["year1"], ended["year2"], ended["year3"]) == (20 * WAN, 0, 0)
    freed = paid(line(state=TERMINATED, basis="纪要2号", transfer="日财调〔2026〕1号"))
    assert (freed["year1"], freed["year2"], freed["year3"]) == (0, 0, 0)


def test_the_list_tells_what_was_freed_and_what_was_taken_back() -> None:
    rows = [
        line(state=TERMINATED, basis="纪要2号", transfer="日财调〔2026〕1号", recovered=3 * WAN),
        line() | {"id": "V"},
        line(state=SUSPENDED, basis="通报1号") | {"id": "S"},
    ]
    first, second = halted(sample.tables(lines=rows))
    assert (first.id, first.before, first.now, first.later) == ("W", 20 * WAN, 0, 15 * WAN)
    assert first.recovered == 3 * WAN
    assert (second.id, second.before, second.now, second.later) == ("S", 20 * WAN, 20 * WAN, 0)


@pytest.mark.parametrize(
    ("state", "code", "cell"),
    [
        ({"state": SUSPENDED}, "line.halted_basis", "basis0"),
        ({"recovered": 1}, "line.halted_basis", "basis0"),
        ({"state": SUSPENDED, "basis": "通报1号", "transfer": "日财调1号"}, "line.transfer", "transfer0"),
    ],
)
def test_a_decision_has_its_basis_and_only_what_ended_is_transferred(
    state: dict[str, Any], code: str, cell: str
) -> None:
    problems = Problems()
    check_supervision(sample.tables(lines=[line(**state)]), problems)
    (problem,) = problems
    assert (problem.code, problem.place.cell, problem.level) == (code, cell, "error")


def test_a_line_that_runs_needs_nothing() -> None:
    problems = Problems()
    check_supervision(sample.tables(lines=[line()]), problems)
    assert list(problems) == []
