"""The deletion filter on the published infeasible linear programs (Netlib's, Chinneck's collection), with HiGHS to ask.

`Program` is binary, so the study itself does not read them; the filter takes any word on what is feasible. A clause is
one side of a row or of a column's bounds. That a set clashes and is irreducible is shown without a solver: as rows
a·x ≤ b, they have one left null vector, it is positive, and it makes 0 ≤ a negative number (Gleeson & Ryan 1990).
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import pytest

from allocator.why.conflict import Clash, Name, deletion
from tests.solve import bench

KINDS = ("row", "column")


class Oracle:
    """A published instance without its objective: its clauses, and which of them have a point."""

    def __init__(self, name: str) -> None:
        self.highs = highspy.Highs()
        self.highs.silent()
        self.highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
        self.highs.readModel(str(bench.BENCH / "infeasible" / f"{name}.mps"))
        lp = self.highs.getLp()
        self.shape = (lp.num_row_, lp.num_col_)
        self.highs.changeColsCost(lp.num_col_, np.arange(lp.num_col_, dtype=np.int32), np.zeros(lp.num_col_))
        self.bounds = {
            "row": np.array([lp.row_lower_, lp.row_upper_]),
            "column": np.array([lp.col_lower_, lp.col_upper_]),
        }
        self.lines = {"row": self._rows(lp), "column": np.eye(lp.num_col_)}
        self.clauses = frozenset(
            (kind, str(i), side)
            for kind in KINDS
            for s, side in enumerate(("floor", "cap"))
            for i in np.flatnonzero(np.isfinite(self.bounds[kind][s])).tolist()
        )
        self.asked = 0

    @staticmethod
    def _rows(lp: Any) -> npt.NDArray[np.float64]:
        matrix, found = lp.a_matrix_, np.zeros((lp.num_row_, lp.num_col_))
        for c in range(lp.num_col_):
            for p in range(matrix.start_[c], matrix.start_[c + 1]):
                found[matrix.index_[p], c] = matrix.value_[p]
        return found

    def feasible(self, kept: frozenset[Name]) -> bool | None:
        """Whether some point keeps these clauses; a point is looked at, and believed only if it does."""
        self.asked += 1
        own = {kind: np.array([[-np.inf], [np.inf]]) * np.ones(self.bounds[kind].shape[1]) for kind in KINDS}
        for kind, i, side in kept:
            at = ("floor", "cap").index(side), int(i)
            own[kind][at] = self.bounds[kind][at]
        rows, columns = self.shape
        self.highs.changeColsBounds(columns, np.arange(columns, dtype=np.int32), *own["column"])
        self.highs.changeRowsBounds(rows, np.arange(rows, dtype=np.int32), *own["row"])
        self.highs.clearSolver()  # after a change of bounds a warm HiGHS may answer kUnknown
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        x = np.array(self.highs.getSolution().col_value)
        for kind in KINDS:
            value = self.lines[kind] @ x
            room = 1e-6 * (1 + np.abs(value))
            if (value < own[kind][0] - room).any() or (value > own[kind][1] + room).any():
                return None
        return True

    def relax(self) -> None:
        """Let whole numbers be any."""
        kinds = [highspy.HighsVarType.kContinuous] * self.shape[1]
        self.highs.changeColsIntegrality(self.shape[1], np.arange(self.shape[1], dtype=np.int32), kinds)

    def as_caps(self, clash: Clash) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The clauses as a·x ≤ b, rows and columns scaled to about 1."""
        a, b = [], []
        for kind, i, side in clash.clauses:
            sign = 1.0 if side == "cap" else -1.0
            a.append(sign * self.lines[kind][int(i)])
            b.append(sign * self.bounds[kind][("floor", "cap").index(side), int(i)])
        rows, caps = np.array(a), np.array(b)
        for _ in range(20):
            length = np.sqrt(np.abs(rows).max(axis=1))
            rows, caps = rows / length[:, np.newaxis], caps / length
            rows = rows / np.sqrt(np.maximum(np.abs(rows).max(axis=0), 1e-300))
        return rows, caps


SIZES = {
    "galenet": (8, 7),
    "woodinfe": (2, 1),
    "INF-SC50A": (48, 48),
    "INF-SC105": (10, 9),
    "INF2-LOTFI": (168, 73),
    "INF2-SHARE1B": (64, 31),
    "INF2-brandy": (8, 8),
    "IC-bupa": (8, 8),
    "IC-ionosphere": (34, 34),
}
"""Clauses of the set that is found, and rows among them. A set is not unique; published is 1 row and 1 bound for
woodinfe, and at most a row more than columns where these are free (IC-*)."""


@pytest.mark.parametrize("name", SIZES)
def test_the_set_found_clashes_and_is_irreducible(name: str) -> None:
    bench.needed()
    oracle = Oracle(name)
    assert oracle.feasible(oracle.clauses) is False
    clash = deletion(oracle.clauses, oracle.feasible)
    assert clash.proven
    assert oracle.asked == 1 + len(oracle.clauses)
    rows, caps = oracle.as_caps(clash)
    own, values, _ = np.linalg.svd(rows)
    assert (values > 1e-9).sum() == len(caps) - 1
    weights = own[:, -1] * np.sign(own[:, -1].sum())
    assert (weights > 1e-9).all()
    assert weights @ caps < -1e-9
    assert (len(clash.clauses), sum(kind == "row" for kind, _, _ in clash.clauses)) == SIZES[name]
    if name.startswith("IC-"):
        assert len(clash.clauses) <= oracle.shape[1] + 1


def test_where_a_removal_is_not_decided_the_set_is_not_called_irreducible() -> None:
    """On klein1 HiGHS leaves some removals undecided; of 54 columns no irreducible set has more than 55 clauses."""
    bench.needed()
    oracle = Oracle("klein1")
    clash = deletion(oracle.clauses, oracle.feasible)
    undecided = [c for c in clash.clauses if oracle.feasible(frozenset(clash.clauses) - {c}) is not True]
    assert clash.proven == (not undecided)
    assert clash.proven == (len(clash.clauses) <= oracle.shape[1] + 1)
    assert oracle.feasible(frozenset(clash.clauses)) is False


def test_with_whole_numbers_the_filter_is_the_same() -> None:
    """An integer program whose relaxation has a point: no multipliers show the clash, every removal does."""
    bench.needed()
    oracle = Oracle("infeasible-mip0")
    clash = deletion(oracle.clauses, oracle.feasible)
    assert clash.proven
    assert oracle.feasible(frozenset(clash.clauses)) is False
    assert all(oracle.feasible(frozenset(clash.clauses) - {c}) for c in clash.clauses)
    oracle.relax()
    assert oracle.feasible(oracle.clauses) is True
