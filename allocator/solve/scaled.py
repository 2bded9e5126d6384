"""A program as the floats that a solver gets: rows and objective scaled, groups as rows, soft rows with slacks.

Scales are powers of two, so no digit changes on the way in, and answers come back as bits, never as amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Bools, Program

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-7
"""The feasibility tolerance that solvers are given."""

MODERATE = 2.0**12
"""Where a row's largest coefficient is brought to, if it is larger."""

DISTINCT = 2.0**-17
"""A whole unit of a row stays at least this, 76 tolerances, where LARGEST allows it."""

LARGEST = 2.0**24

COSTLY = 2.0**14
"""Where the largest gain is brought to: one micro-unit in 10⁹ is then still 160 tolerances."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """Maximise cost·z, lower ≤ matrix z ≤ upper, 0 ≤ z ≤ top.

    z is the program's n binary columns, then one slack for each open side of each soft row. The rows are the
    program's m, then one for each group of two or more, then one for each excluded assignment.

    cost, base, top  float64 [n + s]; `base` is 1 where a column is fixed at 1
    matrix           float64 CSR [m + g + e, n + s]
    lower, upper     float64 [m + g + e], ±inf where open
    worth            what one unit of gain is in `cost`
    units            float64 [m]: what one unit of each of the program's rows is
    constant         what every choice is worth beside its cost, in units of gain: priced rows that no column enters
    """

    cost: Floats
    base: Floats
    top: Floats
    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    worth: float
    units: Floats
    constant: float
    n: int
    slack_row: npt.NDArray[np.int64]
    slack_sign: Floats

    def gain(self, value: float) -> float:
        """A value of the objective as units of gain."""
        return value / self.worth + self.constant

    def objective(self, gain: float) -> float:
        """Units of gain as a value of the objective."""
        return (gain - self.constant) * self.worth

    @property
    def slop(self) -> float:
        """How far a bound may be off by the solver's tolerance, in units of gain."""
        return 4 * TOLERANCE / self.worth

    def full(self, chosen: Bools) -> Floats:
        """The z of a choice, slacks and all."""
        activity = self.matrix[: len(self.units), : self.n] @ chosen.astype(np.float64)
        rows = self.slack_row
        short = np.where(
            self.slack_sign > 0, self.lower[rows] - activity[rows], activity[rows] - self.upper[rows]
        )
        return np.concatenate([chosen.astype(np.float64), np.clip(short, 0.0, self.top[self.n :])])


def scale(program: Program, excluded: Sequence[Bools] = (), prices: Floats | None = None) -> Scaled:
    """`program` without the `excluded` assignments, as floats for a solver; `prices` [m] stand for its clauses'."""
    m, n = program.shape
    units = row_units(program)
    body = program.matrix.astype(np.float64)
    body.data = body.data * np.repeat(units, np.diff(program.matrix.indptr))
    lower = np.where(program.lower <= -OPEN, -np.inf, program.lower * units)
    upper = np.where(program.upper >= OPEN, np.inf, program.upper * units)
    worth = _worth(program)
    empty = np.diff(program.matrix.indptr) == 0
    lower[empty], upper[empty] = (
        -np.inf,
        np.inf,
    )  # whether a hard one holds is known before any solver is asked
    rows, signs, each = _slacks(program, empty, program.prices if prices is None else prices)
    reach = _violation(body, lower, upper, rows, signs)
    slacks = sparse.csr_array((signs, (rows, np.arange(len(rows)))), shape=(m, len(rows)))
    tail = [_group_rows(program), *(_cut(plan) for plan in excluded)]
    below = sparse.vstack(tail, format="csr")
    wide = sparse.csr_array((below.shape[0], len(rows)), dtype=np.float64)
    groups = tail[0].shape[0]
    return Scaled(
        cost=np.concatenate([program.gain * worth, -each * worth / units[rows]]),
        base=np.concatenate([(program.fixed == 1).astype(np.float64), np.zeros(len(rows))]),
        top=np.concatenate([(program.fixed != 0).astype(np.float64), reach]),
        matrix=sparse.csr_array(sparse.block_array([[body, slacks], [below, wide]], format="csr")),
        lower=np.concatenate([lower, np.full(groups + len(excluded), -np.inf)]),
        upper=np.concatenate([upper, np.ones(groups), [plan.sum() - 1.0 for plan in excluded]]),
        worth=worth,
        units=units,
        constant=-float(_idle(program, empty)),
        n=n,
        slack_row=rows,
        slack_sign=signs,
    )


def row_units(program: Program) -> Floats:
    """What one unit of each row becomes [m]: a power of two, at most 1."""
    largest = np.ones(program.shape[0])
    filled = np.flatnonzero(np.diff(program.matrix.indptr))
    if len(filled):
        sizes = np.abs(program.matrix.data.astype(np.float64))
        largest[filled] = np.maximum.reduceat(sizes, program.matrix.indptr[filled])
    wanted = np.maximum(MODERATE / largest, np.minimum(DISTINCT, LARGEST / largest))
    return np.asarray(2.0 ** np.minimum(np.floor(np.log2(wanted)), 0.0))


def _worth(program: Program) -> float:
    largest = float(np.abs(program.gain.astype(np.float64)).max(initial=0.0))
    return float(2.0 ** min(np.floor(np.log2(COSTLY / largest)), 0.0)) if largest else 1.0


def _idle(program: Program, empty: Bools) -> Fraction:
    """What the priced rows that no column enters cost, whatever is chosen."""
    cost = Fraction(0)
    for r in np.flatnonzero(empty):
        price, low, high = program.clauses[r].price, int(program.lower[r]), int(program.upper[r])
        short = max(low if low > -OPEN else 0, -high if high < OPEN else 0, 0)
        cost += (price or 0) * short
    return cost


def _slacks(program: Program, empty: Bools, prices: Floats) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """For each closed side of each soft row that a column enters: its row, +1 where it fills to a floor, its price."""
    soft = np.isfinite(prices) & ~empty
    floors = np.flatnonzero(soft & (program.lower > -OPEN))
    caps = np.flatnonzero(soft & (program.upper < OPEN))
    rows = np.concatenate([floors, caps])
    signs = np.concatenate([np.ones(len(floors)), -np.ones(len(caps))])
    order = np.lexsort((-signs, rows))
    rows = rows[order]
    return rows, signs[order], prices[rows]


def _violation(
    body: sparse.csr_array, lower: Floats, upper: Floats, rows: npt.NDArray[np.int64], signs: Floats
) -> Floats:
    """The most by which each slack's side can be missed, in scaled units, a hair above."""
    least = body.minimum(0).sum(axis=1)[rows]
    most = body.maximum(0).sum(axis=1)[rows]
    far = np.where(signs > 0, lower[rows] - least, most - upper[rows])
    return np.asarray(np.maximum(far, 0.0) * (1 + 1e-9) + 1e-6)


def _group_rows(program: Program) -> sparse.csr_array:
    """At most one column of each group that has two or more."""
    n = len(program.groups)
    columns = np.flatnonzero(program.groups >= 0)
    _, own, sizes = np.unique(program.groups[columns], return_inverse=True, return_counts=True)
    columns, own = columns[sizes[own] > 1], own[sizes[own] > 1]
    _, rows = np.unique(own, return_inverse=True)
    count = int(rows.max(initial=-1)) + 1
    return sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=(count, n))


def _cut(plan: Bools) -> sparse.csr_array:
    """The row of Σ chosen x − Σ other x ≤ |chosen| − 1, which only `plan` itself breaks."""
    return sparse.csr_array(np.where(plan, 1.0, -1.0)[np.newaxis, :])
