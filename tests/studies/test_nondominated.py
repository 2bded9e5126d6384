"""Complete frontiers: against every plan of small programs, and against published sets."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest

from allocator.program import Bools, Ints, Program
from allocator.solve.epsilon import Asked, Epsilon
from allocator.studies.images import Image
from allocator.studies.nondominated import nondominated
from tests.allocator.programs import at_random, made, sound_plans
from tests.peers.frontiers import problem


def image(program: Program, others: Ints, plan: Bools) -> Image:
    return (program.value(plan), *(Fraction(int(row[plan].sum())) for row in others))


def by_hand(program: Program, others: Ints) -> set[Image]:
    """The nondominated images, from the list of all plans."""
    images = {image(program, others, p) for p in sound_plans(program)}
    return {
        a
        for a in images
        if not any(b != a and all(y >= x for x, y in zip(a, b, strict=True)) for b in images)
    }


def large(program: Program) -> bool:
    """Whether gains are beyond what a solver in floats tells apart."""
    return int(np.abs(program.gain).max(initial=0)) > 10**9


def test_two_projects_of_three_by_hand() -> None:
    # pairs: (5+4, 1+2)=(9,3), (5+1, 1+9)=(6,10), (4+1, 2+9)=(5,11): none beats another; single ones are all beaten
    found = nondominated(made([5, 4, 1], [([1, 1, 1], None, 2)]), [1, 2, 9])
    assert [tuple(map(int, p.image)) for p in found.points] == [(9, 3), (6, 10), (5, 11)]
    assert found.complete


def test_a_plan_equal_in_one_and_worse_in_the_other_is_no_point() -> None:
    # both fit alone; equal in the first objective, so only the one with more of the second counts
    found = nondominated(made([5, 5], [([1, 1], None, 1)]), [1, 2])
    assert [tuple(map(int, p.image)) for p in found.points] == [(5, 2)]


def test_a_step_leaves_out_only_what_is_nearer_than_it() -> None:
    program, others = made([5, 4, 1], [([1, 1, 1], None, 2)]), np.array([[1, 2, 9]])
    found = nondominated(program, others, [2])
    kept = {p.image for p in found.points}
    for missing in by_hand(program, others) - kept:
        assert any(k[0] >= missing[0] and k[1] > missing[1] - 2 for k in kept)


def test_no_plan_no_point() -> None:
    found = nondominated(made([5], [([1], 2, None)]), [1])
    assert (found.points, found.complete) == ((), True)


@pytest.mark.parametrize("seed", range(60))
def test_against_every_plan_of_a_small_program(seed: int) -> None:
    program, draw = at_random(seed), Random(1000 + seed)
    k = draw.choice((1, 1, 2, 3))
    others = np.array([[draw.randint(-5, 20) for _ in program.gain] for _ in range(k)], np.int64)
    found = nondominated(program, others)
    assert found.complete
    assert all(not program.broken(p.chosen) for p in found.points)
    images = [p.image for p in found.points]
    assert len(set(images)) == len(images)
    assert set(images) == by_hand(program, others)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_by_whole_solves_alone_it_is_the_same_set(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allocator.studies.nondominated.LAST", 0)
    program, draw = at_random(seed), Random(2000 + seed)
    others = np.array(
        [[draw.randint(-5, 20) for _ in program.gain] for _ in range(draw.choice((1, 2)))], np.int64
    )
    found = nondominated(program, others)
    assert found.bands == 0
    images, every = {p.image for p in found.points}, by_hand(program, others)
    if large(program):  # one unit in so many is below a solver's tolerance: what is not proven is not claimed
        assert images == every or not found.complete
    else:
        assert found.complete
        assert images == every


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("last", [0, 10**8])
def test_steps_leave_out_only_what_is_nearer_than_they_are(
    seed: int, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allocator.studies.nondominated.LAST", last)
    program, draw = at_random(seed), Random(3000 + seed)
    others = np.array(
        [[draw.randint(-5, 20) for _ in program.gain] for _ in range(draw.choice((1, 2)))], np.int64
    )
    steps = [draw.randint(1, 9) for _ in range(len(others) + 1)]
    found = nondominated(program, others, steps)
    if not found.complete:
        assert last == 0
        assert large(program)
        return
    kept = [p.image for p in found.points]
    for missing in by_hand(program, others) - set(kept):
        assert any(all(v > m - s for v, m, s in zip(k, missing, steps, strict=True)) for k in kept)
    sound = [image(program, others, p) for p in sound_plans(program)]
    for point in found.points:
        reach = [i[0] for i in sound if all(v >= f for v, f in zip(i[1:], point.image[1:], strict=True))]
        assert point.bound is None or max(reach) <= point.bound


@pytest.mark.parametrize(("name", "count"), [("2kp50", 35), ("2kp100", 121), ("2kp250", 568), ("3kp40", 389)])
def test_published_augmecon(bench: Path, name: str, count: int) -> None:
    given = problem(name)
    found = nondominated(given.program, given.gains[1:])
    assert {tuple(map(int, p.image)) for p in found.points} == given.published
    assert (len(found.points), found.complete) == (count, True)
    assert found.solves == 0


@pytest.mark.parametrize(
    "file",
    [
        "positive-2D/50_4_0.500000",
        "positive-3D/30_3_0.800000",
        "random-3D/50_5",
        "random-4D/30_1",
        "random-5D/20_1",
    ],
)
def test_published_mobkp(bench: Path, file: str) -> None:
    lines = (bench / "mokp" / "mobkp" / f"{file}.in").read_text().split("\n")
    n, m = map(int, lines[0].split())
    items = np.array([list(map(int, line.split())) for line in lines[2 : 2 + n]])
    published = {tuple(map(int, line.split())) for line in lines[3 + n :] if line.strip()}
    assert items.shape == (n, m + 1)
    program = Program.from_arrays(items[:, 1], items[:, :1].T, [-np.inf], [int(lines[1])])
    found = nondominated(program, items[:, 2:].T)
    assert {tuple(map(int, p.image)) for p in found.points} == published
    assert len(published) == int(lines[2 + n])


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_what_time_does_not_allow_is_set_aside_and_told(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every question beyond a floor of the second objective is cut short, the others are settled all the same."""
    monkeypatch.setattr("allocator.studies.nondominated.LAST", 0)
    program, draw = at_random(seed), Random(4000 + seed)
    others = np.array([[draw.randint(-5, 20) for _ in program.gain]], np.int64)
    every = by_hand(program, others)
    if large(program) or len(every) < 3:
        return
    middle = sorted(int(i[1]) for i in every)[len(every) // 2]
    best = Epsilon.best

    def late(self: Epsilon, floors: tuple[int, ...], *rest: object) -> Asked:
        return Asked("stopped") if floors[0] > middle else best(self, floors, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Epsilon, "best", late)
    found = nondominated(program, others, seconds=1.0)
    kept = {p.image for p in found.points}
    for missing in every - kept:
        assert any(all(a < v <= b for a, v, b in zip(z[0], missing, z[1], strict=True)) for z in found.open)
    assert {i for i in every if i[1] <= middle} <= kept
    assert found.complete == (every <= kept and not found.open)
    assert not found.complete


def test_at_the_end_of_its_time_it_ends() -> None:
    program = made([5, 4, 1], [([1, 1, 1], None, 2)])
    found = nondominated(program, [1, 2, 9], until=time.monotonic())
    assert (found.complete, found.points, found.left) == (False, (), 1)
