"""Risk compensation, by hand: one pool, its need, its top-up, its stop line, its release. 66号文 二（三）5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allocator.contract import Facts, Offer, Reason
from models.instruments.risk_compensation import Pool, RiskCompensation
from tests import sample
from tests.sample import WAN, candidate

TERMS = RiskCompensation(
    balance=400 * WAN, in_force=30_000 * WAN, default_rate=300, share=3500, npl=180, recovery=2000
)
BANK = candidate("A", 500, kind="银行", nature="科技金融", enrolled=40_000)
FIRM = candidate("B", 500, nature="产业化", enrolled=10_000)
TAIL = candidate("C", 500, kind="高校", nature="基础研究")


def facts(terms: RiskCompensation, *rows: dict[str, Any]) -> Facts:
    found = sample.compiled(candidates=rows, lines=()).facts
    loans = int(terms.enrolled(sample.tables(candidates=rows)["candidates"]).sum())
    return replace(found, numbers={**found.numbers, "enrolled": {"": loans}})


def priced(terms: RiskCompensation, *rows: dict[str, Any]) -> list[Offer | Reason]:
    """The prices of candidates that stand together in one table; the vectorised offers must be the same."""
    own = facts(terms, *rows)
    prices = [terms.price(row, 10_000, own) for row in rows]
    offers = terms.offers(sample.tables(candidates=rows), own)
    found = dict(zip(offers.row.tolist(), offers.award.tolist(), strict=True))
    assert found == {i: p.award for i, p in enumerate(prices) if isinstance(p, Offer)}
    return prices


def award(price: Offer | Reason) -> int:
    assert isinstance(price, Offer), price
    return price.award


def test_the_pool_needs_the_citys_part_of_the_expected_pay_out() -> None:
    # 30,000万 in force × 3 % × 35 % = 315万 of a balance of 400万: 85万 are free.
    assert TERMS.pool(0) == Pool(need=315 * WAN, free=85 * WAN, top_up=0, released=85 * WAN, stopped=False)
    # 43,000万 more would need 451.5万: nothing of the 85万 is left to release.
    assert TERMS.pool(43_000 * WAN).released == 0
    assert TERMS.pool(4_000 * WAN).released == 43 * WAN


def test_a_pool_below_the_need_of_its_loans_in_force_lacks_the_rest() -> None:
    short = TERMS.model_copy(update={"balance": 300 * WAN})
    assert (short.pool(0).top_up, short.pool(0).free) == (15 * WAN, 0)


def test_what_is_free_covers_new_loans_first_in_proportion_and_the_year_pays_the_rest() -> None:
    # Bank: 40,000万; firm: 10,000万, of which 3,000万 count. The bank's book needs 420万, less 85 × 40/43 = 79.0697…万:
    # 3,409,303 元, 340万 in whole 万元. The firm's loan needs 31.5万, less 85 × 3/43 = 5.9302…万: 25万.
    assert [award(p) for p in priced(TERMS, BANK, FIRM)] == [340 * WAN, 25 * WAN]


def test_without_anything_free_it_is_the_whole_expected_pay_out() -> None:
    bare = TERMS.model_copy(update={"balance": 315 * WAN})
    assert [award(p) for p in priced(bare, BANK, FIRM)] == [420 * WAN, 31 * WAN]


def test_a_balance_that_covers_everything_asks_for_nothing() -> None:
    rich = TERMS.model_copy(update={"balance": 2000 * WAN})
    (reason,) = priced(rich, BANK)
    assert isinstance(reason, Reason)
    assert "余额已可覆盖" in reason.text.zh
    # 2,000 − 315 − 420 = 1,265万 stay above the need.
    assert rich.pool(40_000 * WAN).released == 1_265 * WAN


def test_at_the_stop_line_nothing_is_newly_enrolled() -> None:
    stopped = TERMS.model_copy(update={"npl": 500})
    (reason,) = priced(stopped, BANK)
    assert isinstance(reason, Reason)
    assert "不良率 5%，达到止付线 5%" in reason.text.zh
    assert isinstance(priced(TERMS.model_copy(update={"npl": 499}), BANK)[0], Offer)


def test_part_of_a_pay_out_is_got_back_and_the_rest_is_its_expected_loss() -> None:
    bare = TERMS.model_copy(update={"balance": 0, "in_force": 0})
    (offer,) = priced(bare, BANK)
    assert isinstance(offer, Offer)
    # 420万, of which 20 % = 84万 come back in the third year.
    assert offer.outlay == (420 * WAN, 0, 0, 0, 0, 0)
    assert offer.recovery == (0, 0, 84 * WAN, 0, 0, 0)
    assert offer.money["loss"] == 336 * WAN
    own = facts(bare, BANK)
    offers = bare.offers(sample.tables(candidates=[BANK]), own)
    assert offers.recovery[0].tolist() == list(offer.recovery)
    assert offers.money["loss"].tolist() == [336 * WAN]


def test_the_grant_equivalent_counts_the_credit_that_it_opens() -> None:
    (offer,) = priced(TERMS.model_copy(update={"balance": 0, "in_force": 0, "equivalent": 50_000}), BANK)
    assert isinstance(offer, Offer)
    assert offer.money["equivalent"] == 5 * 420 * WAN


def test_no_more_than_was_asked_for_and_only_of_enrolled_loans() -> None:
    modest = {**BANK, "request": 100 * WAN}
    assert award(priced(TERMS, modest)[0]) == 100 * WAN
    for row, words in (({**BANK, "enrolled": None}, "备案贷款"), ({**TAIL, "enrolled": WAN}, "高校")):
        (reason,) = priced(TERMS, row)
        assert isinstance(reason, Reason)
        assert words in reason.text.zh


def test_very_large_books_do_not_overflow() -> None:
    # 10^11 元 × 10^9 free would not fit in 64 bits.
    large = RiskCompensation(balance=10**9, default_rate=300, share=3500)
    book = {**BANK, "enrolled": 10**11, "request": 10**9}
    # 10^11 × 1.05 % = 1,050,000,000, less the 10^9 that are there.
    assert award(priced(large, book)[0]) == 50_000_000
