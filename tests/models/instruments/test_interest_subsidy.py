"""Interest subsidies, by hand: 先付后贴, at no more than the LPR, settled once."""

from __future__ import annotations

from typing import Any

from allocator.contract import Offer, Reason
from models.instruments.interest_subsidy import InterestSubsidy
from tests import sample
from tests.sample import WAN, candidate

FACTS = sample.compiled(candidates=[candidate("A", 100)], lines=()).facts
TERMS = InterestSubsidy(rate=4000, lpr=300, cap=50 * WAN)


def firm(loan: float | None, interest: float | None, **more: Any) -> dict[str, Any]:
    return candidate("A", 80, loan=loan, interest=interest, **more)


def priced(row: dict[str, Any], terms: InterestSubsidy = TERMS, level: int = 10_000) -> Offer:
    offer = terms.price(row, level, FACTS)
    assert isinstance(offer, Offer), offer
    return offer


def test_interest_above_the_lpr_is_the_firms_own() -> None:
    # 400万 at 3.39 % cost the firm 13.56万; at the LPR of 3.00 % 12万 are eligible; 40 % of that is 4.8万.
    offer = priced(firm(400, 13.56))
    assert offer.award == 48_000
    assert offer.outlay == (48_000, 0, 0, 0, 0, 0)
    assert offer.recovery == (0,) * 6
    assert offer.money["loss"] == 0


def test_interest_below_the_lpr_counts_as_it_was_paid() -> None:
    # 400万 at 2.5 %: 10万 paid, 4万 of it subsidised.
    assert priced(firm(400, 10)).award == 40_000


def test_at_exactly_the_lpr_one_yuan_more_changes_nothing() -> None:
    exactly, above = firm(400, 12), firm(400, 12) | {"interest": 120_001}
    assert priced(exactly).award == priced(above).award == 48_000


def test_it_is_rounded_down_to_hundreds() -> None:
    # 443.9万 × 3 % = 13.317万, 40 %: 53,268 元 → 53,200.
    assert priced(firm(443.9, 20)).award == 53_200


def test_no_firm_gets_more_than_its_cap() -> None:
    # 5,000万 × 3 % × 40 % = 60万 > 50万.
    assert priced(firm(5000, 200)).award == 50 * WAN


def test_a_level_is_a_share_of_what_is_due_after_the_cap() -> None:
    assert priced(firm(5000, 200), level=5000).award == 25 * WAN


def test_no_loan_or_no_interest_is_a_reason_and_not_zero() -> None:
    for row in (firm(None, 10), firm(400, None), firm(None, None)):
        reason = TERMS.price(row, 10_000, FACTS)
        assert isinstance(reason, Reason)
        assert "贷款金额或实付利息" in reason.text.zh
        assert len(TERMS.offers(sample.tables(candidates=[row]), FACTS).row) == 0


def test_only_enterprises_have_interest_subsidised() -> None:
    row = firm(400, 12, kind="科研院所")
    assert isinstance(TERMS.price(row, 10_000, FACTS), Reason)
    assert len(TERMS.offers(sample.tables(candidates=[row]), FACTS).row) == 0


def test_a_subsidy_below_the_least_is_not_made() -> None:
    # 80万 × 3 % × 40 % = 9,600 元, below 1万.
    reason = TERMS.price(firm(80, 10), 10_000, FACTS)
    assert isinstance(reason, Reason)
    assert "1.00" in reason.text.zh
    assert priced(firm(80, 10), InterestSubsidy(minimum=9_600)).award == 9_600


def test_the_crowding_in_factor_is_its_grant_equivalent() -> None:
    offer = priced(firm(400, 13.56), InterestSubsidy(equivalent=40_000))
    assert offer.money["equivalent"] == 192_000


def test_its_offers_are_its_prices() -> None:
    rows = [candidate(str(i), 80, loan=100 + 37.3 * i, interest=3 + i) for i in range(40)]
    offers = TERMS.offers(sample.tables(candidates=rows), FACTS)
    scalar = [
        (i, p.award) for i, r in enumerate(rows) if isinstance(p := TERMS.price(r, 10_000, FACTS), Offer)
    ]
    assert list(zip(offers.row.tolist(), offers.award.tolist(), strict=True)) == scalar
    # By hand: number 10 has 473万 and 13万 paid; 14.19万 would be eligible, 13万 are; 40 % is 5.2万.
    assert dict(scalar)[10] == 52_000


def test_a_calls_team_may_be_kept_from_it() -> None:
    """A call pays for its task: with `calls: false` a team's loan is no way to win it cheaply."""
    team = firm(400, 12, call="BD1")
    assert priced(team).award == 48_000
    kept = TERMS.model_copy(update={"calls": False})
    assert isinstance(kept.price(team, 10_000, FACTS), Reason)
    assert priced(firm(400, 12, call=None), kept).award == 48_000
    tables = sample.tables(candidates=[team, candidate("B", 80, loan=400, interest=12)])
    assert kept.offers(tables, FACTS).row.tolist() == [1]
    assert TERMS.offers(tables, FACTS).row.tolist() == [0, 1]
