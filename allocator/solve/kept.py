"""A program's linear relaxation, kept in HiGHS with its basis: after a change it is solved again in a few pivots.

Measured at 500 candidates (3,380 columns, 22 dense rows), of one core: 100 ms when built, then 3 to 5 ms after a change
of bounds or pins, 20 to 30 ms where two rows have other coefficients, 8 to 15 ms where every gain is another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Program
from allocator.solve.highs import end_thread, load
from allocator.solve.scaled import Floats, row_units, scale

SMALLEST = 1_000
"""Columns below which HiGHS on the whole is as quick, and proves more."""

LARGEST = 40_000
"""Columns above which the relaxation is not kept: parts of it are solved anew as quickly."""

MANY = 1_500_000
"""Coefficients above which likewise."""


def fits(program: Program) -> bool:
    """Whether the relaxation of a program is worth keeping."""
    m, n = program.shape
    return bool(m and SMALLEST <= n <= LARGEST and program.matrix.nnz <= MANY)


class Kept:
    """The relaxation of one program and its changes, over the same columns and groups, one after the other.

    rows   how many of a program's rows are kept; those below, which a change added, come and go
    point  the last optimal point of the relaxation, float64 [n]
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.point: Floats = np.zeros(0)
        self._held: Program | None = None

    def multipliers(self, program: Program, seconds: float) -> Floats | None:
        """Optimal multipliers of `program`'s rows [m], as `highs.lp_multipliers`; None where none were found."""
        head, tail = _parted(program, self.rows)
        if self._held is None or not _alike(self._held, head):
            self._build(head)
        else:
            self._move(self._held, head)
        self._held = head
        units = row_units(tail)
        first = self._solver.getNumRow()
        basis = self._add(tail, units) if len(units) else None
        y = None
        if self._run(seconds) == "kOptimal":
            solution = self._solver.getSolution()
            self.point = np.clip(np.asarray(solution.col_value)[: len(program.gain)], 0.0, 1.0)
            dual = np.asarray(solution.row_dual)
            own = np.concatenate([dual[: self.rows] * self._units, dual[first : first + len(units)] * units])
            price = program.prices
            least = np.where(program.lower <= -OPEN, 0.0, -price)
            most = np.where(program.upper >= OPEN, 0.0, price)
            y = np.asarray(np.clip(np.nan_to_num(own / self._worth), least, most))
        if basis is not None:
            self._drop(tail, first, basis)
        return y

    def _build(self, program: Program) -> None:
        import highspy

        numbers = scale(program)
        # a violation's bound would be of these coefficients; its price alone keeps it finite
        self._solver = load(replace(numbers, top=_unbounded(numbers.top, numbers.n)), integer=False)
        self._solver.setOptionValue("threads", 1)
        self._units, self._worth, self._inf = numbers.units, numbers.worth, highspy.kHighsInf
        self._columns = np.arange(numbers.n, dtype=np.int32)

    def _move(self, old: Program, new: Program) -> None:
        """From `old`, which is held, to `new`."""
        solver, n = self._solver, len(new.gain)
        if not np.array_equal(old.gain, new.gain):
            solver.changeColsCost(n, self._columns, new.gain * self._worth)
        at = np.flatnonzero(old.fixed != new.fixed).astype(np.int32)
        if len(at):
            low, high = new.fixed[at] == 1, new.fixed[at] != 0
            solver.changeColsBounds(len(at), at, low.astype(np.float64), high.astype(np.float64))
        for r in _other_rows(old.matrix, new.matrix):
            was, now = (_dense(p.matrix, r) for p in (old, new))
            for k in np.flatnonzero(was != now).tolist():
                solver.changeCoeff(r, k, float(now[k] * self._units[r]))
        lower, upper = self._bounds(new)
        before = self._bounds(old)
        for r in np.flatnonzero((before[0] != lower) | (before[1] != upper)).tolist():
            solver.changeRowBounds(r, float(lower[r]), float(upper[r]))

    def _bounds(self, program: Program) -> tuple[Floats, Floats]:
        """The rows' bounds as HiGHS has them; whether an empty row holds is known before any solver is asked."""
        empty = np.diff(program.matrix.indptr) == 0
        low = np.where(empty | (program.lower <= -OPEN), -self._inf, program.lower * self._units)
        high = np.where(empty | (program.upper >= OPEN), self._inf, program.upper * self._units)
        return low, high

    def _add(self, tail: Program, units: Floats) -> Any:
        """Put the added rows below, with slacks where they are priced; the basis before."""
        basis = self._solver.getBasis()
        for r, unit in enumerate(units):
            at = np.arange(tail.matrix.indptr[r], tail.matrix.indptr[r + 1])
            low = -self._inf if tail.lower[r] <= -OPEN else float(tail.lower[r] * unit)
            high = self._inf if tail.upper[r] >= OPEN else float(tail.upper[r] * unit)
            self._solver.addRow(
                low,
                high,
                len(at),
                tail.matrix.indices[at].astype(np.int32),
                tail.matrix.data[at].astype(np.float64) * unit,
            )
            if np.isfinite(tail.prices[r]):
                row = np.array([self._solver.getNumRow() - 1], np.int32)
                cost = -float(tail.prices[r]) * self._worth / float(unit)
                for sign in (1.0, -1.0):  # fills to a floor, takes from a cap
                    self._solver.addCol(cost, 0.0, self._inf, 1, row, np.array([sign]))
        return basis

    def _drop(self, tail: Program, first: int, basis: Any) -> None:
        """Take the added rows and their slacks away again, and go back to the basis before them."""
        slacks = 2 * int(np.isfinite(tail.prices).sum())
        columns = self._solver.getNumCol()
        if slacks:
            at = np.arange(columns - slacks, columns, dtype=np.int32)
            self._solver.deleteCols(len(at), at)
        at = np.arange(first, self._solver.getNumRow(), dtype=np.int32)
        self._solver.deleteRows(len(at), at)
        if basis.valid:
            self._solver.setBasis(basis)

    def _run(self, seconds: float) -> str:
        """The status after a run; HiGHS may know nothing after a change: then once more, from no basis.

        Nor does it run where its caller's thread has run it on more threads: what that left in the thread goes first.
        """
        solver = self._solver
        solver.setOptionValue("time_limit", float(solver.getRunTime() + max(seconds, 0.0)))
        solver.run()
        word: str = solver.getModelStatus().name
        if word not in ("kOptimal", "kTimeLimit"):
            end_thread()
            solver.clearSolver()
            solver.run()
            word = solver.getModelStatus().name
        return word


