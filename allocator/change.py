"""A what-if as data: how a program differs from a base program whose columns it shares.

A change moves bounds, fixes columns, gives other gains, further rows, or other coefficients to a row. Other columns
(another instrument's terms, another list of candidates) are another program: build it anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Clause, Ints, Program, Rows

Whole = TypeVar("Whole", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Line:
    """What a row becomes: int64 `coefficients` in rising `columns`, under `clause`; its bounds stand apart."""

    columns: npt.NDArray[np.int32]
    coefficients: Ints
    clause: Clause

    @classmethod
    def of(cls, program: Program, row: int) -> Line:
        """A row of a program."""
        m = program.matrix
        part = slice(m.indptr[row], m.indptr[row + 1])
        return cls(m.indices[part].astype(np.int32), m.data[part].copy(), program.clauses[row])

    def same(self, other: Line) -> bool:
        """Whether the coefficients and the clause are the same."""
        return (
            self.clause == other.clause
            and np.array_equal(self.columns, other.columns)
            and np.array_equal(self.coefficients, other.coefficients)
        )


@dataclass(frozen=True, eq=False)
class Change:
    """A difference from a base program; the empty one is none.

    lower, upper  new bounds (±OPEN: none) by the base's row
    fixed     by column: 0 or 1, or -1 to free it
    gain      int64 [n], or None where it stays
    added     further rows, below the base's: no-good cuts, epsilon constraints, pins
    replaced  by the base's row: its new coefficients and clause (a share of what is awarded whose percentage moved)
    """

    lower: Mapping[int, int] = field(default_factory=dict)
    upper: Mapping[int, int] = field(default_factory=dict)
    fixed: Mapping[int, int] = field(default_factory=dict)
    gain: Ints | None = None
    added: Rows | None = None
    replaced: Mapping[int, Line] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything changes."""
        some = self.lower or self.upper or self.fixed or self.replaced
        return bool(some) or self.gain is not None or bool(self.added is not None and len(self.added))

    def __or__(self, later: Change) -> Change:
        """Both, of the same base; where they speak of the same thing, `later` holds."""
        added = [rows for rows in (self.added, later.added) if rows is not None]
        return Change(
            lower={**self.lower, **later.lower},
            upper={**self.upper, **later.upper},
            fixed={**self.fixed, **later.fixed},
            gain=self.gain if later.gain is None else later.gain,
            added=stacked(added) if added else None,
            replaced={**self.replaced, **later.replaced},
        )

    @classmethod
    def between(cls, base: Program, other: Program) -> Change:
        """What makes `other` of `base`, two programs over the same columns.

        Rows are the same where their clauses have the same name (the k-th of a name is the k-th of that name): one that
        `other` lacks is opened, one that only it has is added, so that `base.with_(change)` says what `other` says,
        if not always with its digest. Other columns, groups or scales raise `ValueError`.
        """
        if base is other:
            return cls()
        if base.scale != other.scale or not np.array_equal(base.groups, other.groups):
            raise ValueError("the programs are not over the same columns: build a session for the other one")
        place = {name: r for r, name in enumerate(_names(base.clauses))}
        lower: dict[int, int] = {}
        upper: dict[int, int] = {}
        replaced: dict[int, Line] = {}
        new = []
        for s, name in enumerate(_names(other.clauses)):
            r = place.pop(name, None)
            if r is None:
                new.append(s)
                continue
            line = Line.of(other, s)
            if not line.same(Line.of(base, r)):
                replaced[r] = line
            if base.lower[r] != other.lower[s]:
                lower[r] = int(other.lower[s])
            if base.upper[r] != other.upper[s]:
                upper[r] = int(other.upper[s])
        for r in place.values():
            lower[r], upper[r] = -OPEN, OPEN
        moved = np.flatnonzero(base.fixed != other.fixed)
        return cls(
            lower=lower,
            upper=upper,
            fixed=dict(zip(moved.tolist(), other.fixed[moved].tolist(), strict=True)),
            gain=None if np.array_equal(base.gain, other.gain) else other.gain,
            added=rows_of(other, new) if new else None,
            replaced=replaced,
        )

    def on(self, base: Program) -> Program:
        """`base` with the change; `base` itself where it changes nothing. What does not fit raises `ValueError`."""
        if not self:
            return base
        rows, columns = base.shape
        for name, keys, count in (
            ("lower", self.lower, rows),
            ("upper", self.upper, rows),
            ("replaced", self.replaced, rows),
            ("fixed", self.fixed, columns),
        ):
            wrong = [k for k in keys if not 0 <= k < count]
            if wrong:
                raise ValueError(f"{name} names {wrong[0]}, the program has {count}")
        if self.gain is not None and self.gain.shape != (columns,):
            raise ValueError(f"gain has shape {self.gain.shape}, the program has {columns} columns")
        lower, upper = _put(base.lower, self.lower), _put(base.upper, self.upper)
        fixed = _put(base.fixed, self.fixed)
        matrix, clauses = base.matrix, base.clauses
        if self.replaced:
            matrix, clauses = _replaced(base, self.replaced)
        if self.added is not None and len(self.added):
            matrix = sparse.csr_array(sparse.vstack([matrix, self.added.matrix], format="csr"))
            matrix.sort_indices()
            lower = np.concatenate([lower, self.added.lower])
            upper = np.concatenate([upper, self.added.upper])
            clauses = (*clauses, *self.added.clauses)
        for r in np.flatnonzero(lower > upper):  # a hard one is a program without plans, which a solve says
            if clauses[r].price is not None:
                raise ValueError(f"{clauses[r]}: its lower bound {lower[r]} is above its upper {upper[r]}")
        return replace(
            base,
            gain=base.gain if self.gain is None else self.gain.astype(np.int64),
            matrix=matrix,
            lower=lower,
            upper=upper,
            fixed=fixed,
            clauses=clauses,
        )


