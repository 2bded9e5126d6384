"""Soft clauses in ranks: what the first rank misses is made least, then the second, then the objective decides.

The rows of one rank share a unit, yuan or awards, so what a plan misses of them is a whole number, Σ max(0, miss). Each
stage makes it least; afterwards it may be at most the stage's `limit`: the proven least plus the rank's tolerance, or
what the best plan found misses, where the proof did not get that far.

No slack column enters the program: Σ max(0, miss) is at most the limit just where every set of the rows misses at most
that in sum. So the sets are rows, all at once where they are few, else added as plans break them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations
from typing import Any

import numpy as np
from scipy import sparse

from allocator.change import stacked
from allocator.program import OPEN, Bools, Clause, Ints, Program, Rows

FEW = 3
"""Sides of a rank's rows up to which every set of them is a row from the start."""


@dataclass(frozen=True)
class Stage:
    """What one rank came to, in units of 1/`parts` yuan (or awards, where `counted`).

    violation  what the plan `at` (its columns) misses; bound: the least that any plan misses, as proved
    limit      what later stages are held to
    """

    rank: int
    violation: int
    bound: int
    tolerance: int
    limit: int
    parts: int
    counted: bool
    at: tuple[int, ...]

    @classmethod
    def of(cls, missed: Ranked, at: Bools, bound: int) -> Stage:
        """The stage of a plan and of what was proved."""
        violation = missed.total(at)
        least = max(0, min(bound, violation))
        return cls(
            rank=missed.rank,
            violation=violation,
            bound=least,
            tolerance=missed.tolerance,
            limit=max(violation, least + missed.tolerance),
            parts=missed.parts,
            counted=missed.counted,
            at=tuple(np.flatnonzero(at).tolist()),
        )

    def whole(self, value: int) -> int:
        """A figure of the stage in whole yuan or awards, rounded up."""
        return -(-value // self.parts)

    def as_json(self) -> dict[str, Any]:
        """The stage as plan.json holds it."""
        return {**vars(self), "at": list(self.at)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Stage:
        """The stage of a file."""
        whole = ("rank", "violation", "bound", "tolerance", "limit", "parts")
        figures = {name: int(data[name]) for name in whole}
        return cls(**figures, counted=bool(data["counted"]), at=tuple(int(k) for k in data["at"]))


@dataclass(frozen=True, eq=False)
class Ranked:
    """The rows of one rank of a program: what a plan misses of them, and the rows that hold it to a limit."""

    program: Program
    rank: int

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The rank's rows."""
        return tuple(r for r, c in enumerate(self.program.clauses) if c.rank == self.rank)

    @property
    def clauses(self) -> list[Clause]:
        """Their clauses."""
        return [self.program.clauses[r] for r in self.rows]

    @property
    def counted(self) -> bool:
        """Whether they count awards, not yuan."""
        return self.clauses[0].counted

    @cached_property
    def parts(self) -> int:
        """Into how many parts one yuan (or award) goes, so that each row's unit is whole."""
        return math.lcm(*(c.unit.denominator for c in self.clauses))

    @property
    def tolerance(self) -> int:
        """What may be missed beyond the least, of all its rows together: the largest that its clauses state."""
        return max(c.tolerance for c in self.clauses) * self.parts

    def total(self, chosen: Bools) -> int:
        """What a plan misses of all rows, in parts."""
        missed = self.program.violations(chosen)
        return sum(missed[r] * self._weight(r) for r in self.rows)

    def aim(self, whole: Program) -> Program:
        """`whole` (this program, or more rows below it), to be solved for the least violation: in gain, minus yuan."""
        clauses = tuple(
            c if c.price is None else replace(c, price=c.unit if c.rank == self.rank else Fraction(0))
            for c in whole.clauses
        )
        return replace(whole, gain=np.zeros_like(whole.gain), clauses=clauses)

    def least(self, bound: Fraction) -> int:
        """A bound of `aim`'s gain as the least violation that it leaves, in parts."""
        return max(0, math.ceil(-bound * self.parts))

    def held(self, stage: Stage) -> Rows:
        """The rows that hold what is missed to the stage's limit from the start."""
        sides = list(self._sides())
        if len(sides) <= FEW:
            sets = chain.from_iterable(combinations(sides, k) for k in range(1, len(sides) + 1))
        else:
            chosen = np.zeros(len(self.program.gain), bool)
            chosen[list(stage.at)] = True
            sets = chain([(s,) for s in sides], [self._missed(chosen)])
        return stacked([self._row(s, stage.limit) for s in sets if s and len({r for r, _ in s}) == len(s)])

    def broken(self, chosen: Bools, stage: Stage) -> Rows | None:
        """The row that a plan breaks which misses more than the limit; None where it does not."""
        return self._row(self._missed(chosen), stage.limit) if self.total(chosen) > stage.limit else None

    def _sides(self) -> Iterator[tuple[int, int]]:
        """Each closed side of each row: +1 the floor, -1 the cap."""
        for r in self.rows:
            if self.program.lower[r] > -OPEN:
                yield r, 1
            if self.program.upper[r] < OPEN:
                yield r, -1

    def _missed(self, chosen: Bools) -> tuple[tuple[int, int], ...]:
        value = self.program.activity(chosen)
        bounds = {1: self.program.lower, -1: self.program.upper}
        return tuple((r, s) for r, s in self._sides() if s * (int(bounds[s][r]) - value[r]) > 0)

    def _row(self, sides: Sequence[tuple[int, int]], limit: int) -> Rows:
        """Σ over the sides of what each misses, signed, ≤ limit: one row, divided by its gcd."""
        total: dict[int, int] = {}
        upper = limit
        m = self.program.matrix
        for r, sign in sides:
            weight = self._weight(r)
            upper -= sign * weight * int(self.program.lower[r] if sign > 0 else self.program.upper[r])
            part = slice(m.indptr[r], m.indptr[r + 1])
            for k, v in zip(m.indices[part].tolist(), m.data[part].tolist(), strict=True):
                total[k] = total.get(k, 0) - sign * weight * v
        entries = {k: v for k, v in sorted(total.items()) if v}
        common = math.gcd(*entries.values()) or 1
        bound = upper // common
        if abs(bound) >= OPEN or any(abs(v) >= OPEN for v in entries.values()):
            raise OverflowError(f"rank {self.rank}: a sum of its rows does not fit in 64 bits")
        first = self.program.clauses[sides[0][0]]
        data: Ints = np.array([v // common for v in entries.values()], np.int64)
        columns = np.array(list(entries), np.int64)
        return Rows(
            sparse.csr_array((data, columns, np.array([0, len(data)])), shape=(1, m.shape[1])),
            np.array([-OPEN], np.int64),
            np.array([bound], np.int64),
            (Clause(first.rule, first.label, "cap", None, Fraction(common, self.parts), first.counted),),
        )

    def _weight(self, row: int) -> int:
        """A unit of a row, in parts."""
        return int(self.program.clauses[row].unit * self.parts)


def ranks(program: Program) -> list[int]:
    """The ranks of a program's soft clauses, the first to be met first."""
    return sorted({c.rank for c in program.clauses if c.rank is not None})


def mixed(program: Program) -> list[tuple[int, str]]:
    """The ranks that count awards beside yuan, which no sum can weigh: each with a rule that does not fit the first."""
    found = []
    for rank in ranks(program):
        clauses = Ranked(program, rank).clauses
        other = next((c.rule for c in clauses if c.counted != clauses[0].counted), None)
        if other is not None:
            found.append((rank, other))
    return found
