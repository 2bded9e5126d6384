"""The year's end where some deals do not close: who follows from the reserve, and what stays unspent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from allocator.chance import uncertain
from allocator.program import Ints
from allocator.report.cells import Kind
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
QUANTILES = (5, 50, 95)
BANDS = 10


@dataclass(frozen=True, kw_only=True)
class PilotClose(Study):
    """The result of `pilot_close`: each figure [draws] by name; None of them without a plan."""

    key: ClassVar[str] = "pilot_close"

    case: Case
    found: Mapping[str, Ints]
    assumptions: tuple[Text, ...] = ()

    def sentences(self) -> Sequence[Text]:
        if not self.found:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        stays = self.found["stays"]
        known = {
            "planned": int(self.found["planned"][0]),
            "closed": f"{self.found['closed'].mean():.1f}",
            "followed": f"{self.found['followed'].mean():.1f}",
            "stays": f"{np.median(stays) / 10_000:,.2f}",
            "most": f"{np.percentile(stays, 95) / 10_000:,.2f}",
        }
        return [say("pilot_close.said", draws=len(stays), **known), *self.assumptions]

    def tables(self) -> Sequence[Table]:
        if not self.found:
            return ()
        return (self._figures(), self._bands())

    def _figures(self) -> Table:
        rows: list[list[Value]] = []
        for name, kind in SHOWN.items():
            from allocator.report.cells import Figure

            values = np.percentile(self.found[name], QUANTILES)
            rows.append([say(f"pilot_close.{name}"), *(Figure(round(v), kind) for v in values)])
        columns = (
            Col("figure", say("study.figures"), "text"),
            *(Col(f"p{q}", Text(f"P{q}", f"P{q}"), "money") for q in QUANTILES),
        )
        return Table("figures", say("pilot_close.figures"), columns, rows_of(rows))

    def _bands(self) -> Table:
        """How often so much stays."""
        stays = self.found["stays"]
        edges = np.linspace(0, max(int(stays.max()), 1), BANDS + 1)
        counts, _ = np.histogram(stays, edges)
        rows: list[list[Value]] = [
            [f"{low / 10_000:,.0f}–{high / 10_000:,.0f}", int(n), round(int(n) * 10_000 / len(stays))]
            for low, high, n in zip(edges, edges[1:], counts, strict=False)
        ]
        columns = (
            Col("band", say("pilot_close.band"), "text"),
            Col("draws", say("pilot_close.draws"), "count"),
            Col("share", say("pilot_close.share"), "share"),
        )
        graph = Graph(say("pilot_close.bands"), "bars", "band", ("share",))
        return Table("bands", say("pilot_close.bands"), columns, rows_of(rows), graphs=(graph,))


def pilot_close(
    source: Source,
    *,
    draws: int = 1000,
    seed: int = 1,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> PilotClose:
    """What becomes of a plan's deals when each closes by chance; the plan is a run's own, or the best."""
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
            return PilotClose(title=title, ended=ended, case=case, found={})  # type: ignore[arg-type]
    assert case.compiled is not None
    assert case.tables is not None
    policy, scenario = uncertain(case.scenario.policy), case.scenario.scenario
    found = policy.closing(scenario, case.tables, case.compiled.options, chosen, draws, seed)
    return PilotClose(
        title=title, case=case, found=found, assumptions=tuple(policy.closing_rests_on(scenario))
    )
