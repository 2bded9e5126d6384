"""Today's practice and merit per yuan, by hand: in which order options are taken."""

from __future__ import annotations

from typing import Any

from models.baselines import orders
from models.rules.pin import Pin
from tests import sample
from tests.sample import candidate

POOL = (
    candidate("A", 100, 80, nature="共性技术"),
    candidate("B", 200, 90, nature="产业化", valuation=1000, asks="股权投资"),
    candidate("C", 120, 70, nature="产业化", valuation=1000, asks="equity", kind="高校"),
    candidate("D", 80, 95, loan=400, interest=13, asks="奖补"),
)


def taken(name: str, rules: dict[str, Any] | None = None, pool: Any = POOL) -> list[tuple[str, str, int]]:
    parts = {"candidates": pool, "lines": sample.LINES_OF_POOL}
    fund = sample.compiled(rules, **parts)
    order = orders(sample.scenario(rules), sample.tables(**parts), fund.options)[name]
    made = [fund.options.award_of(int(k)) for k in order.options]
    return [(a.candidate, a.instrument, a.level) for a in made]


def test_by_score_each_gets_what_it_asks_for_in_full_the_best_first() -> None:
    assert taken("by_score") == [
        ("D", "grant", 10_000),  # 奖补 is no instrument here: a grant, as practice would
        ("B", "equity", 10_000),
        ("A", "grant", 10_000),  # asks for nothing in particular
        ("C", "grant", 10_000),  # a university cannot have the capital that it asks for
    ]


def test_pinned_candidates_come_first() -> None:
    pin = Pin.model_validate({"name": "pin", "candidates": {"C": {"reason": "应急", "basis": "纪要"}}})
    assert [c for c, _, _ in taken("by_score", {"pin": pin})] == ["C", "D", "B", "A"]
    assert taken("by_rate", {"pin": pin})[0][0] == "C"


def test_equal_scores_keep_the_order_of_the_list() -> None:
    pool = [candidate(c, 10, 80) for c in "QPR"]
    assert [c for c, _, _ in taken("by_score", pool=pool)] == ["Q", "P", "R"]


def test_by_rate_the_most_merit_for_a_yuan_of_this_years_money_comes_first() -> None:
    # Merit per yuan of this year: D's subsidy, counted four times, 0.95 × 4 = 3.8; D's 80万 grant pays 60 % this
    # year, 0.95 / 0.6 = 1.583; A's, 0.80 / 0.6 = 1.333; D's 56万 at once, 0.95; B's grant, 60 % suitable,
    # 0.9 × 0.6 / 0.6 = 0.9; C's the same way 0.7; B's equity, a yuan of which counts 0.6, 0.54.
    found = taken("by_rate")
    assert found[0] == ("D", "interest_subsidy", 10_000)
    assert found[1] == ("D", "grant", 10_000)
    assert {found[2], found[3]} == {("A", "grant", 10_000), ("A", "grant", 7000)}
    assert found[4] == ("D", "grant", 7000)
    assert [(c, i) for c, i, _ in found[5:]] == [("B", "grant")] * 2 + [("C", "grant")] * 2 + [
        ("B", "equity")
    ] * 2


def test_lines_are_in_no_order_they_are_paid_anyway() -> None:
    for name in ("by_score", "by_rate"):
        assert not {"W1", "W2"} & {c for c, _, _ in taken(name)}


def test_nobody_below_the_pass_mark_is_in_any_order() -> None:
    pool = [candidate("A", 10, 80), candidate("B", 10, 59)]
    assert {c for name in ("by_score", "by_rate") for c, _, _ in taken(name, pool=pool)} == {"A"}


def test_nobody_to_order() -> None:
    assert taken("by_score", pool=[]) == []
    assert taken("by_rate", pool=[]) == []
