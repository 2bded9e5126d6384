"""A change of a program: what it makes of the base, found between two programs, and one after the other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from allocator.change import Change, Line, rows_of
from allocator.program import OPEN, Clause, Program, Rows
from allocator.solve import solve
from tests.solve.programs import every_plan, small

BASE = replace(
    Program.from_arrays([60, 100, 120], [[10, 20, 30], [1, 0, 1]], [-np.inf, 0], [50, 2]),
    clauses=(Clause("ceiling", "2026", "cap"), Clause("count", "", "cap", Fraction(5))),
)


def row(coefficients: list[int], low: int, high: int, name: str) -> Rows:
    return Rows(
        sparse.csr_array(np.array([coefficients], np.int64)),
        np.array([low], np.int64),
        np.array([high], np.int64),
        (Clause(name, "", "cap"),),
    )


def test_nothing_changed_is_the_program_itself() -> None:
    assert BASE.with_(Change()) is BASE
    assert not Change()
    assert Change.between(BASE, BASE).on(BASE) is BASE


def test_bounds_fixed_columns_gain_and_rows_change_and_the_base_does_not() -> None:
    digest = BASE.digest
    share = Line(np.array([1, 2], np.int32), np.array([7, -3], np.int64), Clause("share", "", "floor"))
    change = Change(
        lower={1: 1},
        upper={0: 30},
        fixed={2: 0},
        gain=np.array([6, 5, 4]),
        added=row([1, 1, 0], -OPEN, 1, "cut"),
        replaced={1: share},
    )
    made = BASE.with_(change)
    assert made.matrix.toarray().tolist() == [[10, 20, 30], [0, 7, -3], [1, 1, 0]]
    assert made.lower.tolist() == [-OPEN, 1, -OPEN]
    assert made.upper.tolist() == [30, 2, 1]
    assert made.fixed.tolist() == [-1, -1, 0]
    assert made.gain.tolist() == [6, 5, 4]
    assert [c.rule for c in made.clauses] == ["ceiling", "share", "cut"]
    assert Program(**{f: getattr(BASE, f) for f in BASE.__dataclass_fields__}).digest == digest
    assert made.digest not in ("", digest)


def test_of_two_changes_the_later_holds_where_they_meet() -> None:
    first = Change(upper={0: 30, 1: 1}, fixed={0: 1}, added=row([1, 1, 0], -OPEN, 1, "first"))
    then = Change(upper={0: 45}, fixed={0: -1}, added=row([0, 1, 1], -OPEN, 1, "second"))
    made = BASE.with_(first | then)
    assert made.upper.tolist() == [45, 1, 1, 1]
    assert made.fixed.tolist() == [-1, -1, -1]
    assert [c.rule for c in made.clauses] == ["ceiling", "count", "first", "second"]


@pytest.mark.parametrize("seed", range(60))
def test_what_lies_between_two_programs_makes_one_of_the_other(seed: int) -> None:
    """Same order of rows: the same digest. Rows gone, come and moved: the same plans at the same values."""
    base, draw = small(seed), np.random.default_rng(seed)
    rows, columns = base.shape
    other = replace(
        base,
        gain=base.gain + draw.integers(0, 2, columns),
        upper=np.where(base.upper >= OPEN, OPEN, base.upper + draw.integers(0, 3, rows)),
        fixed=draw.choice([-1, 0, 1], columns).astype(np.int8),
    )
    assert base.with_(Change.between(base, other)).digest == other.digest
    kept = [r for r in draw.permutation(rows) if draw.random() < 0.7]
    part = rows_of(other, kept)
    fewer = replace(other, matrix=part.matrix, lower=part.lower, upper=part.upper, clauses=part.clauses)
    more = fewer.with_(Change(added=row([1] * columns, -OPEN, 3, "count")))
    made = base.with_(Change.between(base, more))
    for plan in every_plan(base)[:200]:
        assert (not made.broken(plan)) == (not more.broken(plan))
        assert made.value(plan) == more.value(plan)


def test_other_columns_and_what_does_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="not over the same columns"):
        Change.between(BASE, replace(BASE, groups=np.array([0, 0, 1], np.int32)))
    with pytest.raises(ValueError, match="upper names 2, the program has 2"):
        BASE.with_(Change(upper={2: 1}))
    with pytest.raises(ValueError, match="fixed names -1"):
        BASE.with_(Change(fixed={-1: 1}))
    with pytest.raises(ValueError, match=r"gain has shape \(2,\)"):
        BASE.with_(Change(gain=np.array([1, 2])))
    far = Line(np.array([3], np.int32), np.array([1], np.int64), Clause("far", "", "cap"))
    with pytest.raises(ValueError, match="not the program's"):
        BASE.with_(Change(replaced={0: far}))
    with pytest.raises(ValueError, match="count · cap: its lower bound 3 is above its upper 2"):
        BASE.with_(Change(lower={1: 3}))


def test_a_floor_above_a_cap_of_a_hard_row_leaves_no_plan() -> None:
    outcome = solve(BASE.with_(Change(lower={0: 51})))
    assert (outcome.reason, outcome.detail) == ("infeasible", "ceiling · 2026 · cap")
