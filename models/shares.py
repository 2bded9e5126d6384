"""What the share rules have in common: the money of each label of one axis, as a share of a named base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from scipy import sparse

from allocator.contract import Facts, Rule
from allocator.limits import Measure, ShareBounds, share_rows
from allocator.money import show, show_share
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import TITLES, Base, Fault, base_column, base_sum, known_labels, money_faults, not_known

MONEY_TITLES = {
    "first_year": Text("本年安排", "this year's money"),
    "award": Text("立项总额", "commitment"),
    "outlay": Text("各年安排合计", "money of all years"),
}


class LabelShares(Rule):
    """Shares of a base by the labels of `axis`.

    of          the base; money: which money is shared (first_year, award, outlay)
    with_lines  whether fixed lines count in each part (and in a base that is a sum of awards)
    shares      label -> floor, target, cap
    """

    axis: ClassVar[str]

    of: Base = "fund"
    money: str = "first_year"
    with_lines: bool = True
    shares: dict[str, ShareBounds]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        counted = np.ones(len(options), bool) if self.with_lines else ~options.fixed
        only = sparse.diags_array(counted.astype(np.int64), dtype=np.int64)
        labels = list(self.shares)
        parts = sparse.csr_array(options.by(self.axis, self.money, labels) @ only)
        whole = base_column(self.of, self.money, options, facts)
        if not isinstance(whole, int):
            whole = np.where(counted, whole, 0)
        return share_rows(self.name, labels, parts, whole, self.shares)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        counted = [a for a in awards if self.with_lines or not a.fixed]
        whole = base_sum(self.of, self.money, counted, facts)
        return [
            Measure(
                rule=self.name,
                label=label,
                basis=self.basis,
                unit="share",
                part=sum(
                    a.money(self.money, facts.years) for a in counted if a.labels.get(self.axis) == label
                ),
                whole=whole,
                limits=limits,
                money=self.money,
            )
            for label, limits in self.shares.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        return share_sentence(facts.title(measure.label), measure, self.of)

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = known_labels(self.axis, options, facts)
        unknown = [not_known(("shares", label), label, known) for label in self.shares if label not in known]
        return money_faults(self.money, options) + unknown


def share_sentence(subject: Text, measure: Measure, of: Base) -> Text:
    """“subject 本年安排 1,234.00 万元，占年度整合规模 5.61%，不低于 5%、不高于 8%：符合”, and the same in English."""
    money, base = MONEY_TITLES.get(measure.money, Text(measure.money, measure.money)), TITLES[of]
    points = measure.points
    share_zh = "无" if points is None else show_share(points)
    share_en = "none" if points is None else show_share(points)
    bounds = bounds_phrase(measure)
    return Text(
        f"{subject.zh}{money.zh} {show(measure.part)} 万元，占{base.zh} {share_zh}{bounds.zh}",
        f"{subject.en}: {money.en} {show(measure.part)} (万元), {share_en} of {base.en}{bounds.en}",
    )


def bounds_phrase(measure: Measure) -> Text:
    """What is asked of a measure and whether it holds, to follow its value in a sentence."""
    asked_zh, asked_en = [], []
    for side, zh, en in (
        ("floor", "不低于", "at least"),
        ("target", "目标", "target"),
        ("cap", "不高于", "at most"),
    ):
        bound = getattr(measure.limits, side, None)
        if bound is not None:
            asked_zh.append(f"{zh} {measure.shown(bound)}")
            asked_en.append(f"{en} {measure.shown(bound)}")
    verdict = Text("符合", "kept") if measure.kept else Text("未达到", "not met")
    if not asked_zh:
        return Text("。", ".")
    return Text(f"（{'、'.join(asked_zh)}）：{verdict.zh}。", f" ({', '.join(asked_en)}): {verdict.en}.")
