"""Reviews, by hand: weights, trimming, recusals, rounding: 66号文 二（三）3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from models.pool import eligibility, scores
from models.review import Consensus, Criterion, Reviews, consensus
from tests import sample
from tests.sample import candidate

ONE = Reviews(criteria={"合理性": Criterion(weight=10_000)})
TWO = Reviews(criteria={"合理性": Criterion(weight=6000), "可行性": Criterion(weight=4000)})


def panel(marks: Sequence[float | None], reviews: Reviews = ONE) -> Consensus:
    rows = [
        {"candidate": "A", "expert": f"E{i}", "合理性": mark, "recused": None if mark is not None else True}
        for i, mark in enumerate(marks)
    ]
    return consensus(reviews, sample.reviews_of(reviews, rows))["A"]


def test_five_experts_lose_their_highest_and_lowest() -> None:
    # 60, 70, 80, 85, 99: the mean of 70, 80, 85 is 78.333...: 78.33.
    found = panel([99, 60, 80, 70, 85])
    assert (found.score, found.low, found.high, found.experts) == (7833, 6000, 9900, 5)


def test_four_experts_are_all_heard() -> None:
    # 60, 70, 80, 99: 309 / 4 = 77.25.
    assert panel([99, 60, 80, 70]).score == 7725


def test_of_equal_extremes_one_each_is_dropped() -> None:
    # 70, 70, 80, 90, 90 → 70, 80, 90.
    assert panel([90, 70, 80, 90, 70]).score == 8000


def test_where_trimming_begins_is_the_scenarios() -> None:
    assert panel([60, 90, 90], Reviews(criteria=ONE.criteria, trim_from=3)).score == 9000
    assert panel([60, 90, 90]).score == 8000


def test_criteria_count_by_their_weights_before_trimming() -> None:
    # 60 % × 80 + 40 % × 90 = 84; 60 % × 90 + 40 % × 70 = 82; the mean 83.
    rows = [
        {"candidate": "A", "expert": "E1", "合理性": 80, "可行性": 90},
        {"candidate": "A", "expert": "E2", "合理性": 90, "可行性": 70},
    ]
    found = consensus(TWO, sample.reviews_of(TWO, rows))["A"]
    assert (found.score, found.low, found.high) == (8300, 8200, 8400)


def test_weights_need_not_add_up_to_a_hundred() -> None:
    # Weights 3 and 1: (3 × 80 + 90) / 4 = 82.5.
    odd = Reviews(criteria={"合理性": Criterion(weight=3), "可行性": Criterion(weight=1)})
    rows = [{"candidate": "A", "expert": "E1", "合理性": 80, "可行性": 90}]
    assert consensus(odd, sample.reviews_of(odd, rows))["A"].score == 8250


def test_an_expert_who_stands_aside_is_counted_apart() -> None:
    found = panel([80, None, 90, None])
    assert (found.score, found.experts, found.recused) == (8500, 2, 2)


def test_a_candidate_of_whom_all_stood_aside_has_no_score() -> None:
    rows = [{"candidate": "A", "expert": "E1", "合理性": None, "recused": True}]
    assert consensus(ONE, sample.reviews_of(ONE, rows)) == {}


def test_the_mean_is_rounded_once_half_to_even() -> None:
    # 80.01 and 80.02: 80.015 → 80.02; 80.02 and 80.03: 80.025 → 80.02.
    assert panel([80.01, 80.02]).score == 8002
    assert panel([80.02, 80.03]).score == 8002


def test_the_pass_mark_is_met_at_exactly_the_mark() -> None:
    settings = sample.scenario()
    tables = sample.tables(candidates=[candidate("A", 10, 60), {**candidate("B", 10), "score": 5999}])
    marks, why = eligibility(settings, tables)
    assert marks.tolist() == [6000, 5999]
    assert why[0] is None
    assert why[1] is not None
    assert why[1].text.zh == "评审得分 59.99，低于合格线 60 分"
    assert why[1].basis == "66号文 二（三）3"


def test_a_score_that_rounds_up_to_the_mark_passes() -> None:
    # 59.99 and 60.00: 59.995 → 60.00, the even hundredth and the published score.
    tables = {
        **sample.tables(candidates=[candidate("A", 10, 1)]),
        "reviews": sample.reviews_of(
            ONE,
            [
                {"candidate": "A", "expert": "E1", "合理性": 59.99},
                {"candidate": "A", "expert": "E2", "合理性": 60},
            ],
        ),
    }
    assert eligibility(sample.scenario(), tables)[1] == [None]


def test_a_review_sheet_rules_over_the_scores_that_the_list_states() -> None:
    rows: list[dict[str, Any]] = [{"candidate": "A", "expert": "E1", "合理性": 70}]
    tables = {
        **sample.tables(candidates=[candidate("A", 10, 95), candidate("B", 10, 95)]),
        "reviews": sample.reviews_of(ONE, rows),
    }
    found = scores(sample.scenario(), tables)
    assert {c: s.score for c, s in found.items()} == {"A": 7000}
    _, why = eligibility(sample.scenario(), tables)
    assert why[1] is not None
    assert why[1].text.zh == "没有有效的专家评审"


def test_no_score_at_all_is_no_zero() -> None:
    tables = sample.tables(candidates=[{**candidate("A", 10), "score": None}])
    _, why = eligibility(sample.scenario(), tables)
    assert why[0] is not None
    assert "没有有效的专家评审" in why[0].text.zh


@pytest.mark.parametrize("settings", [{"trim_from": 2}, {"pass_mark": 101}, {"experts_min": 0}])
def test_settings_that_cannot_be_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Reviews(criteria=ONE.criteria, **settings)
