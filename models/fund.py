"""The year's fund: its sources, its ceiling, what is first spoken for, and what is left to compete for.

66号文 二（一）: the departments' money becomes one fund of at least 2亿元 a year. 当年可用财力 = 年度规模 − 稳定支持 −
人才资金 − 上级指定用途 − 以前年度续拨 − 一事一议预留 − 普惠后补助.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from allocator.contract import Facts, Settings
from allocator.money import Money, Share, Unreadable, split
from allocator.records import Records, Tables
from allocator.words import Text, catalogue
from models.batch import drawn, earlier_rows
from models.candidate import ENTERPRISE_KIND
from models.line import BUDGETED, EARLIER, ENTITLEMENT, LINE_KINDS, OUTSIDE, RESERVE, SPECIAL
from models.sources import Sources
from models.supervision import paid

__all__ = ["Domain", "Domains", "Fund", "Source", "first_calls", "fund_facts", "line_rows"]

WORDS = catalogue("models.words")
REPORTED = ("domain", "instrument", "department", "county", "industry", "nature")
"""The axes by which a plan's totals are given."""


SHARED = ("domain", "instrument", "department", "county", "kind")
"""The labels by which shares count a line."""


class Source(Settings):
    """Where money comes from, and what it may be spent on.

    amount    this year's, in yuan; level  of government; document  its 指标文号; function  its 功能分类科目
    uses      axis -> labels that it may be spent on, all axes at once; none: anything. Money from above is earmarked
    expires   the last year in which it may be spent
    arrives   month -> share of it that is there from that month on; none: all of it from January
    """

    amount: Money = Field(ge=0)
    level: str = "市级"
    document: str = ""
    function: str = ""
    uses: dict[str, tuple[str, ...]] = {}
    expires: int | None = Field(default=None, ge=2000, le=2100)
    arrives: dict[Annotated[int, Field(ge=1, le=12)], Share] = {}
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Source:
        if self.arrives and sum(self.arrives.values()) != 10_000:
            raise Unreadable("source.arrives", words=WORDS)
        if any(not labels for labels in self.uses.values()):
            raise Unreadable("source.uses", words=WORDS)
        return self

    def by_month(self) -> tuple[int, ...]:
        """What arrives in each month, in yuan, by largest remainder: 12 entries that add up to `amount`."""
        shares = self.arrives or {1: 10_000}
        return split(self.amount, [shares.get(month, 0) for month in range(1, 13)])


class Domain(Settings):
    """One focus domain of the notice, with its sub-areas and its place."""

    en: str = ""
    article: str = ""
    sub_areas: tuple[str, ...] = ()


