"""Prerequisites: a candidate is taken only where those that it rests on are (前置项目)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from allocator.contract import Facts, Rule
from allocator.limits import CountBounds, CountForce, Measure
from allocator.options import Award, OptionTable
from allocator.program import Clause, Rows
from allocator.words import Text, listed
from models.base import Fault
from models.listed import Term, block, taken, unknown


class Needs(CountForce):
    """What one candidate rests on: candidates or fixed lines, all of them or any one; why, and on what basis."""

    needs: tuple[str, ...] = Field(min_length=1)
    of: Literal["all", "any"] = "all"
    reason: str = Field(min_length=1)
    basis: str = Field(min_length=1)

    @property
    def limits(self) -> CountBounds:
        """No need unmet."""
        return self.count(cap=0)


class Prerequisite(Rule):
    """前置项目: `candidates` by id. Its measure counts the needs that a candidate which is taken lacks."""

    key: ClassVar[str] = "prerequisite"
    title: ClassVar[Text] = Text("前置项目", "Prerequisites")
    example: ClassVar[Mapping[str, Any]] = {
        "candidates": {
            "A": {"needs": ["B", "D"], "reason": "依托其平台", "basis": "会议纪要"},
            "C": {"needs": ["D", "E"], "of": "any", "reason": "衔接", "basis": "会议纪要"},
        }
    }

    basis: str = "66号文 二（三）4"
    candidates: dict[str, Needs]

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        built: list[tuple[Clause, Sequence[Term], int]] = []
        for candidate, own in self.candidates.items():
            clause = own.limits.clause(self.name, candidate, "cap")
            if own.of == "any":
                built.append((clause, [(1, candidate), *((-1, need) for need in own.needs)], 0))
            else:
                built += [(clause, [(1, candidate), (-1, need)], 0) for need in own.needs]
        return block(options, built)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        there = taken(awards)
        return [
            Measure(
                rule=self.name,
                label=candidate,
                basis=own.basis,
                unit="count",
                part=_lacking(candidate, own, there),
                limits=own.limits,
                money="count",
            )
            for candidate, own in self.candidates.items()
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        own, candidate = self.candidates[measure.label], facts.title(measure.label)
        needs = listed(facts.title(n) for n in own.needs)
        several = len(own.needs) > 1
        how = Text(
            "其中之一" if own.of == "any" else "全部", "one of them" if own.of == "any" else "all of them"
        )
        done = Text("符合", "kept") if measure.kept else Text("不符合", "not met")
        return Text(
            f"安排 {candidate.zh} 须先安排 {needs.zh}{f'（{how.zh}）' if several else ''}"
            f"（{own.reason}；{own.basis}）：{done.zh}。",
            f"{candidate.en} only with {needs.en}{f', {how.en}' if several else ''} "
            f"({own.reason}; {own.basis}): {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = facts.numbers["candidates"]
        found: list[Fault] = []
        for candidate, own in self.candidates.items():
            found += unknown(("candidates", candidate), candidate, options, known)
            for need in own.needs:
                found += unknown(("candidates", candidate, "needs"), need, options, known)
            if candidate in own.needs:
                found.append(
                    (
                        ("candidates", candidate, "needs"),
                        Text(f"“{candidate}”以自身为前置", f"“{candidate}” rests on itself"),
                        Text("改为其所依托的项目", "name the projects that it rests on"),
                    )
                )
        return found


def _lacking(candidate: str, own: Needs, there: frozenset[str]) -> int:
    if candidate not in there:
        return 0
    missing = sum(need not in there for need in own.needs)
    return missing if own.of == "all" else int(missing == len(own.needs))
