"""Every nondominated image of a program under several objectives, by ε-constraint problems.

A floor ε on all objectives but the first is answered by the best plan that reaches it, z(ε). Whatever else reaches ε
and exceeds z nowhere is dominated by it, so further points lie where some objective exceeds z's: at the floors ε with
that one coordinate raised to z's value plus a step. A floor between an answered ε and its z has the same answer; one
above a floor that no plan reaches has none: neither is solved again. Made for two and three objectives; with more the
floors become many.
Sources: the ε-constraint method (Haimes 1971); enumeration by search zones (Kirlik & Sayın 2014; Klamroth, Lacour &
Vanderpooten 2015).
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.program import Bools, Ints, Program
from allocator.solve.epsilon import LONGEST, Epsilon

Image = tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class Point:
    """A plan and its exact image: the first objective's value, then the others'. `bound`: of the first at its floor."""

    image: Image
    chosen: Bools
    floors: tuple[int, ...]
    bound: Fraction | None = None


@dataclass(frozen=True, eq=False)
class Nondominated:
    """Points, best in the first objective first.

    complete  whether every image is matched or beaten by one of them, but for less than one `step` in each objective
              after the first
    solves    how many ε-constraint problems were solved
    """

    points: tuple[Point, ...]
    complete: bool
    steps: tuple[int, ...]
    solves: int


Tell = Callable[[int, int], None]


def nondominated(
    program: Program,
    others: npt.ArrayLike,
    steps: Sequence[int] | None = None,
    *,
    tell: Tell | None = None,
    stop: threading.Event | None = None,
    known: Sequence[Bools] = (),
    seconds: float = LONGEST,
) -> Nondominated:
    """All nondominated images of `program`'s value and `others` [k-1, n] (whole numbers), each maximised.

    `steps` [k-1]: points that are less than this apart in an objective count as one; 1 keeps every integer image.
    `known` plans are begun from; `seconds` is the limit of each solve. `tell` hears (points, floors waiting). Set
    `stop` to end with what there is.
    """
    rows = np.atleast_2d(np.asarray(others, np.int64))
    step = tuple(int(s) for s in (steps or [1] * len(rows)))
    if len(step) != len(rows) or any(s < 1 for s in step):
        raise ValueError(f"one step of at least 1 for each of {len(rows)} objectives, got {step}")
    search = _Search(program, rows, step, seconds)
    for plan in known:
        search.note(plan)
    complete = search.run(tell, stop)
    return Nondominated(tuple(search.undominated(complete)), complete, step, search.problem.solves)


class _Search:
    def __init__(self, program: Program, others: Ints, steps: tuple[int, ...], seconds: float) -> None:
        self.program, self.others, self.steps, self.seconds = program, others, steps, seconds
        self.problem = Epsilon(program, others)
        self.found: dict[Image, Point] = {}
        self.images = np.zeros((0, len(others) + 1))
        self.plans: list[Bools] = []
        self.solved = _Boxes(len(others))
        self.void: list[tuple[int, ...]] = []

    def run(self, tell: Tell | None, stop: threading.Event | None) -> bool:
        """Answer floors, the lowest first, until none is left; whether it came to its end."""
        begin = self.problem.lowest
        waiting = [(0, begin)]
        seen = {begin}
        while waiting:
            if stop is not None and stop.is_set():
                return False
            _, floors = heapq.heappop(waiting)
            if any(all(f >= v for f, v in zip(floors, none, strict=True)) for none in self.void):
                continue
            top = self.solved.answer(floors)
            if top is None:
                answer = self.problem.best(floors, self.start(floors), self.seconds, stop)
                if answer.word == "infeasible":
                    self.void.append(floors)
                    continue
                if answer.chosen is not None:
                    self.note(answer.chosen, floors, answer.bound)
                for plan in answer.beside:
                    self.note(plan)
                if answer.word != "optimal" or answer.chosen is None:
                    return False
                top = tuple(int(v) for v in self.image(answer.chosen)[1:])
                self.solved.add(floors, top)
                if tell is not None:
                    tell(len(self.found), len(waiting))
            for i, step in enumerate(self.steps):
                raised = (*floors[:i], top[i] + step, *floors[i + 1 :])
                if raised not in seen:
                    seen.add(raised)
                    heapq.heappush(waiting, (self.rank(raised), raised))
        return True

    def rank(self, floors: tuple[int, ...]) -> int:
        """Lower floors first: their answers cover more."""
        return sum(floors)

    def image(self, plan: Bools) -> Image:
        return (self.program.value(plan), *(Fraction(sum(row[plan].tolist())) for row in self.others))

    def note(self, plan: Bools, floors: tuple[int, ...] = (), bound: Fraction | None = None) -> None:
        image = self.image(plan)
        if image not in self.found:
            self.found[image] = Point(image, plan, floors, bound)
            self.images = np.vstack([self.images, [float(v) for v in image]])
            self.plans.append(plan)

    def start(self, floors: tuple[int, ...]) -> Bools | None:
        """The best plan known that reaches the floors."""
        reach = (self.images[:, 1:] >= np.array(floors)).all(axis=1)
        if not reach.any():
            return None
        weight = np.array(
            [float(self.problem.weight) or 1.0, *(bool(self.problem.weight),) * len(self.others)]
        )
        value = np.where(reach, self.images @ weight, -np.inf)
        return self.plans[int(np.argmax(value))]

    def undominated(self, complete: bool) -> Iterator[Point]:
        """The points found that no other dominates; where the search came to its end, each is its own bound."""
        kept: list[Point] = []
        for point in sorted(self.found.values(), key=lambda p: p.image, reverse=True):
            if not any(covers(k.image, point.image) for k in kept):
                kept.append(replace(point, bound=point.image[0]) if complete else point)
        return iter(kept)


def covers(a: Image, b: Image) -> bool:
    """Whether `a` is at least `b` in everything."""
    return all(x >= y for x, y in zip(a, b, strict=True))


@dataclass
class _Boxes:
    """Answered floors with what their answers reach, to look a floor up in."""

    count: int
    low: Ints = field(init=False)
    high: Ints = field(init=False)
    size: int = 0

    def __post_init__(self) -> None:
        self.low = np.zeros((64, self.count), np.int64)
        self.high = np.zeros((64, self.count), np.int64)

    def add(self, low: Sequence[int], high: Sequence[int]) -> None:
        if self.size == len(self.low):
            self.low, self.high = np.vstack([self.low, self.low * 0]), np.vstack([self.high, self.high * 0])
        self.low[self.size], self.high[self.size] = low, high
        self.size += 1

    def answer(self, floors: Sequence[int]) -> tuple[int, ...] | None:
        """What the answer at these floors reaches, where it follows from one already had."""
        at = np.array(floors, np.int64)
        inside = (self.low[: self.size] <= at).all(axis=1) & (at <= self.high[: self.size]).all(axis=1)
        if not inside.any():
            return None
        return tuple(int(v) for v in self.high[int(np.argmax(inside))])
