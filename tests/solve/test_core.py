"""The core method: its bounds are never below the optimum, its plans are plans, and parts decide as the whole does."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from allocator.certificate import certify
from allocator.program import OPEN, Clause, Program
from allocator.solve import core, dual, search, solve
from allocator.solve.door import Answer, Ask
from allocator.solve.highs import lp_multipliers
from allocator.solve.price import price
from allocator.solve.reduce import reduce
from tests.solve import programs


def fund(seed: int, groups: int = 60, options: int = 3, *, local: bool = True, soft: bool = False) -> Program:
    """A random fund: a ceiling, shares of three domains, caps of a few applicants, some fixed lines."""
    draw = np.random.default_rng(seed)
    n = groups * options
    own = np.repeat(np.arange(groups), options)
    cost = draw.integers(5, 60, n)
    worth = cost * draw.integers(50, 100, groups)[own] * draw.integers(60, 101, n)
    domain = draw.integers(0, 3, groups)[own]
    total = int(cost.sum() // (3 * options))
    rows = [cost, *(cost * (domain == d) for d in range(3))]
    clauses = [Clause("ceiling", "", "cap"), *(Clause("domain", str(d), "floor") for d in range(3))]
    lower = [-OPEN, *(total // 5 for _ in range(3))]
    upper = [total, OPEN, OPEN, OPEN]
    if soft:
        rows.append(cost * (np.arange(n) % options == 1))
        clauses.append(Clause("share", "", "target", Fraction(int(draw.integers(1, 9000)), 2)))
        lower.append(total // 2)
        upper.append(total // 2)
    if local:
        for k in range(groups // 6):
            rows.append(((own >= 3 * k) & (own < 3 * k + 3)).astype(int))
            clauses.append(Clause("applicant", str(k), "cap"))
            lower.append(-OPEN)
            upper.append(1 + k % 2)
    fixed = np.full(n, -1, np.int8)
    fixed[:options] = [1, *[-1] * (options - 1)]
    return Program(
        gain=worth.astype(np.int64),
        matrix=sparse.csr_array(np.array(rows, np.int64)),
        lower=np.array(lower, np.int64),
        upper=np.array(upper, np.int64),
        groups=own.astype(np.int32),
        fixed=fixed,
        clauses=tuple(clauses),
    )


def optimum(program: Program) -> Fraction | None:
    best = solve(program, gap=0, method="highs", time_limit=30)
    assert best.reason in ("optimal", "within_gap", "infeasible")
    return None if best.chosen is None else program.value(best.chosen)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("gap", [0.0, 1e-3])
def test_the_core_method_agrees_with_the_exact_optimum(seed: int, gap: float) -> None:
    program = fund(seed, local=seed % 2 == 0, soft=seed % 3 == 0)
    best = optimum(program)
    found = solve(program, gap=gap, method="core", time_limit=30)
    if best is None:
        assert found.reason == "infeasible"
        return
    assert found.chosen is not None
    assert not program.broken(found.chosen)
    value = program.value(found.chosen)
    assert found.bound is not None
    assert value <= best <= Fraction(found.bound) * (1 + Fraction(1, 10**12))
    assert best - value <= Fraction(gap) * abs(value) + abs(best) / 10**9


def test_tiny_programs_of_every_kind_agree_with_trying_all() -> None:
    """Lone columns, equalities, negative coefficients, priced rows, nothing to choose: the method is told to go on."""
    for seed in range(300):
        program = programs.small(seed)
        best = programs.best(program)
        found = solve(program, gap=0, method="core")
        programs.agrees(found, program, best, seed)


@pytest.mark.parametrize("seed", range(12))
def test_multipliers_from_parts_prove_nearly_what_those_of_the_whole_do(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With samples and cores of a few groups, as a fund of a million has of thousands."""
    program = fund(seed, groups=400, local=seed % 2 == 0)
    whole = certify(program, lp_multipliers(program)).bound
    monkeypatch.setattr(dual, "WHOLE", 0)
    monkeypatch.setattr(dual, "SAMPLE", 40)
    monkeypatch.setattr(dual, "LARGER", 3)
    monkeypatch.setattr(dual, "CORE", (90, 90))
    parts = certify(program, dual.multipliers(program, 30.0)).bound
    assert whole <= parts * (1 + Fraction(1, 10**9))
    assert parts <= whole * (1 + Fraction(3, 10_000))


