"""Small programs for tests: by hand, and at random with every kind of row; and all plans of one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random

import numpy as np
from scipy import sparse

from allocator.program import OPEN, Bools, Clause, Program


def made(
    gain: Sequence[int],
    rows: Sequence[tuple[Sequence[int], int | None, int | None]] = (),
    groups: Sequence[int] | None = None,
    fixed: Sequence[int] | None = None,
    prices: Sequence[Fraction | int | None] | None = None,
) -> Program:
    """A program of rows (coefficients, lower, upper), None where open; a price makes its row soft."""
    n = len(gain)
    own = [None] * len(rows) if prices is None else prices
    return Program(
        gain=np.array(gain, np.int64),
        matrix=_matrix([r for r, _, _ in rows], n),
        lower=np.array([-OPEN if low is None else low for _, low, _ in rows], np.int64),
        upper=np.array([OPEN if high is None else high for _, _, high in rows], np.int64),
        groups=np.array([-1] * n if groups is None else groups, np.int32),
        fixed=np.array([-1] * n if fixed is None else fixed, np.int8),
        clauses=tuple(
            Clause(f"row {r}", "", "cap", None if p is None else Fraction(p)) for r, p in enumerate(own)
        ),
    )


def _matrix(rows: Sequence[Sequence[int]], n: int) -> sparse.csr_array:
    return sparse.csr_array(np.array(rows, np.int64).reshape(len(rows), n))


def at_random(seed: int) -> Program:
    """Up to nine columns with groups, fixed columns, and caps, floors, equalities, two-sided and priced rows."""
    draw = Random(seed)
    n = draw.randint(1, 9)
    big = draw.choice((1, 1, 1, 10**6, 10**13))
    groups = [draw.choice((-1, 0, 1, 2)) for _ in range(n)]
    fixed = [draw.choice((-1, -1, -1, -1, 0, 1)) for _ in range(n)]
    for k in range(n):  # two fixed lines of one candidate would be a fault of the records
        if (
            fixed[k] == 1
            and groups[k] >= 0
            and any(fixed[j] == 1 and groups[j] == groups[k] for j in range(k))
        ):
            fixed[k] = 0
    rows, prices = [], []
    for _ in range(draw.randint(0, 5)):
        row = [draw.randint(-3, 9) * draw.choice((0, 1, 1)) for _ in range(n)]
        some = sum(v for v in row if draw.random() < 0.4)
        low, high = draw.choice(((None, some), (some, None), (some, some), (some - 4, some + 3)))
        rows.append((row, low, high))
        prices.append(draw.choice((None, None, Fraction(draw.randint(0, 9), draw.randint(1, 7)) * big)))
    return made(
        [draw.randint(-4, 20) * big + draw.randint(0, 1) for _ in range(n)], rows, groups, fixed, prices
    )


def plans(program: Program) -> Iterator[Bools]:
    """Every assignment, bool [n]."""
    for bits in itertools.product((False, True), repeat=len(program.gain)):
        yield np.array(bits, bool)


def sound_plans(program: Program) -> list[Bools]:
    """Every assignment that breaks nothing. Those that groups and fixed columns allow are written out first: of many
    columns in few groups they are a small part."""
    n = len(program.gain)
    groups: dict[int, list[int]] = {}
    for k, g in enumerate(program.groups.tolist()):
        groups.setdefault(g if g >= 0 else -1 - k, []).append(k)
    found = []
    for picks in itertools.product(*([None, *own] for own in groups.values())):
        chosen = np.zeros(n, bool)
        chosen[[k for k in picks if k is not None]] = True
        if not any(f != -1 and bool(f) != c for f, c in zip(program.fixed.tolist(), chosen, strict=True)):
            found.append(chosen)
    return sorted((c for c in found if not program.broken(c)), key=lambda c: c.tolist())


def best(program: Program) -> Fraction | None:
    """The best value of all plans; None where there is none. Written out, without the program's own arithmetic."""
    matrix, found = program.matrix.toarray().tolist(), None
    for chosen in plans(program):
        taken = np.flatnonzero(chosen).tolist()
        own = [int(program.groups[k]) for k in taken if program.groups[k] >= 0]
        if len(own) != len(set(own)):
            continue
        if any(f != -1 and bool(f) != bool(c) for f, c in zip(program.fixed, chosen, strict=True)):
            continue
        value = Fraction(sum(int(program.gain[k]) for k in taken))
        for row, low, high, clause in zip(
            matrix, program.lower.tolist(), program.upper.tolist(), program.clauses, strict=True
        ):
            total = sum(row[k] for k in taken)
            missed = max(low - total if low > -OPEN else 0, total - high if high < OPEN else 0, 0)
            if missed and clause.price is None:
                break
            value -= (clause.price or 0) * missed
        else:
            found = value if found is None else max(found, value)
    return found
