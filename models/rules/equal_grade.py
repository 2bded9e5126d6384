"""Equal level of funding for equal grade (档次), within a guide direction and an instrument."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator
from scipy import sparse

from allocator.contract import Facts
from allocator.limits import CountBounds, CountForce, Measure
from allocator.money import Unreadable
from allocator.options import Award, OptionTable
from allocator.program import OPEN, Clause, Rows
from allocator.words import Text, catalogue
from models.base import Fault, not_known
from models.order import Ordered, order_of

PAIRED = 12
"""Candidates of one grade up to which every pair has its own rows, which are tighter; above, each has one a level."""

MOST = 300
"""Candidates of one grade, direction and instrument that it is for: its rows grow with their square."""

Class = tuple[str, str, str]
"""A direction, a grade and an instrument."""


class EqualGrade(CountForce, Ordered):
    """同档次同额度.

    grades       grade -> the least points that it takes; below the last of them all are one more grade
    same         level: the same share of what each asked for; amount: the same money
    instruments  those that it holds for; all of them without it

    Its measure counts, in each direction, the pairs of equal grade and instrument that are taken at unequal levels.
    """

    key: ClassVar[str] = "equal_grade"
    title: ClassVar[Text] = Text("同档次同额度", "Equal level for equal grade")
    example: ClassVar[Mapping[str, Any]] = {"grades": {"优": 75}}

    basis: str = "66号文 二（三）4"
    grades: dict[str, int] = Field(min_length=1)
    same: Literal["level", "amount"] = "level"
    instruments: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _falling(self) -> EqualGrade:
        marks = list(self.grades.values())
        if marks != sorted(set(marks), reverse=True) or not all(0 <= m <= 100 for m in marks):
            raise Unreadable("equal_grade.falling", words=catalogue("models.words"))
        return self

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        built: list[tuple[Clause, Mapping[int, int], int]] = []
        for (direction, _, _), members in self._classes(options, facts).items():
            if len(members) > PAIRED:
                clause = self._limits.clause(self.name, direction, "cap", Fraction(1, 2))
                built += [(clause, *row) for row in _each(members)]
            else:
                clause = self._limits.clause(self.name, direction, "cap")
                built += [(clause, row, 1) for row in _pairs(members)]
        rows = np.repeat(np.arange(len(built)), [len(entries) for _, entries, _ in built])
        columns = np.array([k for _, entries, _ in built for k in entries], np.int64)
        data = np.array([v for _, entries, _ in built for v in entries.values()], np.int64)
        shape = (len(built), len(options))
        return Rows(
            matrix=sparse.csr_array((data, (rows.astype(np.int64), columns)), shape=shape, dtype=np.int64),
            lower=np.full(len(built), -OPEN),
            upper=np.array([bound for *_, bound in built], np.int64),
            clauses=tuple(clause for clause, _, _ in built),
        )

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        held: defaultdict[Class, Counter[int]] = defaultdict(Counter)
        for award in awards:
            own = self._class(award.candidate, award.instrument, facts)
            if own is not None and not award.fixed:
                held[own][award.level if self.same == "level" else award.amount] += 1
        unequal: Counter[str] = Counter()
        for (direction, _, _), values in held.items():
            count = sum(values.values())
            unequal[direction] += (count * count - sum(v * v for v in values.values())) // 2
        return [
            Measure(
                self.name, direction, self.basis, "count", unequal[direction], self._limits, money="count"
            )
            for direction in order_of(facts).named
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        direction = facts.title(measure.label)
        what = Text("资助比例", "level") if self.same == "level" else Text("资助额度", "amount")
        kept = Text(f"同档次项目{what.zh}一致", f"equal {what.en} for equal grade")
        if not measure.kept:
            kept = Text(
                f"同档次而{what.zh}不一致的有 {measure.part} 对",
                f"{measure.part} pairs of equal grade at unequal {what.en}s",
            )
        return Text(f"{direction.zh}：{kept.zh}。", f"{direction.en}: {kept.en}.")

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = facts.labels["instrument"]
        found = [not_known(("instruments",), i, known) for i in self.instruments if i not in known]
        sizes = Counter(
            own
            for c in order_of(facts).directions
            for i in (self.instruments or known)
            if (own := self._class(c, i, facts)) is not None
        )
        large = max(sizes, key=lambda own: sizes[own], default=None)
        if large is not None and sizes[large] > MOST:
            direction = facts.title(large[0])
            found.append(
                (
                    ("grades",),
                    Text(
                        f"{direction.zh}“{large[1]}”档有 {sizes[large]} 项，超过本规则可处理的 {MOST} 项",
                        f"{direction.en}: grade “{large[1]}” has {sizes[large]} candidates; {MOST} at most",
                    ),
                    Text("把档次分细，或只对部分支持方式适用", "use finer grades, or name fewer instruments"),
                )
            )
        return found

    @property
    def _limits(self) -> CountBounds:
        return self.count(cap=0)

    def _class(self, candidate: str, instrument: str, facts: Facts) -> Class | None:
        """The direction, grade and instrument of an option; None where the rule does not speak of it."""
        direction = order_of(facts).directions.get(candidate)
        if direction is None or (self.instruments and instrument not in self.instruments):
            return None
        score = order_of(facts).scores[candidate]
        grade = next((g for g, mark in self.grades.items() if score >= mark * 100), "")
        return direction, grade, instrument

    def _classes(self, options: OptionTable, facts: Facts) -> Mapping[Class, list[Mapping[int, list[int]]]]:
        """Of each class with two candidates or more: each candidate's options by level (or amount)."""
        values = (options.level if self.same == "level" else options.award).tolist()
        codes = options.labels["instrument"]
        found: defaultdict[Class, dict[int, defaultdict[int, list[int]]]] = defaultdict(dict)
        for k in np.flatnonzero(~options.fixed).tolist():
            i = int(options.candidate[k])
            own = self._class(options.candidates[i], codes.label(k) or "", facts)
            if own is not None:
                found[own].setdefault(i, defaultdict(list))[values[k]].append(k)
        return {own: list(members.values()) for own, members in found.items() if len(members) > 1}


def _pairs(members: Sequence[Mapping[int, list[int]]]) -> Iterator[Mapping[int, int]]:
    """x of one at a level + x of another at any other ≤ 1, for every pair and level: an unequal pair breaks one."""
    for one, other in combinations(members, 2):
        for level, own in one.items():
            unlike = [k for v, options in other.items() if v != level for k in options]
            if unlike:
                yield dict.fromkeys((*own, *unlike), 1)


def _each(members: Sequence[Mapping[int, list[int]]]) -> Iterator[tuple[Mapping[int, int], int]]:
    """(n − 1) · x of one at a level + x of others at other levels ≤ n − 1: an unequal pair breaks two, by one each."""
    most = len(members) - 1
    for i, one in enumerate(members):
        for level, own in one.items():
            unlike = [
                k
                for j, other in enumerate(members)
                if j != i
                for v, options in other.items()
                if v != level
                for k in options
            ]
            if unlike:
                yield {**dict.fromkeys(own, most), **dict.fromkeys(unlike, 1)}, most
