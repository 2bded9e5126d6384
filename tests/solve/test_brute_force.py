"""HiGHS's own door against every plan tried: hundreds of small programs of every kind."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from allocator.program import Program
from allocator.solve import Outcome, solve
from tests.solve.programs import best, priced, small


def agrees(outcome: Outcome, program: Program, truth: Fraction | None) -> None:
    """`outcome`, solved at gap 0, says what trying every plan said."""
    if truth is None:
        assert (outcome.reason, outcome.chosen, outcome.value, outcome.bound) == (
            "infeasible",
            None,
            None,
            None,
        )
        return
    assert outcome.chosen is not None
    assert not program.broken(outcome.chosen)
    assert program.value(outcome.chosen) == truth
    assert outcome.value == program.shown(truth)
    if abs(truth) < 10**12:
        assert outcome.reason == "optimal", outcome
        assert (outcome.bound, outcome.gap) == (outcome.value, 0.0)
    else:  # beyond what floats can tell apart to the unit, what gap is left is stated
        assert outcome.reason in ("optimal", "within_gap"), outcome
        assert outcome.bound is not None
        assert outcome.gap is not None
        assert outcome.gap <= 2e-9
        assert outcome.bound >= outcome.value


@pytest.mark.parametrize("first", range(0, 600, 50))
def test_the_proven_optimum_is_the_best_of_all_plans(first: int) -> None:
    for seed in range(first, first + 50):
        program = small(seed)
        agrees(solve(program, gap=0, method="highs"), program, best(program))


def test_the_corpus_has_every_kind_of_program() -> None:
    programs = [small(seed) for seed in range(600)]
    truths = [best(p) for p in programs[:200]]
    assert 10 < sum(t is None for t in truths) < 120, "infeasible ones, and not too many"
    assert sum(any(c.price for c in p.clauses) for p in programs) > 100
    assert sum(any(p.lower == p.upper) for p in programs) > 50
    assert sum((p.fixed == 1).any() for p in programs) > 100
    soft = [
        p for p, t in zip(programs, truths, strict=False) if t is not None and any(c.price for c in p.clauses)
    ]
    paid = [
        p for p in soft if (x := solve(p, gap=0, method="highs").chosen) is not None and any(p.violations(x))
    ]
    assert len(paid) > 5, "some optima pay for a violation"


@pytest.mark.parametrize("gap", [0.3, 0.05, 1e-4])
def test_a_bound_is_never_below_the_optimum_and_the_gap_is_kept(gap: float) -> None:
    for seed in range(600, 700):
        program = small(seed)
        truth = best(program)
        outcome = solve(program, gap=gap, method="highs")
        if truth is None:
            assert outcome.reason == "infeasible", seed
            continue
        assert outcome.reason in ("optimal", "within_gap"), (seed, outcome)
        assert outcome.value is not None
        assert outcome.bound is not None
        assert outcome.gap is not None
        assert outcome.gap <= gap, seed
        assert outcome.value <= program.shown(truth) <= outcome.bound, seed
        assert (outcome.reason == "optimal") == (outcome.value == outcome.bound)


def test_rows_made_soft_at_more_than_all_gains_together_keep_the_hard_optimum() -> None:
    kept = 0
    for seed in range(700, 780):
        program = small(seed)
        program = replace(program, clauses=tuple(replace(c, price=None) for c in program.clauses))
        dear = priced(program, Fraction(int(abs(program.gain).sum()) + 1))
        truth, outcome = best(program), solve(dear, gap=0, method="highs")
        agrees(outcome, dear, best(dear))
        if truth is not None:
            kept += 1
            assert outcome.value == program.shown(truth), seed
    assert kept > 30
