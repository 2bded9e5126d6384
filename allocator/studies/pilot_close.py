"""The year's end where some deals do not close: who follows from the reserve, and what stays unspent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from allocator.chance import Closing, uncertain
from allocator.report.cells import Figure, Kind
from allocator.studies.case import Case, Source, open_case
from allocator.studies.solves import Solves
from allocator.studies.study import Effort, Study
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.words import Text, say

SHOWN: Mapping[str, Kind] = {
    "planned": "count",
    "closed": "count",
    "followed": "count",
    "spent": "money",
    "stays": "money",
}
PERCENTS = (5, 50, 95)
BANDS = 12
"""The bands that what stays is told in, above nothing; what goes beyond them, in a case of a hundred, is one more."""


@dataclass(frozen=True, kw_only=True)
class PilotClose(Study):
    """The result of `pilot_close`; `found` is None without a plan."""

    key: ClassVar[str] = "pilot_close"

    case: Case
    found: Closing | None
    assumptions: tuple[Text, ...] = ()

    def sentences(self) -> Sequence[Text]:
        if self.found is None:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        figures, draws = self.found.figures, self.found.draws
        if not self._deals:
            return [say("pilot_close.no_deals")]
        known = {
            "planned": self._deals,
            "closed": f"{figures['closed'].mean:.1f}",
            "followed": f"{figures['followed'].mean:.1f}",
            "stays": f"{figures['stays'].at(50) / 10_000:,.2f}",
            "most": f"{figures['stays'].at(95) / 10_000:,.2f}",
        }
        counted = say("pilot_close.counted") if draws is None else say("pilot_close.drawn", draws=draws)
        return [say("pilot_close.said", **known), counted, *self.assumptions]

    def tables(self) -> Sequence[Table]:
        if self.found is None or not self._deals:
            return ()
        return (self._figures(self.found), self._bands(self.found), self._followers(self.found))

    @property
    def _deals(self) -> int:
        """How many deals are planned."""
        return 0 if self.found is None else self.found.figures["planned"].at(50)

    def _figures(self, found: Closing) -> Table:
        rows: list[list[Value]] = []
        for name, kind in SHOWN.items():
            own = found.figures[name]
            mean = (
                Figure(round(own.mean * 100), "score") if kind == "count" else Figure(round(own.mean), kind)
            )
            rows.append([say(f"pilot_close.{name}"), mean, *(Figure(own.at(q), kind) for q in PERCENTS)])
        columns = (
            Col("figure", say("study.figures"), "text"),
            Col("mean", say("pilot_close.mean"), "money"),
            *(Col(f"p{q}", Text(f"P{q}", f"P{q}"), "money") for q in PERCENTS),
        )
        note = say("pilot_close.percents")
        return Table("figures", say("pilot_close.figures"), columns, rows_of(rows), (note,))

    def _bands(self, found: Closing) -> Table:
        """How likely it is that so much stays."""
        stays = found.figures["stays"]
        width = _round_width(stays.at(99))
        band = np.minimum(-(-stays.values // width), BANDS + 1)
        edges = [f"{number * width / 10_000:,g}" for number in range(BANDS + 1)]
        names = ["0", *(f"{low}–{high}" for low, high in pairwise(edges)), f">{edges[-1]}"]
        rows: list[list[Value]] = []
        for number, name in enumerate(names[: int(band[-1]) + 1]):
            rows.append([name, round(float(stays.chance[band == number].sum()) * 10_000)])
        columns = (
            Col("band", say("pilot_close.band"), "text"),
            Col("share", say("pilot_close.chance"), "share"),
        )
        graph = Graph(say("pilot_close.bands"), "bars", "band", ("share",))
        note = say("pilot_close.band_note")
        return Table("bands", say("pilot_close.bands"), columns, rows_of(rows), (note,), graphs=(graph,))

    def _followers(self, found: Closing) -> Table:
        """Who follows, and how likely."""
        rows: list[list[Value]] = []
        for number, one in enumerate(found.waiting, 1):
            if one.chance > 0:
                mean = round(one.amount / one.chance)
                name = self.case.name_of(one.candidate)
                rows.append([number, name, one.score, round(one.chance * 10_000), mean])
        columns = (
            Col("number", say("pilot_close.number"), "count"),
            Col("candidate", say("pilot_close.candidate"), "text", widest=60),
            Col("score", say("pilot_close.score"), "score"),
            Col("chance", say("pilot_close.enters"), "share"),
            Col("amount", say("pilot_close.amount"), "money"),
        )
        note = say("pilot_close.followers_note", all=len(found.waiting), shown=len(rows))
        return Table("followers", say("pilot_close.followers"), columns, rows_of(rows), (note,), on_screen=15)


def _round_width(most: int) -> int:
    """A width of 1, 2 or 5 × 10ᵏ yuan, of which `BANDS` reach `most`."""
    width = 1
    while True:
        for factor in (1, 2, 5):
            if width * factor * BANDS >= most:
                return width * factor
        width *= 10


def pilot_close(
    source: Source,
    *,
    draws: int = 1000,
    seed: int = 1,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> PilotClose:
    """What becomes of a plan's deals when each closes by chance; the plan is a run's own, or the best.

    Every outcome is counted with its probability; where there are too many, `draws` of them are drawn from `seed`.
    """
    effort = effort or Effort()
    case = open_case(source, sets)
    title = say("pilot_close.title", name=case.title)
    chosen = case.chosen
    if chosen is None:
        effort.step(say("pilot_close.step"))
        outcome = Solves(case, effort)(case.program)
        chosen = outcome.chosen
        if chosen is None:
            ended = "infeasible" if outcome.reason == "infeasible" else "stopped"
            return PilotClose(title=title, ended=ended, case=case, found=None)  # type: ignore[arg-type]
    assert case.compiled is not None
    assert case.tables is not None
    policy, scenario = uncertain(case.scenario.policy), case.scenario.scenario
    found = policy.closing(scenario, case.tables, case.compiled.options, chosen, draws, seed)
    return PilotClose(
        title=title, case=case, found=found, assumptions=tuple(policy.closing_rests_on(scenario))
    )
