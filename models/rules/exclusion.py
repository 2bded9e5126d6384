"""Exclusions: of candidates that stand for the same thing, at most one is taken (互斥项目)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from allocator.contract import Facts, Rule
from allocator.limits import CountBounds, CountForce, Measure
from allocator.options import Award, OptionTable
from allocator.program import Rows
from allocator.words import Text, listed
from models.base import Fault
from models.listed import block, taken, unknown


class Excluding(CountForce):
    """Candidates (or fixed lines) that exclude one another; why, and on what basis."""

    candidates: tuple[str, ...] = Field(min_length=2)
    reason: str = Field(min_length=1)
    basis: str = Field(min_length=1)

    @property
    def limits(self) -> CountBounds:
        """One of them at most."""
        return self.count(cap=1)


class Exclusion(Rule):
    """互斥项目: `among` by a name of its own. What is a fixed line already excludes the others."""

    key: ClassVar[str] = "exclusion"
    title: ClassVar[Text] = Text("互斥项目", "Exclusions")
    example: ClassVar[Mapping[str, Any]] = {
        "among": {"同一成果": {"candidates": ["A", "B", "E"], "reason": "内容重复", "basis": "查重结果"}}
    }

    basis: str = "申报通知查重规定"
    among: dict[str, Excluding]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        return block(
            options,
            [
                (own.limits.clause(self.name, name, "cap"), [(1, c) for c in own.candidates], 1)
                for name, own in self.among.items()
            ],
        )

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        there = taken(awards)
        return [
            Measure(
                rule=self.name,
                label=name,
                basis=own.basis,
                unit="count",
                part=sum(c in there for c in own.candidates),
                limits=own.limits,
                money="count",
            )
            for name, own in self.among.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        own = self.among[measure.label]
        titles = listed(facts.title(c) for c in own.candidates)
        done = Text("符合", "kept") if measure.kept else Text("不符合", "not met")
        return Text(
            f"{titles.zh} 最多安排其中 1 项（{own.reason}；{own.basis}），安排 {measure.part} 项：{done.zh}。",
            f"At most one of {titles.en} ({own.reason}; {own.basis}), {measure.part} taken: {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = facts.numbers["candidates"]
        found: list[Fault] = []
        for name, own in self.among.items():
            for c in own.candidates:
                found += unknown(("among", name, "candidates"), c, options, known)
            if len(set(own.candidates)) < len(own.candidates):
                found.append(
                    (
                        ("among", name, "candidates"),
                        Text("同一项目列了两次", "a project is listed twice"),
                        Text("删去重复的编号", "list each id once"),
                    )
                )
            fixed = [
                c for c in own.candidates if c in options.rows_of and options.fixed[options.rows_of[c]].any()
            ]
            if len(fixed) > 1 and own.hard:
                found.append(
                    (
                        ("among", name, "candidates"),
                        Text(
                            f"{'、'.join(fixed)} 都已固定安排，无法互斥",
                            f"{', '.join(fixed)} are fixed already and cannot exclude one another",
                        ),
                        Text("从中去掉已固定的事项", "take the fixed ones out"),
                    )
                )
        return found
