"""How one year leads to the next: what comes back, how performance moves weights, how many deals close.

The notice has results of evaluation change later budgets (66号文 二（三）6) and leaves the rule open; the grades' bands
are the finance ministry's, the shifts are assumed.
"""

from __future__ import annotations

from pydantic import Field

from allocator.contract import Settings
from allocator.money import Share
from models.terms import Standing


class Years(Settings):
    """The written rule by which a year moves on.

    returned   share of what equity brings back that enters the ceiling of its year
    grades     from 100 down: the least mark of a domain's funded projects on average, and what its worth counts for in
               the next year
    spread     standard deviation, in points, of a domain's mark around its projects' mean score
    closing    share of equity deals that close
    common     share of an outcome's variance that all deals of a year have in common
    """

    returned: Share = Field(default=10_000, le=10_000)
    grades: tuple[tuple[int, Share], ...] = ((90, 10_500), (80, 10_000), (60, 9_000), (0, 8_000))
    spread: int = Field(default=8, ge=0, le=50)
    closing: Share = Field(default=7_000, le=10_000)
    common: Share = Field(default=1_500, le=9_900)
    source: str = (
        "等级分数段为财政部口径（转载）；等级对次年的影响、收回资金的比例、成交比例和共同因素均为假定"
    )
    standing: Standing = "assumed"
