"""Outcomes of risky awards, drawn once and for all from a seed: which candidates fail in which outcome.

An award whose expected loss is a part p of it is lost whole in about a part p of the outcomes, so that its mean loss
is the one that its instrument states. Draws are whole numbers from a hash of seed, candidate and outcome: the same on
every machine, whatever else is in the table, and the same for every instrument and level of one candidate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from allocator.options import Award, OptionTable
from allocator.program import SAFE, Ints

BITS = 32
"""Bits of a draw."""


@dataclass(frozen=True)
class Outcomes:
    """`count` outcomes from `seed`; in a part `together` (basis points) of a candidate's draws its group, the label on
    `axis`, draws for it, so that those of one group fail together more often than by chance."""

    count: int
    seed: int
    axis: str
    together: int

    def draws(self, candidate: str, group: str | None) -> Ints:
        """A candidate's draws [count], in 0 … 2³² − 1."""
        own = _stream(f"{self.seed}|{candidate}|own", self.count)
        if not self.together or group is None:
            return own
        shared = _stream(f"{self.seed}|{self.axis}={group}|all", self.count)
        joins = _stream(f"{self.seed}|{candidate}|joins", self.count) * 10_000 < self.together << BITS
        return np.where(joins, shared, own)

    def losses(self, options: OptionTable, rows: Sequence[int]) -> Ints:
        """What options `rows` lose in each outcome, in yuan [len(rows), count]: their award, or nothing."""
        award, expected = options.award, options.column("loss")
        found = np.zeros((len(rows), self.count), np.int64)
        for i, k in enumerate(rows):
            group = options.labels[self.axis].label(k) if self.axis in options.labels else None
            found[i] = self._lost(
                options.candidates[options.candidate[k]], group, int(award[k]), int(expected[k])
            )
        return found

    def total(self, awards: Sequence[Award]) -> Ints:
        """What these awards lose together in each outcome [count]."""
        total = np.zeros(self.count, np.int64)
        for a in awards:
            if not a.fixed and a.columns["loss"]:
                total += self._lost(a.candidate, a.labels.get(self.axis), a.amount, a.columns["loss"])
        return total

    def _lost(self, candidate: str, group: str | None, award: int, expected: int) -> Ints:
        """The award where draw / 2³² < expected / award, decided in whole numbers."""
        limit = -((-expected << BITS) // award) if award else 0
        return np.where(self.draws(candidate, group) < min(limit, 1 << BITS), award, 0)


def worst(losses: Ints, tail: int) -> npt.NDArray[np.intp]:
    """The `tail` outcomes with the largest losses [count], the earlier of equal ones first, in rising order."""
    return np.sort(np.lexsort((np.arange(len(losses)), -losses))[:tail])


def roomy(options: OptionTable, tail: int) -> bool:
    """Whether `tail` outcomes in which everything is lost still add up in 64 bits."""
    return float(np.abs(options.award.astype(np.float64)).sum()) * tail < SAFE


@cache
def _stream(key: str, count: int) -> Ints:
    """`count` whole numbers below 2³² from a key."""
    words = hashlib.shake_256(key.encode()).digest(4 * count)
    return np.frombuffer(words, dtype="<u4").astype(np.int64)
