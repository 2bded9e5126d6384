"""The most that one project may have, by its labels (单个项目资助上限)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from allocator.contract import Facts, Rule, Settings
from allocator.limits import CountBounds, Measure, amount_rows
from allocator.money import Money, show
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text
from models.base import Fault, known_labels, money_faults, not_known


class ProjectLimit(Settings):
    """The most for each project that has one of the labels on every axis of `where` (each project without it)."""

    where: dict[str, tuple[str, ...]] = {}
    amount: Money
    money: str = "award"
    basis: str = ""


class ProjectCap(Rule):
    """单个项目资助上限: `caps` by a name of its own, which reports print. No project may be above its caps."""

    key: ClassVar[str] = "project_cap"
    title: ClassVar[Text] = Text("单个项目资助上限", "Cap per project")
    example: ClassVar[Mapping[str, Any]] = {
        "caps": {"企业项目": {"where": {"kind": ["企业"]}, "amount": "100万元"}}
    }
    numbers: ClassVar[Mapping[str, Text]] = {"amount": Text("金额上限", "cap on the amount")}

    basis: str = "申报通知资助标准"
    caps: dict[str, ProjectLimit]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        above = [
            (options.mask(cap.where) & ~options.fixed & (options.column(cap.money) > cap.amount)).astype(
                np.int64
            )
            for cap in self.caps.values()
        ]
        return amount_rows(self.name, list(self.caps), options.sums(above), dict.fromkeys(self.caps, NONE))

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        return [
            Measure(
                rule=self.name,
                label=name,
                basis=cap.basis or self.basis,
                unit="count",
                part=sum(
                    not a.fixed and a.fits(cap.where) and a.money(cap.money, facts.years) > cap.amount
                    for a in awards
                ),
                limits=NONE,
                money="count",
            )
            for name, cap in self.caps.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        most = show(self.caps[measure.label].amount)
        return Text(
            f"{measure.label}单个项目不超过 {most} 万元，超过的有 {measure.part} 个。",
            f"{measure.label}: at most {most} (万元) for a project, {measure.part} are above.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        found: list[Fault] = []
        for name, cap in self.caps.items():
            for axis, labels in cap.where.items():
                keys = ("caps", name, "where", axis)
                known = known_labels(axis, options, facts)
                if axis not in options.labels:
                    found.append(not_known(keys, axis, sorted(options.labels)))
                else:
                    found += [not_known(keys, label, known) for label in labels if label not in known]
            found += [
                (("caps", name, *keys), what, mend) for keys, what, mend in money_faults(cap.money, options)
            ]
        return found


NONE = CountBounds(cap=0)
"""No project above its cap."""
