"""The search for points of a frontier: the ends, then evenly spaced floors, or every point there is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from allocator.change import Change
from allocator.program import OPEN, Bools
from allocator.solve.outcome import Outcome
from allocator.studies.case import Case
from allocator.studies.goals import Goal
from allocator.studies.images import Image, covers
from allocator.studies.nondominated import Point, nondominated
from allocator.studies.solves import Question, Solves, bound_of, rows
from allocator.studies.study import Ended, stopped
from allocator.words import Text, say

FLOOR = "objective"
"""The name of the rows that hold the objectives after the first."""

COARSE = 1e-3
"""The gap of a scenario's points where none is said: what is left is shown with each."""

SPENT = 0.95
"""The part of the time left that is dealt out."""

ENDS = 4
"""The part of the time that the ends may take, as one in so many."""


class Search:
    """The points found so far."""

    def __init__(self, case: Case, own: tuple[Goal, ...], solves: Solves) -> None:
        self.case, self.goals, self.solves = case, own, solves
        self.effort = solves.effort
        rough = case.compiled is not None and solves.effort.gap is None
        self.gap = max(solves.gap, COARSE) if rough else solves.gap
        self.found: dict[Image, Point] = {}
        self.top: list[int] = []
        self.low: list[int] = []
        self.left: Text | None = None
        self.asked = 0
        self.open: tuple[tuple[Image, Image], ...] = ()

    def ends(self) -> Ended:
        """The most of each objective alone; from these come the ranges of those after the first."""
        for i, goal in enumerate(self.goals):
            first = goal is self.goals[0]
            outcome = self.solves(
                Change() if first else Change(gain=goal.gain),
                gap=self.gap,
                seconds=self.share(ENDS * (len(self.goals) - i)),
            )
            if outcome.chosen is None:
                return "infeasible" if outcome.reason == "infeasible" else "stopped"
            self.note(outcome.chosen, bound_of(self.case.program, outcome) if first else None)
            if outcome.reason == "interrupted":
                return "stopped"
        images = list(self.found)
        self.low = [int(min(i[k] for i in images)) for k in range(1, len(self.goals))]
        self.top = [int(max(i[k] for i in images)) for k in range(1, len(self.goals))]
        return "whole"

    def grid(self, points: int) -> Ended:
        """Evenly spaced floors on the objectives after the first."""
        each = max(2, round((points - 1) ** (1 / len(self.low))) + 1)
        axes = [
            [low + (high - low) * i // (each - 1) for i in range(each)]
            for low, high in zip(self.low, self.top, strict=True)
        ]
        floors = list(itertools.product(*axes))[1:]
        every = len(floors) if math.isinf(self.effort.until) else self.workers
        done = lost = 0
        while done < len(floors) and not self.effort.stopped:
            pack = [self._question(f) for f in floors[done : done + every]]
            seconds = self.share(-(-(len(floors) - done) // self.workers))
            found: dict[int, Outcome] = {}
            for k, outcome in self.solves.many(pack, gap=self.gap, seconds=seconds):
                self.effort.step(say("frontier.step", number=done + len(found) + 1, count=len(floors)))
                found[k] = outcome
            for _, outcome in sorted(found.items()):
                if outcome.chosen is not None:
                    self.note(outcome.chosen, bound_of(self.case.program, outcome))
                elif outcome.reason != "infeasible":
                    lost += 1
            done += len(found)
        if done - lost < len(floors):
            self.left = stopped(done - lost, len(floors))
            return "stopped"
        return "whole"

    def _question(self, floor: Sequence[int]) -> Question:
        """The most of the first objective at these floors of the others."""
        held = rows([(g.gain, f, OPEN) for g, f in zip(self.goals[1:], floor, strict=True)], FLOOR)
        return Question(Change(added=held), self.start(floor))

    @property
    def workers(self) -> int:
        """How many solves go on at a time."""
        return self.solves.fan.workers

    def share(self, parts: int) -> float:
        """Seconds for one solve, where so many rounds of them are to be done in the time that is left."""
        return min(self.solves.time_limit, SPENT * self.effort.left / parts)

    def steps(self) -> tuple[int, ...]:
        """A hundredth of each objective's range for a scenario, rounded up; 1 for a plain program."""
        if self.case.compiled is None:
            return (1,) * len(self.goals)
        ends = zip(*self.found, strict=True)
        return tuple(max(1, math.ceil((max(own) - min(own)) / 100)) for own in ends)

    def every(self, steps: tuple[int, ...]) -> tuple[Ended, bool]:
        """All of them, but for less than one of `steps` [k] in each objective."""
        others = np.array([g.gain for g in self.goals[1:]])

        def tell(found: int, waiting: int) -> None:
            self.effort.step(say("frontier.step_exact", found=found, waiting=waiting))

        known = [p.chosen for p in self.found.values()]
        self.found.clear()  # those were within a gap only
        result = nondominated(
            self.case.program,
            others,
            steps,
            tell=tell,
            stop=self.effort.stop,
            known=known,
            seconds=self.solves.time_limit,
            until=self.effort.until,
        )
        self.asked = result.solves
        self.open = result.open
        self.found = {p.image: p for p in result.points}
        return ("whole" if result.complete else "stopped"), result.complete

    def image(self, plan: Bools) -> Image:
        return (
            self.case.program.value(plan),
            *(Fraction(sum(g.gain[plan].tolist())) for g in self.goals[1:]),
        )

    def note(self, plan: Bools, bound: Fraction | None) -> None:
        image = self.image(plan)
        self.found.setdefault(image, Point(image, plan, bound))

    def start(self, floor: Sequence[int]) -> Bools | None:
        reach = [p for i, p in self.found.items() if all(v >= f for v, f in zip(i[1:], floor, strict=True))]
        return max(reach, key=lambda p: p.image[0]).chosen if reach else None

    def undominated(self) -> tuple[Point, ...]:
        """What is found without what another point beats or equals, the most of the first objective first."""
        kept: list[Point] = []
        for point in sorted(self.found.values(), key=lambda p: p.image, reverse=True):
            if not any(covers(k.image, point.image) for k in kept):
                kept.append(point)
        return tuple(kept)