class Domains(Settings):
    """The focus domains by name, in the notice's order."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Domain] = Field(init=False)

    @property
    def named(self) -> Mapping[str, Domain]:
        """The domains by name."""
        return dict(self.__pydantic_extra__ or {})


class Fund(Settings):
    """The money of the year and of those that follow.

    `minimum` is the notice's 2亿元; a fund below it is refused unless `under_minimum` gives the reason why the
    scenario tests just that. `later_ceilings` are assumptions about the years to come, and say so.
    `recoveries_counted` is the part of expected recoveries by which a later year's ceiling may be passed: a recovery
    goes to the treasury, and only an appropriation brings it back. `entitlement_budget` is the most that the list of
    entitlements is paid in the year. Unspent money stays with its project until it is `carry_years` old.
    """

    year: int = Field(ge=2000, le=2100)
    horizon: int = Field(default=6, ge=1, le=20)
    sources: dict[str, Source]
    minimum: Money = Field(default=200_000_000, ge=0)
    under_minimum: str = ""
    later_ceilings: dict[int, Annotated[Money, Field(ge=0)]] = {}
    later_source: str = ""
    recoveries_counted: Share = Field(default=0, le=10_000)
    entitlement_budget: Money | None = None
    carry_years: int = Field(default=2, ge=1, le=5)
    currency: str = "CNY"

    @property
    def ceiling(self) -> int:
        """年度规模: the sum of the sources, in yuan."""
        return sum(s.amount for s in self.sources.values())

    @property
    def money(self) -> Sources:
        """Its sources as rules and tables ask for them."""
        return Sources(
            amounts={name: s.amount for name, s in self.sources.items()},
            uses={name: s.uses for name, s in self.sources.items()},
            expires={name: s.expires for name, s in self.sources.items() if s.expires is not None},
        )

    @property
    def years(self) -> tuple[int, ...]:
        """The years that money is planned over."""
        return tuple(range(self.year, self.year + self.horizon))


def line_rows(tables: Tables, fund: Fund | None = None) -> list[dict[str, object]]:
    """Every fixed line of the input, entitlements (all of enterprises) among them, as rows with a `line` kind.

    Entitlements above the fund's budget for them are paid in proportion. A line in a department's own budget has
    no label that a share could count it by. A terminated project's money ends as `models/supervision.py` has it.
    """
    rows: list[dict[str, object]] = []
    if "lines" in tables:
        for i in range(len(tables["lines"])):
            row = paid(tables["lines"].row(i))
            inside = not row.get("budgeted")
            rows.append(row if inside else {**row, **dict.fromkeys(SHARED), OUTSIDE: BUDGETED})
    if "entitlements" in tables:
        due = tables["entitlements"]
        given = entitled(due, None if fund is None else fund.entitlement_budget)
        for i in range(len(due)):
            row = due.row(i)
            kind = row.get("kind") or ENTERPRISE_KIND
            rows.append({**row, "line": ENTITLEMENT, "kind": kind, "year1": given[i]})
    before = earlier_rows(tables["earlier"], tables["candidates"], EARLIER) if "earlier" in tables else []
    return [*drawn(rows, SPECIAL, RESERVE), *before]


def entitled(records: Records, budget: int | None) -> Sequence[int | None]:
    """What each on the list of entitlements is paid this year, in yuan: its standard, or all in one proportion.

    同比例折算, by largest remainder, where the standards add up to more than `budget`; nobody is chosen among.
    """
    due = records["year1"]
    known = [v or 0 for v in due]
    if budget is None or sum(known) <= budget:
        return due
    return split(budget, known)


def first_calls(tables: Tables, fund: Fund | None = None) -> Mapping[str, int]:
    """This year's money of each kind of line, in yuan, in the order of the 当年可用财力测算表."""
    found = dict.fromkeys(LINE_KINDS, 0)
    for row in line_rows(tables, fund):
        if row["year1"] is not None:  # else a fault that the reading has told of
            kind = str(row["line"])
            found[kind] = found.get(kind, 0) + int(str(row["year1"]))
    return found


def fund_facts(fund: Fund, tables: Tables, domains: Mapping[str, Domain]) -> Facts:
    """The facts of a run: years, ceilings, the named sums and labels that rules ask for."""
    calls = first_calls(tables, fund)
    spoken = sum(calls.values())
    kept = (RESERVE, ENTITLEMENT, EARLIER)
    outside = [(r["line"], int(str(r["year1"] or 0))) for r in line_rows(tables, fund) if r.get(OUTSIDE)]
    amounts = {
        "fund": fund.ceiling - sum(v for _, v in outside),
        "discretionary": fund.ceiling
        - sum(v for k, v in calls.items() if k not in kept)
        - sum(v for k, v in outside if k in kept),
        "competitive": fund.ceiling - spoken,
    }
    winners: dict[str, int] = {}
    titles = {name: Text(name, d.en or name) for name, d in domains.items()}
    if "calls" in tables:
        table = tables["calls"]
        winners = dict(zip(table["id"], table["winners"], strict=True))
        titles |= {i: Text(f"{i} {t}", f"{i} {t}") for i, t in zip(table["id"], table["title"], strict=True)}
    return Facts(
        years=fund.years,
        ceilings={
            fund.year: fund.ceiling,
            **{y: c for y, c in fund.later_ceilings.items() if y in fund.years},
        },
        amounts=amounts,
        first_calls=calls,
        axes=REPORTED,
        numbers={"winners": winners},
        labels={
            "domain": tuple(domains),
            "sub_area": tuple(s for d in domains.values() for s in d.sub_areas),
            "call": tuple(winners),
        },
        titles=titles,
        own={"recoveries_counted": fund.recoveries_counted},
    )
