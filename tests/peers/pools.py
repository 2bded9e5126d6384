"""Invented pools of any size, for timing: `pool(candidates, seed, shape)`, vectorised, a million in seconds.

A candidate asks for a lognormal amount, has a score, a domain, and one to four instruments, each at two to four levels:
about 6.7 options. The rows that tie all candidates are 22: three accounts (commitment, this year's cash, later years'),
a floor and a cap for the share of each of six domains, and seven bounds on the shares of four instruments; shares are
of what the plan itself awards, so these rows are dense. Shapes differ in how tight, lumpy and sparse: see `SHAPES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import OPEN, Clause, Ints, Program, Side

SCALE = 10**6
"""Gains are in millionths of 1 万元 of quality-weighted need."""

DOMAINS = np.array([0.26, 0.22, 0.18, 0.15, 0.11, 0.08])
ELIGIBLE = np.array([0.72, 0.42, 0.50, 0.42])
"""How often a candidate may have each instrument: a grant, capital, an interest subsidy, an award after the fact."""

SIZE = np.array([1.0, 0.8, 0.25, 0.5])
"""The largest award of each instrument, as a share of the need."""

WORTH = np.array([1.0, 0.6, 2.5, 0.8])
"""What a yuan of each is worth to the receiver, in yuan of grant."""

BOUNDS = ((None, 6_000), (500, 3_000), (300, 1_500), (1_200, 2_500))
"""Floor and cap of each instrument's share, basis points."""


@dataclass(frozen=True)
class Shape:
    """What makes one pool unlike another.

    ceiling     the commitments, as a share of what all candidates ask for on average
    floor, cap  bounds of each domain's share, as multiples of its share of what is asked for
    spread      of the logarithm of the amounts asked for
    grain       yuan that awards are rounded to
    applicants  applicants for each candidate, each with a cap in yuan; 0 for no such rows
    calls       calls for each candidate, of three teams each, one of which at most is funded
    halves      rows beside those, each over a random half of the candidates, capped at half the ceiling
    price       None where floors of domains are hard, else what a yuan short costs, in yuan of worth
    """

    ceiling: float = 0.30
    floor: float = 0.90
    cap: float = 1.15
    spread: float = 0.9
    grain: int = 1_000
    applicants: float = 0.0
    calls: float = 0.0
    halves: int = 0
    price: Fraction | None = None


SHAPES = {
    "plain": Shape(),
    "tight": Shape(floor=0.98, cap=1.02),
    "slack": Shape(floor=0.50, cap=1.80),
    "capped": Shape(applicants=0.6),
    "tight-capped": Shape(floor=0.98, cap=1.02, applicants=0.6),
    "lean": Shape(ceiling=0.08),
    "generous": Shape(ceiling=0.70),
    "heavy": Shape(spread=1.5),
    "coarse": Shape(grain=100_000),
    "priced": Shape(floor=0.99, cap=1.05, price=Fraction(1, 2)),
    "calls": Shape(applicants=0.6, calls=0.05),
    "crowded": Shape(halves=70),
}

TEN = tuple(SHAPES)[:10]
"""The ten that tables are made of, the n-th with seed n."""


@dataclass(frozen=True, eq=False)
class Pool:
    """A program, and what its columns are: [n] each, but `score` and `need`, which are by candidate.

    base  gain of an option at a score of 100, float: `gain = rint(score / 100 · base)`
    """

    program: Program
    candidate: npt.NDArray[np.int32]
    domain: npt.NDArray[np.int8]
    instrument: npt.NDArray[np.int8]
    award: Ints
    score: npt.NDArray[np.float64]
    need: npt.NDArray[np.float64]
    base: npt.NDArray[np.float64]

    def gains(self, score: npt.NDArray[np.float64]) -> Ints:
        """The gain of every option at other scores [candidates]."""
        return np.rint(score[self.candidate] / 100 * self.base).astype(np.int64)


def pool(candidates: int, seed: int = 0, shape: str | Shape = "plain") -> Program:
    """The program of a pool; the same seed and shape give the same program."""
    return drawn(candidates, seed, shape).program


