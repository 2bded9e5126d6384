"""One solve that somebody else may do: a change of a program, and how hard to try."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.change import Change
from allocator.program import Clause


@dataclass(frozen=True, eq=False)
class Job:
    """What `Session.solve` is asked: a change of the base program, a gap, seconds, and a plan to begin from.

    method  with one, the changed program is solved anew by it (`allocator.solve`), and the session learns nothing
    """

    change: Change = field(default_factory=Change)
    gap: float = 1e-4
    time_limit: float = 60.0
    start: npt.ArrayLike | None = None
    method: str | None = None

    def key(self, program: str) -> str:
        """The name of the question, for a base program of that digest: equal where the answer may be the same one.

        A start and a time limit change what is found, not what is asked.
        """
        text = f"{program} {digest_of(self.change)} {self.gap!r}{'' if self.method is None else f' {self.method}'}"
        return hashlib.sha256(text.encode()).hexdigest()


def digest_of(change: Change) -> str:
    """SHA-256 over everything that a change says."""
    h = hashlib.sha256()
    for name, bounds in (("lower", change.lower), ("upper", change.upper), ("fixed", change.fixed)):
        h.update(f"{name} {_pairs(bounds)}\n".encode())
    if change.gain is not None:
        h.update(b"gain")
        h.update(_bytes(change.gain))
    if change.added is not None and len(change.added):
        m = sparse.csr_array(change.added.matrix)
        m.sort_indices()
        h.update(f"added {m.shape}\n".encode())
        for array in (m.indptr, m.indices, m.data, change.added.lower, change.added.upper):
            h.update(_bytes(array))
        h.update("\n".join(_said(c) for c in change.added.clauses).encode())
    for row in sorted(change.replaced):
        line = change.replaced[row]
        h.update(f"row {row} {_said(line.clause)}\n".encode())
        h.update(_bytes(line.columns))
        h.update(_bytes(line.coefficients))
    return h.hexdigest()


def _pairs(values: Mapping[int, int]) -> str:
    return ",".join(f"{int(k)}={int(v)}" for k, v in sorted(values.items()))


def _said(clause: Clause) -> str:
    return f"{clause}|{clause.price}"


def _bytes(array: npt.ArrayLike) -> bytes:
    """The numbers of an array, with how many there are, so that two arrays never run into each other."""
    whole = np.ascontiguousarray(array, dtype="<i8")
    return len(whole).to_bytes(8, "little") + whole.tobytes()