def test_losses_are_what_the_bound_falls_by() -> None:
    """A group's best choice loses nothing, another what it is worth less; a fixed line leaves nothing to choose."""
    program = Program(
        gain=np.array([100, 90, 40, 70, 5], np.int64),
        matrix=sparse.csr_array(np.array([[50, 30, 20, 60, 10]], np.int64)),
        lower=np.array([-OPEN]),
        upper=np.array([80]),
        groups=np.array([0, 0, 1, 2, 2], np.int32),
        fixed=np.array([-1, -1, -1, -1, 1], np.int8),
        clauses=(Clause("ceiling", "", "cap"),),
    )
    seen = price(program, np.array([1.0]))
    assert seen is not None
    d = seen.denominator
    assert seen.best.tolist() == [False, True, True, False, False]
    assert [int(v) // d for v in seen.loss[:3]] == [10, 0, 0]  # reduced gains 50, 60 and 20
    assert [int(v) // d for v in seen.none[:3]] == [60, 60, 20]
    assert [int(v) // d for v in seen.margin[:3]] == [10, 10, 20]
    assert seen.certificate.bound == 80 + 60 + 20 + (5 - 10)


def test_what_is_left_of_a_program_is_worth_the_whole_less_what_is_decided() -> None:
    program = fund(3, soft=True)
    chosen = solve(program, gap=0, method="highs").chosen
    assert chosen is not None
    opened = np.isin(program.groups, np.arange(30, 50))
    rest = reduce(program, opened, chosen & ~opened)
    small = chosen[rest.columns]
    assert not rest.broken
    assert (rest.whole(small) == chosen).all()
    assert rest.program.value(small) + rest.decided == program.value(chosen)
    assert not rest.program.broken(small)


def test_decided_rows_that_do_not_hold_are_said() -> None:
    program = fund(4)
    nothing = np.zeros(len(program.gain), bool)
    rest = reduce(program, np.zeros(len(program.gain), bool), nothing)
    assert rest.broken  # no domain reaches its floor


@pytest.mark.parametrize(("columns", "suits"), [(900, False), (1500, True)])
def test_it_is_used_where_it_suits(columns: int, suits: bool) -> None:
    assert core.suits(fund(1, groups=columns // 3)) is suits


def test_lone_columns_and_many_tying_rows_go_to_highs() -> None:
    draw = np.random.default_rng(1)
    knapsack = Program.from_arrays(
        draw.integers(1, 99, 1200), draw.integers(1, 99, (5, 1200)), np.full(5, -np.inf), np.full(5, 9000)
    )
    assert not core.suits(knapsack)


def test_a_stopped_search_keeps_a_plan_and_a_true_bound() -> None:
    program = fund(5, groups=500)
    start = solve(program, gap=0.2, method="highs").chosen
    answer = core.ask_core(Ask(program, gap=0.0, seconds=0.0, start=start))
    best = optimum(program)
    assert best is not None
    if answer.bound is not None:
        assert Fraction(answer.bound) >= best * (1 - Fraction(1, 10**9))
    outcome = solve(program, gap=0.0, time_limit=0.0, method="core", start=start)
    assert outcome.chosen is not None
    assert outcome.reason in ("time_limit", "optimal")


@pytest.mark.parametrize("proved", [None, 1e18])
def test_what_a_solver_had_no_time_to_prove_the_multipliers_have_proved(
    proved: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "ask_highs", lambda ask: Answer("time_limit", bound=proved))
    monkeypatch.setattr(search, "LARGE", 0.0)  # what is left goes to the solver whole
    answer = core.ask_core(Ask(programs.fund(60), gap=1e-9))
    assert answer.certificate is not None
    assert answer.bound == float(answer.certificate.bound)
