"""Groups of candidates that are decided on together: at most, at least, exactly so many, or all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field, model_validator

from allocator.contract import Facts, Rule
from allocator.limits import CountBounds, CountForce, Measure
from allocator.money import Unreadable
from allocator.options import Award, OptionTable
from allocator.program import Clause, Rows
from allocator.words import Text, catalogue, listed
from models.base import Fault
from models.listed import Term, block, taken, unknown

WORDS = catalogue("models.words")


class Group(CountForce):
    """One group: its candidates, how many of them, why and on what basis.

    at_most, at_least, exactly  numbers of candidates taken; all_or_none: all of them or not one
    """

    candidates: tuple[str, ...] = Field(min_length=1)
    at_most: int | None = Field(default=None, ge=0)
    at_least: int | None = Field(default=None, ge=0)
    exactly: int | None = Field(default=None, ge=0)
    all_or_none: bool = False
    reason: str = Field(min_length=1)
    basis: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one(self) -> Group:
        several = self.at_most is not None or self.at_least is not None
        if several + (self.exactly is not None) + self.all_or_none != 1:
            raise Unreadable("group.one", words=WORDS)
        if len(set(self.candidates)) < len(self.candidates):
            raise Unreadable("group.twice", words=WORDS)
        return self

    @property
    def limits(self) -> CountBounds:
        """How many of its candidates; for all or none, how many breaks there may be around the ring: none."""
        if self.all_or_none:
            return self.count(cap=0)
        if self.exactly is not None:
            return self.count(floor=self.exactly, cap=self.exactly)
        return self.count(floor=self.at_least, cap=self.at_most)


class Groups(Rule):
    """项目组合: `groups` by a name of its own.

    All or none is a ring of rows, each candidate taken only with the next; its measure counts the breaks in the ring.
    """

    key: ClassVar[str] = "group"
    title: ClassVar[Text] = Text("项目组合", "Groups of projects")
    example: ClassVar[Mapping[str, Any]] = {
        "groups": {
            "示范": {"candidates": ["A", "B", "D"], "exactly": 2, "reason": "统筹", "basis": "会议纪要"},
            "配套": {"candidates": ["C", "E"], "all_or_none": True, "reason": "配套", "basis": "会议纪要"},
        }
    }

    basis: str = "66号文 二（三）4"
    groups: dict[str, Group]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        built: list[tuple[Clause, Sequence[Term], int]] = []
        for name, group in self.groups.items():
            limits = group.limits
            if group.all_or_none:
                clause = limits.clause(self.name, name, "cap")
                built += [(clause, [(1, a), (-1, b)], 0) for a, b in _ring(group.candidates)]
                continue
            everyone = [(1, c) for c in group.candidates]
            built += [
                (limits.clause(self.name, name, side), everyone, bound)
                for side in ("floor", "cap")
                if (bound := limits.bound(side)) is not None
            ]
        return block(options, built)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        own = taken(awards)
        return [
            Measure(
                rule=self.name,
                label=name,
                basis=group.basis,
                unit="count",
                part=sum(a in own and b not in own for a, b in _ring(group.candidates))
                if group.all_or_none
                else sum(c in own for c in group.candidates),
                limits=group.limits,
                money="count",
            )
            for name, group in self.groups.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        group = self.groups[measure.label]
        count = len(group.candidates)
        why = f"（{group.reason}；{group.basis}）", f" ({group.reason}; {group.basis})"
        done = Text("符合", "kept") if measure.kept else Text("不符合", "not met")
        if group.all_or_none:
            return Text(
                f"组合“{measure.label}”{why[0]}共 {count} 项，应当全部安排或全部不安排：{done.zh}。",
                f"Group “{measure.label}”{why[1]}: all {count} projects or none: {done.en}.",
            )
        asked = _asked(group)
        return Text(
            f"组合“{measure.label}”{why[0]}共 {count} 项，安排 {measure.part} 项，{asked.zh}：{done.zh}。",
            f"Group “{measure.label}”{why[1]}: {measure.part} of {count} taken, {asked.en}: {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        found: list[Fault] = []
        for name, group in self.groups.items():
            for c in group.candidates:
                found += unknown(("groups", name, "candidates"), c, options, facts.numbers["candidates"])
            open_to = sum(len(options.rows_of.get(c, ())) > 0 for c in group.candidates)
            fixed = sum(
                bool(options.fixed[options.rows_of[c]].any())
                for c in group.candidates
                if c in options.rows_of
            )
            least = group.limits.bound("floor") or 0
            most = group.limits.bound("cap")
            if not group.limits.hard or group.all_or_none:
                continue
            if least > open_to:
                found.append(_short(name, least, open_to, len(group.candidates)))
            elif most is not None and most < fixed:
                found.append(_over(name, most, fixed))
        return found


def _ring(candidates: Sequence[str]) -> list[tuple[str, str]]:
    """Each candidate with the next, the last with the first."""
    return list(zip(candidates, (*candidates[1:], candidates[0]), strict=True)) if len(candidates) > 1 else []


def _asked(group: Group) -> Text:
    if group.exactly is not None:
        return Text(
            f"应当恰好 {group.exactly} 项（可安排的不足或超过此数时无解）",
            f"exactly {group.exactly} (no plan where fewer can be, or more must be)",
        )
    parts = [
        Text(f"{zh} {bound} 项", f"{en} {bound}")
        for zh, en, bound in (("至少", "at least", group.at_least), ("最多", "at most", group.at_most))
        if bound is not None
    ]
    return listed(parts)


def _short(name: str, least: int, open_to: int, count: int) -> Fault:
    return (
        ("groups", name),
        Text(
            f"要安排 {least} 项，而所列 {count} 项中只有 {open_to} 项有可用的支持方式，无解",
            f"asks for {least}, but only {open_to} of the {count} listed have an option: there is no plan",
        ),
        Text(
            "减少项数，或补齐未达条件项目的评审与资料",
            "ask for fewer, or complete the others' reviews and records",
        ),
    )


def _over(name: str, most: int, fixed: int) -> Fault:
    return (
        ("groups", name),
        Text(
            f"最多安排 {most} 项，而所列事项中已固定安排的有 {fixed} 项，无解",
            f"at most {most}, but {fixed} of those listed are fixed already: there is no plan",
        ),
        Text("增加项数，或从组合中去掉已固定的事项", "allow more, or take the fixed ones out of the group"),
    )
