"""Every nondominated image of a program under several objectives.

What known points leave open is a set of zones (`zones.py`). A zone is closed when it is proven that no plan is in it.
A direction that is chosen at its corner gives a band of plans below the bound there (`allocator/solve/band.py`). Where
they can be listed, their points are added, and every zone whose corner lies within the band is closed at once. Where
they are too many, the zone is asked by an ε-constraint problem: the most of the first objective at its floors of the
others, as near as its step. A zone that takes too long is set aside for others, and asked again with more time.
Sources: the ε-constraint method (Haimes 1971); search zones (Klamroth, Lacour & Vanderpooten 2015); two
phases, near-optimal plans of weighted sums listed between supported points (Ulungu & Teghem 1995), here for any rows,
groups and number of objectives.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.program import Bools, Ints, Program
from allocator.solve import exact
from allocator.solve.band import Directions
from allocator.solve.epsilon import LONGEST, Asked, Epsilon
from allocator.studies.images import Counting, Image, covers
from allocator.studies.zones import Closed, Counted, Zones, leading

FIRST = 3_000_000
"""Choices that a band holds at first, rows forgotten; MORE times as many each time that it gives nothing."""

MORE = 4

LAST = 300_000_000
"""Choices up to which a band is tried before its zone is asked by an ε-constraint problem."""

VAIN = 3
"""Bands in a row that were too large to list, after which twice as many zones each time are asked without one."""

PATIENCE = 4.0
"""Seconds that a zone is given at first; four times as many each time that only such are left as took longer."""

HALVED = 8
"""Steps of the second objective from which on a zone is asked in its middle, of two objectives."""


@dataclass(frozen=True, eq=False)
class Point:
    """A plan and its exact image: the first objective's value, then the others'.

    bound  the most of the first objective that was proven for plans with as much of the others
    """

    image: Image
    chosen: Bools
    bound: Fraction | None = None


@dataclass(frozen=True, eq=False)
class Nondominated:
    """Points, best in the first objective first.

    complete  whether every image is matched or beaten by one of them, but for less than its `step` in each objective
    steps     [k], in units of gain
    solves    how many ε-constraint problems were solved; bands: how many bands were listed
    open      where a plan may be missing: each zone's corner, and how far it can reach
    """

    points: tuple[Point, ...]
    complete: bool
    steps: tuple[Fraction, ...]
    solves: int
    bands: int
    open: tuple[tuple[Image, Image], ...]

    @property
    def left(self) -> int:
        """How many zones are open still."""
        return len(self.open)


Tell = Callable[[int, int], None]


def nondominated(
    program: Program,
    others: npt.ArrayLike,
    steps: Sequence[int | Fraction] | None = None,
    *,
    tell: Tell | None = None,
    stop: threading.Event | None = None,
    known: Sequence[Bools] = (),
    seconds: float = LONGEST,
    until: float = math.inf,
) -> Nondominated:
    """All nondominated images of `program`'s value and `others` [k-1, n] (whole numbers), each maximised.

    `steps`: [k-1] of `others`, or [k] with the first objective's before them, in units of gain: points that are less
    than this apart in an objective count as one; by default every image is kept. `known` plans are begun from;
    `seconds` is the limit of each solve. `tell` hears (points, zones open). Set `stop` to end with what there is;
    it ends by itself when `time.monotonic()` is `until`.
    """
    rows = np.atleast_2d(np.asarray(others, np.int64))
    step = tuple(Fraction(s) for s in (steps or [1] * len(rows)))
    unit = exact.step(program) or Fraction(1)
    if len(step) == len(rows):
        step = (unit, *step)
    if len(step) != len(rows) + 1 or any(s <= 0 for s in step):
        raise ValueError(
            f"one step above 0 for each of {len(rows)} or {len(rows) + 1} objectives, got {steps}"
        )
    search = _Search(program, rows, unit, step, seconds)
    for plan in known:
        if not program.broken(plan):
            search.note(search.count.counted(search.count.image(plan)), plan, None)
    complete = search.run(tell, stop, until)
    points = search.undominated()
    return Nondominated(points, complete, step, search.problem.solves, search.bands, search.open())


class _Search:
    """Points and zones; their images are counted (`Counting`)."""

    def __init__(
        self, program: Program, others: Ints, unit: Fraction, steps: tuple[Fraction, ...], seconds: float
    ) -> None:
        self.count, self.seconds = Counting(program, others, unit), seconds
        self.steps = [max(1, math.ceil(s / u)) for s, u in zip(steps, self.count.units, strict=True)]
        self.problem = Epsilon(program, others)
        low, high = self.count.counted(self.problem.lowest), self.count.counted(self.problem.highest)
        self.directions = Directions(program, others, [h - v for v, h in zip(low, high, strict=True)], unit)
        self.zones = Zones([v - s for v, s in zip(low, self.steps, strict=True)], high)
        self.closed = Closed(unit, len(low))
        self.found: dict[Counted, tuple[Bools, Fraction | None]] = {}
        self.bands = self.vain = self.without = 0
        self.late: set[Counted] = set()
        self.stuck: set[Counted] = set()
        self.halved: set[Counted] = set()

    def run(self, tell: Tell | None, stop: threading.Event | None, until: float) -> bool:
        """Close zones, the widest first, until none is left; whether it came to its end."""
        patience = min(PATIENCE, self.seconds)
        while len(self.zones):
            left = until - time.monotonic()
            if left <= 0 or (stop is not None and stop.is_set()):
                return False
            at = self.zones.widest(self.late | self.stuck)
            if at is None:
                if not self.late or patience >= self.seconds:
                    return False
                patience = min(4 * patience, self.seconds)
                self.late.clear()
                continue
            corner: Counted = tuple(self.zones.corners[at].tolist())
            if not self.tried(corner) and not self.ask(at, min(patience, left), stop):
                continue
            self.zones.drop(
                self.closed.hold(self.zones.corners + np.array(self.steps, self.zones.corners.dtype))
            )
            if tell is not None:
                tell(len(self.found), len(self.zones))
        return True

    # -- two ways to deal with a zone -----------------------------------------------------------

    def tried(self, corner: Counted) -> bool:
        """Deal with the zone at `corner` by a band, unless those before were too large; whether that did it."""
        if self.without:
            self.without -= 1
            return False
        done = self.list(corner)
        self.vain = 0 if done else self.vain + 1
        if self.vain >= VAIN:
            self.without = 2 ** min(self.vain - VAIN, 6)
        return done

    def list(self, corner: Counted) -> bool:
        """Close the zone at `corner` by a band, or find a point there; whether either could be done."""
        floors = tuple(c + s for c, s in zip(corner, self.steps, strict=True))
        seen = self.directions.outwards(self.count.image_of(floors))
        if seen is None:
            return False
        gap = seen.bound - seen.worth(self.count.image_of(floors))
        if gap < 0:
            self.closed.below(seen.weights, seen.bound)
            return True
        choices = FIRST
        while choices <= LAST:
            distance = seen.depth(gap, choices)
            plans = seen.plans(distance)
            if plans is None:
                return False
            self.bands += 1
            self.closed.below(seen.weights, seen.bound - distance)
            if self.take(plans, floors) or distance == gap:
                return True
            choices *= MORE
        return False

    def ask(self, at: int, seconds: float, stop: threading.Event | None) -> bool:
        """Ask for the best plan in a zone; whether that closed it or cut it, else it is set aside.

        Where numbers are so large that a solver's bound stays above its plan, no more time would help: it is stuck.
        """
        corner: Counted = tuple(self.zones.corners[at].tolist())
        floors = tuple(c + s for c, s in zip(corner, self.steps, strict=True))
        middle = (corner[-1] + int(self.zones.reach[at, -1])) // 2
        halved = (
            len(floors) == 2 and middle - corner[1] >= HALVED * self.steps[1] and corner not in self.halved
        )
        if halved:
            self.halved.add(corner)
            floors = (floors[0], middle)
        gap = self.near()
        answer = self.asked(floors, gap, seconds, stop)
        moved = self.learn(answer, floors)
        if not moved and gap and answer.word == "done":
            answer = self.asked(floors, 0.0, seconds, stop)
            moved = self.learn(answer, floors)
        if not moved and not halved:  # where its middle gave nothing, its corner is asked next
            (self.stuck if answer.word == "done" else self.late).add(corner)
        return moved

    def asked(self, floors: Counted, gap: float, seconds: float, stop: threading.Event | None) -> Asked:
        """The most of the first objective at `floors` of the others."""
        return self.problem.best(floors[1:], self.start(floors), seconds, stop, gap)

    def near(self) -> float:
        """A relative gap of the first objective that is less than its step."""
        most = max((abs(image[0]) for image in self.found), default=0)
        return 0.9 * (self.steps[0] - 1) / most if most else 0.0

    def learn(self, answer: Asked, floors: Counted) -> bool:
        """Keep what an answer gives and proves; whether a zone with these floors is closed by it, or cut."""
        if answer.word == "infeasible":
            self.closed.beyond((None, *floors[1:]))
            self.zones.shorten(None, floors[1:], self.steps)
            return True
        hit = False
        if answer.chosen is not None:
            image = self.count.counted(self.count.image(answer.chosen))
            hit = image[0] > floors[0] - self.steps[0] and covers(image[1:], floors[1:])
            self.note(image, answer.chosen, answer.bound)
        if answer.bound is None:
            return hit
        end = int(answer.bound // self.count.units[0]) + 1
        self.closed.beyond((end, *floors[1:]))
        self.zones.shorten(end, floors[1:], self.steps)
        return hit or end <= floors[0]

    def open(self) -> tuple[tuple[Image, Image], ...]:
        """The zones that are left, by their corners and how far they can reach, in units of gain."""
        pairs = zip(self.zones.corners.tolist(), self.zones.reach.tolist(), strict=True)
        return tuple((self.count.image_of(low), self.count.image_of(high)) for low, high in sorted(pairs))

    # -- points ---------------------------------------------------------------------------------

    def take(self, plans: npt.NDArray[np.bool_], floors: Counted) -> bool:
        """Keep the best of a band's plans: nothing outside it beats them; whether one is beyond the floors."""
        images = self.count.images(plans)
        hit = False
        for i in leading(images):
            image = tuple(images[i].tolist())
            self.note(image, plans[i], image[0] * self.count.units[0])
            hit = hit or covers(image, floors)
        return hit

    def note(self, image: Counted, plan: Bools, bound: Fraction | None) -> None:
        """Keep a plan with this image."""
        if image not in self.found:
            self.zones.add(image)
        before = self.found.get(image)
        if before is None or (bound is not None and (before[1] is None or bound < before[1])):
            self.found[image] = plan, bound

    def start(self, floors: Counted) -> Bools | None:
        """The best plan known that reaches the floors of the objectives after the first."""
        reach = [image for image in self.found if covers(image[1:], floors[1:])]
        return self.found[max(reach)][0] if reach else None

    def undominated(self) -> tuple[Point, ...]:
        """The points found that no other dominates, the most of the first objective first."""
        if not self.found:
            return ()
        images = list(self.found)
        best = [images[i] for i in leading(np.array(images, self.zones.corners.dtype))]
        return tuple(Point(self.count.image_of(i), *self.found[i]) for i in best)
