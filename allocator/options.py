"""The table of options, on which everything else is a view.

An option is one way in which the fund could support one candidate. Lines that are not chosen (standing
lines, renewals, entitlements) are in the table too, fixed. Option k is column k of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy import sparse

from allocator.program import SAFE, Bools, Ints


@dataclass(frozen=True)
class Award:
    """One line of a plan: a chosen option, or a fixed line. Money in whole yuan; `merit` in micro-units.

    outlay, recovery  by year, in the order of the table's years
    columns  further money columns by name (`loss`, and what the policy adds)
    labels   axis -> label; an axis that says nothing of this award is absent
    """

    candidate: str
    instrument: str
    level: int
    amount: int
    outlay: tuple[int, ...]
    recovery: tuple[int, ...]
    merit: int
    columns: Mapping[str, int]
    labels: Mapping[str, str]
    fixed: bool = False

    def money(self, column: str, years: Sequence[int]) -> int:
        """The money in `column`: `award`, `first_year`, `outlay.2026`, `recovery`, ..., or 1 for `count`."""
        if column == "award":
            return self.amount
        if column == "first_year":
            return self.outlay[0]
        if column == "count":
            return 1
        name, _, year = column.partition(".")
        if name in ("outlay", "recovery"):
            flow = self.outlay if name == "outlay" else self.recovery
            return flow[years.index(int(year))] if year else sum(flow)
        return self.columns[column]

    def fits(self, where: Mapping[str, Iterable[str]]) -> bool:
        """Whether each axis of `where` has one of its labels here."""
        return all(self.labels.get(axis) in set(wanted) for axis, wanted in where.items())


@dataclass(frozen=True, eq=False)
class Codes:
    """A categorical column: `codes` int32 [n] into `values`, -1 where the axis says nothing."""

    codes: npt.NDArray[np.int32]
    values: tuple[str, ...]

    @classmethod
    def of(cls, labels: Sequence[str | None]) -> Codes:
        """Codes of `labels`, values in order of first sight."""
        index: dict[str, int] = {}
        codes = [-1 if v is None else index.setdefault(v, len(index)) for v in labels]
        return cls(np.array(codes, np.int32), tuple(index))

    def take(self, rows: npt.NDArray[np.intp]) -> Codes:
        """The codes of `rows`, over the same values."""
        return Codes(self.codes[rows], self.values)

    def label(self, row: int) -> str | None:
        """The label of one row."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


