"""Additions and exchanges against the program's own arithmetic, on every plan of small random programs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from allocator.program import Bools, Program
from allocator.why.exchange import Exchange
from tests.allocator.programs import at_random, made, plans

SEEDS = range(120)


def with_(chosen: Bools, into: int, out: int | None = None) -> Bools:
    changed = chosen.copy()
    changed[into] = True
    if out is not None:
        changed[out] = False
    return changed


def hard(program: Program, chosen: Bools) -> dict[int, int]:
    """The hard rows that do not hold, and by how much."""
    found = enumerate(program.violations(chosen))
    return {r: v for r, v in found if v and program.clauses[r].price is None}


@pytest.mark.parametrize("seed", SEEDS)
def test_they_say_what_the_changed_plan_says(seed: int) -> None:
    program = at_random(seed)
    free = program.fixed == -1
    for chosen in plans(program):
        if hard(program, chosen) or (program.fixed == 1)[~chosen].any() or (program.fixed == 0)[chosen].any():
            continue
        exchange = Exchange(program, chosen)
        for k in np.flatnonzero(~chosen & free).tolist():
            joined = with_(chosen, k)
            assert set(exchange.blocked.get(k, ())) == set(hard(program, joined))
            assert exchange.addition(k) == program.value(joined) - program.value(chosen)
            for out in np.flatnonzero(chosen & free).tolist():
                swapped, swap = with_(chosen, k, out), exchange.swap(out, k)
                assert swap.broken == hard(program, swapped)
                if not swap.broken:
                    assert swap.gain == program.value(swapped) - program.value(chosen)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_at_once_are_what_each_is_alone(seed: int) -> None:
    program = at_random(seed)
    free = program.fixed == -1
    for chosen in plans(program):
        if hard(program, chosen):
            continue
        exchange = Exchange(program, chosen)
        out, into = np.meshgrid(np.flatnonzero(chosen & free), np.flatnonzero(~chosen & free))
        pair, row, gains = exchange.swaps(out.ravel(), into.ravel())
        broken = set(zip(pair.tolist(), row.tolist(), strict=True))
        alone = [
            exchange.swap(o, i) for o, i in zip(out.ravel().tolist(), into.ravel().tolist(), strict=True)
        ]
        assert broken == {(p, r) for p, swap in enumerate(alone) for r in swap.broken}
        assert gains == [swap.gain for swap in alone]


def test_by_hand() -> None:
    # A ceiling of 10 and a floor of 2 on the second row; the first option uses both, the other two money alone.
    program = made([5, 6, 9], [([4, 7, 7], None, 10), ([2, 0, 0], 2, None)])
    exchange = Exchange(program, np.array([True, False, False]))
    assert exchange.blocked == {1: (0,), 2: (0,)}
    assert exchange.swap(0, 2).broken == {1: 2}
    assert exchange.swap(0, 2).gain == Fraction(4)


def test_sums_past_64_bits_are_exact() -> None:
    big = 2**61
    program = made([1, 1, 1], [([big, big - 1, 2], None, big)])
    exchange = Exchange(program, np.array([True, False, False]))
    assert set(exchange.blocked) == {1, 2}
    assert exchange.swap(0, 1).broken == {}
