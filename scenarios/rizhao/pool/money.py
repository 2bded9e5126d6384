"""What candidates ask for: requests, own and other funds, valuations, loans; in 万元, all assumed (FIELD.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .draw import Draw, Floats, Ints
from .slots import NATURES, Slot, Tender

SPREAD = 0.6
"""Sigma of the lognormal requests."""

LARGEST = 1_500
"""No request above this: provincial projects end at 1,000万元, the city's own largest deals somewhat higher."""

LOAN_MEAN = 400
"""万元; 鲁科贷 of July 2025 had 443 loans of 401万元 on average."""

LOAN_RATE = (3.39, 0.35)
"""Mean and sd of loans' yearly rate in %: 鲁科贷 of July 2025 had a mean of 3.39 %."""

ASKS_INTEREST = {"技术改造": 0.42, "产业化": 0.18, "孵化载体": 0.20, "共性技术": 0.15}
"""Part of a nature's firms that ask for an interest subsidy on a loan they have."""

HAS_LOAN = 0.45
"""Part of the other firms that have a loan in the reference period."""

ASKS_AWARD = {"技术改造": 0.45, "孵化载体": 0.40}
"""Part of a nature's other firms whose project is done and who ask for an award after proof (后补助)."""

SPENT = {"技术改造": 900, "孵化载体": 220}
"""Mean of what they have spent and can show, in 万元."""

AWARD_RATE = 0.10
"""They ask for this part of it: Shandong's R&D award of 2018 was 10 % (FIELD.md)."""

UNPROVEN = 0.08
"""Part of them whose spend nobody has verified yet."""

BOOK_MEAN = 20_000
"""万元 of loans that a bank would enrol in the pool for risk compensation."""

BOOK_NEED = 0.03 * 0.35
"""What it asks for: a default rate of 3 % of them, of which the city bears 35 % (鲁政办字〔2023〕155号; FIELD.md)."""

VALUED = {"产业化": 0.74, "成果转化": 0.50, "技术改造": 0.12, "共性技术": 0.12}
"""Part of a nature's firms that would take equity and say what they are worth."""

OWN_FUNDS = {"产业化": 2.6, "技术改造": 2.8, "成果转化": 1.8}
"""Median of own funds ÷ request for firms; 1.5 elsewhere. Rules want 1 or more: 8 % of firms fall short."""


@dataclass(frozen=True)
class Asked:
    """Columns of money in 万元, one entry per candidate; 0 where a valuation or a loan is not there."""

    request: Ints
    own: Ints
    other: Ints
    valuation: Ints
    loan: Ints
    interest: Floats
    spend: Ints
    proven: list[bool]
    enrolled: Ints
    asks: list[str]


