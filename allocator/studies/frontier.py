"""Where one objective can only be had for another: the nondominated plans, and where the plan at hand lies.

Either every one (`exact`: complete at stated steps; what time did not allow is told as stretches that are left), or a
few at evenly spaced floors of the objectives after the first, each with the bound that its solve proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

import numpy.typing as npt

from allocator.change import Change
from allocator.program import Bools
from allocator.solve.driver import relative
from allocator.studies.case import Case, Source, open_case
from allocator.studies.figures import less_prices
from allocator.studies.goals import Goal, goals, read_steps
from allocator.studies.images import Image, covers
from allocator.studies.nondominated import Point
from allocator.studies.points import Search
from allocator.studies.solves import Solves
from allocator.studies.study import Effort, Study
from allocator.studies.table import Col, Graph, Table, Value, rows_of, shown
from allocator.words import Text, listed, say

MOST = 200
"""Stretches that are listed at most, of those that are left."""


@dataclass(frozen=True)
class Place:
    """A plan that is not on the frontier's list, and the point that is at least as good in everything, if one is."""

    title: Text
    image: Image
    beaten_by: int | None


Stretch = tuple[Image, Image]
"""Values of each objective [k], from and up to."""


@dataclass(frozen=True, kw_only=True)
class Frontier(Study):
    """The result of `frontier`: `points` with the most of the first objective first.

    complete  whether it is proven of every plan that some point is less than one of `steps` [k] short of it in each
              objective
    open      where that is not proven: from, and up to, which values of each objective
    knee      the point that gives most of all objectives together, each as a share of its range; None under 3 points
    """

    key: ClassVar[str] = "frontier"

    case: Case
    goals: tuple[Goal, ...]
    points: tuple[Point, ...]
    exact: bool
    complete: bool
    steps: tuple[int, ...]
    open: tuple[Stretch, ...]
    places: tuple[Place, ...]
    knee: int | None
    solves: int

    def sentences(self) -> Sequence[Text]:
        if not self.points:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        names = listed([g.title for g in self.goals])
        said = [say("frontier.found", count=len(self.points), names=names)]
        if self.complete:
            said.append(say("frontier.complete", steps=self._steps()))
        elif self.exact:
            said.append(self._incomplete())
        else:
            said.append(say("frontier.sampled", gap=f"{100 * self.gap:.2g}%"))
        if self.knee is not None:
            said.append(say("frontier.knee", number=self.knee + 1))
        if any(c.price is not None for c in self.case.program.clauses):
            said.append(say("frontier.priced", name=self.goals[0].title))
        return said

    def tables(self) -> Sequence[Table]:
        if not self.points:
            return ()
        more = [self._places()] if self.places else []
        return (self._points(), *more, *([self._left()] if self.open else []))

    @property
    def gap(self) -> float:
        """The largest relative gap between a point and the most that there can be with as much of the others."""
        return max((relative(p.bound, p.image[0]) for p in self.points if p.bound is not None), default=0.0)

    def _incomplete(self) -> Text:
        """How much of the range is not settled, of two objectives; else in how many places."""
        if len(self.goals) > 2 or not self.open or len(self.points) < 2:
            return say("frontier.incomplete", steps=self._steps())
        along = [p.image[1] for p in self.points]
        low, high = min(along), max(along)
        parts = [max(min(b[1], high) - max(a[1], low), Fraction(0)) for a, b in self.open]
        share = sum(parts, Fraction(0)) / (high - low)
        told = {"count": len(self.open), "share": f"{float(100 * share):.0f}%"}
        return say("frontier.open", steps=self._steps(), name=self.goals[1].title, **told)

    def _left(self) -> Table:
        """Where a plan that is not listed may lie."""
        least = [min(p.image[k] for p in self.points) for k in range(len(self.goals))]
        found: list[list[Value]] = []
        for low, high in self.open[:MOST]:
            row: list[Value] = []
            for goal, a, b, m in zip(self.goals, low, high, least, strict=True):
                row += [None if a < m else goal.shown(a), goal.shown(b)]
            found.append(row)
        columns = [
            Col(f"{g.key}_{end}", say(f"frontier.{end}", name=g.title), g.kind)
            for g in self.goals
            for end in ("from", "to")
        ]
        note: tuple[Text, ...] = (say("frontier.open_note"),)
        if len(self.open) > MOST:
            note += (say("frontier.open_more", count=len(self.open) - MOST),)
        return Table("open", say("frontier.left"), tuple(columns), rows_of(found), note, on_screen=12)

    def _points(self) -> Table:
        first = self.goals[0]
        found = [
            [
                i + 1,
                *self._values(p.image),
                None if p.bound is None else first.shown(p.bound),
                len(self.case.taken(p.chosen)),
                say("frontier.mark.knee") if i == self.knee else None,
            ]
            for i, p in enumerate(self.points)
        ]
        columns = (
            Col("point", say("frontier.point"), "count"),
            *(Col(g.key, g.title, g.kind) for g in self.goals),
            Col("bound", say("frontier.bound", name=first.title), first.kind),
            Col("count", say("study.figure.count"), "count"),
            Col("mark", say("frontier.marked"), "label"),
        )
        up = less_prices(self.case, first.title)
        graphs = tuple(  # plans of whole projects: on a line between two of them there is none
            Graph(say("frontier.curve", up=first.title, along=g.title), "points", g.key, (first.key,), up=up)
            for g in self.goals[1:]
        )
        return Table("points", say("frontier.points"), columns, rows_of(found), graphs=graphs)

    def _places(self) -> Table:
        found: list[list[Value]] = [
            [
                place.title,
                *self._values(place.image),
                say("frontier.on")
                if place.beaten_by is None
                else say("frontier.beaten", number=place.beaten_by + 1),
            ]
            for place in self.places
        ]
        columns = (
            Col("plan", say("frontier.plan"), "text"),
            *(Col(g.key, g.title, g.kind) for g in self.goals),
            Col("where", say("frontier.where"), "text", widest=40),
        )
        return Table("places", say("frontier.places"), columns, rows_of(found))

    def _values(self, image: Image) -> list[Value]:
        return [g.shown(v) for g, v in zip(self.goals, image, strict=True)]

    def _steps(self) -> Text:
        parts = [
            _amount(g, s) for i, (g, s) in enumerate(zip(self.goals, self.steps, strict=True)) if i or s > 1
        ]
        return listed(parts)


