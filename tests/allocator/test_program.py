"""The program: read from arrays as printed, rows divided without a loss, every number exact and in its digest."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from allocator.program import OPEN, Clause, Program, Rows
from tests.allocator.programs import at_random, best, made, plans

ALL = np.array([True, True, True])


def block(
    rows: list[list[int]], lower: list[int], upper: list[int], prices: list[int | None] | None = None
) -> Rows:
    return Rows(
        sparse.csr_array(np.array(rows, np.int64)),
        np.array(lower, np.int64),
        np.array(upper, np.int64),
        tuple(
            Clause("r", str(r), "cap", None if p is None else Fraction(p))
            for r, p in enumerate(prices or [None] * len(rows))
        ),
    )


def assembled(rows: Rows, columns: int = 3) -> Program:
    return Program.assemble(np.ones(columns, np.int64), [rows], np.arange(columns), np.full(columns, -1))


# -- from arrays ------------------------------------------------------------------------------


def test_whole_numbers_are_taken_as_they_are() -> None:
    program = Program.from_arrays([60, 100, 120], [[10, 20, 30]], [-np.inf], [50])
    assert program.gain.tolist() == [60, 100, 120]
    assert program.matrix.toarray().tolist() == [[10, 20, 30]]
    assert (program.lower[0], program.upper[0], program.scale) == (-OPEN, 50, 1)


def test_decimals_are_read_as_they_print_a_row_at_a_time() -> None:
    # 0.1 + 0.2 is 0.3 here, and fits under 0.3, as it would not in floats.
    program = Program.from_arrays([1.5, 2.25], [[0.1, 0.2], [1.0, 2.0]], [-np.inf, -np.inf], [0.3, 2.5])
    assert program.matrix.toarray().tolist() == [[1, 2], [10, 20]]
    assert program.upper.tolist() == [3, 25]
    assert program.broken(np.array([True, True])) == ("row 1 · cap",)
    assert (program.gain.tolist(), program.scale) == ([150, 225], 100)
    assert program.shown(program.value(np.array([True, True]))) == 3.75


def test_a_fraction_of_a_bound_over_whole_numbers_is_rounded_inwards() -> None:
    program = Program.from_arrays([1, 1], [[1, 1], [1, 1]], [0.5, -np.inf], [np.inf, 1.5])
    assert (int(program.lower[0]), int(program.upper[1])) == (1, 1)


def test_a_third_is_taken_to_twelve_digits() -> None:
    program = Program.from_arrays([1, 1, 1], [[1 / 3, 1 / 3, 1 / 3]], [-np.inf], [1])
    assert not program.broken(ALL)
    assert program.matrix.data.tolist() == [333_333_333_333] * 3


def test_sparse_forms_are_one_and_parts_of_an_entry_are_added_up() -> None:
    parts = sparse.csr_array((np.array([2, 3, 4]), np.array([0, 0, 1]), np.array([0, 3])), shape=(1, 2))
    program = Program.from_arrays([1, 1], parts, [-np.inf], [9])
    assert program.matrix.nnz == 2
    assert program.matrix.toarray().tolist() == [[5, 4]]
    assert parts.nnz == 3, "the caller's own matrix is left alone"
    for form in (sparse.coo_array, sparse.csc_array, sparse.csr_matrix):
        assert Program.from_arrays([1, 1], form(np.array([[5, 4]])), [-np.inf], [9]).digest == program.digest


def test_groups_are_at_most_one_each() -> None:
    program = Program.from_arrays([1, 1, 1], np.zeros((0, 3)), [], [], groups=[0, 0, -1])
    assert program.broken(ALL) == ("at most one option a candidate",)
    assert not program.broken(np.array([False, True, True]))


def test_no_rows_and_no_columns() -> None:
    assert Program.from_arrays([], np.zeros((0, 0)), [], []).shape == (0, 0)
    assert Program.from_arrays([1], np.zeros((0, 1)), [], []).value(np.array([True])) == 1


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        (([1, 2], [[1]], [0], [1]), "gain"),
        (([1], [[1]], [0, 0], [1]), "lower"),
        (([1], [[1]], [0], []), "upper"),
        (([1], [[1]], [0], [1], [0, 1]), "groups"),
        (([np.nan], [[1]], [0], [1]), "gain holds NaN"),
        (([1.0], [[np.nan]], [0], [1]), "finite"),
        (([np.inf], [[1]], [0], [1]), "finite"),
        (([1], [[1]], [np.nan], [1]), "lower holds NaN"),
        (([1], [[1]], [2], [1]), "row 0"),
        (([1], [[1]], [np.inf], [np.inf]), "never hold"),
        (([1], [[1]], [-np.inf], [-np.inf]), "never hold"),
    ],
)
def test_arrays_that_cannot_be_are_refused(arrays: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Program.from_arrays(*arrays)


@pytest.mark.parametrize(
    "arrays",
    [
        ([1e300], [[1.0]], [0], [1]),
        ([1.0], [[1e300]], [0], [1]),
        ([2**62], [[1]], [0], [1]),
        ([2**70], [[1]], [0], [1]),
    ],
)
def test_numbers_too_large_for_64_bits_are_refused(arrays: tuple) -> None:
    with pytest.raises((ValueError, OverflowError)):
        Program.from_arrays(*arrays)


@pytest.mark.parametrize("far", [1e30, 1e300])
def test_a_bound_that_no_plan_can_reach_leaves_the_row_as_fine_as_it_is(far: float) -> None:
    """Solvers' own infinity is 1e30; the row's half must not be rounded away for its sake."""
    program = Program.from_arrays([1.0, 1.0], [[0.5, 0.25], [1.0, 0.0]], [0.5, -far], [far, 0.5])
    assert program.matrix.toarray()[0].tolist() == [50, 25]
    assert program.broken(np.array([False, True])) == ("row 0 · cap",)
    assert program.broken(np.array([True, False])) == ("row 1 · cap",)
    whole = Program.from_arrays([1, 1], [[5, 4]], [-far], [far])
    assert not whole.broken(np.array([True, True]))
    assert Program.from_arrays([1, 1], [[5, 4]], [far], [np.inf]).broken(np.array([True, True]))


# -- assembly ---------------------------------------------------------------------------------


def test_hard_rows_are_divided_by_their_gcd_and_their_bounds_rounded_inwards() -> None:
    program = assembled(block([[600, 400, 0], [-600, 0, 400]], [401, -OPEN], [999, -1]))
    assert program.matrix.toarray().tolist() == [[3, 2, 0], [-3, 0, 2]]
    assert program.lower.tolist() == [3, -OPEN]
    assert program.upper.tolist() == [4, -1]
    assert program.clauses[0].unit == 200


def test_how_far_a_bound_was_rounded_is_kept_for_those_who_speak_of_yuan() -> None:
    # 999 is 199 above 4 · 200, 401 is 199 below 3 · 200; a floor of 400 divides.
    cap, floor, even = assembled(block([[600, 400, 0]] * 3, [-OPEN, 401, 400], [999, OPEN, OPEN])).clauses
    assert (cap.rounded, floor.rounded, even.rounded) == (Fraction(199, 200), Fraction(199, 200), 0)


def test_dividing_rows_changes_no_plan() -> None:
    rows = block([[600, 400, 200]], [201], [999])
    whole = replace(assembled(rows), matrix=rows.matrix, lower=rows.lower, upper=rows.upper)
    for chosen in plans(whole):
        assert assembled(rows).broken(chosen) == whole.broken(chosen)


def test_a_priced_row_is_divided_only_where_its_bounds_divide_too() -> None:
    program = assembled(block([[600, 400, 0], [600, 400, 0]], [-OPEN] * 2, [500, 400], [3, 3]))
    assert program.matrix.toarray().tolist() == [[600, 400, 0], [3, 2, 0]]
    assert [(c.price, c.unit) for c in program.clauses] == [(3, 1), (600, 200)]
    # 1,000 against 500 and against 400: 500·3 + 600·3.
    assert program.value(np.array([True, True, False])) == 2 - 3300


def test_an_empty_row_keeps_its_bounds() -> None:
    program = assembled(block([[0, 0, 0]], [7], [OPEN]))
    assert program.broken(ALL) == ("r · 0 · cap",)
    assert not assembled(block([[0, 0, 0]], [-OPEN], [0])).broken(ALL)


def test_no_blocks_at_all() -> None:
    program = Program.assemble(np.array([5]), [], [0], [-1])
    assert program.shape == (0, 1)
    assert program.value(np.array([True])) == 5


# -- exact arithmetic -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
def test_value_and_verdict_are_those_written_out(seed: int) -> None:
    program = at_random(seed)
    lawful = [program.value(c) for c in plans(program) if not program.broken(c)]
    assert max(lawful, default=None) == best(program)


def test_violations_are_whole_units_of_the_row_on_either_side() -> None:
    program = made([1, 1, 1], [([3, 3, 3], 4, 5)])
    found = [
        program.violations(np.array(bits, bool)) for bits in ((0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1))
    ]
    assert found == [[4], [1], [1], [4]]


def test_priced_rows_break_nothing_and_cost_exactly() -> None:
    program = made([10, 10, 10], [([3, 3, 3], None, 5)], prices=[Fraction(1, 3)])
    assert not program.broken(ALL)
    assert program.value(ALL) == 30 - Fraction(4, 3)


def test_fixed_columns_are_what_they_are() -> None:
    program = made([1, 1, 1], fixed=[1, 0, -1])
    assert not program.broken(np.array([True, False, False]))
    assert program.broken(np.array([False, False, True])) == ("fixed lines",)
    assert program.broken(np.array([True, True, True])) == ("fixed lines",)


def test_sums_past_64_bits_are_made_of_python_integers() -> None:
    # Four times 2^61 is 2^63, which an int64 would read as −2^63.
    big = 2**61
    program = made([1] * 4, [([big] * 4, None, OPEN - 1)])
    every = np.ones(4, bool)
    assert program.activity(every) == [2**63]
    assert program.violations(every) == [2**63 - (OPEN - 1)]
    assert program.broken(every) == ("row 0 · cap",)
    assert program.activity(np.array([True, False, False, False])) == [big]


def test_ten_yi_for_a_million_candidates_adds_up() -> None:
    n = 1_000_000
    row = sparse.csr_array(np.full((1, n), 10**9, np.int64) * 10_000)
    program = Program(
        gain=np.full(n, 10**13, np.int64),
        matrix=row,
        lower=np.array([-OPEN]),
        upper=np.array([OPEN - 1]),
        groups=np.arange(n, dtype=np.int32),
        fixed=np.full(n, -1, np.int8),
        clauses=(Clause("ceiling", "", "cap"),),
    )
    every = np.ones(n, bool)
    assert program.activity(every) == [10**19]
    assert program.broken(every) == ("ceiling · cap",)
    assert program.value(every) == 10**19


def test_a_value_is_shown_whole_where_it_is_whole() -> None:
    program = replace(made([1]), scale=100)
    assert (program.shown(Fraction(500)), program.shown(Fraction(250))) == (5, 2.5)
    assert isinstance(program.shown(Fraction(500)), int)


def test_a_clause_reads_by_rule_label_and_side() -> None:
    assert str(Clause("domain_share", "重点研发专项", "floor")) == "domain_share · 重点研发专项 · floor"
    assert str(Clause("equity_pilot", "", "cap")) == "equity_pilot · cap"


# -- digest -----------------------------------------------------------------------------------


def test_the_digest_moves_with_every_number_and_every_clause() -> None:
    program = made([1, 2], [([1, 1], 0, 1)], groups=[0, 1])
    other = program.matrix.copy()
    other.data[0] = 2
    changed = [
        replace(program, gain=program.gain + 1),
        replace(program, matrix=other),
        replace(program, lower=program.lower - 1),
        replace(program, upper=program.upper + 1),
        replace(program, groups=np.array([0, 0], np.int32)),
        replace(program, fixed=np.array([1, -1], np.int8)),
        replace(program, clauses=(Clause("row 0", "甲", "cap"),)),
        replace(program, clauses=(Clause("row 0", "", "cap", Fraction(1)),)),
        replace(program, scale=10),
    ]
    digests = {p.digest for p in [program, *changed]}
    assert len(digests) == len(changed) + 1
    assert made([1, 2], [([1, 1], 0, 1)], groups=[0, 1]).digest == program.digest
