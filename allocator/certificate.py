"""A bound that anyone can recompute: multipliers of the rows as exact rationals, and weak duality in integers.

For y with the right signs, no plan is worth more than
    Σ_r y_r·b_r + Σ_groups max(0, max_k (gain_k − (yA)_k)) + Σ_fixed (gain_k − (yA)_k),
where b_r is the upper bound for y_r > 0 and the lower one for y_r < 0. A priced row's |y_r| is at most its price, so
that no violation can pay. No continuous number enters: it takes no solver and no float to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.program import OPEN, SAFE, Ints, Program

FARTHEST = 1e280
"""A multiplier is held to this, so that it stays a number when it is scaled."""


@dataclass(frozen=True)
class Certificate:
    """Multipliers numerators[r] / denominator of a program's rows, and the bound that they prove, in units of gain."""

    program: str
    denominator: int
    numerators: tuple[int, ...]
    bound: Fraction

    def as_json(self, program: Program) -> dict[str, Any]:
        """The certificate as its file holds it."""
        return {
            "program": self.program,
            "denominator": self.denominator,
            "bound": f"{self.bound.numerator}/{self.bound.denominator}",
            "scale": program.scale,
            "multipliers": [
                {"row": r, "rule": c.rule, "label": c.label, "side": c.side, "numerator": y}
                for r, (c, y) in enumerate(zip(program.clauses, self.numerators, strict=True))
                if y
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], rows: int) -> Certificate:
        """The certificate of a file, for a program of that many rows. Raises `ValueError` for a row that it has not."""
        numerators = [0] * rows
        for entry in data["multipliers"]:
            if not 0 <= entry["row"] < rows:
                raise ValueError(f"row {entry['row']}: the program has {rows} rows")
            numerators[entry["row"]] = int(entry["numerator"])
        return cls(data["program"], int(data["denominator"]), tuple(numerators), Fraction(data["bound"]))


def certify(program: Program, multipliers: npt.NDArray[np.float64] | Sequence[float] | None) -> Certificate:
    """The certificate of `multipliers` [m], in units of gain per unit of row; None: all 0, a valid if weak bound.

    They are taken to rationals with one denominator, signs and prices enforced; any rounding keeps the bound valid.
    """
    rows = len(program.clauses)
    y = np.zeros(rows) if multipliers is None else np.nan_to_num(np.asarray(multipliers, float))
    y = np.clip(y, -FARTHEST, FARTHEST)
    denominator = _denominator(program, y)
    # a power of two times a float is exact, and so is its integer
    values = [int(v) for v in np.rint(y * float(denominator)).tolist()]
    wrong = ((y > 0) & (program.upper >= OPEN)) | ((y < 0) & (program.lower <= -OPEN))
    for r in np.flatnonzero(wrong):
        values[r] = 0
    for r in np.flatnonzero(np.isfinite(program.prices)):
        price = program.clauses[r].price
        assert price is not None
        most = int(price * denominator)
        values[r] = max(-most, min(most, values[r]))
    numerators = values
    bound = prove(program, numerators, denominator)
    return Certificate(program.digest, denominator, tuple(numerators), bound)


def prove(program: Program, numerators: Sequence[int], denominator: int) -> Fraction:
    """The bound that multipliers prove. Raises `ValueError` where a sign or a price makes them prove nothing."""
    if denominator <= 0:
        raise ValueError(f"the multipliers' denominator is {denominator}; it must be above 0")
    constant = 0
    if len(numerators) != len(program.clauses):
        raise ValueError(f"{len(numerators)} multipliers for {len(program.clauses)} rows")
    lower, upper = program.lower.tolist(), program.upper.tolist()
    for r, value in enumerate(numerators):
        if not value:
            continue
        bound = upper[r] if value > 0 else lower[r]
        clause = program.clauses[r]
        if abs(bound) >= OPEN:
            raise ValueError(f"{clause}: a multiplier of this sign stands for a bound that is not there")
        if clause.price is not None and abs(Fraction(value, denominator)) > clause.price:
            raise ValueError(f"{clause}: the multiplier is above the clause's price")
        constant += value * bound
    reduced = reduced_gains(program, numerators, denominator)
    fixed, free = program.fixed == 1, program.fixed == -1
    grouped = free & (program.groups >= 0)
    best = np.zeros(int(program.groups.max(initial=-1)) + 1, reduced.dtype)
    if reduced.dtype == object:
        for k in np.flatnonzero(grouped):
            best[program.groups[k]] = max(best[program.groups[k]], reduced[k])
    else:
        np.maximum.at(best, program.groups[grouped], reduced[grouped])
    # a candidate with a fixed line of its own takes no option beside it
    best[np.unique(program.groups[fixed & (program.groups >= 0)])] = 0
    alone = reduced[free & (program.groups < 0)]
    total = constant + _sum(best) + _sum(np.maximum(alone, 0)) + _sum(reduced[fixed])
    return Fraction(total, denominator)


def reduced_gains(program: Program, numerators: Sequence[int], denominator: int) -> npt.NDArray[Any]:
    """denominator·gain − yA, exactly: int64 where it fits, else Python integers."""
    y = np.array([float(min(abs(v), SAFE)) for v in numerators])  # at SAFE it is too large already
    size = program.sizes.T @ y if len(y) else np.zeros(len(program.gain))
    unit = float(min(denominator, SAFE))
    size = size + np.abs(program.gain.astype(np.float64)) * unit
    if max(float(size.max(initial=0)), float(y.max(initial=0)), unit) < SAFE / 2:
        own: Ints = np.array(numerators, np.int64)
        return np.asarray(program.gain * denominator - program.matrix.T @ own, np.int64)
    reduced = np.array([int(g) * denominator for g in program.gain], dtype=object)
    m = program.matrix
    for r, value in enumerate(numerators):
        if value:
            part = slice(m.indptr[r], m.indptr[r + 1])
            reduced[m.indices[part]] -= m.data[part].astype(object) * value
    return reduced


def _sum(values: npt.NDArray[Any]) -> int:
    """The exact sum of an array: high and low halves apart, so that int64 cannot overflow."""
    if values.dtype == object:
        return int(sum(values.tolist()))
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def _denominator(program: Program, y: npt.NDArray[np.float64]) -> int:
    """The finest power of two, up to 2⁴⁰, at which the reduced gains still fit in int64.

    It is finer where coefficients are so much larger than gains that rounding multipliers would cost 10⁻⁷.
    """
    size = program.sizes.T @ np.abs(y) if len(y) else np.zeros(1)
    top = float((size + np.abs(program.gain.astype(np.float64))).max(initial=1)) if len(program.gain) else 1.0
    largest = float(np.abs(program.gain.astype(np.float64)).max(initial=1)) if len(program.gain) else 1.0
    coarse = float(program.sizes.data.max(initial=0)) / max(largest, 1.0)
    power = max(40, int(np.ceil(np.log2(max(coarse, 1.0)))) + 24)
    while power > 0 and top * 2.0**power >= SAFE / 8:
        power -= 1
    return int(2**power)
