"""Rows that tie few groups, and the multipliers that suit them, given those of all other rows.

Rows that share no group are seen to at once (`tangents.py`), those that do by turns; no turn raises what is proved.
Rows that no choice can break are left out.

Source: coordinate descent on a Lagrangian dual, as dual ascent for facility location (Erlenkotter 1978) has it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.solve.tangents import Entries, Floats, Index, best

TURNS = 6
"""Sets of rows that share no group; a row that fits in none of so many keeps the multiplier that it has."""

CROWD = 20
"""Groups that rows of few tie together are a crowd, and no unit, above this part of all."""


class Local:
    """Rows of few groups. `matrix` [rows, n] has only what can be chosen; `rows` are their places in the program.

    lower, upper  float64: their room, ±inf where open; `price` is inf for a hard row
    of            int64 [n]: the group of each column
    """

    def __init__(
        self, matrix: sparse.csr_array, rows: Index, lower: Floats, upper: Floats, price: Floats, of: Index
    ) -> None:
        whole = _entries(matrix, of)
        high, low = (np.zeros(len(whole.first)) for _ in range(2))
        np.maximum.at(high, whole.pair, whole.coefficient)
        np.minimum.at(low, whole.pair, whole.coefficient)
        most, least = (np.bincount(whole.owner, v, len(rows)) for v in (high, low))
        able = np.flatnonzero((most > upper) | (least < lower))
        self.rows = rows[able]
        self.matrix = sparse.csr_array(matrix[able, :])
        self.lower, self.upper, self.price = lower[able], upper[able], price[able]
        self.of = of
        self.live = np.diff(self.matrix.indptr)
        self.turns = []
        if len(able):
            pairs = _entries(self.matrix, of)
            colour = _coloured(pairs.owner, of[pairs.column[pairs.first]], len(able))
            for turn in range(int(colour.max(initial=-1)) + 1):
                at = np.flatnonzero(colour == turn)
                self.turns.append((at, _entries(sparse.csr_array(self.matrix[at, :]), of)))

    def __len__(self) -> int:
        return len(self.rows)

    def suit(self, worth: Floats, z: Floats, sweeps: int) -> None:
        """Better multipliers in the place of `z` [rows], and what columns are worth then in that of `worth` [n]."""
        for _ in range(sweeps if len(self.turns) > 1 else 1):
            for at, entries in self.turns:
                own = worth[entries.column] + entries.coefficient * z[at][entries.row]
                z[at] = best(entries, own, self.lower[at], self.upper[at], self.price[at])
                worth[entries.column] = own - entries.coefficient * z[at][entries.row]

    def unsettled(self, choice: Index, z: Floats) -> Index:
        """The groups of those rows that the choices break, or leave room in though it has a price."""
        taken = np.zeros(self.matrix.shape[1])
        taken[choice[choice >= 0]] = 1.0
        activity = self.matrix @ taken
        broken = (activity > self.upper) | (activity < self.lower)
        broken |= ((z > 0) & (activity < self.upper)) | ((z < 0) & (activity > self.lower))
        return self.groups(broken)

    def touched(self, columns: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which of the rows speak of any of the columns."""
        said = columns[self.matrix.indices].astype(np.float64)
        row = np.repeat(np.arange(len(self.rows)), self.live)
        return np.bincount(row, said, len(self.rows)) > 0

    def groups(self, rows: npt.NDArray[np.bool_]) -> Index:
        """The groups that some of the rows speak of."""
        return np.asarray(self.of[self.matrix[np.flatnonzero(rows), :].indices], np.int64)

    def units(self, count: int) -> Index:
        """For each of the `count` groups the unit that it comes in: those that rows tie together, unless a crowd."""
        alone = np.arange(count)
        if not len(self.rows):
            return alone
        from scipy.sparse.csgraph import connected_components  # 0.1 s, and few programs need it

        pairs = _entries(self.matrix, self.of)
        group = self.of[pairs.column[pairs.first]]
        shape = (len(self.rows), count)
        tied = sparse.csr_array((np.ones(len(group)), (pairs.owner, group)), shape=shape)
        both = sparse.block_array([[None, tied], [tied.T, None]], format="csr")
        _, unit = connected_components(both, directed=False)
        own = np.asarray(unit[len(self.rows) :], np.int64)
        return alone if np.bincount(own).max() * CROWD > count else own


def _entries(matrix: sparse.csr_array, of: Index) -> Entries:
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return Entries.of(matrix.indices, matrix.data, row, of[matrix.indices], matrix.shape[0])


def _coloured(row: Index, group: Index, count: int) -> Index:
    """A colour for each row, no two of one colour with a group in common; −1 beyond the `TURNS`-th."""
    taken: dict[int, int] = {}
    colour = np.full(count, -1)
    ends = np.searchsorted(row, np.arange(count + 1)).tolist()
    groups = group.tolist()
    for r in range(count):
        own = groups[ends[r] : ends[r + 1]]
        used = 0
        for g in own:
            used |= taken.get(g, 0)
        first = (~used & (used + 1)).bit_length() - 1  # the lowest colour that none of its groups has
        if first < TURNS:
            colour[r] = first
            for g in own:
                taken[g] = taken.get(g, 0) | 1 << first
    return colour
