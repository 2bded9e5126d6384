"""A program as floats: what leaves it with its value, whatever becomes of its rows on the way."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy import sparse

from allocator.program import OPEN, Clause, Program, Rows
from allocator.solve import solve


def test_a_priced_row_that_nothing_enters_costs_the_same_whatever_is_chosen() -> None:
    """A target of 70 for a domain that nobody applied in, at 3 a unit: 210 off every plan, and off the bound."""
    rows = Rows(
        sparse.csr_array(np.array([[5, 4, 3], [0, 0, 0]], np.int64)),
        np.array([-OPEN, 70]),
        np.array([8, 70]),
        (Clause("ceiling", "", "cap"), Clause("share", "nobody", "target", Fraction(3))),
    )
    program = Program.assemble(np.array([50, 45, 20]), [rows], [0, 1, 2], [-1, -1, -1])
    for method, solver in (("highs", "HiGHS"), ("core", "HiGHS"), ("pulp", "SCIP")):
        outcome = solve(program, gap=0, method=method, solver=solver)
        assert (outcome.reason, outcome.value, outcome.bound) == ("optimal", 70 - 210, 70 - 210)
