"""Every group's choices at given multipliers, in exact integers: its best option, and what each other one loses.

By weak duality a plan's value is at most the multipliers' bound less the losses of its choices: an option that loses
more than the distance from the best known plan to the bound is in no better plan, and need not be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.certificate import Certificate, certify, reduced_gains
from allocator.program import Bools, Ints, Program

FAR = int(np.iinfo(np.int64).max // 4)
"""The loss of what cannot be chosen at all."""


@dataclass(frozen=True, eq=False)
class Priced:
    """A program seen at its multipliers; losses are in units of gain × `denominator`.

    certificate  the multipliers as rationals, and the bound that they prove
    group    int64 [n]: the group of each column, every column without one a group of its own
    best     bool [n]: each group's best column where that is worth taking, and lone columns worth taking
    loss     int64 [n]: what choosing a column loses against its group's best choice (0 for the best)
    none     int64 [n]: what its group loses by choosing nothing
    margin   int64 [n]: the least loss of any other choice of its group than the best
    """

    certificate: Certificate
    group: Ints
    best: Bools
    loss: Ints
    none: Ints
    margin: Ints

    @cached_property
    def multipliers(self) -> npt.NDArray[np.float64]:
        """The certificate's multipliers [m], as floats."""
        return np.array([float(v) for v in self.certificate.numerators]) / float(self.denominator)

    @property
    def denominator(self) -> int:
        """What losses are multiplied by."""
        return self.certificate.denominator

    def limit(self, distance: Fraction) -> int:
        """The greatest loss that a choice of a plan within `distance` of the bound can have."""
        return int(distance * self.denominator // 1)


def price(program: Program, multipliers: npt.NDArray[np.float64]) -> Priced | None:
    """The choices of `program` at `multipliers` [m]; None where the numbers are too large for int64."""
    certificate = certify(program, multipliers)
    reduced = reduced_gains(program, certificate.numerators, certificate.denominator)
    if reduced.dtype == object:
        return None
    own = _groups(program)
    lines = np.unique(own[program.fixed == 1])
    free = (program.fixed < 0) & ~np.isin(own, lines)  # a fixed line leaves its candidate nothing to choose
    worth = np.where(free, reduced, -FAR)
    order = by_group(own)
    ordered, gids = (worth, own) if order is None else (worth[order], own[order])
    starts = np.flatnonzero(np.r_[True, np.diff(gids) > 0]) if len(own) else np.zeros(0, np.intp)
    sizes = np.diff(np.r_[starts, len(own)])
    top = np.maximum.reduceat(ordered, starts) if len(own) else np.zeros(0, np.int64)
    of = np.repeat(np.arange(len(starts)), sizes)
    places = np.flatnonzero(ordered == top[of])
    first = places[np.r_[True, np.diff(of[places]) > 0]] if len(own) else places
    taken = first[top > 0]
    best = np.zeros(len(own), bool)
    best[taken if order is None else order[taken]] = True
    top_or_none = np.maximum(top, 0)
    none_here = top_or_none[of]
    loss_here = np.where(ordered > -FAR, none_here - ordered, FAR)
    # the next best choice: another column, or nothing where the best is a column
    rival = loss_here.copy()
    rival[taken] = FAR
    margin = np.minimum.reduceat(rival, starts) if len(own) else top
    margin = np.where(top > 0, np.minimum(margin, top_or_none), margin)[of]
    if order is None:
        return Priced(certificate, own, best, loss_here, none_here, margin)
    loss, none, least = (np.empty(len(own), np.int64) for _ in range(3))
    loss[order], none[order], least[order] = loss_here, none_here, margin
    return Priced(certificate, own, best, loss, none, least)


def nth_loss(losses: npt.NDArray[Any], size: int) -> Any:
    """What the `size` choices that lose least lose at most, of losses [k]; 0 where there are none."""
    at = min(size, len(losses) - 1)
    return np.partition(losses, at)[at] if len(losses) else 0


def usual_worth(program: Program) -> npt.NDArray[np.float64]:
    """What a unit of each row [m] is worth by the order of magnitude: a mean gain over a mean coefficient."""
    filled = np.maximum(np.diff(program.matrix.indptr), 1)
    heavy = np.maximum(program.sizes @ np.ones(len(program.gain)) / filled, 1e-12)
    return np.asarray(float(np.abs(program.gain.astype(np.float64)).mean()) / heavy)


def by_group(own: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.intp] | None:
    """The order that brings each group's columns together; None where they are."""
    return None if (own[1:] >= own[:-1]).all() else np.argsort(own, kind="stable")


def _groups(program: Program) -> npt.NDArray[np.int64]:
    """The group of each column [n], every column without one a group of its own."""
    own = program.groups.astype(np.int64)
    lone = np.flatnonzero(own < 0)
    own[lone] = int(own.max(initial=-1)) + 1 + np.arange(len(lone))
    return own
