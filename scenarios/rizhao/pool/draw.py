"""Seeded draws, and numbers rounded as people round them.

`RandomState` is NumPy's frozen generator (NEP 19): a seed gives the same pool under every NumPy. Each part of the
pool draws from a stream of its own, so that a change in one leaves the others as they were.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@cache
def words() -> Mapping[str, Any]:
    """The word lists, read once."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


class Draw:
    """A stream of draws of its own for one part of the pool."""

    def __init__(self, seed: int, part: str) -> None:
        self.state = np.random.RandomState([seed, zlib.crc32(part.encode())])

    def uniform(self, n: int, low: float = 0.0, high: float = 1.0) -> Floats:
        """n numbers between low and high: [n]."""
        return self.state.uniform(low, high, n)

    def normal(self, n: int, mean: float = 0.0, sd: float = 1.0) -> Floats:
        """n normal numbers: [n]."""
        return self.state.normal(mean, sd, n)

    def lognormal(self, n: int, mean: float, sigma: float) -> Floats:
        """n lognormal numbers whose expectation is `mean`: [n]."""
        return self.state.lognormal(np.log(mean) - sigma**2 / 2, sigma, n)

    def index(self, n: int, upto: int) -> list[int]:
        """n whole numbers from 0 to upto − 1."""
        found: list[int] = self.state.randint(0, upto, n).tolist()
        return found

    def sample(self, n: int, upto: int) -> list[int]:
        """n different whole numbers from 0 to upto − 1. Raises `ValueError` where there are fewer."""
        found: list[int] = self.state.choice(upto, n, replace=False).tolist()
        return found

    def pick(self, weights: Mapping[str, float], n: int) -> list[str]:
        """n of the keys, each as likely as its weight says."""
        edges = np.cumsum(list(weights.values()))
        at = np.searchsorted(edges, self.state.uniform(0, edges[-1], n), side="right")
        names = list(weights)
        return [names[i] for i in np.minimum(at, len(names) - 1).tolist()]

    def shuffled(self, items: Sequence[Any]) -> list[Any]:
        """The items in another order."""
        return [items[i] for i in self.state.permutation(len(items)).tolist()]

    def people_round(self, amounts: Floats) -> Ints:
        """Amounts in 万元 as people write them: to 1 or 5 while small, to 5 or 10, to 10 or 50 when large: [n]."""
        careful = self.state.uniform(0, 1, len(amounts)) < 0.5
        fine = np.select([amounts < 30, amounts < 200, amounts < 400], [1.0, 5.0, 10.0], 10.0)
        coarse = np.select([amounts < 30, amounts < 200, amounts < 400], [5.0, 10.0, 10.0], 50.0)
        unit = np.where(careful, fine, coarse)
        rounded: Ints = np.maximum(np.rint(amounts / unit) * unit, unit).astype(np.int64)
        return rounded


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` things parted by weights, by largest remainder."""
    whole = sum(weights)
    exact = [total * w / whole for w in weights]
    parts = [int(x) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
