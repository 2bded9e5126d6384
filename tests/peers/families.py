"""Published problems, a fixed list of three of each family, and the best values that are published of them."""

from __future__ import annotations

from allocator.program import Program
from tests.solve import bench

LIST = {
    "mknapcb": ("5.250-00", "10.250-00", "30.100-00"),
    "SAC-94": ("hp/hp1.dat", "weing/weing7.dat", "weish/weish30.dat"),
    "Khan": ("I04", "I05", "I06"),
    "Hiremath–Hill": ("TestSet6.25GP10IT10KP", "TestSet9.25GP10IT25KP", "TestSet8.10GP10IT25KP"),
}
"""mknapcb by m.n-number; of each of Hiremath and Hill's files the first problem."""

HANDED = (
    ("mknapcb", "5.100-00", 5e-3),
    ("mknapcb", "5.250-00", 5e-3),
    ("mknapcb", "10.100-00", 1.5e-2),
    ("Khan", "I04", 9e-3),
    ("Khan", "I03", 0.0),
    ("pools", "crowded", 2e-2),
)
"""Problems that `auto` hands to HiGHS, each with a gap that HiGHS closes in 1 to 20 s; a pool is of 400, seed 0."""

FILES = {"5.100": 1, "5.250": 2, "10.100": 4, "10.250": 5, "30.100": 7}
"""Which of the files of Chu and Beasley has which size."""


def problem(family: str, name: str) -> tuple[Program, float]:
    """A published problem and the best value that is published of it."""
    if family == "mknapcb":
        size, _, number = name.partition("-")
        program, _ = bench.or_library(f"mknapcb{FILES[size]}.txt")[int(number)]
        return program, bench.best_feasible()[name]
    if family == "SAC-94":
        return bench.sac94(name)
    if family == "Khan":
        return bench.khan(name)
    return bench.hiremath_hill(name)[0]
