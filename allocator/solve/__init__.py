"""Solving: one function, whichever solver; every plan checked in exact integers, every word of a solver weighed."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from allocator.program import Program
from allocator.solve.driver import solve
from allocator.solve.outcome import Outcome, Progress, Reason, Watch
from allocator.solve.solver_names import UnknownSolver

__all__ = ["Outcome", "Progress", "Reason", "UnknownSolver", "Watch", "solve"]


class _Callable(ModuleType):
    """This package, callable: `allocator.solve(program)` is the function, whoever has imported the package before."""

    def __call__(self, program: Program, *args: Any, **wishes: Any) -> Outcome:
        return solve(program, *args, **wishes)


sys.modules[__name__].__class__ = _Callable
