"""Solvers by the names that people say, and what their parting words mean."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Final

from allocator.solve.door import Word
from allocator.words import say

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "HiGHS": ("HiGHS", "HiGHS_CMD"),
    "CBC": ("PULP_CBC_CMD", "COIN_CMD"),
    "SCIP": ("SCIP_PY", "SCIP_CMD"),
    "Gurobi": ("GUROBI", "GUROBI_CMD"),
    "COPT": ("COPT", "COPT_DLL", "COPT_CMD"),
    "CPLEX": ("CPLEX_PY", "CPLEX_CMD"),
    "Xpress": ("XPRESS_PY", "XPRESS", "XPRESS_CMD"),
    "GLPK": ("PYGLPK", "GLPK_CMD"),
    "CP-SAT": ("CPSAT",),
}
"""The names that people say, and PuLP's for them, the preferred one first."""

WORDS: Final[dict[str, Word]] = {
    # PuLP 4's statuses; of PuLP 3's, those that are read together with its `sol_status`
    "Optimal": "done",
    "GapLimit": "done",
    "Infeasible": "infeasible",
    "TimeLimit": "time_limit",
    "Interrupted": "interrupted",
    # SCIP's own
    "optimal": "done",
    "gaplimit": "done",
    "infeasible": "infeasible",
    "inforunbd": "infeasible",  # every column is bounded
    "timelimit": "time_limit",
    "userinterrupt": "interrupted",
}
"""What a solver says at its end; any other word is a failure."""


class UnknownSolver(ValueError):
    """There is no such solver here: `code` is the fault's catalogue key, `what` is wrong and how to `mend` it."""

    def __init__(self, code: str, **values: str) -> None:
        self.code = f"solver.{code}"
        self.what = say(f"fault.{self.code}.what", **values)
        self.mend = say(f"fault.{self.code}.mend", **values)
        super().__init__(f"{self.what.en}; {self.mend.en}")


def pulp_names(name: str, known: Iterable[str], installed: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    """PuLP's names for the solver that people call `name`, whatever its case.

    A name that nobody knows raises `UnknownSolver` with the nearest one and those `installed`, asked for only then.
    """
    spoken = {k.lower(): (k, (k,)) for k in known} | {k.lower(): (k, v) for k, v in ALIASES.items()}
    if name.lower() in spoken:
        return spoken[name.lower()][1]
    near = difflib.get_close_matches(name.lower(), spoken, 1, 0.5)
    here = ", ".join(said(installed()))
    if not near:
        raise UnknownSolver("unknown", name=name, installed=here)
    raise UnknownSolver("misspelt", name=name, near=spoken[near[0]][0], installed=here)


def said(names: Iterable[str]) -> list[str]:
    """PuLP's names as people say them, sorted, each once."""
    spoken = {pulp_name: alias for alias, all_ in ALIASES.items() for pulp_name in all_}
    return sorted({spoken.get(n, n) for n in names}, key=str.lower)


def stated_bound(value: float, gap: float) -> float | None:
    """The bound that "optimal to the gap asked for" states of a maximum `value`, whichever way the gap is measured.

    Solvers take the difference relative to the value, to the bound, or to the larger of the two.
    """
    return value + abs(value) * gap / (1 - gap) if gap < 1 else None
