"""Rank order within a guide direction: with whoever is taken, everyone of a better score is (66号文 二（三）3、4).

Rows stand between neighbours in rank only; the rest follows. Equal scores have no order among themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from allocator.contract import Facts, Settings
from allocator.limits import CountBounds, CountForce, Measure
from allocator.options import Award, OptionTable
from allocator.program import Clause, Rows
from allocator.words import Text
from models.base import Fault, not_known
from models.listed import Term, block, taken, unknown
from models.order import Ordered, order_of, tiers

WIDE = 8
"""Neighbours of equal score above which one row holds a candidate to all of them at once: fewer rows, as exact."""


class Skip(Settings):
    """Why one candidate may be passed over, and on what basis; the table of skips prints both."""

    reason: str = Field(min_length=1)
    basis: str = Field(min_length=1)


class RankOrder(CountForce, Ordered):
    """评审排名顺序.

    directions  the directions that it holds for, by domain·sub-area or call; all of them without it
    skips       candidates that may be passed over: those below them are held to the next better one instead

    Its measure counts, in each direction, the pairs of neighbours of which the lower is taken and the higher is not;
    soft, `price` is yuan of worth for each such pair.
    """

    key: ClassVar[str] = "rank_order"
    title: ClassVar[Text] = Text("评审排名顺序", "Rank order within a direction")
    example: ClassVar[Mapping[str, Any]] = {}

    basis: str = "66号文 二（三）3、4"
    directions: tuple[str, ...] = ()
    skips: dict[str, Skip] = {}

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        built: list[tuple[Clause, Sequence[Term], int]] = []
        for direction, neighbours in self._neighbours(facts):
            clause = self._limits.clause(self.name, direction, "cap")
            for better, worse in neighbours:
                if len(better) > WIDE:
                    terms = [(len(better), worse), *((-1, b) for b in better)]
                    built.append((clause, terms, 0))
                else:
                    built += [(clause, [(1, worse), (-1, b)], 0) for b in better]
        return block(options, built)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        there = taken(awards)
        return [
            Measure(
                rule=self.name,
                label=direction,
                basis=self.basis,
                unit="count",
                part=sum(
                    sum(b not in there for b in better) for better, worse in neighbours if worse in there
                ),
                limits=self._limits,
                money="count",
            )
            for direction, neighbours in self._neighbours(facts)
        ]

    def say(self, measure: Measure, facts: Facts) -> Text:
        direction = facts.title(measure.label)
        own = order_of(facts).directions
        let = [(facts.title(c), s) for c, s in self.skips.items() if own.get(c) == measure.label]
        zh = "；".join(f"{t.zh}（{s.reason}；{s.basis}）" for t, s in let)
        en = "; ".join(f"{t.en} ({s.reason}; {s.basis})" for t, s in let)
        kept = (
            Text("按评审排名顺序安排", "taken in order of score")
            if measure.kept
            else Text(
                f"相邻名次中后者安排而前者未安排的有 {measure.part} 处",
                f"{measure.part} pairs of neighbours with the lower taken and the higher not",
            )
        )
        return Text(
            f"{direction.zh}：{kept.zh}{f'，已说明理由的跳项：{zh}' if let else ''}。",
            f"{direction.en}: {kept.en}{f'; may be skipped: {en}' if let else ''}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        known = order_of(facts).named
        found = [not_known(("directions",), d, known) for d in self.directions if d not in known]
        for candidate in self.skips:
            found += unknown(("skips", candidate), candidate, options, facts.numbers["candidates"])
        return found

    @property
    def _limits(self) -> CountBounds:
        return self.count(cap=0)

    def _neighbours(self, facts: Facts) -> Iterator[tuple[str, list[tuple[list[str], str]]]]:
        """For each direction: those next better that may not be skipped, and who is held to them."""
        for direction, ranked in tiers(facts).items():
            if self.directions and direction not in self.directions:
                continue
            better: list[str] = []
            found: list[tuple[list[str], str]] = []
            for tier in ranked:
                found += [(better, worse) for worse in tier if better]
                better = [c for c in tier if c not in self.skips] or better
            if found:
                yield direction, found
