"""A plan taken in a given order, by hand: what fits is taken, what breaks a hard cap is skipped."""

from __future__ import annotations

import numpy as np
import pytest

from allocator.baseline import take
from tests.allocator.programs import at_random, made


def taken(program, order: list[int]) -> list[int]:
    return np.flatnonzero(take(program, np.array(order, np.intp))).tolist()


MONEY = ([40, 30, 30, 20], None, 75)


def test_it_takes_in_order_and_skips_what_does_not_fit() -> None:
    program = made([1, 1, 1, 1], [MONEY])
    # 40 and 30; the next 30 would make 100; nor does 20 fit into the 5 that are left.
    assert taken(program, [0, 1, 2, 3]) == [0, 1]
    # 20 and 30; 30 more would be 80; 40 too.
    assert taken(program, [3, 2, 1, 0]) == [2, 3]
    assert taken(program, [3, 0, 1, 2]) == [0, 3]


def test_a_cap_is_filled_to_the_last_unit() -> None:
    assert taken(made([1, 1], [([40, 35], None, 75)]), [0, 1]) == [0, 1]
    assert taken(made([1, 1], [([40, 36], None, 75)]), [0, 1]) == [0]


def test_one_option_a_candidate_the_first_that_fits() -> None:
    program = made([1, 1, 1], [([90, 60, 10], None, 75)], groups=[0, 0, 1])
    assert taken(program, [0, 1, 2]) == [1, 2]
    assert taken(made([1, 1], groups=[0, 0]), [1, 0]) == [1]


def test_columns_of_no_candidate_do_not_stand_in_each_others_way() -> None:
    assert taken(made([1, 1, 1]), [0, 1, 2]) == [0, 1, 2]


def test_fixed_lines_are_paid_first_and_barred_columns_never_taken() -> None:
    program = made([0, 1, 1, 1], [([50, 30, 20, 5], None, 75)], fixed=[1, -1, 0, -1])
    # 50 are spoken for: 30 do not fit, 20 are barred, 5 do.
    assert taken(program, [1, 2, 3]) == [0, 3]


def test_a_line_s_candidate_takes_no_option() -> None:
    assert taken(made([1, 1], groups=[0, 0], fixed=[1, -1]), [1]) == [0]


def test_soft_caps_floors_and_shares_do_not_make_it_skip() -> None:
    soft = made([1, 1], [([9, 9], None, 9)], prices=[1])
    assert taken(soft, [0, 1]) == [0, 1]
    floor = made([1, 1], [([1, 1], 2, None)])
    assert taken(floor, [0]) == [0]
    # A share that another award can relieve: 6 and −4 against 0.
    share = made([1, 1], [([6, -4], None, 0)])
    assert taken(share, [0, 1]) == [0, 1]


def test_an_empty_order_is_the_lines() -> None:
    assert taken(made([1, 1], fixed=[1, -1]), []) == [0]
    assert taken(made([]), []) == []


@pytest.mark.parametrize("seed", range(100))
def test_it_breaks_no_cap_of_positive_money_and_could_take_nothing_more(seed: int) -> None:
    program = at_random(seed)
    order = np.random.default_rng(seed).permutation(len(program.gain))
    chosen = take(program, order)
    dense, upper = program.matrix.toarray(), program.upper
    hard = [
        r
        for r, c in enumerate(program.clauses)
        if c.price is None and upper[r] < 2**62 and (dense[r] >= 0).all()
    ]
    lines = program.fixed == 1
    kept = [r for r in hard if dense[r][lines].sum() <= upper[r]]
    assert all(dense[r][chosen].sum() <= upper[r] for r in kept)
    assert "at most one option a candidate" not in program.broken(chosen)
    assert (chosen[lines]).all()
    assert not chosen[program.fixed == 0].any()
    taken = set(program.groups[chosen].tolist()) - {-1}
    for k in np.flatnonzero(~chosen & (program.fixed == -1)):
        if program.groups[k] not in taken:
            assert any(dense[r][chosen].sum() + dense[r][k] > upper[r] and dense[r][k] for r in hard)
