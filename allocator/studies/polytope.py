"""Incomplete weights: what is known of them as linear constraints, their extreme points, and draws from them.

A set of weights w ≥ 0, Σ w = 1, with rows a·w ≥ 0 or a·w ≥ b. Extreme points are found in floats and made exact in
fractions; a value that is linear in w has its extremes there.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

Row = tuple[tuple[Fraction, ...], Fraction]
"""a, b of a·w ≥ b."""

MOST = 300_000
"""Bases that are tried for extreme points."""


@dataclass(frozen=True)
class Weights:
    """The weights of k criteria that fit what is known: rows a·w ≥ b beside w ≥ 0 and Σ w = 1."""

    count: int
    rows: tuple[Row, ...] = ()

    @classmethod
    def of(
        cls,
        count: int,
        orders: Sequence[tuple[Sequence[int], Sequence[int]]] = (),
        least: Sequence[object] | object = 0,
        most: Sequence[object] | object = 1,
    ) -> Weights:
        """Orders (left, right): the weights of `left` together are at least those of `right`; bounds of each weight."""
        rows: list[Row] = []
        for left, right in orders:
            row = [Fraction(int(i in left) - int(i in right)) for i in range(count)]
            rows.append((tuple(row), Fraction(0)))
        for i, (low, high) in enumerate(zip(_each(least, count), _each(most, count), strict=True)):
            unit = tuple(Fraction(int(j == i)) for j in range(count))
            if low > 0:
                rows.append((unit, low))
            if high < 1:
                rows.append((tuple(-u for u in unit), -high))
        return cls(count, tuple(rows))

    @cached_property
    def extremes(self) -> tuple[tuple[Fraction, ...], ...]:
        """The extreme points, exactly. Raises `ValueError` where no weights fit, or there are too many bases to try."""
        units = [tuple(Fraction(int(j == i)) for j in range(self.count)) for i in range(self.count)]
        sides = [*self.rows, *((u, Fraction(0)) for u in units)]
        bases = list(itertools.combinations(range(len(sides)), self.count - 1))
        if len(bases) > MOST:
            raise ValueError(
                f"{len(bases)} bases are too many for the extreme points of {self.count} weights"
            )
        a = np.array([[float(v) for v in row] for row, _ in sides]).reshape(len(sides), self.count)
        b = np.array([float(v) for _, v in sides])
        at = np.array(bases, np.intp).reshape(len(bases), self.count - 1)
        square = np.concatenate([a[at], np.ones((len(bases), 1, self.count))], axis=1)
        right = np.concatenate([b[at], np.ones((len(bases), 1))], axis=1)
        sound = np.abs(np.linalg.det(square)) > 1e-9
        points = np.linalg.solve(square[sound], right[sound][..., np.newaxis])[..., 0]
        kept = (points @ a.T >= b - 1e-9).all(axis=1)
        found: dict[tuple[Fraction, ...], None] = {}
        seen: set[tuple[float, ...]] = set()
        for point, base in zip(points[kept], at[sound][kept], strict=True):
            key = tuple(np.round(point, 9).tolist())
            if key in seen:
                continue
            exact = _solved([*(sides[int(i)] for i in base), ((Fraction(1),) * self.count, Fraction(1))])
            if exact is not None and all(_dot(row, exact) >= low for row, low in sides):
                seen.add(key)
                found.setdefault(exact)
        if not found:
            raise ValueError("no weights fit all that is said of them")
        return tuple(found)

    def drawn(self, count: int, seed: int) -> npt.NDArray[np.float64]:
        """Weights [count, k] drawn from within: random mixtures of the extreme points."""
        corners = np.array([[float(v) for v in p] for p in self.extremes])
        return np.asarray(np.random.default_rng(seed).dirichlet(np.ones(len(corners)), count) @ corners)


def _each(value: object, count: int) -> list[Fraction]:
    listed = value if isinstance(value, (list, tuple)) else [value] * count
    return [Fraction(str(v)) for v in listed]


def _dot(row: Sequence[Fraction], point: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(row, point, strict=True)), Fraction(0))


def _solved(rows: Sequence[Row]) -> tuple[Fraction, ...] | None:
    """The solution of as many equations as unknowns, by elimination; None where there is not just one."""
    table = [[*row, right] for row, right in rows]
    size = len(table)
    for c in range(size):
        pivot = next((r for r in range(c, size) if table[r][c]), None)
        if pivot is None:
            return None
        table[c], table[pivot] = table[pivot], table[c]
        table[c] = [v / table[c][c] for v in table[c]]
        for r in range(size):
            if r != c and table[r][c]:
                factor = table[r][c]
                table[r] = [v - factor * w for v, w in zip(table[r], table[c], strict=True)]
    return tuple(row[-1] for row in table)
