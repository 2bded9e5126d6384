"""The optimisation as one frozen, solver-free object: maximise gain·x, lower ≤ A x ≤ upper, x binary.

Column k is option k. At most one column of each group is chosen. Every row is one clause of the policy, by
name. All numbers are integers, so that whatever is claimed of a program can be checked exactly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.whole import OPEN, SAFE, Ints, floating, integers, whole_rows, within_reach

if TYPE_CHECKING:
    from allocator.change import Change

__all__ = ["OPEN", "SAFE", "Bools", "Clause", "Ints", "Program", "Rows", "Side"]

Bools = npt.NDArray[np.bool_]
Side = Literal["floor", "target", "cap"]


@dataclass(frozen=True)
class Clause:
    """The unit in which a program is explained: one side of one rule for one label.

    price   None for a hard clause, else what one unit of the row's violation costs, in units of gain
    unit    yuan (or, where `counted`, awards) in one unit of the row
    rounded how far its bound was moved inwards, in units of the row, when the row was divided
    rank    of a soft clause that is met before the objective is looked at: its place; its price is then 0
    tolerance  yuan (or awards) by which its rank may miss more than it must
    """

    rule: str
    label: str
    side: Side
    price: Fraction | None = None
    unit: Fraction = Fraction(1)
    counted: bool = False
    rounded: Fraction = Fraction(0)
    rank: int | None = None
    tolerance: int = 0

    def __str__(self) -> str:
        return " · ".join(part for part in (self.rule, self.label, self.side) if part)


@dataclass(frozen=True, eq=False)
class Rows:
    """A block of labelled rows: `matrix` int64 CSR [n_rows, n_options], bounds int64 [n_rows] (±OPEN)."""

    matrix: sparse.csr_array
    lower: Ints
    upper: Ints
    clauses: tuple[Clause, ...]

    def __len__(self) -> int:
        return len(self.clauses)


@dataclass(frozen=True, eq=False)
class Program:
    """Maximise gain·x − Σ price·violation, lower ≤ A x ≤ upper, x binary, at most one x per group.

    gain    int64 [n]; the value that people see is gain·x / scale
    matrix  int64 CSR [m, n]
    lower, upper  int64 [m], ±OPEN where open
    groups  int32 [n]: the candidate of each column, -1 for none
    fixed   int8 [n]: -1 free, else the value that the column is fixed at
    clauses one a row, in the rows' order
    """

    gain: Ints
    matrix: sparse.csr_array
    lower: Ints
    upper: Ints
    groups: npt.NDArray[np.int32]
    fixed: npt.NDArray[np.int8]
    clauses: tuple[Clause, ...]
    scale: int = 1
    note: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.clauses), len(self.gain)

    @classmethod
    def from_arrays(
        cls,
        gain: npt.ArrayLike,
        matrix: Any,
        lower: npt.ArrayLike,
        upper: npt.ArrayLike,
        groups: npt.ArrayLike | None = None,
    ) -> Program:
        """Any problem of this form: maximise gain·x, lower ≤ A x ≤ upper, x binary.

        `gain` [n], `matrix` [m, n] dense or any SciPy sparse form, `lower` and `upper` [m] with ±inf where
        open; `groups[k]` is the candidate of column k, at most one column of each, -1 for none. Floats are
        read as the decimals that they print as and scaled, a row at a time, to integers; a row with no such
        scale up to 10⁹ (1/3, say) is taken to 12 significant digits. NaN, unequal lengths, a lower bound
        above its upper, and gains and coefficients that do not fit in 64 bits raise `ValueError`.
        """
        a = sparse.csr_array(matrix, copy=True)
        a.sum_duplicates()  # entries given in parts are one coefficient
        rows, columns = a.shape
        worth = np.asarray(gain)
        low, high = (np.asarray(v, dtype=np.float64 if floating(v) else None) for v in (lower, upper))
        own = np.full(columns, -1) if groups is None else np.asarray(groups)
        for name, array, length in (
            ("gain", worth, columns),
            ("groups", own, columns),
            ("lower", low, rows),
            ("upper", high, rows),
        ):
            if array.shape != (length,):
                raise ValueError(f"{name} has shape {array.shape}, the matrix asks for ({length},)")
            if np.isnan(array.astype(np.float64)).any():
                raise ValueError(f"{name} holds NaN")
        if np.isnan(a.data.astype(np.float64)).any() or not np.isfinite(worth.astype(np.float64)).all():
            raise ValueError("the matrix and the gain must be finite")
        if (low > high).any():
            raise ValueError(f"lower is above upper in row {int(np.argmax(low > high))}")
        low, high = (within_reach(a, bound) for bound in (low, high))
        whole_gain, scale = integers(worth)
        data, whole_low, whole_high = whole_rows(a, low, high)
        return cls(
            gain=whole_gain,
            matrix=sparse.csr_array((data, a.indices.copy(), a.indptr.copy()), shape=a.shape),
            lower=whole_low,
            upper=whole_high,
            groups=own.astype(np.int32),
            fixed=np.full(columns, -1, dtype=np.int8),
            clauses=tuple(Clause(f"row {r}", "", "cap") for r in range(rows)),
            scale=scale,
        )

    @classmethod
    def assemble(
        cls, gain: Ints, blocks: Sequence[Rows], groups: npt.ArrayLike, fixed: npt.ArrayLike, scale: int = 1
    ) -> Program:
        """A program of blocks of rows, each divided by its gcd (bounds tightened, prices raised to match)."""
        n = len(gain)
        full = [b for b in blocks if len(b)]
        matrix = sparse.csr_array(sparse.vstack([b.matrix for b in full])) if full else _empty(n)
        lower = np.concatenate([b.lower for b in full]) if full else np.zeros(0, np.int64)
        upper = np.concatenate([b.upper for b in full]) if full else np.zeros(0, np.int64)
        clauses = [c for b in full for c in b.clauses]
        matrix.eliminate_zeros()
        matrix.sort_indices()
        if len(clauses):
            # an empty row keeps its bounds: it says whether it can hold at all
            common = _row_gcd(matrix)
            matrix.data //= np.repeat(common, np.diff(matrix.indptr))
            soft = np.array([c.price is not None for c in clauses])
            common_soft = np.where(soft, 1, common)
            if soft.any():  # a priced row keeps its unit unless its bounds divide too
                exact = soft & _divides(common, lower) & _divides(common, upper)
                common_soft = np.where(exact, common, common_soft)
                undo = soft & ~exact
                matrix.data *= np.repeat(np.where(undo, common, 1), np.diff(matrix.indptr))
            rounded = [
                _rounded(int(low), int(high), int(g))
                for low, high, g in zip(lower, upper, common_soft, strict=True)
            ]
            lower = np.where(lower <= -OPEN, -OPEN, -((-lower) // common_soft))
            upper = np.where(upper >= OPEN, OPEN, upper // common_soft)
            clauses = [
                replace(
                    c, price=None if c.price is None else c.price * int(g), unit=c.unit * int(g), rounded=r
                )
                for c, g, r in zip(clauses, common_soft, rounded, strict=True)
            ]
        return cls(
            gain=np.asarray(gain, np.int64),
            matrix=matrix,
            lower=lower.astype(np.int64),
            upper=upper.astype(np.int64),
            groups=np.asarray(groups, np.int32),
            fixed=np.asarray(fixed, np.int8),
            clauses=tuple(clauses),
            scale=scale,
        )

    def with_(self, change: Change) -> Program:
        """This program with a change of bounds, fixed columns, gains or rows: a program of its own."""
        return change.on(self)

    # -- exact arithmetic -------------------------------------------------------------------

    def activity(self, chosen: Bools) -> list[int]:
        """A x as exact Python integers [m]."""
        if self.roomy:
            return list((self.matrix @ chosen.astype(np.int64)).tolist())
        part = self.matrix[:, np.flatnonzero(chosen)]
        return [
            sum(int(v) for v in part.data[part.indptr[r] : part.indptr[r + 1]]) for r in range(part.shape[0])
        ]

    def violations(self, chosen: Bools) -> list[int]:
        """How far each row is from holding, in the row's units, exactly; 0 where it holds."""
        if self.roomy:
            at = self.matrix @ chosen.astype(np.int64)
            below = np.where(self.lower > -OPEN, self.lower - at, 0)
            above = np.where(self.upper < OPEN, at - self.upper, 0)
            missed: list[int] = np.maximum(np.maximum(below, above), 0).tolist()
            return missed
        found = []
        for value, low, high in zip(self.activity(chosen), self.lower, self.upper, strict=True):
            short = int(low) - value if low > -OPEN else 0
            over = value - int(high) if high < OPEN else 0
            found.append(max(short, over, 0))
        return found

    def broken(self, chosen: Bools) -> tuple[str, ...]:
        """The hard clauses, groups and fixed columns that `chosen` breaks, by name; empty for a true plan."""
        names = [
            str(self.clauses[r])
            for r, v in enumerate(self.violations(chosen))
            if v and self.clauses[r].price is None
        ]
        own = self.groups[chosen & (self.groups >= 0)]
        if len(own) != len(np.unique(own)):
            names.append("at most one option a candidate")
        if (chosen[self.fixed >= 0] != (self.fixed[self.fixed >= 0] == 1)).any():
            names.append("fixed lines")
        return tuple(names)

    def value(self, chosen: Bools) -> Fraction:
        """gain·x − Σ price·violation, exactly, in units of gain (divide by `scale` for what people see)."""
        gained = sum(self.gain[chosen].tolist())
        soft = np.flatnonzero(np.isfinite(self.prices)).tolist()
        if not soft:
            return Fraction(gained)
        violations = self.violations(chosen)
        return Fraction(gained) - sum(
            (p * violations[r] for r in soft if (p := self.clauses[r].price) is not None), Fraction(0)
        )

    def shown(self, value: Fraction | float) -> int | float:
        """A value in units of gain as people see it: an int where it is one."""
        seen = Fraction(value) / self.scale
        return int(seen) if seen.denominator == 1 else float(seen)

    @cached_property
    def prices(self) -> npt.NDArray[np.float64]:
        """What a unit of each row's violation costs [m], inf for a hard row: for floats, never for a proof."""
        return np.array([np.inf if c.price is None else float(c.price) for c in self.clauses], np.float64)

    @cached_property
    def sizes(self) -> sparse.csr_array:
        """|A| in floats: what head-room is judged by."""
        m = self.matrix
        return sparse.csr_array((np.abs(m.data.astype(np.float64)), m.indices, m.indptr), shape=m.shape)

    @cached_property
    def roomy(self) -> bool:
        """Whether no row's absolute sum can overflow int64."""
        if not self.matrix.nnz:
            return True
        sums = self.sizes @ np.ones(self.matrix.shape[1])
        return bool(sums.max() < SAFE / 2)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every number and every clause: two programs with one digest are one program."""
        h = hashlib.sha256()
        m = self.matrix
        for array in (
            self.gain,
            m.indptr,
            m.indices,
            m.data,
            self.lower,
            self.upper,
            self.groups,
            self.fixed,
        ):
            h.update(np.ascontiguousarray(array, dtype="<i8").data)
        h.update("\n".join(f"{c}|{c.price}" for c in self.clauses).encode())
        h.update(
            "".join(f"\n{c}|{c.rank}|{c.tolerance}" for c in self.clauses if c.rank is not None).encode()
        )
        h.update(str(self.scale).encode())
        return h.hexdigest()


def _empty(columns: int) -> sparse.csr_array:
    return sparse.csr_array((0, columns), dtype=np.int64)


def _row_gcd(matrix: sparse.csr_array) -> Ints:
    """The gcd of each row's coefficients [m], 1 for an empty row."""
    found = np.ones(matrix.shape[0], np.int64)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        found[filled] = np.gcd.reduceat(np.abs(matrix.data), matrix.indptr[filled])
    return found


def _rounded(lower: int, upper: int, common: int) -> Fraction:
    """How far dividing by `common` moves a row's one bound inwards; 0 where it has two, or none."""
    if (lower > -OPEN) == (upper < OPEN):
        return Fraction(0)
    return Fraction((upper if upper < OPEN else -lower) % common, common)


def _divides(common: Ints, bound: Ints) -> Bools:
    return np.asarray((np.abs(bound) >= OPEN) | (bound % common == 0), bool)
