"""Grades and fixed amounts, by hand: equal grade, equal level, whatever the instrument."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.contract import Offer, Reason
from models.instruments.award_subsidy import AwardSubsidy
from models.instruments.equity import Equity
from models.instruments.grant import Grant
from models.instruments.interest_subsidy import InterestSubsidy
from models.instruments.research_funding import ResearchFunding
from models.instruments.risk_compensation import RiskCompensation
from models.terms import Terms
from tests import sample
from tests.sample import WAN, candidate

GRADES = {
    "一档": {"from_score": 85, "level": "100%"},
    "二档": {"from_score": 78, "level": "60%"},
    "三档": {"from_score": 72, "amount": "20万元"},
}
ROWS = [candidate(c, 100, score) for c, score in (("A", 90), ("B", 85), ("C", 84), ("D", 78), ("E", 75))]
LOW = candidate("F", 100, 70)


def offered(terms: Terms, *rows: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Level and award by candidate, from the offers; each must be the scalar price, and no other level is to be had."""
    facts = sample.compiled(candidates=rows, lines=(), instruments={terms.key: terms}).facts
    tables = sample.tables(candidates=rows)
    offers = terms.offers(tables, facts)
    found = {}
    for i, level, award in zip(offers.row, offers.level, offers.award, strict=True):
        found[rows[i]["id"]] = (int(level), int(award))
    for row in (tables["candidates"].row(i) for i in range(len(rows))):
        prices = {v: terms.price(row, v, facts) for v in terms.levels}
        taken = {v: p.award for v, p in prices.items() if isinstance(p, Offer)}
        assert taken == ({found[row["id"]][0]: found[row["id"]][1]} if row["id"] in found else {})
    return found


def test_equal_grade_equal_level_and_a_fixed_amount_is_what_it_says() -> None:
    own = Grant.model_validate({"grades": GRADES})
    assert own.levels == (10_000, 6000)
    assert offered(own, *ROWS) == {
        "A": (10_000, 100 * WAN),
        "B": (10_000, 100 * WAN),
        "C": (6000, 60 * WAN),
        "D": (6000, 60 * WAN),
        "E": (10_000, 20 * WAN),
    }


def test_below_every_grade_there_is_nothing_and_it_says_so() -> None:
    own = Grant.model_validate({"grades": GRADES})
    facts = sample.compiled(candidates=[LOW], lines=(), instruments={"grant": own}).facts
    reason = own.price(LOW, 10_000, facts)
    assert isinstance(reason, Reason)
    assert "未达到任何档次" in reason.text.zh
    assert offered(own, LOW) == {}


def test_a_fixed_amount_is_no_more_than_was_asked_for() -> None:
    own = Grant.model_validate({"grades": {"定额": {"from_score": 60, "amount": "50万元"}}})
    assert offered(own, candidate("A", 80), candidate("B", 30)) == {
        "A": (10_000, 50 * WAN),
        "B": (10_000, 30 * WAN),
    }


@pytest.mark.parametrize(
    ("kind", "terms", "row", "full"),
    [
        (Equity, {}, {"valuation": 1000}, 100),
        (InterestSubsidy, {}, {"loan": 1000, "interest": 40}, 12),
        (AwardSubsidy, {}, {"spend": 500, "proof": "有"}, 50),
        (ResearchFunding, {}, {"kind": "高校"}, 100),
        (RiskCompensation, {"default_rate": "10%", "share": "50%"}, {"enrolled": 1000}, 50),
    ],
)
def test_every_instrument_has_grades(
    kind: type[Terms], terms: dict[str, Any], row: dict[str, Any], full: int
) -> None:
    own = kind.model_validate({**terms, "minimum": "1万元", "grades": GRADES})
    rows = [candidate(c, 100, score, **row) for c, score in (("A", 90), ("C", 80), ("E", 75), ("F", 60))]
    # 60 % of 12万 is 7.2万, paid in hundreds by the interest subsidy; a fixed 20万 is no more than what is due.
    middle = full * WAN * 6 // 10 // own.round_to * own.round_to
    assert {c: a for c, (_, a) in offered(own, *rows).items()} == {
        "A": full * WAN,
        "C": middle,
        "E": min(20, full) * WAN,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"grades": {"一档": {"from_score": 85}}},
        {"grades": {"一档": {"from_score": 85, "level": "100%", "amount": "5万元"}}},
        {"grades": {"一档": {"from_score": 85, "level": "100%"}}, "levels": ["100%"]},
        {"grades": {c: {"from_score": 85, "level": p} for c, p in (("一", "90%"), ("二", "80%"))}},
        {"kinds": ["大学"]},
        {"natures": ["基础"]},
    ],
)
def test_terms_that_contradict_themselves_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Grant.model_validate(wrong)