def frontier(
    source: Source,
    objectives: Sequence[str] | npt.ArrayLike = ("merit", "leverage"),
    *,
    points: int = 11,
    exact: bool = False,
    steps: Sequence[int | str] | None = None,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Frontier:
    """The nondominated plans of a scenario under `objectives` (names), or of a program under gain vectors [k, n].

    `exact`: every one that differs by `steps` or more: whole units of gain, or amounts as people write them (50万元),
    one for each objective, or for each after the first (or one for all of these), the first then to its own unit; by
    default a hundredth of each range, 1 for a program. Otherwise about `points` of them, each within the effort's gap
    (0.1 % of a scenario's, where none is said). A price on a soft rule counts in the first objective.
    """
    effort = effort or Effort()
    case = open_case(source, sets)
    own = goals(case, objectives)
    if len(own) < 2:
        raise ValueError("a frontier needs two objectives or more")
    own_steps = None if steps is None else read_steps(own, steps)
    case_of = replace(case, program=replace(case.program, gain=own[0].gain))
    solves = Solves(case_of, effort)
    search = Search(case_of, own, solves)
    effort.step(say("frontier.step_ends"))
    ended = search.ends()
    complete, step = False, (1,) * len(own)
    if ended == "whole" and exact:
        step = own_steps if own_steps is not None else search.steps()
        ended, complete = search.every(step)
    elif ended == "whole":
        ended = search.grid(points)
    kept = search.undominated()
    return Frontier(
        title=say("frontier.title", name=case.title),
        ended=ended,
        left=search.left,
        case=case,
        goals=own,
        points=kept,
        exact=exact,
        complete=complete,
        steps=step,
        open=_merged(search.open),
        places=tuple(_places(case, own, search, kept)) if kept else (),
        knee=_knee(kept),
        solves=solves.done + search.asked,
    )


def _merged(open_: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Of two objectives, zones that follow each other along the second as one stretch."""
    if not open_ or len(open_[0][0]) > 2:
        return tuple(open_)
    found: list[Stretch] = []
    for low, high in sorted(open_, key=lambda z: z[0][1]):
        if found and low[1] <= found[-1][1][1]:
            (a, b), (c, d) = found[-1]
            found[-1] = (min(a, low[0]), b), (max(c, high[0]), max(d, high[1]))
        else:
            found.append((low, high))
    return tuple(found)


def _places(case: Case, own: tuple[Goal, ...], search: Search, points: tuple[Point, ...]) -> list[Place]:
    """Where the plan at hand and the list that was really decided lie."""
    plans: list[tuple[Text, Bools]] = []
    chosen = case.chosen
    if chosen is None and case.compiled is not None:
        chosen = search.solves(Change(gain=case.program.gain)).chosen
    if chosen is not None:
        plans.append((say("frontier.current"), chosen))
    if case.loaded is not None and case.tables is not None and case.compiled is not None:
        asked = case.loaded.policy.decided(case.tables)
        if asked is not None:
            options = case.compiled.options
            listed = options.fixed.copy()
            listed[
                [int(found[0]) for c in asked if (found := options.rows_of.get(c)) is not None and len(found)]
            ] = True
            plans.append((say("frontier.decided"), listed))
    places = []
    for title, plan in plans:
        image = search.image(plan)
        beaten = [i for i, p in enumerate(points) if covers(p.image, image) and p.image != image]
        places.append(Place(title, image, beaten[0] if beaten else None))
    return places


def _knee(points: tuple[Point, ...]) -> int | None:
    """The point with the largest sum of shares of each objective's range."""
    if len(points) < 3:
        return None
    axes = list(zip(*(p.image for p in points), strict=True))
    spans = [(min(a), max(a)) for a in axes]

    def share(point: Point) -> Fraction:
        parts = zip(point.image, spans, strict=True)
        return sum((Fraction(v - low) / (high - low) for v, (low, high) in parts if high > low), Fraction(0))

    return max(range(len(points)), key=lambda i: share(points[i]))


def _amount(goal: Goal, value: int) -> Text:
    read = str(shown(value, goal.kind))
    return Text(f"{goal.title.zh} {read}", f"{goal.title.en} {read}")
