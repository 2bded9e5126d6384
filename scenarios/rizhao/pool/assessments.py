"""What the office and finance say of each candidate: a score for each of their criteria, and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .draw import Draw
from .table import Columns

OFFICE, FINANCE = "领导小组办公室", "市财政局"

CRITERIA = {
    "产业发展布局": (800, OFFICE, "Industrial layout"),
    "年度工作重点": (500, OFFICE, "The year's priorities"),
    "产出效益": (700, FINANCE, "Output and benefit"),
}
"""Criteria that are not the experts': weight in basis points, whose they are (66号文 二（三）4、5), in English. Weights
assumed: a fifth of the whole."""

MEAN, SD = 78.0, 8.0
"""Of the scores, to the nearest 5 in half of the cases. Assumed."""

REASONS: Mapping[str, tuple[str, str, str]] = {
    OFFICE: (
        "属{industry}重点链条，列入本年度工作重点",
        "与{industry}发展布局相符，非本年度重点",
        "与全市产业布局关联较弱",
    ),
    FINANCE: (
        "预期产出和税收贡献较高，绩效目标可考核",
        "预期产出一般，绩效目标基本可考核",
        "预期产出偏低，绩效目标需细化",
    ),
}
"""By body: for a mean of its scores of 80 and above, of 70 and above, below."""


def assessment_columns(seed: int, candidates: Mapping[str, Sequence[Any]]) -> Columns:
    """The 部门综合评价 as columns: two rows a candidate, the office's and finance's."""
    draw = Draw(seed, "assessments")
    n = len(candidates["id"])
    scores = {}
    for criterion in CRITERIA:
        exact = draw.normal(n, MEAN, SD)
        heaped = draw.uniform(n) < 0.5
        scores[criterion] = np.where(heaped, np.rint(exact / 5) * 5, np.rint(exact)).clip(40, 98).astype(int)
    rows: list[dict[str, Any]] = []
    for i in range(n):
        for body in (OFFICE, FINANCE):
            own = {name: int(scores[name][i]) for name, (_, whose, _) in CRITERIA.items() if whose == body}
            mean = sum(own.values()) / len(own)
            reason = REASONS[body][0 if mean >= 80 else 1 if mean >= 70 else 2]
            words = reason.format(industry=candidates["industry"][i] or "相关产业")
            rows.append({"candidate": candidates["id"][i], "assessor": body, **own, "reason": words})
    names = ["candidate", "assessor", *CRITERIA, "reason"]
    return {name: [row.get(name) for row in rows] for name in names}
