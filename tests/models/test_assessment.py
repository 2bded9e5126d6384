"""What the office and finance add to the experts' word, by hand: 66号文 二（三）4、5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from allocator.problems import Problem, Problems
from allocator.records import Records
from models.assessment import assessment_sheet, check_assessments, overall
from models.policy import ScienceFund
from models.pool import eligibility, scores, worthy
from models.review import Criterion, Reviews
from models.standing import standings
from tests import sample
from tests.sample import candidate

OFFICE, FINANCE = "领导小组办公室", "市财政局"
BOTH = Reviews(
    criteria={
        "合理性": Criterion(weight=6000),
        "产业发展布局": Criterion(weight=2500, scored_by=OFFICE),
        "产出效益": Criterion(weight=1500, scored_by=FINANCE),
    },
    pass_mark=70,
)


def assessments(rows: Iterable[Mapping[str, Any]]) -> Records:
    sheet = assessment_sheet(BOTH)
    names = [f.key for f in sheet.fields if f.kind == "score"]
    return sample.records(
        sheet, ({k: round(v * 100) if k in names else v for k, v in row.items()} for row in rows)
    )


def office(id: str, score: float) -> dict[str, Any]:
    return {"candidate": id, "assessor": OFFICE, "产业发展布局": score, "reason": "补链"}


def finance(id: str, score: float) -> dict[str, Any]:
    return {"candidate": id, "assessor": FINANCE, "产出效益": score, "reason": "税收"}


def tables(rows: Iterable[Mapping[str, Any]] | None, *candidates: Mapping[str, Any]) -> dict[str, Records]:
    own = dict(sample.tables(candidates=candidates or [candidate("A", 100, 80), candidate("B", 100, 60)]))
    return own if rows is None else {**own, "assessments": assessments(rows)}


def faults(rows: Iterable[Mapping[str, Any]] | None, *candidates: Mapping[str, Any]) -> list[Problem]:
    own, problems = tables(rows, *candidates), Problems()
    check_assessments(BOTH, own, scores(sample.scenario(reviews=BOTH), own), problems)
    return list(problems)


def test_the_overall_score_is_the_mean_by_weight_of_experts_office_and_finance() -> None:
    # 60 % × 80 + 25 % × 90 + 15 % × 60 = 48 + 22.5 + 9 = 79.5.
    own = tables([office("A", 90), finance("A", 60)])
    settings = sample.scenario(reviews=BOTH)
    assert overall(BOTH, scores(settings, own), own)["A"] == 7950


def test_it_is_rounded_once_half_to_even() -> None:
    # Weights 1 and 1: 80.01 and 80.02 → 80.015 → 80.02; 80.02 and 80.03 → 80.025 → 80.02.
    even = Reviews(
        criteria={"合理性": Criterion(weight=1), "产业发展布局": Criterion(weight=1, scored_by=OFFICE)}
    )
    for mark, score, expected in ((80.01, 80.02, 8002), (80.02, 80.03, 8002)):
        own = dict(sample.tables(candidates=[candidate("A", 100, 0) | {"score": round(mark * 100)}]))
        row = {"candidate": "A", "assessor": OFFICE, "产业发展布局": round(score * 100), "reason": "补链"}
        own["assessments"] = sample.records(assessment_sheet(even), [row])
        assert overall(even, scores(sample.scenario(reviews=even), own), own)["A"] == expected


def test_worth_rests_on_the_overall_score_and_passing_and_rank_on_the_experts_alone() -> None:
    # A: experts 80, overall 79.5. C: experts 72, office 100, finance 100: overall 83.2, yet ranked behind A.
    # B: experts 60, below the mark of 70, whatever the office thinks of it.
    rows = [
        office("A", 90),
        finance("A", 60),
        office("B", 100),
        finance("B", 100),
        office("C", 100),
        finance("C", 100),
    ]
    own = tables(rows, candidate("A", 100, 80), candidate("B", 100, 60), candidate("C", 100, 72))
    settings = sample.scenario(reviews=BOTH)
    marks, barred = worthy(settings, own)
    assert marks.tolist() == [7950, 7600, 8320]
    assert [b is None for b in barred] == [True, False, True]
    assert eligibility(settings, own)[0].tolist() == [8000, 6000, 7200]
    policy = ScienceFund()
    facts = policy.facts(settings, own)
    placed = standings(settings, own, facts)
    assert (placed["A"].rank, placed["C"].rank) == (1, 2)
    options = policy.options(settings, own, facts)
    full = {c: int(options.merit[options.rows_of[c]].max()) for c in ("A", "C")}
    assert full == {"A": 79_500_000, "C": 83_200_000}  # 100万元 × 0.795 and × 0.832, in micro-units


def test_without_the_sheet_the_experts_score_counts_and_the_run_says_so() -> None:
    own = tables(None)
    assert overall(BOTH, scores(sample.scenario(reviews=BOTH), own), own)["A"] == 8000
    (notice,) = faults(None)
    assert (notice.code, notice.level) == ("assessment.no_table", "notice")
    assert "产业发展布局、产出效益" in notice.what.zh


def test_whoever_passed_the_experts_needs_a_word_of_each_body_and_nobody_else_does() -> None:
    (problem,) = faults([office("A", 90)])
    assert (problem.code, problem.level, problem.place.cell) == ("assessment.none", "error", "id0")
    assert FINANCE in problem.what.zh
    assert faults([office("A", 90), finance("A", 60)]) == []


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (office("X", 90), "assessment.unknown", "candidate2"),
        (office("B", 90) | {"产出效益": 50}, "assessment.not_theirs", "产出效益2"),
        ({"candidate": "B", "assessor": OFFICE, "reason": "补链"}, "assessment.missing", "产业发展布局2"),
    ],
)
def test_a_wrong_row_is_named_by_its_cell(row: dict[str, Any], code: str, cell: str) -> None:
    (problem,) = faults([office("A", 90), finance("A", 60), row])
    assert (problem.code, problem.place.cell) == (code, cell)


def test_every_assessment_states_its_reason_and_one_of_the_named_bodies() -> None:
    sheet = assessment_sheet(BOTH)
    assert sheet.field("reason").required
    assert sheet.field("assessor").choices == (OFFICE, FINANCE)
    assert [f.key for f in sheet.fields if f.kind == "score"] == ["产业发展布局", "产出效益"]


def test_something_must_be_left_to_the_experts() -> None:
    with pytest.raises(ValidationError, match="no criterion is scored by 专家"):
        Reviews(criteria={"产出效益": Criterion(weight=1, scored_by=FINANCE)})


def test_a_panel_of_another_name_is_a_panel() -> None:
    community = Reviews(reviewers="community reviewers", criteria={"assessment": Criterion(weight=10_000)})
    named = {
        "a": Criterion(weight=1, scored_by="community reviewers"),
        "b": Criterion(weight=1, scored_by=OFFICE),
    }
    assert list(community.experts) == ["assessment"]
    assert list(Reviews(reviewers="community reviewers", criteria=named).others) == ["b"]