def ask(seed: int, slots: Sequence[Slot], tenders: Sequence[Tender]) -> Asked:
    """The money columns of all candidates."""
    draw = Draw(seed, "money")
    n = len(slots)
    firm = np.array([s.applicant.kind == "企业" for s in slots])
    free = np.array([s.call < 0 for s in slots])
    by_interest = firm & free & (draw.uniform(n) < _rate(ASKS_INTEREST, slots))
    indebted = by_interest | (firm & (draw.uniform(n) < HAS_LOAN))
    owed = np.where(indebted, draw.lognormal(n, LOAN_MEAN, 0.7), 0)
    owed *= LOAN_MEAN * indebted.sum() / max(owed.sum(), 1e-9)
    loan = np.where(indebted, draw.people_round(owed), 0)
    rate = np.clip(draw.normal(n, *LOAN_RATE), 2.6, 4.8)
    interest = np.rint(loan * rate) / 100
    subsidy = np.minimum(50, np.ceil(0.4 * interest))
    later = Draw(seed, "proof and books")
    by_award = firm & free & ~by_interest & (later.uniform(n) < _rate(ASKS_AWARD, slots))
    spread = later.state.lognormal(-0.18, 0.6, n) * np.maximum(_rate(SPENT, slots), 1)
    spend = np.where(by_award, later.people_round(np.maximum(spread, 60)), 0)
    proven = (later.uniform(n) >= UNPROVEN).tolist()
    bank = np.array([s.applicant.kind == "银行" for s in slots])
    book = np.rint(later.lognormal(n, BOOK_MEAN, 0.4) / 500) * 500
    enrolled = np.where(bank, np.maximum(book, 500), 0).astype(np.int64)
    asked = np.select(
        [by_interest, by_award, bank],
        [subsidy, np.ceil(AWARD_RATE * spend), np.ceil(BOOK_NEED * enrolled)],
        0,
    )
    request = _requests(draw, slots, tenders, asked)
    valued = firm & ~by_interest & ~by_award & (draw.uniform(n) < _rate(VALUED, slots))
    worth = np.rint(np.maximum(request * draw.state.lognormal(np.log(6.5), 0.5, n), 600) / 100) * 100
    own, other = _matching(draw, slots, firm, request)
    # A project that asks for interest only is itself paid for by its loan and what the firm puts beside it.
    own = np.where(by_interest, draw.people_round(loan * 0.6), own)
    other = np.where(by_interest, loan, other)
    # One that is done was paid for by the firm, all but the award it asks for; a bank lends what it enrols.
    own = np.where(by_award, spend - request, np.where(bank, 0, own))
    other = np.where(by_award, 0, np.where(bank, enrolled, other))
    prefers = valued & free & (draw.uniform(n) < 0.65)
    studies = np.array([s.nature == "基础研究" for s in slots])
    asks = np.select(
        [by_interest, by_award, bank, prefers, studies],
        ["贷款贴息", "综合奖补", "风险补偿", "股权投资", "科研资助"],
        "无偿资助",
    ).tolist()
    values = np.where(valued, worth, 0).astype(np.int64)
    return Asked(request, own, other, values, loan, interest, spend.astype(np.int64), proven, enrolled, asks)


def _rate(table: dict[str, float], slots: Sequence[Slot]) -> Floats:
    return np.array([table.get(s.nature, 0.0) for s in slots])


def _requests(draw: Draw, slots: Sequence[Slot], tenders: Sequence[Tender], fixed: Floats) -> Ints:
    """Lognormal by nature, scaled to the assumed mean; teams of one call ask for about the same."""
    natures = np.array([s.nature for s in slots])
    raw = draw.state.lognormal(0.0, SPREAD, len(slots))
    nearby = draw.uniform(len(slots), 0.85, 1.15)
    for tender in tenders:
        first = raw[tender.teams[0]]
        for i in tender.teams:
            raw[i] = first * nearby[i]
    for nature, (_, mean) in NATURES.items():
        here = (natures == nature) & (fixed == 0)
        left = mean * (natures == nature).sum() - fixed[natures == nature].sum()
        for _ in range(4):
            raw[here] = np.minimum(raw[here] * left / max(raw[here].sum(), 1e-9), LARGEST)
    return np.where(fixed > 0, fixed, draw.people_round(np.maximum(raw, 3))).astype(np.int64)


def _matching(draw: Draw, slots: Sequence[Slot], firm: Floats, request: Ints) -> tuple[Ints, Ints]:
    """Own and other funds: firms bring at least what they ask for, but for 8 %; public bodies a part."""
    n = len(slots)
    median = np.array([OWN_FUNDS.get(s.nature, 1.5) for s in slots])
    ample = np.maximum(1.0, median * draw.state.lognormal(0, 0.45, n))
    short = draw.uniform(n, 0.4, 0.95)
    of_firm = np.where(draw.uniform(n) < 0.08, short, ample)
    ratio = np.where(firm, of_firm, draw.uniform(n, 0.0, 0.5))
    unit = np.where(request < 50, 1, 5)
    own = np.where(ratio >= 1, np.ceil(request * ratio / unit), np.floor(request * ratio / unit)) * unit
    helped = draw.uniform(n) < 0.3
    other = np.where(helped, draw.people_round(request * draw.uniform(n, 0.2, 1.2)), 0)
    return own.astype(np.int64), other
