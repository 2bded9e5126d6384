"""Published problems as programs, from `../shared/bench` beside the repository (its README has the formats)."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from allocator.program import Program

BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench"


def needed() -> None:
    """Skip the test where the published files are not beside the repository; in CI they have to be."""
    if not BENCH.is_dir() and not os.environ.get("CI"):
        pytest.skip("the published problems (../shared/bench) are not beside this repository")


def _knapsack(numbers: Iterator[float]) -> tuple[Program, float]:
    """n, m, optimum, n profits, m × n weights, m capacities."""
    n, m, optimum = int(next(numbers)), int(next(numbers)), next(numbers)
    gain = [next(numbers) for _ in range(n)]
    weight = [[next(numbers) for _ in range(n)] for _ in range(m)]
    cap = [next(numbers) for _ in range(m)]
    return Program.from_arrays(gain, weight, [-np.inf] * m, cap), optimum


def _numbers(file: Path) -> Iterator[float]:
    return (float(word) for word in file.read_text().split())


def or_library(name: str) -> list[tuple[Program, float]]:
    """Every problem of a file of OR-Library's, with the optimum that it states (0 for none)."""
    numbers = _numbers(BENCH / "mkp" / name)
    return [_knapsack(numbers) for _ in range(int(next(numbers)))]


def sac94(name: str) -> tuple[Program, float]:
    """One problem of SAC-94, by its family and file."""
    return _knapsack(_numbers(BENCH / "mkp" / "sac94" / name))


def best_feasible() -> dict[str, float]:
    """The best plans known of Chu & Beasley's problems, by their names m.n-ii."""
    found: dict[str, float] = {}
    for line in (BENCH / "mkp" / "best-feasible-slns.txt").read_text().splitlines():
        words = line.split()
        if len(words) == 2 and "-" in words[0] and words[0] not in found:
            found[words[0]] = float(words[1])
    return found


def _exactly_one(gain: list[float], weight: list[list[float]], own: list[int], cap: list[float]) -> Program:
    """One item of each class: at most one by its group, at least one by a row."""
    groups = np.array(own)
    floors = (groups == np.arange(groups.max() + 1)[:, np.newaxis]).astype(float)
    return Program.from_arrays(
        gain,
        np.vstack([np.array(weight).T, floors]),
        [-np.inf] * len(cap) + [1] * len(floors),
        [*cap, *[1] * len(floors)],
        groups,
    )


def khan(name: str) -> tuple[Program, float]:
    """A multiple-choice knapsack of Khan's, with its proven optimum."""
    numbers = _numbers_until_text(BENCH / "mmkp" / "khan" / name)
    classes, items, dims = (int(next(numbers)) for _ in range(3))
    cap = [next(numbers) for _ in range(dims)]
    gain, weight, own = [], [], []
    for _ in range(classes):
        number = int(next(numbers))
        for _ in range(items):
            gain.append(next(numbers))
            weight.append([next(numbers) for _ in range(dims)])
            own.append(number - 1)
    words = (BENCH / "mmkp" / "khan" / "mmkp.opt").read_text().split()
    stated = {n: (-float(v), flag) for n, v, flag in zip(words[::3], words[1::3], words[2::3], strict=True)}
    optimum, flag = stated[name]
    assert flag == "1", f"{name} has no proven optimum"
    return _exactly_one(gain, weight, own, cap), optimum


def _numbers_until_text(file: Path) -> Iterator[float]:
    for word in file.read_text().split():
        try:
            yield float(word)
        except ValueError:
            return


def hiremath_hill(name: str) -> list[tuple[Program, float]]:
    """Every problem of a file of Hiremath & Hill's, with its optimum."""
    with (BENCH / "mmkp" / "hiremath-hill" / "optima.csv").open() as file:
        optima = {int(r["problem"]): float(r["exact"]) for r in csv.DictReader(file) if r["set"] == name}
    numbers = _numbers(BENCH / "mmkp" / "hiremath-hill" / f"{name}.txt")
    found = []
    while (number := next(numbers, None)) is not None:
        classes, items, dims = (int(next(numbers)) for _ in range(3))
        cap = [next(numbers) for _ in range(dims)]
        gain, weight, own = [], [], []
        for k in range(classes):
            next(numbers)
            for _ in range(items):
                gain.append(next(numbers))
                weight.append([next(numbers) for _ in range(dims)])
                own.append(k)
        if int(number) in optima:
            found.append((_exactly_one(gain, weight, own, cap), optima[int(number)]))
    return found
