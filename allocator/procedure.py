"""The notice's steps 4 and 5 as they run: projects, amounts and units first, instruments after.

First the list and the amounts are chosen by scores and money alone: each award counts at its face value whatever its
instrument, and the rules on instruments are kept in sight only so far that they can still be met. Then, that list
fixed, instruments are chosen for what they are worth. What deciding jointly would have gained is given beside it, as a
calculation for reference (测算参考).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.compile import Compiled
from allocator.program import OPEN, Bools, Clause, Ints, Program
from allocator.solve.outcome import Outcome

LIST = "list"
"""The name of the rows that hold the second step to the first one's list."""

Solver = Callable[[Program, Bools | None], Outcome]


@dataclass(frozen=True, eq=False)
class Sequential:
    """A run by steps.

    listed   the first step's outcome
    outcome  the second step's: instruments for the fixed list
    joint    both decided at once
    """

    listed: Outcome
    outcome: Outcome
    joint: Outcome

    @property
    def forgone(self) -> int | float | None:
        """What deciding jointly would have gained, in the objective's shown units."""
        if self.joint.value is None or self.outcome.value is None:
            return None
        return self.joint.value - self.outcome.value


def sequential(compiled: Compiled, face: Ints, solver: Solver) -> Sequential:
    """Steps 4 and 5, and the joint decision. `face` [n]: each option's worth at face value, whatever its instrument."""
    listed = solver(replace(compiled.program, gain=face), None)
    if listed.chosen is None:
        return Sequential(listed, listed, listed)
    outcome = solver(fixed_list(compiled, listed.chosen), listed.chosen)
    joint = solver(compiled.program, outcome.chosen)
    return Sequential(listed, outcome, joint)


def fixed_list(compiled: Compiled, listed: Bools) -> Program:
    """The program of the second step: each listed candidate gets its amount by some instrument, and nobody else."""
    program, options = compiled.program, compiled.options
    free = ~options.fixed
    amount = np.full(len(options.candidates), -1, np.int64)
    own = listed & free
    amount[options.candidate[own]] = options.award[own]
    open_to = free & (amount[options.candidate] == options.award)
    fixed = np.where(free & ~open_to, 0, program.fixed).astype(np.int8)
    candidates = options.candidate[own]
    block = _must(options.candidate, np.flatnonzero(open_to), candidates)
    names = [options.candidates[c] for c in candidates]
    ones = np.ones(len(names), np.int64)
    return replace(
        program,
        matrix=sparse.csr_array(sparse.vstack([program.matrix, block])),
        lower=np.concatenate([program.lower, ones]),
        upper=np.concatenate([program.upper, np.full(len(names), OPEN)]),
        clauses=(*program.clauses, *(Clause(LIST, name, "floor", counted=True) for name in names)),
        fixed=fixed,
    )


def _must(
    owner: npt.NDArray[np.int32], columns: npt.NDArray[np.intp], candidates: npt.NDArray[np.int32]
) -> sparse.csr_array:
    place = {int(c): r for r, c in enumerate(candidates)}
    rows = np.array([place[int(owner[k])] for k in columns], np.int64)
    shape = (len(candidates), len(owner))
    return sparse.csr_array((np.ones(len(columns), np.int64), (rows, columns)), shape=shape, dtype=np.int64)
