"""Where further nondominated points can lie: the search zones that known points leave open, and what closes them.

Every objective is maximised, images are whole numbers. A zone is all that exceeds its corner in every objective;
together the zones hold exactly what no known point matches or beats, but for what was closed. Source: Klamroth, Lacour
& Vanderpooten (2015), the elimination of redundant zones for points in any position.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

LARGE = 2**60
"""From here on corners are Python integers."""

TOGETHER = 256
"""Images that are compared with each other at once."""

Counted = tuple[int, ...]
"""An image in units of its objectives."""

Images = npt.NDArray[Any]
"""Counted images [p, k]: int64, or Python integers where those would not hold them."""


class Zones:
    """Open zones by their corners [z, k], and how far each can reach [z, k] as far as that is known.

    Begins with one: all above `lowest`, and nothing is above `highest`.
    """

    def __init__(self, lowest: Sequence[int], highest: Sequence[int]) -> None:
        kind: npt.DTypeLike = object if max(abs(v) for v in (*lowest, *highest)) >= LARGE else np.int64
        self.corners: Images = np.array([lowest], kind)
        self.reach: Images = np.array([highest], kind)
        self.spans = np.array([float(max(h - low, 1)) for low, h in zip(lowest, highest, strict=True)])

    def __len__(self) -> int:
        return len(self.corners)

    def add(self, image: Sequence[int]) -> None:
        """Take out what `image` matches or beats."""
        point = np.array(image, self.corners.dtype)
        inside = np.asarray((self.corners < point).all(axis=1), bool)
        if not inside.any():
            return
        corners, reach = [self.corners[~inside]], [self.reach[~inside]]
        for i, own in enumerate(point):
            raised, seen = self.corners[inside], self.reach[inside]
            raised[:, i] = own
            if len(point) == 2:  # what exceeds the point in one of two falls short of it in the other
                seen[:, 1 - i] = np.minimum(seen[:, 1 - i], point[1 - i])
            kept = outermost(raised)
            corners.append(raised[kept])
            reach.append(seen[kept])
        old, new = corners[0], np.concatenate(corners[1:])
        # in ties a new zone can lie in an old one, or in a new one that another objective made
        kept = outermost(new)
        kept = kept[~_within_any(new[kept], old)]
        self.corners = np.concatenate([old, new[kept]])
        self.reach = np.concatenate([reach[0], np.concatenate(reach[1:])[kept]])

    def drop(self, which: npt.NDArray[np.bool_]) -> None:
        """Close the zones [z] where nothing is left to be found."""
        self.corners, self.reach = self.corners[~which], self.reach[~which]

    def room(self) -> npt.NDArray[np.float64]:
        """How far each zone can reach beyond its corner [z, k], as a share of the whole range."""
        return np.asarray((self.reach - self.corners).astype(np.float64) / self.spans)

    def widest(self, aside: Collection[Counted] = ()) -> int | None:
        """The zone with the most room, of those whose corner is not set aside; None where there is none."""
        room = np.log(np.maximum(self.room(), 1e-12)).sum(axis=1)
        if aside:
            room[[tuple(c) in aside for c in self.corners.tolist()]] = -np.inf
        at = int(np.argmax(room))
        return None if np.isneginf(room[at]) else at

    def shorten(self, end: int | None, floors: Sequence[int], steps: Sequence[int]) -> None:
        """No plan with `floors` of the objectives after the first has `end` of it, or none is there (None).

        What is less than `steps` beyond a corner is not asked for.
        """
        least = self.corners + np.array(steps, self.corners.dtype)
        own = np.array(floors, self.corners.dtype)
        if end is not None:
            beyond = np.asarray((least[:, 1:] >= own).all(axis=1), bool)
            self.reach[beyond, 0] = np.minimum(self.reach[beyond, 0], end - 1)
        if len(own) == 1:
            empty = np.ones(len(least), bool) if end is None else np.asarray(least[:, 0] >= end, bool)
            self.reach[empty, 1] = np.minimum(self.reach[empty, 1], own[0] - 1)


def outermost(corners: Images) -> npt.NDArray[np.intp]:
    """The corners [z, k] whose zones no other one holds; one of equals."""
    holds = np.ones((len(corners), len(corners)), bool)
    for column in corners.T:
        holds &= np.asarray(column[:, np.newaxis] <= column, bool)
    equal = holds & holds.T
    first = np.tril(equal, -1).any(axis=1)
    return np.flatnonzero(~((holds & ~equal).any(axis=0) | first))


def _within_any(new: Images, old: Images) -> npt.NDArray[np.bool_]:
    """Which of the zones `new` [z, k] one of `old` holds."""
    held = np.ones((len(old), len(new)), bool)
    for a, b in zip(old.T, new.T, strict=True):
        held &= np.asarray(a[:, np.newaxis] <= b, bool)
    return np.asarray(held.any(axis=0), bool)


class Closed:
    """Where every plan is known: half-spaces a·image ≥ b; and what is beyond some floors, where there is none."""

    def __init__(self, unit: Fraction, count: int) -> None:
        self.unit = unit
        self.spaces: list[tuple[Counted, int]] = []
        self.floors: list[tuple[int | None, ...]] = []
        self.weights, self.ends = np.zeros((0, count)), np.zeros(0)

    def below(self, weights: Sequence[int], least: Fraction) -> None:
        """All plans with weights·z ≥ `least` are known, z in units of gain."""
        first, *rest = weights
        own = (first * self.unit.numerator, *(w * self.unit.denominator for w in rest))
        end = math.ceil(least * self.unit.denominator)
        self.spaces.append((own, end))
        self.weights = np.vstack([self.weights, np.array(own, np.float64)])
        self.ends = np.append(self.ends, float(end))

    def beyond(self, floors: tuple[int | None, ...]) -> None:
        """No plan reaches all these floors; None where a floor is not needed."""
        self.floors.append(floors)

    def hold(self, floors: Images) -> npt.NDArray[np.bool_]:
        """For each of some floors [z, k], whether all plans beyond are known. Floats choose what integers check."""
        worth = floors.astype(np.float64) @ self.weights.T
        near = worth >= self.ends - 1e-9 * np.abs(self.ends)
        held = np.zeros(len(floors), bool)
        for i in np.flatnonzero(near.any(axis=1)):
            own = floors[i].tolist()
            held[i] = any(_within(own, *self.spaces[h]) for h in np.flatnonzero(near[i])[::-1])
        for known in self.floors:
            used = [i for i, f in enumerate(known) if f is not None]
            held |= np.asarray((floors[:, used] >= np.array([known[i] for i in used])).all(axis=1), bool)
        return held


def _within(floors: Sequence[int], weights: Counted, end: int) -> bool:
    return sum(w * f for w, f in zip(weights, floors, strict=True)) >= end


def leading(images: Images) -> list[int]:
    """Which images [p, k] no other beats, one of equals, the most of the first objective first."""
    if images.dtype == object:
        order = np.array(sorted(range(len(images)), key=lambda i: tuple(images[i]), reverse=True), np.intp)
    else:
        order = np.lexsort(-images.T[::-1])
    kept = np.zeros(0, np.intp)
    for at in range(0, len(order), TOGETHER):
        own = order[at : at + TOGETHER]
        # whatever comes earlier has as much of the first objective at least
        own = own[~_beats(images[kept], images[own]).any(axis=0)]
        own = own[~np.triu(_beats(images[own], images[own]), 1).any(axis=0)]
        kept = np.concatenate([kept, own])
    return [int(i) for i in kept]


def _beats(a: Images, b: Images) -> npt.NDArray[np.bool_]:
    """Whether each of `a` has at least what each of `b` has, the first objective aside [a, b]."""
    found = np.ones((len(a), len(b)), bool)
    for left, right in zip(a.T[1:], b.T[1:], strict=True):
        found &= np.asarray(left[:, np.newaxis] >= right, bool)
    return found