def rows_of(program: Program, rows: Iterable[int]) -> Rows:
    """Some rows of a program, as a block."""
    which = np.fromiter(rows, np.intp)
    return Rows(
        sparse.csr_array(program.matrix[which, :]),
        program.lower[which],
        program.upper[which],
        tuple(program.clauses[r] for r in which),
    )


def stacked(blocks: list[Rows]) -> Rows:
    """Blocks of rows as one."""
    if len(blocks) == 1:
        return blocks[0]
    return Rows(
        sparse.csr_array(sparse.vstack([b.matrix for b in blocks], format="csr")),
        np.concatenate([b.lower for b in blocks]),
        np.concatenate([b.upper for b in blocks]),
        tuple(c for b in blocks for c in b.clauses),
    )


def _names(clauses: Iterable[Clause]) -> list[tuple[str, str, str, int]]:
    """Each clause's name, and how many of that name stood before it."""
    seen: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    found: list[tuple[str, str, str, int]] = []
    for c in clauses:
        name = (c.rule, c.label, c.side)
        found.append((*name, seen[name]))
        seen[name] += 1
    return found


def _put(array: npt.NDArray[Whole], new: Mapping[int, int]) -> npt.NDArray[Whole]:
    """`array` with the new values; itself where there are none."""
    if not new:
        return array
    copy = array.copy()
    copy[list(new)] = list(new.values())
    return copy


def _replaced(base: Program, new: Mapping[int, Line]) -> tuple[sparse.csr_array, tuple[Clause, ...]]:
    """The matrix and the clauses with some rows' coefficients and clauses exchanged."""
    m = base.matrix
    starts = m.indptr
    indices, data, lengths = [], [], np.diff(starts)
    done = 0
    for r in sorted(new):
        line = new[r]
        if len(line.columns) and not 0 <= line.columns.min() <= line.columns.max() < m.shape[1]:
            raise ValueError(f"row {r}: its columns are not the program's")
        indices += [m.indices[starts[done] : starts[r]], line.columns]
        data += [m.data[starts[done] : starts[r]], line.coefficients]
        lengths[r] = len(line.columns)
        done = r + 1
    indices.append(m.indices[starts[done] :])
    data.append(m.data[starts[done] :])
    matrix = sparse.csr_array(
        (
            np.concatenate(data).astype(np.int64),
            np.concatenate(indices).astype(m.indices.dtype),
            np.concatenate([[0], np.cumsum(lengths)]).astype(starts.dtype),
        ),
        shape=m.shape,
    )
    matrix.eliminate_zeros()
    matrix.sort_indices()
    clauses = list(base.clauses)
    for r, line in new.items():
        clauses[r] = line.clause
    return matrix, tuple(clauses)
