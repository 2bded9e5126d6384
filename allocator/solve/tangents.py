"""The best multiplier of a row alone, for many rows that share no group at once.

What a row's multiplier z ≥ 0 proves, z·upper + Σ over its groups of max(0, max over k of worth − z·coefficient), is
convex and piecewise linear: two tangents meet below the least, and a look there gives a third. Where the least is a
stretch (of three teams one is funded: anything between the worth of the best and of the second best), its middle is
taken, for then the choices are as far from doubt as they can be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TANGENTS = 40

GROWN = 16
"""How often the end of the search is moved out, four times each, for a row that it does not hold."""

HAIR = 1e-12

FARTHEST = 1e200
"""No multiplier is larger: of rows that cannot be kept together each would drive the other on without end."""


@dataclass(frozen=True, eq=False)
class Entries:
    """The entries of rows that share no group, by row and then by group.

    column, coefficient, row, pair  [entries]: `pair` is which (row, group) each belongs to
    first, owner                    [pairs]: where each begins, and its row
    """

    column: Index
    coefficient: Floats
    row: Index
    pair: Index
    first: Index
    owner: Index
    count: int

    @classmethod
    def of(cls, column: Index, coefficient: Floats, row: Index, group: Index, count: int) -> Entries:
        """The entries of `count` rows; some may have none."""
        order = np.lexsort((group, row))
        column, coefficient, row, group = column[order], coefficient[order], row[order], group[order]
        fresh = np.r_[True, (np.diff(row) > 0) | (np.diff(group) != 0)][: len(row)]
        first = np.flatnonzero(fresh)
        return cls(column, coefficient, row, np.cumsum(fresh) - 1, first, row[first], count)

    def only(self, rows: Flags, sign: float = 1.0) -> tuple[Entries, Flags]:
        """The entries of some of the rows, those numbered anew, their coefficients times `sign`; and which they are."""
        kept, pairs = rows[self.row], rows[self.owner]
        number, name = np.cumsum(rows) - 1, np.cumsum(pairs) - 1
        pair = name[self.pair[kept]]
        some = Entries(
            self.column[kept],
            sign * self.coefficient[kept],
            number[self.row[kept]],
            pair,
            np.flatnonzero(np.diff(pair, prepend=-1) > 0),
            number[self.owner[pairs]],
            int(rows.sum()),
        )
        return some, kept

    def chosen(self, worth: Floats, z: Floats) -> tuple[Floats, Index, Flags]:
        """What each pair's best entry is worth at z, which that is, and whether it is worth taking."""
        left = worth - self.coefficient * z[self.row]
        top = np.maximum.reduceat(left, self.first)
        places = np.flatnonzero(left == top[self.pair])
        best = places[np.diff(self.pair[places], prepend=-1) > 0]
        return top, best, top > 0

    def look(self, worth: Floats, z: Floats) -> tuple[Floats, Floats]:
        """The activity of each row at z, and what its groups prove."""
        top, best, takes = self.chosen(worth, z)
        activity = np.bincount(self.owner[takes], self.coefficient[best[takes]], self.count)
        return np.asarray(activity, float), np.asarray(
            np.bincount(self.owner, np.maximum(top, 0.0), self.count), float
        )


def best(entries: Entries, worth: Floats, lower: Floats, upper: Floats, price: Floats) -> Floats:
    """The multipliers [rows] that prove least: above 0 where the cap is worth something, below 0 where the floor is."""
    z = np.zeros(entries.count)
    if not entries.count:
        return z
    activity, _ = entries.look(worth, z)
    for sign, bound in ((1.0, upper), (-1.0, -lower)):
        rows = sign * activity > bound
        if rows.any():
            some, kept = entries.only(rows, sign)
            z[rows] = sign * _least(some, worth[kept], bound[rows], price[rows])
    return z


def _least(entries: Entries, worth: Floats, upper: Floats, price: Floats) -> Floats:
    """The z in 0 … price that proves least, of rows whose cap does not hold at 0."""
    most = np.minimum(price, FARTHEST)
    left = np.zeros(entries.count)
    slope, proof = _tangent(entries, worth, left, upper)
    some = entries.coefficient != 0
    right = np.zeros(entries.count)
    np.maximum.at(right, entries.row[some], np.abs(worth[some] / entries.coefficient[some]))
    right = np.minimum(np.where(right > 0, right, 1.0), most)
    far, rise = _tangent(entries, worth, right, upper)
    for _ in range(GROWN):
        short = (far < 0) & (right < most)
        if not short.any():
            break
        left, slope, proof = (np.where(short, a, b) for a, b in ((right, left), (far, slope), (rise, proof)))
        right = np.where(short, np.minimum(4 * right, most), right)
        far, rise = _tangent(entries, worth, right, upper)
    for _ in range(TANGENTS):
        apart = np.maximum(far - slope, HAIR)
        meet = np.clip((proof - rise + far * right - slope * left) / apart, left, right)
        going = (far > 0) & (meet > left * (1 + HAIR)) & (meet < right * (1 - HAIR))
        if not going.any():
            break
        at = np.where(going, meet, right)
        new, value = _tangent(entries, worth, at, upper)
        under, over = going & (new < 0), going & (new >= 0)
        left, slope, proof = (np.where(under, a, b) for a, b in ((at, left), (new, slope), (value, proof)))
        right, far, rise = (np.where(over, a, b) for a, b in ((at, right), (new, far), (value, rise)))
    flat = far == 0
    z = np.where(flat | (rise <= proof), right, left)
    if flat.any():
        level, kept = entries.only(flat)
        z[flat] = _middle(level, worth[kept], z[flat], price[flat])
    return z


def _tangent(entries: Entries, worth: Floats, z: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The slope of what each row proves at z, and that."""
    activity, value = entries.look(worth, z)
    return upper - activity, value + z * upper


def _middle(entries: Entries, worth: Floats, z: Floats, price: Floats) -> Floats:
    """The middle of the stretch around z in which every group's choice stays the same."""
    _, best, takes = entries.chosen(worth, z)
    own = np.where(takes, entries.coefficient[best], 0.0)
    gets = np.where(takes, worth[best], 0.0)
    # against its group's choice an entry, and for a taken one nothing, wins where z passes this
    more = np.concatenate([entries.coefficient - own[entries.pair], -own[takes]])
    gain = np.concatenate([worth - gets[entries.pair], -gets[takes]])
    row = np.concatenate([entries.row, entries.owner[takes]])
    low, high = np.zeros(entries.count), price.copy()
    np.maximum.at(low, row[more > 0], gain[more > 0] / more[more > 0])
    np.minimum.at(high, row[more < 0], gain[more < 0] / more[more < 0])
    held = np.isfinite(high) & (low <= high)
    return np.where(held, (low + np.where(held, high, low)) / 2, z)
