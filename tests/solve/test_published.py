"""Published problems reach their published optima, at gap 0, through `Program.from_arrays` and `solve`."""

from __future__ import annotations

import pytest

from allocator.program import Program
from allocator.solve import solve
from tests.solve import bench


def proven(program: Program, optimum: float, limit: float = 60) -> None:
    outcome = solve(program, gap=0, time_limit=limit)
    assert (outcome.reason, outcome.value, outcome.bound) == ("optimal", optimum, optimum), outcome


def test_petersens_selection_of_projects_1967() -> None:
    bench.needed()
    problems = bench.or_library("mknap1.txt")
    assert [p.shape[1] for p, _ in problems] == [6, 10, 15, 20, 28, 39, 50]
    for program, optimum in problems:
        proven(program, optimum)


@pytest.mark.parametrize(
    ("family", "count"), [("hp", 2), ("pb", 6), ("pet", 6), ("sento", 2), ("weing", 8), ("weish", 30)]
)
def test_sac94(family: str, count: int) -> None:
    bench.needed()
    files = sorted((bench.BENCH / "mkp" / "sac94" / family).glob("*.dat"))
    assert len(files) == count
    for file in files:
        proven(*bench.sac94(f"{family}/{file.name}"))


@pytest.mark.parametrize("number", [16, 18, 20, 21, 28])
def test_chu_and_beasley_with_five_rows_and_a_hundred_columns(number: int) -> None:
    bench.needed()
    program, _ = bench.or_library("mknapcb1.txt")[number]
    proven(program, bench.best_feasible()[f"5.100-{number:02}"])


def test_a_harder_one_stopped_early_holds_the_best_known_between_value_and_bound() -> None:
    bench.needed()
    program, _ = bench.or_library("mknapcb5.txt")[0]
    outcome = solve(program, gap=0, time_limit=1.5)
    assert outcome.reason == "time_limit"
    assert outcome.value is not None
    assert outcome.bound is not None
    assert outcome.value <= bench.best_feasible()["10.250-00"] <= outcome.bound < 1.02 * outcome.value


@pytest.mark.parametrize("name", ["I01", "I02", "I03"])
def test_khan_one_item_of_each_class(name: str) -> None:
    bench.needed()
    proven(*bench.khan(name))


@pytest.mark.parametrize(
    "name", ["TestSet1.5GP10IT5KP", "TestSet2.10GP10IT5KP", "TestSet4.5GP10IT10KP", "TestSet7.5GP10IT25KP"]
)
def test_hiremath_and_hill_one_item_of_each_class(name: str) -> None:
    bench.needed()
    problems = bench.hiremath_hill(name)
    assert len(problems) == 30
    for program, optimum in problems[:10]:
        proven(program, optimum)
