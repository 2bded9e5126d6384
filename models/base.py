"""The bases that shares are taken of, each by its name, twice: as a column of the table and as a sum of awards.

FIELD: the pilot ratio is always shown over three of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np

from allocator.contract import Facts
from allocator.options import Award, OptionTable
from allocator.program import Ints
from allocator.words import Text
from models.candidate import ENTERPRISE_KIND
from models.line import OUTSIDE

Base = Literal["fund", "discretionary", "competitive", "enterprise", "awarded"]

TITLES: Mapping[str, Text] = {
    "fund": Text("年度整合规模", "the year's whole fund"),
    "discretionary": Text("可统筹资金", "discretionary money"),
    "competitive": Text("本批可竞争安排资金", "the batch's competitive money"),
    "enterprise": Text("涉企资金", "money to enterprises"),
    "awarded": Text("实际安排资金", "money arranged"),
}

ENTERPRISE: Mapping[str, tuple[str, ...]] = {"kind": (ENTERPRISE_KIND,)}


Fault = tuple[tuple[str, ...], Text, Text]
"""What `Rule.check` gives: keys below the rule, what is wrong, how to mend it."""


def not_known(keys: tuple[str, ...], word: str, known: Iterable[str]) -> Fault:
    """The fault of a name that is none of those known."""
    names = ", ".join(known)
    return (
        keys,
        Text(f"“{word}”不是已知的名称", f"“{word}” is not a known name"),
        Text(f"可用：{names}", f"there are: {names}"),
    )


def no_candidate(keys: tuple[str, ...], candidate: str) -> Fault:
    """The fault of an id that no candidate has."""
    return (
        keys,
        Text(f"没有编号为“{candidate}”的申报项目", f"no candidate has the id “{candidate}”"),
        Text("请核对项目编号", "look at the ids of the workbook"),
    )


def known_labels(axis: str, options: OptionTable, facts: Facts) -> tuple[str, ...]:
    """The labels of an axis: those that the scenario names, then those that the records have."""
    seen = options.labels[axis].values if axis in options.labels else ()
    return tuple(dict.fromkeys((*facts.labels.get(axis, ()), *sorted(seen))))


def money_faults(money: str, options: OptionTable) -> list[Fault]:
    """The fault of a rule whose `money` is no column of the table; none where it is one."""
    if options.has(money):
        return []
    flows = (f"{flow}.{year}" for flow in ("outlay", "recovery") for year in options.years)
    known = ("award", "first_year", "outlay", "recovery", "count", *options.money, *flows)
    return [not_known(("money",), money, known)]


def base_column(base: Base, money: str, options: OptionTable, facts: Facts) -> Ints | int:
    """The base as a constant in yuan, or as the column [n] whose chosen entries add up to it."""
    if base in facts.amounts:
        return facts.amounts[base]
    column = options.column(money)
    if base == "enterprise":
        return np.where(options.mask(ENTERPRISE), column, 0)
    outside = options.labels.get(OUTSIDE)
    return column if outside is None else np.where(outside.codes < 0, column, 0)


def base_sum(base: Base, money: str, awards: Sequence[Award], facts: Facts) -> int:
    """The base in yuan, from a list of awards."""
    if base in facts.amounts:
        return facts.amounts[base]
    where = ENTERPRISE if base == "enterprise" else {}
    return sum(a.money(money, facts.years) for a in awards if a.fits(where) and OUTSIDE not in a.labels)