def drawn(candidates: int, seed: int = 0, shape: str | Shape = "plain") -> Pool:
    """A pool with what its columns are."""
    form = SHAPES[shape] if isinstance(shape, str) else shape
    rng = np.random.default_rng([seed, candidates])
    own, instrument, level = _options(rng, candidates)
    need = np.exp(rng.normal(4.2, form.spread, candidates)) * 10_000
    score = rng.normal(76, 7, candidates).clip(40, 98)
    domain = rng.choice(len(DOMAINS), candidates, p=DOMAINS).astype(np.int8)[own]
    size = SIZE[instrument] * level
    award = np.maximum(form.grain, np.rint(need[own] * size / form.grain) * form.grain).astype(np.int64)
    met = np.minimum(1, award * WORTH[instrument] / need[own]) ** 0.7
    suits = rng.uniform(0.8, 1.1, (candidates, len(SIZE)))[own, instrument]
    base = met * need[own] / 10_000 * suits * SCALE
    gain = np.rint(score[own] / 100 * base).astype(np.int64)
    rows = _Rows(len(own), form.halves)
    _accounts(rows, rng, award, own, form, candidates)
    _shares(rows, award, domain, instrument, form)
    _halves(rows, rng, award, own, form, candidates)
    sparse_rows = [
        *([_applicants(rng, award, own, candidates, form)] if form.applicants else []),
        *([_calls(rng, own, candidates, form)] if form.calls else []),
    ]
    program = rows.program(gain, own, sparse_rows)
    return Pool(program, own, domain, instrument, award, score, need, base)


def _options(
    rng: np.random.Generator, candidates: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    """The candidate, the instrument and the level of each option, in order of candidate."""
    may = rng.random((candidates, len(ELIGIBLE))) < ELIGIBLE
    may[np.arange(candidates), rng.integers(0, len(ELIGIBLE), candidates)] = True
    who, which = np.nonzero(may)
    steps = rng.choice([2, 3, 4], len(who), p=[0.50, 0.40, 0.10])
    pair = np.repeat(np.arange(len(who)), steps)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(steps) - steps, steps)
    level = (step + 1) / steps[pair]
    return who[pair].astype(np.int32), which[pair].astype(np.int8), level


