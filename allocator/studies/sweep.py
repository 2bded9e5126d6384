"""A number of the scenario moved over a grid: what the plan comes to at each value, and who enters and leaves where."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from allocator.program import Bools
from allocator.report.cells import Kind
from allocator.solve.outcome import Outcome, Reason
from allocator.studies.axes import Axis, check_size, parse_axis
from allocator.studies.case import Case
from allocator.studies.figures import aim, figures, worth
from allocator.studies.grid import Reader, check_grid
from allocator.studies.lacking import lacking
from allocator.studies.solves import Question, Solves, bound_of
from allocator.studies.study import Effort, Ended, Study, stopped
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.why.shortfall import shortfalls
from allocator.words import Text, listed, same, say

CURVES = ("value", "award", "private", "recovery", "loss")
"""Figures that are drawn, of those that the policy has, beside its shares."""


@dataclass(frozen=True, eq=False)
class Point:
    """One combination of values, as the scenario writes them, and the plan there.

    bound   in units of gain; kept: the plan of the point before is still within the gap, and stays
    lacking with no plan: the least by which hard rules would have to yield
    """

    values: tuple[str, ...]
    case: Case
    chosen: Bools | None
    bound: Fraction | None
    why: Reason
    lacking: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Sweep(Study):
    """The result of `sweep`: points in the order of the axes, the last axis moving fastest."""

    key: ClassVar[str] = "sweep"

    axes: tuple[Axis, ...]
    points: tuple[Point, ...]

    @property
    def subject(self) -> Case | None:
        """The case of its first point."""
        return self.points[0].case if self.points else None

    def sentences(self) -> Sequence[Text]:
        planned = [p for p in self.points if p.chosen is not None]
        known = {"points": len(self.points), "planned": len(planned)}
        found = [say("sweep.grid", **known, axes=self._axes_named())]
        for first, last, why in self._stretches():
            found.append(say("sweep.stretch", first=first, last=last, why=why))
        return found

    def tables(self) -> Sequence[Table]:
        if not self.points:
            return ()
        found = [self._points()]
        if len(self.axes) == 2:
            found.append(self._pivot())
        if len(self.axes) == 1:
            found += [self._moves(), self._spans()]
        return found

    # -- tables ---------------------------------------------------------------------------------

    @cached_property
    def _figures(self) -> tuple[tuple[str, Text, Kind], ...]:
        some = next((p for p in self.points if p.chosen is not None), None)
        if some is None or some.chosen is None:
            return ()
        return tuple((f.key, f.title, f.kind) for f in figures(some.case, some.chosen))

    def _points(self) -> Table:
        heads = [Col(f"axis_{i}", self._titled(a), a.kind) for i, a in enumerate(self.axes)]
        columns = (
            *heads,
            *(Col(key, title, kind) for key, title, kind in self._figures),
            Col("bound", say("compare.bound"), "worth"),
            Col("state", say("sweep.state"), "label", widest=12),
            Col("lacking", say("sweep.lacking"), "text", widest=40),
        )
        rows = []
        for p in self.points:
            own = {} if p.chosen is None else {f.key: f.value for f in figures(p.case, p.chosen)}
            bound = None if p.bound is None or p.chosen is None else worth(p.bound, p.case.program.scale)
            state = say(f"sweep.states.{p.why}")
            rows.append(
                [*self._axes_of(p), *(own.get(k) for k, _, _ in self._figures), bound, state, p.lacking]
            )
        more = ("private", "recovery") if len(self.axes) == 1 else ()
        narrow = ("value", "count", *more, "state")
        shown = (*(h.key for h in heads), *narrow)
        return Table(
            "points", say("sweep.points"), columns, rows_of(rows), graphs=self._curves(), narrow=shown
        )

    def _axes_of(self, point: Point) -> list[Value]:
        return [a.number(v) if a.kind != "text" else v for a, v in zip(self.axes, point.values, strict=True)]

    def _curves(self) -> tuple[Graph, ...]:
        if len(self.axes) != 1 or self.axes[0].kind == "text":
            return ()
        drawn = [f for f in self._figures if f[0] in CURVES or f[2] == "share"]
        axis = self._titled(self.axes[0])
        ups = {"value": aim(self.points[0].case)}
        return tuple(
            Graph(say("sweep.curve", figure=title, axis=axis), "lines", "axis_0", (key,), up=ups.get(key))
            for key, title, _ in drawn
        )

    def _titled(self, axis: Axis) -> Text:
        return axis.title(self.points[0].case)

    def _axes_named(self) -> Text:
        named = [a.named(self.points[0].case) if self.points else same(a.path) for a in self.axes]
        return Text(" × ".join(n.zh for n in named), " × ".join(n.en for n in named))

    def _pivot(self) -> Table:
        """The objective over both axes: a row for each value of the first, a column for each of the second."""
        first, second = self.axes
        by = {p.values: p for p in self.points}
        columns = (
            Col("axis_0", self._titled(first), first.kind),
            *(Col(f"at_{v}", say("sweep.at", value=v), "worth") for v in second.values),
        )
        rows: list[list[Value]] = []
        for a in first.values:
            cells: list[Value] = []
            for b in second.values:
                p = by.get((a, b))
                known = p is not None and p.chosen is not None
                cells.append(
                    worth(p.case.program.value(p.chosen), p.case.program.scale)
                    if known and p is not None and p.chosen is not None
                    else None
                )
            rows.append([first.number(a) if first.kind != "text" else a, *cells])
        title = say("sweep.pivot", first=self._titled(first), second=self._titled(second))
        up = aim(self.points[0].case)
        graph = Graph(title, "lines", "axis_0", tuple(c.key for c in columns[1:]), up=up)
        return Table("pivot", title, columns, rows_of(rows), graphs=(graph,) if first.kind != "text" else ())

    def _taken(self) -> list[tuple[Point, dict[str, Text]]]:
        """The points with a plan, each with its candidates and how each is supported."""
        found = []
        for p in self.points:
            if p.chosen is not None:
                taken = p.case.taken(p.chosen)
                found.append((p, {p.case.candidate(w): p.case.option(k) for w, k in taken.items()}))
        return found

    def _moves(self) -> Table:
        """Who enters and who leaves between one value and the next that has a plan."""
        columns = (
            Col("axis_0", self._titled(self.axes[0]), self.axes[0].kind),
            Col("enter", say("sweep.enter"), "count"),
            Col("leave", say("sweep.leave"), "count"),
            Col("other", say("sweep.other"), "count"),
            Col("entering", say("sweep.entering"), "text", widest=46),
            Col("leaving", say("sweep.leaving"), "text", widest=46),
        )
        rows = []
        taken = self._taken()
        for (_, before), (p, now) in itertools.pairwise(taken):
            into, out = [c for c in now if c not in before], [c for c in before if c not in now]
            other = sum(now[c] != before[c] for c in now if c in before)
            if into or out or other:
                names = (_names(p.case, into), _names(p.case, out))
                rows.append([*self._axes_of(p), len(into), len(out), other, *names])
        note = say("sweep.moves_note")
        narrow = ("axis_0", "enter", "leave", "other")
        return Table("moves", say("sweep.moves"), columns, rows_of(rows), (note,), narrow=narrow)

    def _spans(self) -> Table:
        """At which values each candidate is funded, of those that are at some and not at all."""
        taken = self._taken()
        everyone = dict.fromkeys(c for _, own in taken for c in own)
        columns = (
            Col("candidate", say("study.candidate"), "text", widest=40),
            Col("count", say("sweep.funded_at"), "count"),
            Col("values", say("sweep.values"), "text", widest=60),
        )
        rows = []
        for c in everyone:
            at = [c in own for _, own in taken]
            if not all(at):
                name = taken[at.index(True)][0].case.compiled
                title: Value = c if name is None else name.facts.title(c)
                rows.append([title, sum(at), _runs([p.values[0] for p, _ in taken], at)])
        return Table("spans", say("sweep.spans"), columns, rows_of(rows), on_screen=12)

    def _stretches(self) -> list[tuple[str, str, Text]]:
        """Runs of values without a plan, on a sweep of one axis, with the first one's reason."""
        found: list[tuple[str, str, Text]] = []
        if len(self.axes) != 1:
            return found
        for bad, run in itertools.groupby(self.points, key=lambda p: p.why == "infeasible"):
            own = list(run)
            if bad:
                found.append(
                    (own[0].values[0], own[-1].values[0], own[0].lacking or say("sweep.states.infeasible"))
                )
        return found


