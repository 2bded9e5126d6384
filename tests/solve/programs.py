"""Programs small enough to try every plan, hard enough to outlast any clock, and one the size of a city's fund."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse

from allocator.program import OPEN, Clause, Program, Rows
from allocator.solve import Outcome


def knapsack(gain: list[int], weight: list[int], cap: int) -> Program:
    """One row: what fits under `cap`."""
    return Program.from_arrays(gain, [weight], [-np.inf], [cap])


def small(seed: int) -> Program:
    """At most 10 columns with floors, caps, equalities, groups, fixed columns and priced rows, as `seed` has it."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 11))
    m = int(rng.integers(0, 5))
    big = 10 ** int(rng.choice([1, 1, 3, 8]))
    matrix = rng.integers(-4, 12, (m, n)) * int(rng.choice([1, 1, 7, 10**6]))
    lower, upper, clauses = [], [], []
    for row in matrix:
        some = int(row @ rng.integers(0, 2, n))
        side = rng.choice(["cap", "floor", "both", "equal"], p=[0.45, 0.25, 0.2, 0.1])
        slack = int(rng.integers(0, 1 + abs(some)))
        lower.append(-OPEN if side == "cap" else some - (slack if side == "both" else 0))
        upper.append(OPEN if side == "floor" else some)
        price = (
            Fraction(int(rng.integers(0, 4 * big)), int(rng.integers(1, 4))) if rng.random() < 0.3 else None
        )
        clauses.append(Clause("rule", f"row {len(clauses)}", "cap", price))
    block = Rows(
        sparse.csr_array(matrix.astype(np.int64)),
        np.array(lower, np.int64),
        np.array(upper, np.int64),
        tuple(clauses),
    )
    gain = rng.integers(-big // 5, big + 1, n)
    groups = rng.integers(-1, max(1, n // 2), n)
    fixed = rng.choice([-1, 0, 1], n, p=[0.8, 0.1, 0.1])
    return Program.assemble(gain, [block], groups, fixed, scale=int(rng.choice([1, 1000])))


def every_plan(program: Program) -> np.ndarray:
    """Every assignment of the program's columns, bool [2ⁿ, n]."""
    n = program.shape[1]
    return (np.arange(2**n)[:, np.newaxis] >> np.arange(n) & 1).astype(bool)


def best(program: Program) -> Fraction | None:
    """The value of the best plan, by trying all at once in integers; None where there is none.

    Written out, without the program's own arithmetic: `tests/allocator/test_program.py` holds that to the same.
    """
    plans = every_plan(program)
    at = plans.astype(np.int64) @ program.matrix.toarray().T
    below = np.where(program.lower > -OPEN, program.lower - at, 0)
    above = np.where(program.upper < OPEN, at - program.upper, 0)
    missed = np.maximum(np.maximum(below, above), 0)
    soft = np.isfinite(program.prices)
    good = ~(missed[:, ~soft] > 0).any(axis=1)
    for g in np.unique(program.groups[program.groups >= 0]):
        good &= plans[:, program.groups == g].sum(axis=1) <= 1
    for k in np.flatnonzero(program.fixed >= 0):
        good &= plans[:, k] == program.fixed[k]
    if not good.any():
        return None
    prices = [program.clauses[r].price or Fraction(0) for r in np.flatnonzero(soft)]
    shared = math.lcm(*(p.denominator for p in prices))
    gain = [int(g) * shared for g in program.gain]
    weights = [int(p * shared) for p in prices]
    lost = missed[good][:, soft]
    most = [int(v) for v in lost.max(axis=0, initial=0)]
    room = sum(map(abs, gain)) + sum(w * m for w, m in zip(weights, most, strict=True))
    kind: Any = np.int64 if room < 2**62 else object
    value = plans[good].astype(kind) @ np.array(gain, kind) - lost.astype(kind) @ np.array(weights, kind)
    return Fraction(int(value.max()), shared)


def chu_beasley(n: int = 250, m: int = 30, seed: int = 1) -> Program:
    """A multidimensional knapsack as Chu & Beasley (1998) draw them: no solver proves n=250, m=30 in minutes."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 1001, (m, n))
    gain = weight.sum(axis=0) // m + rng.integers(0, 501, n)
    return Program.from_arrays(gain, weight, np.full(m, -np.inf), weight.sum(axis=1) // 2)


def market_split(n: int = 50, m: int = 6, seed: int = 1) -> Program:
    """Equalities that hardly any choice meets (Cornuéjols & Dawande 1998): not even a first plan in reach."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(0, 100, (m, n))
    half = weight.sum(axis=1) // 2
    return Program.from_arrays(np.ones(n, int), weight, half, half)


def priced(program: Program, price: Fraction) -> Program:
    """The same with every row soft at `price`."""
    return replace(program, clauses=tuple(replace(c, price=price) for c in program.clauses))


def with_upper(program: Program, row: int, upper: int) -> Program:
    """The same with another cap in one row."""
    caps = program.upper.copy()
    caps[row] = upper
    return replace(program, upper=caps)


def permuted(program: Program, rows: np.ndarray, columns: np.ndarray) -> Program:
    """The same with rows and columns in another order."""
    return replace(
        program,
        gain=program.gain[columns],
        matrix=sparse.csr_array(program.matrix[rows][:, columns]),
        lower=program.lower[rows],
        upper=program.upper[rows],
        groups=program.groups[columns],
        fixed=program.fixed[columns],
        clauses=tuple(program.clauses[r] for r in rows),
    )


def fund(candidates: int, seed: int = 0) -> Program:
    """A fund: 6.7 options a candidate; three ceilings, shares of six domains and four instruments: 22 rows."""
    rng = np.random.default_rng(seed)
    levels = np.clip(rng.poisson(5.7, candidates) + 1, 1, 12)
    own = np.repeat(np.arange(candidates), levels)
    n = len(own)
    need = np.exp(rng.normal(4.2, 0.9, candidates))[own] * 10_000
    score = rng.normal(76, 7, candidates).clip(40, 98)[own]
    domain, instrument = rng.integers(0, 6, candidates)[own], rng.integers(0, 4, n)
    size = np.array([1, 0.8, 0.25, 0.5])[instrument] * rng.uniform(0.3, 1, n)
    award = np.maximum(1000, np.rint(need * size / 1000) * 1000).astype(np.int64)
    met = np.minimum(1, award * np.array([1, 0.6, 2.5, 0.8])[instrument] / need) ** 0.7
    gain = np.rint(score / 100 * met * need / 10_000 * rng.uniform(0.8, 1.1, n) * 10**6).astype(np.int64)
    first = award * rng.choice([30, 50, 100], n) // 100
    total = int(award.sum() / levels.mean() * 0.3)
    rows = [
        (award, -OPEN, total),
        (first, -OPEN, total * 68 // 100),
        (award - first, -OPEN, total * 45 // 100),
    ]
    for d in range(6):
        share = int(10_000 * award[domain == d].sum() / award.sum())
        rows.append((10_000 * award * (domain == d) - share * 9 // 10 * award, 0, OPEN))
        rows.append((10_000 * award * (domain == d) - share * 115 // 100 * award, -OPEN, 0))
    for i, (floor, cap) in enumerate([(0, 6000), (500, 3000), (300, 1500), (1200, 2500)]):
        if floor:
            rows.append((10_000 * award * (instrument == i) - floor * award, 0, OPEN))
        rows.append((10_000 * award * (instrument == i) - cap * award, -OPEN, 0))
    block = Rows(
        sparse.csr_array(np.array([row for row, _, _ in rows])),
        np.array([low for _, low, _ in rows]),
        np.array([high for _, _, high in rows]),
        tuple(Clause("row", str(r), "cap") for r in range(len(rows))),
    )
    return Program.assemble(gain, [block], own, np.full(n, -1), scale=10**6)


def agrees(found: Outcome, program: Program, best: Fraction | None, seed: int) -> None:
    """What was solved for a proven optimum is the best plan's worth, and its bound not below."""
    assert (found.chosen is None) == (best is None), seed
    if best is not None:
        assert found.chosen is not None
        assert program.value(found.chosen) == best, seed
        assert Fraction(found.bound or 0) * program.scale >= best - abs(best) / 10**9, seed
