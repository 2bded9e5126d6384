"""Years ahead: what a setting does in the long run, drawn many times; settings are compared draw by draw.

The policy says how a year leads to the next; here are the draws, their quantiles, and the differences between settings,
which meet the same chances (common random numbers), with their confidence intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from allocator.chance import Z95, uncertain
from allocator.problems import InputFaults, Place, Problem
from allocator.report.cells import Kind
from allocator.studies.case import Case, Source, open_case
from allocator.studies.study import Effort, Study, stopped
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.words import Text, same, say

CHUNK = 50
"""Draws between two looks at whether to stop."""

QUANTILES = (5, 25, 50, 75, 95)
"""Of a single setting; of several the middle and the two ends."""

Series = Mapping[str, npt.NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Horizon(Study):
    """The result of `horizon`: for each setting (`arms`, the first compared with), series [draws, years] by name."""

    key: ClassVar[str] = "horizon"

    case: Case
    arms: tuple[str, ...]
    found: tuple[Series, ...]
    first_year: int
    names: Mapping[str, tuple[Text, Kind]]
    assumptions: tuple[Text, ...]

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(next(iter(self.found[0].values()))) if self.found else 0

    def advantage(self, arm: int, name: str) -> tuple[float, float, float]:
        """By how much a setting's sum over the years exceeds the first one's: mean, and its 95 % interval."""
        less = self.found[arm][name].sum(axis=1) - self.found[0][name].sum(axis=1)
        half = Z95 * float(less.std(ddof=1)) / math.sqrt(len(less)) if len(less) > 1 else math.inf
        return float(less.mean()), float(less.mean()) - half, float(less.mean()) + half

    def sentences(self) -> Sequence[Text]:
        if not self.draws:
            return [say("study.empty")]
        years = next(iter(self.found[0].values())).shape[1]
        key = "horizon.said" if len(self.arms) > 1 else "horizon.said_one"
        return [say(key, draws=self.draws, years=years, arms=len(self.arms)), *self.assumptions]

    def tables(self) -> Sequence[Table]:
        if not self.draws:
            return ()
        compared = [self._compared()] if len(self.arms) > 1 else []
        return [*compared, *(self._fan(name, title, kind) for name, (title, kind) in self.names.items())]

    def _compared(self) -> Table:
        """Sums over the years against the first setting's."""
        rows: list[list[Value]] = []
        for name, (title, kind) in self.names.items():
            table = [Col("x", title, kind)]  # one kind a row, so cells carry it
            for arm in range(1, len(self.arms)):
                mean, low, high = self.advantage(arm, name)
                sure = low > 0 or high < 0
                cells: list[Value] = [_cell(v, table[0].kind) for v in (mean, low, high)]
                rows.append(
                    [title, self.arms[arm], *cells, say("horizon.sure" if sure else "horizon.unsure")]
                )
        columns = (
            Col("series", say("horizon.series"), "text"),
            Col("arm", say("horizon.arm"), "text"),
            Col("mean", say("horizon.mean"), "money"),
            Col("low", say("horizon.low"), "money"),
            Col("high", say("horizon.high"), "money"),
            Col("sure", say("horizon.verdict"), "label"),
        )
        note = say("horizon.against", arm=self.arms[0])
        return Table("advantage", say("horizon.advantage"), columns, rows_of(rows), (note,))

    def _fan(self, name: str, title: Text, kind: Kind) -> Table:
        """One series: its quantiles by year, a block of columns for each setting."""
        columns = [Col("year", say("horizon.year"), "year")]
        body: list[list[Value]] = [[self.first_year + y] for y in range(self.found[0][name].shape[1])]
        for i, arm in enumerate(self.arms):
            quantiles = QUANTILES if len(self.arms) == 1 else QUANTILES[::2]
            spread = np.percentile(self.found[i][name], quantiles, axis=0)
            for q, values in zip(quantiles, spread, strict=True):
                label = same(f"{arm} P{q}") if len(self.arms) > 1 else same(f"P{q}")
                columns.append(Col(f"{i}_p{q}", label, kind))
                for row, value in zip(body, values, strict=True):
                    row.append(round(value))
        keys = tuple(c.key for c in columns[1:])
        shown = tuple(f"{i}_p{q}" for i in range(len(self.arms)) for q in (5, 50, 95))
        lines = shown if len(self.arms) == 1 else tuple(k for k in keys if k.endswith("_p50"))
        graph = Graph(title, "lines", "year", lines)
        narrow = ("year", *shown[: 3 * min(len(self.arms), 2)])
        note = say("horizon.quantiles")
        return Table(name, title, tuple(columns), rows_of(body), (note,), graphs=(graph,), narrow=narrow)


def horizon(
    source: Source,
    *,
    over: str | None = None,
    years: int = 8,
    draws: int = 500,
    seed: int = 1,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Horizon:
    """`years` ahead in `draws` draws, for each value of `over` (`path=a,b,c`), all under the same chances.

    The first value is the one that others are compared with. Raises `InputFaults` for an `over` that names no values.
    """
    effort = effort or Effort()
    settings = _settings(over)
    cases = [open_case(source, (*sets, *own)) for _, own in settings]
    done: list[list[Series]] = [[] for _ in cases]
    chunks = [min(CHUNK, draws - at) for at in range(0, draws, CHUNK)]
    reached = 0
    for number, size in enumerate(chunks):
        if effort.stopped:
            break
        effort.step(say("horizon.step", done=number * CHUNK, draws=draws))
        for case, own in zip(cases, done, strict=True):
            assert case.compiled is not None
            assert case.tables is not None
            policy = uncertain(case.scenario.policy)
            own.append(
                policy.ahead(
                    case.scenario.scenario,
                    case.tables,
                    case.compiled.facts,
                    case.compiled.options,
                    years,
                    size,
                    seed + number,
                )
            )
        reached += size
    policy, scenario = uncertain(cases[0].scenario.policy), cases[0].scenario.scenario
    assert cases[0].compiled is not None
    return Horizon(
        title=say("horizon.title", name=cases[0].title),
        ended="whole" if reached == draws else "stopped",
        left=None if reached == draws else stopped(reached, draws),
        case=cases[0],
        arms=tuple(name for name, _ in settings),
        found=tuple({k: np.concatenate([c[k] for c in own]) for k in own[0]} for own in done if own),
        first_year=cases[0].compiled.facts.years[0],
        names=policy.series(),
        assumptions=tuple(policy.years_rest_on(scenario)),
    )


def _settings(over: str | None) -> list[tuple[str, tuple[str, ...]]]:
    """Each value's name and the change that sets it."""
    if over is None:
        return [("", ())]
    path, _, values = over.partition("=")
    named = [v.strip() for v in values.split(",") if v.strip()]
    if not path.strip() or not named:
        text = say("horizon.no_values", seen=over)
        raise InputFaults([Problem(Place("--over"), text, say("horizon.values_mend"), "horizon.over")])
    return [(value, (f"{path.strip()}={value}",)) for value in named]


def _cell(value: float, kind: Kind) -> Value:
    from allocator.report.cells import Figure

    return Figure(round(value), kind)
