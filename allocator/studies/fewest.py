"""The plan that changes fewest candidates against another one and is worth what it must be: a program of its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np
from scipy import sparse

from allocator.change import Change
from allocator.program import OPEN, Bools, Clause, Ints, Program, Rows

MOVED, OTHERWISE = 3, 1
"""What it counts that a candidate enters or leaves, and that one stays at another instrument or level."""


def fewest(program: Program, plan: Bools, screen: Bools, least: Fraction) -> Program:
    """The program whose best plan is worth `least` in `program` and changes fewest candidates of `screen`.

    `plan` is one that is worth so much. Soft clauses may miss as much as there, each by itself: what is found is worth
    `least` for certain, and with soft clauses there may be a plan with fewer changes that trades one for another.
    """
    activity = np.array(program.activity(plan), object)
    soft = np.isfinite(program.prices)
    lower = np.where(soft & (program.lower > -OPEN), np.minimum(program.lower, activity), program.lower)
    upper = np.where(soft & (program.upper < OPEN), np.maximum(program.upper, activity), program.upper)
    paid = sum(program.gain[plan].tolist()) - program.value(plan)
    worth = Rows(
        sparse.csr_array(program.gain.reshape(1, -1)),
        np.array([ceil(least + paid)], np.int64),
        np.array([OPEN], np.int64),
        (Clause("worth", "", "floor", counted=True),),
    )
    near = replace(
        program,
        gain=nearness(program, screen),
        lower=lower.astype(np.int64),
        upper=upper.astype(np.int64),
        clauses=tuple(replace(c, price=None) for c in program.clauses),
    )
    return near.with_(Change(added=worth))


def nearness(program: Program, screen: Bools) -> Ints:
    """What each column counts, so that the most of all is the fewest changes: int64 [n]."""
    groups = program.groups
    there = np.zeros(int(groups.max(initial=-1)) + 2, bool)  # the last place is that of columns of no group
    there[groups[screen]] = True
    there[-1] = False
    gain = np.where(there[groups], MOVED - OTHERWISE, -MOVED)
    gain[screen] = MOVED
    gain[program.fixed >= 0] = 0
    return gain.astype(np.int64)
