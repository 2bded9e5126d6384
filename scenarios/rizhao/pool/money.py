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

ASKS_INTEREST = {"技术改造": 0.27, "产业化": 0.10, "孵化载体": 0.15, "共性技术": 0.06}
"""Part of a nature's firms that ask for an interest subsidy on a loan they have."""

HAS_LOAN = 0.45
"""Part of the other firms that have a loan in the reference period."""

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
    request = _requests(draw, slots, tenders, np.where(by_interest, subsidy, 0))
    valued = firm & ~by_interest & (draw.uniform(n) < _rate(VALUED, slots))
    worth = np.rint(np.maximum(request * draw.state.lognormal(np.log(6.5), 0.5, n), 600) / 100) * 100
    own, other = _matching(draw, slots, firm, request)
    # A project that asks for interest only is itself paid for by its loan and what the firm puts beside it.
    own = np.where(by_interest, draw.people_round(loan * 0.6), own)
    other = np.where(by_interest, loan, other)
    prefers = valued & free & (draw.uniform(n) < 0.65)
    asks = np.select([by_interest, prefers], ["贷款贴息", "股权投资"], "无偿资助").tolist()
    return Asked(request, own, other, np.where(valued, worth, 0).astype(np.int64), loan, interest, asks)


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