def sweep(
    scenario: str | Path,
    over: Sequence[str | Axis],
    *,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Sweep:
    """The plans of a scenario, or of a run's, over a grid: `over` are axes, as `rules.equity_pilot.target=0%..40%/1%`.

    Every scenario of the grid is checked before any is solved: `InputFaults` names the values that cannot be. A plan
    stays from one point to the next while it is within the gap, so that what changes is a change.
    """
    effort = effort or Effort()
    axes = tuple(a if isinstance(a, Axis) else parse_axis(a) for a in over)
    size = check_size(axes)
    grid = list(itertools.product(*(a.values for a in axes)))
    effort.step(say("sweep.step_check", count=size))
    loaded = check_grid(Path(scenario), axes, grid, sets)
    points: list[Point] = []
    reader, ahead = Reader(Path(scenario)), deque(zip(grid, loaded, strict=True))
    solves: Solves | None = None
    while ahead and not effort.stopped:
        cases: list[tuple[tuple[str, ...], Case]] = []
        while ahead and not effort.stopped and (solves is None or len(cases) < solves.room):
            values, one = ahead.popleft()
            effort.step(say("sweep.step", number=size - len(ahead), count=size, values=", ".join(values)))
            cases.append((values, reader.case(one)))
            solves = Solves(cases[0][1], effort) if solves is None else solves
        if solves is not None:
            points += _solved(cases, solves, points[-1].chosen if points else None)
    ended: Ended = "whole" if len(points) == size else "stopped"
    if ended == "whole" and not any(p.chosen is not None for p in points):
        ended = "infeasible"
    left = stopped(len(points), size) if ended == "stopped" else None
    return Sweep(title=say("sweep.title"), ended=ended, left=left, axes=axes, points=tuple(points))


def _solved(
    cases: Sequence[tuple[tuple[str, ...], Case]], solves: Solves, before: Bools | None
) -> list[Point]:
    """The points of some cases, in their order; one that was stopped before it had a plan is left out."""
    found: dict[int, Outcome] = {}
    for k, outcome in solves.many([Question(case.program, before, case.held) for _, case in cases]):
        found[k] = outcome
        solves.effort.step(say("sweep.solved", number=solves.done, values=", ".join(cases[k][0])))
    points: list[Point] = []
    for k, outcome in sorted(found.items()):
        values, case = cases[k]
        if outcome.reason == "interrupted" and outcome.chosen is None:
            continue
        own = solves.calm(case.program, outcome, before)
        why = lacking(case, shortfalls(case.program)) if own.reason == "infeasible" else None
        points.append(Point(values, case, own.chosen, bound_of(case.program, own), own.reason, why))
        before = own.chosen
    return points


def _names(case: Case, candidates: Sequence[str]) -> Text:
    titles = [case.compiled.facts.title(c) for c in candidates] if case.compiled is not None else []
    return listed(titles)


def _runs(values: Sequence[str], at: Sequence[bool]) -> str:
    """The values at which something holds, runs of them from end to end."""
    parts = []
    for holds, run in itertools.groupby(zip(values, at, strict=True), key=lambda pair: pair[1]):
        own = [v for v, _ in run]
        if holds:
            parts.append(own[0] if len(own) == 1 else f"{own[0]}–{own[-1]}")
    return ", ".join(parts)
