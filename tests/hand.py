"""Awards, facts and option tables written down by hand, in whole yuan: rules are tested apart from pricing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from allocator.contract import Facts, Rule
from allocator.limits import Measure
from allocator.options import Award, Codes, OptionTable
from allocator.program import Program, Rows
from models.order import ORDER, Order

WAN = 10_000
YEARS = (2026, 2027, 2028)
AXES = (
    *("domain", "sub_area", "industry", "department", "county", "applicant", "investigator"),
    *("instrument", "kind", "call", "nature", "line"),
)
MONEY = ("equivalent", "private", "loss")


def award(
    candidate: str,
    amount: int,
    outlay: tuple[int, ...] | None = None,
    *,
    instrument: str = "grant",
    fixed: bool = False,
    merit: int = 0,
    recovery: tuple[int, ...] = (),
    money: Mapping[str, int] | None = None,
    **labels: str,
) -> Award:
    """An award of `amount` yuan, paid at once unless `outlay` says when; `labels` by axis."""
    paid = (amount,) if outlay is None else outlay
    own = {"kind": "企业", "applicant": f"applicant {candidate}", **labels, "instrument": instrument}
    if fixed and not instrument:
        del own["instrument"]
    return Award(
        candidate=candidate,
        instrument=instrument,
        level=10_000,
        amount=amount,
        outlay=(*paid, *(0,) * (len(YEARS) - len(paid))),
        recovery=(*recovery, *(0,) * (len(YEARS) - len(recovery))),
        merit=merit,
        columns=MappingProxyType(dict.fromkeys(MONEY, 0) | dict(money or {})),
        labels=MappingProxyType(own),
        fixed=fixed,
    )


def line(name: str, amount: int, outlay: tuple[int, ...] | None = None, **labels: str) -> Award:
    """A fixed line: no applicant's project, no instrument unless it says so."""
    made = award(name, amount, outlay, fixed=True, instrument=labels.pop("instrument", ""), **labels)
    own = {k: v for k, v in made.labels.items() if k not in ("kind", "applicant") or k in labels}
    return Award(**{**vars(made), "labels": MappingProxyType(own)})


def facts(fund: int = 1_000_000, **amounts: int) -> Facts:
    """A fund of so many yuan, all of it open to competition unless `amounts` says otherwise."""
    named = {"fund": fund, "discretionary": fund, "competitive": fund, **amounts}
    return Facts(
        years=YEARS,
        ceilings={2026: fund, 2027: fund},
        amounts=named,
        numbers={"winners": {"BD1": 1}, "candidates": {c: i for i, c in enumerate("ABCDEF")}},
        labels={"domain": ("甲领域", "乙领域"), "instrument": ("grant", "equity"), "call": ("BD1",)},
    )


def ordered(own: Facts, directions: Mapping[str, Mapping[str, int]]) -> Facts:
    """Facts in which the candidates of each direction have these scores, in points."""
    scores = {c: points * 100 for scored in directions.values() for c, points in scored.items()}
    where = {c: direction for direction, scored in directions.items() for c in scored}
    return replace(own, own={**own.own, ORDER: Order(where, scores)})


def table(awards: Sequence[Award]) -> OptionTable:
    """The option table of which these awards are the rows; equal names are options of one candidate."""
    names = tuple(dict.fromkeys(a.candidate for a in awards))
    return OptionTable(
        years=YEARS,
        candidates=names,
        candidate=np.array([names.index(a.candidate) for a in awards], np.int32),
        level=np.array([a.level for a in awards], np.int32),
        award=np.array([a.amount for a in awards], np.int64),
        outlay=np.array([a.outlay for a in awards], np.int64).reshape(-1, len(YEARS)),
        recovery=np.array([a.recovery for a in awards], np.int64).reshape(-1, len(YEARS)),
        money={m: np.array([a.columns[m] for a in awards], np.int64) for m in MONEY},
        labels={axis: Codes.of([a.labels.get(axis) for a in awards]) for axis in AXES},
        fixed=np.array([a.fixed for a in awards], bool),
        merit=np.array([a.merit for a in awards], np.int64),
    )


def program(rules: Sequence[Rule], awards: Sequence[Award], own: Facts) -> Program:
    """The program of these rules over these options, worth their merit."""
    options = table(awards)
    return Program.assemble(
        np.where(options.fixed, 0, options.merit),
        [rule.rows(options, own) for rule in rules],
        options.candidate,
        np.where(options.fixed, 1, -1),
    )


def rule(kind: type[Rule], **settings: Any) -> Any:
    """A rule with settings as a scenario writes them, named by its key."""
    return kind.model_validate({"name": kind.key, **settings})


def only(measures: Sequence[Measure], label: str = "") -> Measure:
    """The one measure of that label."""
    (found,) = (m for m in measures if m.label == label)
    return found


def written(rows: Rows) -> dict[tuple[str, str], tuple[list[int], int | None, int | None]]:
    """Each clause's coefficients and bounds as plain numbers, None where open."""
    open_ = 2**62
    dense = rows.matrix.toarray()
    return {
        (c.label, c.side): (
            dense[r].tolist(),
            None if rows.lower[r] <= -open_ else int(rows.lower[r]),
            None if rows.upper[r] >= open_ else int(rows.upper[r]),
        )
        for r, c in enumerate(rows.clauses)
    }