class _Rows:
    """The dense rows, each divided by its gcd as it comes, in arrays that are made once: memory is what they hold."""

    MOST = 22

    def __init__(self, columns: int, more: int = 0) -> None:
        self.columns = columns
        self.data = np.empty((self.MOST + more) * columns, np.int64)
        self.indices = np.empty((self.MOST + more) * columns, np.int32)
        self.ends = [0]
        self.lower: list[int] = []
        self.upper: list[int] = []
        self.clauses: list[Clause] = []

    def add(self, row: Ints, low: int, high: int, label: str, price: Fraction | None = None) -> None:
        """One row over all columns; a priced one keeps its unit."""
        at = np.flatnonzero(row)
        data = row if len(at) == len(row) else row[at]
        common = 1 if price is not None else _gcd(data)
        begin, end = self.ends[-1], self.ends[-1] + len(at)
        np.floor_divide(data, common, out=self.data[begin:end])
        self.indices[begin:end] = at
        self.ends.append(end)
        self.lower.append(low if low <= -OPEN else -((-low) // common))
        self.upper.append(high if high >= OPEN else high // common)
        side: Side = "cap" if low <= -OPEN else "floor"
        self.clauses.append(Clause("pool", label, side, price, Fraction(common)))

    def program(self, gain: Ints, own: npt.NDArray[np.int32], blocks: list[_Block]) -> Program:
        """The program of the dense rows and the sparse blocks below them."""
        filled = self.ends[-1]
        matrix = sparse.csr_array(
            (self.data[:filled], self.indices[:filled], np.array(self.ends, np.int32)),
            shape=(len(self.clauses), self.columns),
        )
        if blocks:
            matrix = sparse.csr_array(sparse.vstack([matrix, *(b.matrix for b in blocks)]))
        clauses = [*self.clauses]
        for block in blocks:
            clauses += [Clause(block.rule, str(r), "cap") for r in range(len(block.upper))]
        return Program(
            gain=gain,
            matrix=matrix,
            lower=np.concatenate([self.lower, *(np.full(len(b.upper), -OPEN) for b in blocks)]).astype(
                np.int64
            ),
            upper=np.concatenate([self.upper, *(b.upper for b in blocks)]).astype(np.int64),
            groups=own,
            fixed=np.full(self.columns, -1, np.int8),
            clauses=tuple(clauses),
            scale=SCALE,
        )


def _gcd(data: Ints) -> int:
    """The gcd of a row, at least 1: that of its head, where it divides the rest as well."""
    head = int(np.gcd.reduce(data[:1000]))
    return (head if not (data % max(head, 1)).any() else int(np.gcd.reduce(data))) or 1


@dataclass(frozen=True, eq=False)
class _Block:
    """Many sparse rows with caps."""

    rule: str
    matrix: sparse.csr_array
    upper: Ints


def _asked(award: Ints, own: npt.NDArray[np.int32], candidates: int) -> float:
    """What all candidates ask for, each the mean of its options."""
    options = np.bincount(own, minlength=candidates)
    return float((award / options[own]).sum())


def _accounts(
    rows: _Rows,
    rng: np.random.Generator,
    award: Ints,
    own: npt.NDArray[np.int32],
    form: Shape,
    candidates: int,
) -> None:
    """What is committed, paid this year and paid later; awards are paid at 30, 50 or 100 % at first."""
    ceiling = int(_asked(award, own, candidates) * form.ceiling)
    first = award * rng.choice([30, 50, 100], len(award)) // 100
    rows.add(award, -OPEN, ceiling, "commitment")
    rows.add(first, -OPEN, ceiling * 68 // 100, "cash")
    rows.add(award - first, -OPEN, ceiling * 45 // 100, "later")


def _shares(
    rows: _Rows, award: Ints, domain: npt.NDArray[np.int8], instrument: npt.NDArray[np.int8], form: Shape
) -> None:
    """Floors and caps of domains' and instruments' shares of what is awarded."""
    total = float(award.sum())
    worth = None if form.price is None else form.price * SCALE / 10_000 / 10_000  # per yuan, per basis point
    for d in range(len(DOMAINS)):
        share = 10_000 * float(award[domain == d].sum()) / total
        own = 10_000 * (domain == d)
        rows.add(award * (own - int(share * form.floor)), 0, OPEN, f"domain {d}", worth)
        rows.add(award * (own - int(share * form.cap)), -OPEN, 0, f"domain {d}")
    for i, (floor, cap) in enumerate(BOUNDS):
        own = 10_000 * (instrument == i)
        if floor is not None:
            rows.add(award * (own - floor), 0, OPEN, f"instrument {i}")
        rows.add(award * (own - cap), -OPEN, 0, f"instrument {i}")


def _halves(
    rows: _Rows,
    rng: np.random.Generator,
    award: Ints,
    own: npt.NDArray[np.int32],
    form: Shape,
    candidates: int,
) -> None:
    """Caps on what random halves of the candidates are awarded."""
    most = int(_asked(award, own, candidates) * form.ceiling / 2)
    for k in range(form.halves):
        half = rng.permutation(candidates) < candidates // 2
        rows.add(award * half[own], -OPEN, most, f"half {k}")


def _applicants(
    rng: np.random.Generator, award: Ints, own: npt.NDArray[np.int32], candidates: int, form: Shape
) -> _Block:
    """A cap for each applicant: 6/10 of the most that its candidates could get, or its largest award."""
    count = max(1, int(candidates * form.applicants))
    who = np.concatenate([np.arange(count), rng.integers(0, count, candidates - count)])
    who = rng.permutation(who)[:candidates]
    most = np.zeros(candidates, np.int64)
    np.maximum.at(most, own, award)
    largest = np.zeros(count, np.int64)
    np.maximum.at(largest, who, most)
    sums = np.zeros(count, np.int64)
    np.add.at(sums, who, most)
    shape = (count, len(own))
    matrix = sparse.csr_array((award, (who[own], np.arange(len(own)))), shape=shape, dtype=np.int64)
    return _Block("applicant", matrix, np.maximum(largest, sums * 6 // 10))


def _calls(rng: np.random.Generator, own: npt.NDArray[np.int32], candidates: int, form: Shape) -> _Block:
    """At most one of the three teams of each call."""
    count = max(1, int(candidates * form.calls))
    call = np.full(candidates, -1)
    call[rng.permutation(candidates)[: 3 * count]] = np.arange(min(3 * count, candidates)) % count
    at = np.flatnonzero(call[own] >= 0)
    matrix = sparse.csr_array(
        (np.ones(len(at), np.int64), (call[own[at]], at)), shape=(count, len(own)), dtype=np.int64
    )
    return _Block("call", matrix, np.ones(count, np.int64))
