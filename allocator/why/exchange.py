"""What would become of a plan if one more option were taken, or one were taken in place of another; exactly.

A plan keeps every hard clause. An option that is not in it can join alone only if no hard clause breaks; it can take
another's place only if none breaks then. Both are sums of a column or two, in integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.program import Bools, Ints, Program


@dataclass(frozen=True)
class Swap:
    """One option out, one in.

    broken  hard rows that would not hold, each with how far it is past its bound, in the row's units
    gain    what the plan's value would change by, in units of gain, priced rows included
    """

    broken: Mapping[int, int]
    gain: Fraction


class Exchange:
    """Additions to and exchanges in one plan: `chosen` bool [n] keeps every hard clause of `program`."""

    def __init__(self, program: Program, chosen: Bools) -> None:
        self.program, self.chosen = program, chosen
        self.activity = program.activity(chosen)
        self.lower = [int(v) for v in program.lower]
        self.upper = [int(v) for v in program.upper]
        self.hard = np.array([c.price is None for c in program.clauses], bool)
        self._columns: dict[int, dict[int, int]] = {}
        self._by_column = program.matrix.tocsc()

    @cached_property
    def blocked(self) -> Mapping[int, tuple[int, ...]]:
        """The hard rows that each option outside the plan would break by joining it alone; absent where none."""
        matrix = self._by_column
        outside = ~self.chosen & (self.program.fixed == -1)
        owner = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
        keep = outside[owner] & self.hard[matrix.indices] if matrix.nnz else np.zeros(0, bool)
        rows, data, owner = matrix.indices[keep], matrix.data[keep], owner[keep]
        now = self._now[rows] + data
        # only in the direction in which the option pushes: what the plan already touches is not its doing
        past = ((data > 0) & (now > self.program.upper[rows])) | (
            (data < 0) & (now < self.program.lower[rows])
        )
        found: dict[int, list[int]] = {}
        for k, r in zip(owner[past].tolist(), rows[past].tolist(), strict=True):
            found.setdefault(k, []).append(r)
        return {k: tuple(sorted(r)) for k, r in found.items()}

    def swap(self, out: int, into: int) -> Swap:
        """What taking option `into` in the place of the chosen option `out` would do."""
        change = dict(self.column(into))
        for r, v in self.column(out).items():
            change[r] = change.get(r, 0) - v
        gain = Fraction(int(self.program.gain[into]) - int(self.program.gain[out]))
        broken: dict[int, int] = {}
        for r, v in change.items():
            if not v:
                continue
            past = self._past(r, self.activity[r] + v)
            price = self.program.clauses[r].price
            if price is not None:
                gain -= price * (past - self._past(r, self.activity[r]))
            elif past:
                broken[r] = past
        return Swap(broken, gain)

    def swaps(self, out: Ints, into: Ints) -> tuple[Ints, Ints, list[Fraction | int]]:
        """What `swap` says of `into[p]` in the place of `out[p]`, for many exchanges p at once [m].

        Returns p [k] and row [k] of every hard row that one would break, and the gains [m].
        """
        columns = self._by_column.T
        change = columns[into] - columns[out]
        pair, row = np.repeat(np.arange(len(out)), np.diff(change.indptr)), change.indices
        before = self._now[row]
        after = before + change.data
        low, high, hard = self.program.lower[row], self.program.upper[row], self.hard[row]
        broken = hard & (change.data != 0) & ((after > high) | (after < low)).astype(bool)
        gains: list[Fraction | int] = (self.program.gain[into] - self.program.gain[out]).tolist()
        for k in np.flatnonzero(~hard & ((after > high) | (after < low) | (before > high) | (before < low))):
            r, price = int(row[k]), self.program.clauses[row[k]].price
            if price is not None:
                gains[pair[k]] -= price * (self._past(r, int(after[k])) - self._past(r, int(before[k])))
        return pair[broken], row[broken].astype(np.int64), gains

    def addition(self, k: int) -> Fraction:
        """What joining alone would add to the plan's value, in units of gain, priced rows included."""
        gain = Fraction(int(self.program.gain[k]))
        for r, v in self.column(k).items():
            price = self.program.clauses[r].price
            if price is not None:
                gain -= price * (self._past(r, self.activity[r] + v) - self._past(r, self.activity[r]))
        return gain

    def column(self, k: int) -> Mapping[int, int]:
        """Option k's coefficients by row."""
        found = self._columns.get(k)
        if found is None:
            part = slice(self._by_column.indptr[k], self._by_column.indptr[k + 1])
            rows, data = self._by_column.indices[part].tolist(), self._by_column.data[part].tolist()
            found = self._columns[k] = dict(zip(rows, data, strict=True))
        return found

    @cached_property
    def _now(self) -> npt.NDArray[Any]:
        """What each row comes to, in Python integers where a coefficient more could pass 64 bits."""
        wide = any(abs(v) >= 2**61 for v in self.activity)
        return np.array(self.activity, object if wide else np.int64)

    def _past(self, row: int, value: int) -> int:
        """How far `value` is past the bounds of a row (±OPEN is never reached)."""
        return max(self.lower[row] - value, value - self.upper[row], 0)
