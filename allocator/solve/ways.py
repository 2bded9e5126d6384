"""Ways to change up to three choices of one half of the groups, and which of the other half's fit to them.

Where two rows decide most, a way of each half fit together if what they take of these two rows lies in a window. The
ways of one half are sorted once, in strips as wide as the first row's window and within them by the second row: what
fits to a way of the other half is then two runs, found by bisection.

Source: two-list search (Horowitz & Sahni 1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from allocator.program import Ints
from allocator.solve.deficit import Floats

LISTED = 5_000
"""Ways in each half."""

PAIRED, TRIPLED = 180, 55
"""Changes of a half that are taken by two, and by three."""

Ways = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Half:
    """Ways to change up to three choices of one half of the groups, by what they lose.

    ways  int64 [k, 3]: changes, −1 for none; loss: float64 [k]; takes: float64 [k, 2], of the two rows that decide most
    """

    ways: Ways
    loss: Floats
    rank: Floats
    takes: Floats

    def first(self, size: int) -> Half:
        """The ways that lose least."""
        return Half(self.ways[:size], self.loss[:size], self.rank[:size], self.takes[:size])


class Strips:
    """Ways in strips as wide as the first row's window, in each by what they take of the second row."""

    def __init__(self, takes: Floats, windows: list[tuple[float, float]]) -> None:
        self.windows = windows
        self.least = takes.min(axis=0)
        self.width = max(windows[0][1] - windows[0][0], 1e-9)
        self.deep = float((takes[:, 1] - self.least[1]).max())
        self.stride = 2 * self.deep + 1
        deep = takes[:, 1] - self.least[1]
        key = np.floor((takes[:, 0] - self.least[0]) / self.width) * self.stride + deep
        self.order = np.argsort(key, kind="stable")
        self.key = key[self.order]

    def run(self, takes: Floats, step: int) -> tuple[Places, Places]:
        """Where, of the first or second strip that each way [k, 2] leaves open, what it leaves open begins, and how
        many that is."""
        (low, high), (low2, high2) = self.windows
        strip = np.floor((low - takes[:, 0] - self.least[0]) / self.width) + step
        floor = low2 - takes[:, 1] - self.least[1]
        top = high2 - takes[:, 1] - self.least[1]
        begin = np.searchsorted(self.key, strip * self.stride + np.maximum(floor, 0.0), "left")
        end = np.searchsorted(self.key, strip * self.stride + np.minimum(top, self.deep), "right")
        open_ = (top >= 0) & (floor <= self.deep) & (high >= low)
        return begin, np.where(open_, np.maximum(end - begin, 0), 0)


def ways_of(*changes: Places) -> Ways:
    """Ways of one, two or three changes, [k, 3]."""
    ways = np.full((len(changes[0]), 3), -1)
    for k, change in enumerate(changes):
        ways[:, k] = change
    return ways


def counted(times: Places) -> Places:
    """0, 1, ... up to each of `times`, one after another."""
    return np.asarray(np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times))


def ends_of(a: Floats, b: Floats) -> tuple[float, float]:
    """The least and the most that one of a and one of b come to."""
    return float(a.min() + b.min()), float(a.max() + b.max())


def listed(rank: Floats, group: Ints) -> tuple[Ways, Floats]:
    """The ways [k, 3] of changing none, one, two or three choices of different groups that rank first, and their ranks.

    rank, group  [changes]: a way's rank is its changes' sum
    """
    order = np.argsort(rank, kind="stable")
    rank, group = rank[order], group[order]
    ways = [np.full((1, 3), -1), ways_of(np.arange(len(rank)))]
    ranks = [np.zeros(1), rank]
    a, b = np.triu_indices(min(len(rank), PAIRED), 1)
    apart = group[a] != group[b]
    a, b = a[apart], b[apart]
    ways.append(ways_of(a, b))
    ranks.append(rank[a] + rank[b])
    few = b < TRIPLED  # a < b
    a, b = a[few], b[few]
    times = np.maximum(min(len(rank), TRIPLED) - 1 - b, 0)
    a, b, c = a.repeat(times), b.repeat(times), b.repeat(times) + 1 + counted(times)
    apart = (group[c] != group[a]) & (group[c] != group[b])
    a, b, c = a[apart], b[apart], c[apart]
    ways.append(ways_of(a, b, c))
    ranks.append(rank[a] + rank[b] + rank[c])
    total = np.concatenate(ranks)
    kept = np.argpartition(total, LISTED)[:LISTED] if len(total) > LISTED else np.arange(len(total))
    kept = kept[np.argsort(total[kept], kind="stable")]
    found = np.concatenate(ways)[kept]
    return (np.where(found >= 0, order[found], -1) if len(rank) else found), total[kept]
