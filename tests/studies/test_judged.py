"""What is held known of weights and scores: statements by hand, and core indices of a small fund against every plan."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from allocator.cli import main
from allocator.problems import InputFaults
from allocator.studies.judged import points_of, usual, weights_of
from allocator.studies.robust import robust
from allocator.studies.study import Effort
from tests.tiny import candidate, write

EXACT = Effort(gap=0.0)
NAMES = ("先进", "合理", "效益")
FIRST = {"A": 90, "B": 86, "C": 82, "D": 70, "E": 66}
SECOND = {"A": 62, "B": 80, "C": 84, "D": 92, "E": 64}
"""Each candidate's score under the two criteria, as both experts give it."""


def five_of(folder: Path, reviews: list[dict[str, object]]) -> Path:
    """Five of 40万元 over 80万元, under two criteria, with these reviews."""
    return write(
        folder,
        [candidate(c, 40, None) for c in FIRST],  # type: ignore[arg-type]
        amount=80,
        instruments={"grant": {"levels": ["100%"], "milestones": ["100%"], "own_match": "0%"}},
        reviews={
            "criteria": {"先进": {"weight": "60%"}, "合理": {"weight": "40%"}},
            "pass_mark": 60,
            "experts_min": 2,
        },
        more={"reviews": reviews},
    )


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five of 40万元 over 80万元: any two."""
    reviews: list[dict[str, object]] = [
        {"项目编号": c, "专家": e, "先进": FIRST[c], "合理": SECOND[c]} for c in FIRST for e in ("甲", "乙")
    ]
    return five_of(tmp_path_factory.mktemp("judged"), reviews)


def corners(first: Fraction, last: Fraction) -> list[tuple[Fraction, Fraction]]:
    return [(first, 1 - first), (last, 1 - last)]


def indices(weights: list[tuple[Fraction, Fraction]], points: int) -> tuple[int, dict[str, Fraction]]:
    """How many pairs no other beats, and each candidate's share of these; from all pairs, one by one."""

    def end(c: str, w: tuple[Fraction, Fraction], shift: int) -> Fraction:
        return w[0] * min(FIRST[c] + shift, 100) + w[1] * min(SECOND[c] + shift, 100)

    def beats(p: set[str], q: set[str]) -> bool:
        less = [
            sum((end(c, w, -points) for c in p - q), Fraction(0))
            - sum((end(c, w, points) for c in q - p), Fraction(0))
            for w in weights
        ]
        return min(less) >= 0 and max(less) > 0

    every = [set(way) for n in range(3) for way in itertools.combinations(FIRST, n)]
    kept = [q for q in every if not any(beats(p, q) for p in every if p != q)]
    return len(kept), {c: Fraction(sum(c in q for q in kept), len(kept)) for c in FIRST}


def test_statements_by_hand() -> None:
    found = weights_of(["先进 >= 合理", "合理 ≥ 效益", "效益 = 10%..1"], NAMES, "--weight")
    tenth, third = Fraction(1, 10), Fraction(1, 3)
    assert set(found.extremes) == {
        (Fraction(8, 10), tenth, tenth),
        (Fraction(45, 100), Fraction(45, 100), tenth),
        (third, third, third),
    }
    twice = weights_of(["2 * 合理 = 先进", "合理 + 先进 <= 60%", "效益<=70%"], NAMES, "--weight")
    assert set(twice.extremes) == {
        (Fraction(4, 10), Fraction(2, 10), Fraction(4, 10)),
        (Fraction(2, 10), tenth, Fraction(7, 10)),
    }
    assert min(p[2] for p in usual(3).extremes) == Fraction(5, 100)


@pytest.mark.parametrize(
    ("said", "seen"), [("先进", ">="), ("先进 >= 好", "好"), ("x * 先进 >= 1", "x"), ("先进 >= ", "先进")]
)
def test_what_is_no_statement_is_a_fault_that_names_the_criteria(said: str, seen: str) -> None:
    with pytest.raises(InputFaults) as wrong:
        weights_of([said], NAMES, "--weight")
    (problem,) = wrong.value.problems
    assert seen in problem.what.zh
    assert "先进, 合理, 效益" in problem.mend.zh


def test_weights_that_cannot_all_hold_are_a_fault() -> None:
    with pytest.raises(InputFaults, match="no weights fit"):
        weights_of(["先进 >= 60%", "合理 >= 50%"], NAMES, "--weight")


def test_points() -> None:
    assert [points_of(s, "--scores") for s in (None, "3", "2.5分", "0")] == [0, 300, 250, 0]
    for bad in ("-1", "a", "101"):
        with pytest.raises(InputFaults):
            points_of(bad, "--scores")


@pytest.mark.parametrize(
    ("said", "ends", "points"),
    [
        (("先进 >= 合理",), (Fraction(1), Fraction(1, 2)), 0),
        (("先进 = 45%..55%",), (Fraction(45, 100), Fraction(55, 100)), 0),
        (("先进 = 45%..55%",), (Fraction(45, 100), Fraction(55, 100)), 2),
        ((), (Fraction(95, 100), Fraction(1, 2)), 1),
    ],
)
def test_core_indices_against_every_plan(
    fund: Path, said: tuple[str, ...], ends: tuple[Fraction, Fraction], points: int
) -> None:
    count, wanted = indices(corners(*ends), points)
    found = robust(fund, parts=["weights"], weights=said, scores=str(points), effort=EXACT)
    assert found.weights is not None
    assert found.weights.exact
    assert found.weights.count == count
    assert {c: Fraction(found.weights.funded.get(c, 0), count) for c in FIRST} == wanted
    frame = found.frames()["weights"]
    assert "low" not in frame.columns
    assert len({round(v * 10_000) for v in wanted.values()}) > 1


def test_a_scenario_says_it_and_the_command_takes_its_place(fund: Path) -> None:
    own = ["--set", 'robust.weights=["先进 = 45%..55%"]', "--set", "robust.scores=2"]
    told = []
    for more in (own, [*own, "--weight", "先进 >= 合理", "--scores", "0"]):
        done = CliRunner().invoke(main, ["robust", str(fund), "--parts", "weights", "--json", *more])
        assert done.exit_code == 0, done.output
        told.append(json.loads(done.stdout)["sentences"])
    assert "先进 = 45%..55%" in told[0][1]["zh"]
    assert "上下 2 分" in told[0][0]["zh"]
    assert "先进 >= 合理" in told[1][1]["zh"]
    assert "上下 0 分" in told[1][0]["zh"]