def _parted(program: Program, rows: int) -> tuple[Program, Program]:
    """The first `rows` rows as a program, and the others, without coefficients of 0."""
    if not program.matrix.data.all():
        filled = program.matrix.copy()
        filled.eliminate_zeros()
        program = replace(program, matrix=filled)
    if program.shape[0] == rows:
        return program, _some(program, rows, rows)
    return _some(program, 0, rows), _some(program, rows, program.shape[0])


def _some(program: Program, begin: int, end: int) -> Program:
    return replace(
        program,
        matrix=sparse.csr_array(program.matrix[begin:end, :]),
        lower=program.lower[begin:end],
        upper=program.upper[begin:end],
        clauses=program.clauses[begin:end],
    )


def _alike(old: Program, new: Program) -> bool:
    """Whether `old` can become `new` by numbers alone: priced rows have slacks for the same sides at one price."""
    if not np.array_equal(old.prices, new.prices):
        return False
    soft = np.isfinite(old.prices)
    sides = (old.lower <= -OPEN) == (new.lower <= -OPEN), (old.upper >= OPEN) == (new.upper >= OPEN)
    filled = (np.diff(old.matrix.indptr) == 0) == (np.diff(new.matrix.indptr) == 0)
    return bool((sides[0] & sides[1] & filled)[soft].all())


def _other_rows(old: sparse.csr_array, new: sparse.csr_array) -> list[int]:
    """The rows whose coefficients differ."""
    if old is new:
        return []
    found = []
    for r in range(old.shape[0]):
        a, b = (slice(m.indptr[r], m.indptr[r + 1]) for m in (old, new))
        same = np.array_equal(old.indices[a], new.indices[b]) and np.array_equal(old.data[a], new.data[b])
        found += [] if same else [r]
    return found


def _dense(matrix: sparse.csr_array, row: int) -> npt.NDArray[np.int64]:
    found = np.zeros(matrix.shape[1], np.int64)
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    found[matrix.indices[part]] = matrix.data[part]
    return found


def _unbounded(top: Floats, n: int) -> Floats:
    return np.concatenate([top[:n], np.full(len(top) - n, np.inf)])
