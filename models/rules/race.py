"""Races (赛马): two teams side by side or none; later money is for those that stay (66号文 二（二）1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from allocator.contract import Facts, Rule
from allocator.limits import CountBounds, Measure, MoneyBounds
from allocator.money import show
from allocator.options import Award, OptionTable
from allocator.program import Clause, Rows
from allocator.words import Text
from models.listed import Term, block
from models.modes import ABREAST, RACE, Call, calls_of

LIMITS = CountBounds(cap=0)
STAGE = "·第二阶段"
"""What the label of a race's later money ends with."""


class Race(Rule):
    """赛马项目.

    Of each race none or at least two teams are taken; the most is the call's. Later years' money is committed to every
    team until the milestone (the ceilings hold it all); its expectation, for those that stay, is stated beside it.
    """

    key: ClassVar[str] = "race"
    title: ClassVar[Text] = Text("赛马项目", "Races")
    example: ClassVar[Mapping[str, Any]] = {}

    basis: str = "66号文 二（二）1"

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        built: list[tuple[Clause, Sequence[Term], int]] = []
        codes = options.labels["call"]
        for name, _ in _races(facts):
            own = options.mask({"call": (name,)}) & ~options.fixed if name in codes.values else None
            ids = [] if own is None else sorted({options.candidates[i] for i in options.candidate[own]})
            clause = LIMITS.clause(self.name, name, "cap")
            for team in ids:
                others: list[Term] = [(-1, c) for c in ids if c != team]
                built.append((clause, [(ABREAST - 1, team), *others], 0))
        return block(options, built)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        found: list[Measure] = []
        for name, call in _races(facts):
            teams = [a for a in awards if a.labels.get("call") == name and not a.fixed]
            alone = int(len(teams) == 1)
            later = sum(sum(a.outlay[1:]) for a in teams)
            stay = min(call.stay, len(teams))
            expected = later * stay // len(teams) if teams else 0
            found += [
                Measure(self.name, name, self.basis, "count", alone, LIMITS, money="count"),
                Measure(
                    self.name, name + STAGE, self.basis, "money", expected, MoneyBounds(), money="outlay"
                ),
            ]
        return found

    def say(self, measure: Measure, facts: Facts) -> Text:
        name = measure.label.removesuffix(STAGE)
        title, call = facts.title(name), calls_of(facts)[name]
        if measure.label.endswith(STAGE):
            return Text(
                f"赛马 {title.zh}：里程碑考核后保留 {call.stay} 家，第二阶段预计支出 {show(measure.part)} 万元。",
                f"Race {title.en}: {call.stay} stay after the milestone, expected to be paid "
                f"{show(measure.part)} (万元) later.",
            )
        done = (
            Text("符合", "kept") if measure.ok else Text("只有 1 家，不成赛马", "one team alone is no race")
        )
        return Text(
            f"赛马 {title.zh}：至少 {ABREAST} 家并行或不安排：{done.zh}。",
            f"Race {title.en}: {ABREAST} teams at least, or none: {done.en}.",
        )


def _races(facts: Facts) -> Iterator[tuple[str, Call]]:
    return ((name, call) for name, call in calls_of(facts).items() if call.mode == RACE)
