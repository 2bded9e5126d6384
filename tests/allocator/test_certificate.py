"""Bounds that anyone can recompute: by hand, against fractions, against all plans, and never from a wrong sign."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from allocator import certificate
from allocator.certificate import Certificate, certify, prove
from allocator.program import OPEN, Program
from allocator.solve.highs import lp_multipliers
from tests.allocator.programs import at_random, best, made

KNAPSACK = made([60, 100, 120], [([10, 20, 30], None, 50)])
"""Three projects of 60, 100 and 120 for 10, 20 and 30 out of 50: the best is 100 + 120 = 220."""


def by_fractions(program: Program, y: list[Fraction]) -> Fraction:
    """Weak duality, written out: Σ y·b + Σ over candidates of the best reduced gain, if any is above 0."""
    dense = program.matrix.toarray().tolist()
    total = sum(
        (v * int(program.upper[r] if v > 0 else program.lower[r]) for r, v in enumerate(y) if v), Fraction(0)
    )
    reduced = [
        Fraction(int(g)) - sum((v * row[k] for v, row in zip(y, dense, strict=True)), Fraction(0))
        for k, g in enumerate(program.gain)
    ]
    for group in set(program.groups.tolist()) - {-1}:
        own = [k for k in range(len(reduced)) if program.groups[k] == group]
        lines = [k for k in own if program.fixed[k] == 1]
        if lines:
            total += sum(reduced[k] for k in lines)
        else:
            total += max([Fraction(0), *(reduced[k] for k in own if program.fixed[k] == -1)])
    for k, value in enumerate(reduced):
        if program.groups[k] == -1:
            total += (
                value if program.fixed[k] == 1 else max(value, Fraction(0)) if program.fixed[k] == -1 else 0
            )
    return total


def lawful(program: Program, seed: int) -> tuple[list[int], int]:
    """Multipliers with the right signs and within prices, over one denominator."""
    draw = Random(seed)
    denominator = draw.choice((1, 7, 64, 1024))
    size = max(1, int(np.abs(program.gain).max()))
    found = []
    for r, clause in enumerate(program.clauses):
        value = draw.randint(-2 * size, 2 * size) * draw.choice((0, 1, 1)) * denominator // 8
        if (value > 0 and program.upper[r] >= OPEN) or (value < 0 and program.lower[r] <= -OPEN):
            value = -value
        if (value > 0 and program.upper[r] >= OPEN) or (value < 0 and program.lower[r] <= -OPEN):
            value = 0
        if clause.price is not None:
            most = int(clause.price * denominator)
            value = max(-most, min(most, value))
        found.append(value)
    return found, denominator


def test_a_knapsack_by_hand() -> None:
    # Four a unit: 4·50 + (60 − 40) + (100 − 80) + (120 − 120) = 240, the value of paying the last one in part.
    assert prove(KNAPSACK, [4], 1) == 240
    # 9/2: 225 + 15 + 10 + 0 = 250. Nothing: 280, all three.
    assert prove(KNAPSACK, [9], 2) == 250
    assert prove(KNAPSACK, [0], 1) == 280
    assert best(KNAPSACK) == 220


def test_the_bound_from_the_relaxations_own_multipliers_is_the_relaxations_value() -> None:
    found = certify(KNAPSACK, lp_multipliers(KNAPSACK))
    assert found.bound == 240


def test_a_floor_has_a_negative_multiplier() -> None:
    # At least one of two that cost 4 and 7: −4·1 + max(0, −4 + 4) + max(0, −7 + 4) = −4, which is best.
    program = made([-4, -7], [([1, 1], 1, None)])
    assert prove(program, [-4], 1) == -4 == best(program)


def test_an_equality_may_have_either_sign() -> None:
    exactly_one = made([5, 3], [([1, 1], 1, 1)])
    assert prove(exactly_one, [3], 1) == 3 + 2 + 0
    assert best(exactly_one) == 5
    assert prove(exactly_one, [-2], 1) == -2 + 7 + 5


def test_a_priced_row_is_bound_by_its_price() -> None:
    # The money may be exceeded at 2 a unit: 60 + 100 + 120 − 2·10 = 260; 2·50 + 40 + 60 + 60 proves just that.
    soft = made([60, 100, 120], [([10, 20, 30], None, 50)], prices=[2])
    assert prove(soft, [2], 1) == 260 == best(soft)
    with pytest.raises(ValueError, match="price"):
        prove(soft, [3], 1)
    assert certify(soft, [3.0]).bound == 260


def test_at_most_one_option_a_candidate_and_lines_that_are_fixed() -> None:
    # Options of 60 and 100 are one candidate's: the better one counts. A line costs 50 whatever happens.
    program = made([60, 100, -50, 30], [([1, 1, 1, 1], None, 3)], groups=[0, 0, 1, 2], fixed=[-1, -1, 1, -1])
    assert prove(program, [0], 1) == 100 - 50 + 30
    # With a multiplier of 40: 120 + (100 − 40) + (−50 − 40) + 0.
    assert prove(program, [40], 1) == 120 + 60 - 90


def test_a_candidate_with_a_fixed_line_takes_no_option_beside_it() -> None:
    program = made([10, 99], groups=[0, 0], fixed=[1, -1])
    assert prove(program, [], 1) == 10 == best(program)


@pytest.mark.parametrize("numerators", [[-1], [-4]])
def test_a_multiplier_of_the_wrong_sign_proves_nothing_and_is_refused(numerators: list[int]) -> None:
    with pytest.raises(ValueError, match="sign"):
        prove(KNAPSACK, numerators, 1)
    assert certify(KNAPSACK, [float(numerators[0])]).numerators == (0,)


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_denominator_that_is_none_is_refused(denominator: int) -> None:
    # Over −1 every sign would turn round, and nothing be proved.
    with pytest.raises(ValueError, match="denominator"):
        prove(KNAPSACK, [0], denominator)


def test_without_multipliers_there_is_still_a_bound() -> None:
    found = certify(KNAPSACK, None)
    assert (found.bound, found.numerators, found.program) == (280, (0,), KNAPSACK.digest)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_multipliers_that_a_solver_should_not_say_still_give_a_true_bound(value: float) -> None:
    assert certify(KNAPSACK, [value]).bound >= 220
    nobody = made([5], [([0], None, 3)])
    assert certify(nobody, [value]).bound >= 5


@pytest.mark.parametrize("seed", range(150))
def test_it_is_weak_duality_to_the_last_digit_and_above_every_plan(seed: int) -> None:
    program = at_random(seed)
    numerators, denominator = lawful(program, seed)
    bound = prove(program, numerators, denominator)
    assert bound == by_fractions(program, [Fraction(v, denominator) for v in numerators])
    value = best(program)
    assert value is None or bound >= value


@pytest.mark.parametrize("seed", range(150))
def test_any_multipliers_at_all_are_made_lawful_and_prove_a_true_bound(seed: int) -> None:
    program = at_random(seed)
    draw = np.random.default_rng(seed)
    y = draw.normal(0, 1, len(program.clauses)) * 10.0 ** draw.integers(-6, 14, len(program.clauses))
    found = certify(program, y)
    assert found.bound == by_fractions(program, [Fraction(v, found.denominator) for v in found.numerators])
    assert found.bound == prove(program, found.numerators, found.denominator)
    value = best(program)
    assert value is None or found.bound >= value


@pytest.mark.parametrize("seed", range(60))
def test_the_path_of_python_integers_says_what_the_path_of_64_bits_says(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = at_random(seed)
    numerators, denominator = lawful(program, seed)
    narrow = prove(program, numerators, denominator)
    monkeypatch.setattr(certificate, "SAFE", 0)
    assert prove(program, numerators, denominator) == narrow


@pytest.mark.parametrize("seed", range(40))
def test_huge_numbers_are_proved_exactly(seed: int) -> None:
    """All multipliers and their denominator times 10²⁰: the same bound, though no product fits in 64 bits."""
    program = at_random(seed)
    numerators, denominator = lawful(program, seed)
    huge = prove(program, [v * 10**20 for v in numerators], denominator * 10**20)
    assert huge == prove(program, numerators, denominator)


def test_amounts_near_the_end_of_64_bits() -> None:
    # Gains of 2^61 twice, 4·2^60 as a multiplier: 2^62·1 + 2·max(0, 2^61 − 2^62) = 2^62.
    program = made([2**61, 2**61], [([1, 1], None, 1)])
    assert prove(program, [2**62], 1) == 2**62
    assert prove(program, [2**61], 1) == 2**61 == best(program)
    assert prove(program, [10**400], 10**400) == 1 + 2 * (2**61 - 1)


def test_sums_of_many_large_numbers_do_not_wrap_round() -> None:
    # 64 gains of 2^57: 2^63 in all, one more than an int64 can hold.
    program = made([2**57] * 64)
    assert prove(program, [], 1) == 2**63


@pytest.mark.parametrize("seed", range(60))
def test_one_altered_multiplier_proves_its_own_bound_or_is_refused(seed: int) -> None:
    program = at_random(seed)
    numerators, denominator = lawful(program, seed)
    value, draw = best(program), Random(seed)
    for r in range(len(numerators)):
        altered = list(numerators)
        altered[r] += draw.choice((-1, 1)) * draw.randint(1, 5) * denominator
        try:
            bound = prove(program, altered, denominator)
        except ValueError:
            continue
        assert bound == by_fractions(program, [Fraction(v, denominator) for v in altered])
        assert value is None or bound >= value


def test_an_altered_multiplier_or_row_of_a_tight_proof_is_seen_in_its_bound() -> None:
    assert prove(KNAPSACK, [5], 1) != prove(KNAPSACK, [4], 1) == 240
    assert prove(KNAPSACK, [4 * 2**20 + 1], 2**20) != 240
    wider = replace(KNAPSACK, upper=KNAPSACK.upper + 1)
    assert prove(wider, [4], 1) == 244
    assert wider.digest != KNAPSACK.digest


def test_a_certificate_reads_back_from_its_file() -> None:
    program = at_random(11)
    numerators, denominator = lawful(program, 3)
    own = Certificate(program.digest, denominator, tuple(numerators), prove(program, numerators, denominator))
    data = own.as_json(program)
    assert Certificate.from_json(data, len(program.clauses)) == own
    assert all(entry["numerator"] for entry in data["multipliers"])


@pytest.mark.parametrize("row", [-1, 1])
def test_a_multiplier_of_a_row_that_is_not_there_is_refused(row: int) -> None:
    data = certify(KNAPSACK, [4.0]).as_json(KNAPSACK)
    data["multipliers"][0]["row"] = row
    with pytest.raises(ValueError, match="row"):
        Certificate.from_json(data, 1)


def test_prices_are_kept_though_floats_round_them_up() -> None:
    # A third, as a float and then over 2^40, could round to a hair above it.
    soft = made([1], [([1], None, 0)], prices=[Fraction(1, 3)])
    for y in (1 / 3, 1.0, 0.3333333333333334):
        found = certify(soft, [y])
        assert Fraction(found.numerators[0], found.denominator) <= Fraction(1, 3)
        assert found.bound >= best(soft) == Fraction(2, 3)
