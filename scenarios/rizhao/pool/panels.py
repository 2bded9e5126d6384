"""Panels of experts and their scores, as a scoring sheet looks: lenient and strict experts, heaps at 75, 80, 85."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .draw import Draw, Floats
from .table import Columns

CRITERIA = {"技术先进性": 2400, "合理性": 2000, "可行性": 2000, "预期效益": 1600}
"""Criteria and their weights in basis points: 合理性 and 可行性 are 66号文 二（三）3's; the rest assumed."""

PANEL_SIZES = {"5": 45, "7": 35, "9": 10, "6": 6, "8": 4}
"""Experts who score a candidate, weights. Assumed (5 to 9, mostly odd)."""

RECUSAL = 0.03
"""Part of the invitations on which an expert stands aside; somebody else then takes the place."""

EXPERTS = 60
"""Experts called up for each city year's worth of candidates."""

MEAN, CANDIDATE_SD, LENIENCY_SD, TASTE_SD, CRITERION_SD = 76.0, 6.6, 4.0, 4.0, 4.0
"""Panel means have sd 7 and a panel's members sd 6 about it, leniency and criteria included. Assumed (FIELD.md)."""

HEAP = 0.45
"""Part of the scores put to the nearest 5."""


def review_columns(seed: int, candidates: Sequence[str], per_block: int) -> Columns:
    """The 专家评审打分 as columns, one row per candidate and expert; recused experts have no scores.

    Candidates come in blocks of `per_block`, each with experts of its own.
    """
    draw = Draw(seed, "reviews")
    n = len(candidates)
    blocks = -(-n // per_block)
    quality = _centred(draw.normal(n)) * CANDIDATE_SD + MEAN
    leniency = _centred(draw.normal(blocks * EXPERTS)) * LENIENCY_SD
    sizes = np.array([int(s) for s in draw.pick(PANEL_SIZES, n)])
    # One more chair where an invitation is declined, so that the panel keeps its number.
    declined = (draw.uniform(n) < RECUSAL * sizes) & (sizes < 9)
    order = np.argsort(draw.state.uniform(size=(n, EXPERTS)), axis=1)[:, : max(sizes) + 1]
    seated = sizes + declined
    row, chair = np.nonzero(np.arange(order.shape[1])[None, :] < seated[:, None])
    expert = order[row, chair] + EXPERTS * (row // per_block)
    in_order = np.lexsort((expert, row))
    row, chair, expert = row[in_order], chair[in_order], expert[in_order]
    recused = declined[row] & (chair == 0)
    overall = quality[row] + leniency[expert] + draw.normal(len(row), 0, TASTE_SD)
    digits = max(2, len(str(blocks * EXPERTS)))
    columns: Columns = {
        "candidate": [candidates[i] for i in row.tolist()],
        "expert": [f"Z{i + 1:0{digits + 1}d}" for i in expert.tolist()],
    }
    for criterion in CRITERIA:
        exact = overall + draw.normal(len(row), 0, CRITERION_SD)
        heaped = draw.uniform(len(row)) < HEAP
        score = np.where(heaped, np.rint(exact / 5) * 5, np.rint(exact)).clip(30, 99).astype(int)
        columns[criterion] = [
            None if aside else s for aside, s in zip(recused.tolist(), score.tolist(), strict=True)
        ]
    columns["recused"] = ["是" if aside else None for aside in recused.tolist()]
    return columns


def _centred(numbers: Floats) -> Floats:
    """The numbers with mean 0 and sd 1, so that a pool of a few hundred has the assumed moments."""
    centred: Floats = (numbers - numbers.mean()) / numbers.std()
    return centred
