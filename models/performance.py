"""绩效自评: the indicators that every project answers at the year's end, and what each weighs (66号文 二（三）6)."""

from __future__ import annotations

from pydantic import Field, model_validator

from allocator.contract import Settings
from allocator.money import Unreadable
from allocator.words import Text, catalogue, same
from models.terms import Standing


class Indicator(Settings):
    """One indicator of the second level, below its first-level one, and its full mark."""

    first: str
    second: str
    mark: int = Field(ge=1, le=100)


ENGLISH = {
    "产出指标": "Output",
    "数量指标": "Quantity",
    "质量指标": "Quality",
    "时效指标": "Timeliness",
    "成本指标": "Cost",
    "效益指标": "Benefit",
    "经济效益指标": "Economic benefit",
    "社会效益指标": "Social benefit",
    "可持续影响指标": "Lasting effect",
    "满意度指标": "Satisfaction",
    "服务对象满意度指标": "Satisfaction of those served",
}
"""How the usual indicators read in English; others stand as they were written."""

SOURCE = Text(
    "执行 10、产出 50、效益 30、满意度 10 为各地常见（假定）",
    "payment 10, output 50, benefit 30, satisfaction 10, as is usual (assumed)",
)
"""Where the usual marks are from."""

DEFAULT = tuple(
    Indicator(first=first, second=second, mark=mark)
    for first, second, mark in (
        ("产出指标", "数量指标", 15),
        ("产出指标", "质量指标", 15),
        ("产出指标", "时效指标", 10),
        ("产出指标", "成本指标", 10),
        ("效益指标", "经济效益指标", 10),
        ("效益指标", "社会效益指标", 10),
        ("效益指标", "可持续影响指标", 10),
        ("满意度指标", "服务对象满意度指标", 10),
    )
)


class Performance(Settings):
    """How a year is evaluated: full marks of payment (执行率) and of each indicator, 100 in all."""

    payment: int = Field(default=10, ge=0, le=100)
    indicators: tuple[Indicator, ...] = DEFAULT
    source: str = SOURCE.zh
    standing: Standing = "assumed"

    @property
    def from_where(self) -> Text:
        """Where the marks are from, in both languages where it is as usual."""
        return SOURCE if self.source == SOURCE.zh else same(self.source)

    @model_validator(mode="after")
    def _hundred(self) -> Performance:
        whole = self.payment + sum(i.mark for i in self.indicators)
        if whole != 100:
            raise Unreadable("performance.hundred", words=catalogue("models.words"), whole=whole)
        return self


def reads(indicator: str) -> Text:
    """An indicator's name in both languages."""
    return Text(indicator, ENGLISH.get(indicator, indicator))