@dataclass(frozen=True, eq=False)
class OptionTable:
    """All options of a run as frozen columns; n options, Y years.

    candidates  names of the candidates and fixed lines; candidate int32 [n] points into them
    level       int32 [n], basis points of what was asked for
    award       int64 [n] 立项总额; outlay, recovery int64 [n, Y]; money: further int64 [n] columns by name
    labels      axis -> Codes [n]
    fixed       bool [n]: a line that is not chosen
    merit       int64 [n], micro-units (1e-6 of 1 万元 of quality-weighted need)
    """

    years: tuple[int, ...]
    candidates: tuple[str, ...]
    candidate: npt.NDArray[np.int32]
    level: npt.NDArray[np.int32]
    award: Ints
    outlay: Ints
    recovery: Ints
    money: Mapping[str, Ints]
    labels: Mapping[str, Codes]
    fixed: Bools
    merit: Ints

    def __len__(self) -> int:
        return len(self.award)

    # -- the sums that rules are made of ------------------------------------------------------

    def column(self, name: str) -> Ints:
        """A money column [n] by name, as `Award.money` names them. Unknown names raise `KeyError`."""
        if name == "award":
            return self.award
        if name == "first_year":
            return self.outlay[:, 0]
        if name == "count":
            return np.ones(len(self), np.int64)
        base, _, year = name.partition(".")
        if base in ("outlay", "recovery"):
            flow = self.outlay if base == "outlay" else self.recovery
            return flow[:, self.years.index(int(year))] if year else flow.sum(axis=1)
        return self.money[name]

    def has(self, name: str) -> bool:
        """Whether `column` knows that name."""
        try:
            self.column(name)
        except (KeyError, ValueError):
            return False
        return True

    def mask(self, where: Mapping[str, Iterable[str]]) -> Bools:
        """The options that have, on each axis of `where`, one of its labels: bool [n]."""
        kept = np.ones(len(self), bool)
        for axis, wanted in where.items():
            codes = self.labels[axis]
            table = np.array([v in set(wanted) for v in codes.values] + [False])
            kept &= table[codes.codes]
        return kept

    def sums(self, columns: Sequence[Ints]) -> sparse.csr_array:
        """A block whose row r sums `columns[r]` over the chosen options: int64 CSR [rows, n]."""
        if not columns:
            return sparse.csr_array((0, len(self)), dtype=np.int64)
        return sparse.csr_array(np.vstack(columns).astype(np.int64))

    def by(self, axis: str, column: str, labels: Sequence[str]) -> sparse.csr_array:
        """The sum of `column` over the options of each of `labels` on `axis`: int64 CSR [labels, n]."""
        codes, values = self.labels[axis], self.column(column)
        row_of = {label: r for r, label in enumerate(labels)}
        rows = np.array([row_of.get(v, -1) for v in codes.values] + [-1])[codes.codes]
        keep = np.flatnonzero((rows >= 0) & (values != 0))
        shape = (len(labels), len(self))
        return sparse.csr_array((values[keep], (rows[keep], keep)), shape=shape, dtype=np.int64)

    def check_room(self, factor: int = 10_000) -> None:
        """Raise `OverflowError` where `factor` × a whole column could overflow int64, in any rule's sum."""
        for name in ("award", "outlay", "recovery", *self.money):
            total = float(np.abs(self.column(name).astype(np.float64)).sum()) * factor
            if total >= SAFE:
                raise OverflowError(f"{name}: {factor} × {total / factor:.3g} yuan does not fit in 64 bits")

    # -- plans --------------------------------------------------------------------------------

    def awards(self, chosen: Bools) -> tuple[Award, ...]:
        """The plan that `chosen` [n] filters out, in the table's order; fixed lines are part of it."""
        return tuple(self._awards(np.flatnonzero(chosen)))

    def award_of(self, k: int) -> Award:
        """Option k as an award."""
        return next(self._awards(slice(k, k + 1)))

    def _awards(self, rows: npt.NDArray[np.intp] | slice) -> Iterator[Award]:
        """Some options as awards, taken column by column: cell by cell it would take many times as long."""
        numbers = (self.candidate, self.level, self.award, self.outlay, self.recovery, self.merit, self.fixed)
        labels: list[dict[str, str]] = [{} for _ in self.award[rows]]
        for axis, codes in self.labels.items():
            for said, code in zip(labels, codes.codes[rows].tolist(), strict=True):
                if code >= 0:
                    said[axis] = codes.values[code]
        money: list[dict[str, int]] = [{} for _ in labels]
        for name, values in self.money.items():
            for own, value in zip(money, values[rows].tolist(), strict=True):
                own[name] = value
        plain = (column[rows].tolist() for column in numbers)
        for candidate, level, amount, outlay, recovery, merit, fixed, own, said in zip(
            *plain, money, labels, strict=True
        ):
            yield Award(
                candidate=self.candidates[candidate],
                instrument=said.get("instrument", ""),
                level=level,
                amount=amount,
                outlay=tuple(outlay),
                recovery=tuple(recovery),
                merit=merit,
                columns=MappingProxyType(own),
                labels=MappingProxyType(said),
                fixed=fixed,
            )

    @cached_property
    def rows_of(self) -> Mapping[str, npt.NDArray[np.intp]]:
        """The options of each candidate by its name."""
        order = np.argsort(self.candidate, kind="stable")
        ends = np.searchsorted(self.candidate[order], np.arange(len(self.candidates) + 1))
        return {c: order[ends[i] : ends[i + 1]] for i, c in enumerate(self.candidates)}
