"""What the budget's tables list: every award and every fixed line, each with its unit, its heads and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allocator.options import Award
from allocator.words import Text, catalogue, same
from models.accounts import kind_of
from models.fund import line_rows
from models.line import ENTITLEMENT, RESERVE
from models.tables._view import View

say = catalogue("models.words").say


@dataclass(frozen=True)
class Part:
    """This year's money of one entry from one source (None: from none that may pay it)."""

    source: str | None
    amount: int


@dataclass(frozen=True)
class Entry:
    """One award or line, as budgets name it; money in yuan.

    domain  its label; None where it is of no domain. line: the kind of fixed line, None for an award
    commitment  立项总额; None where it was decided in another year and is not known here
    outlay  by year; parts: this year's by source
    """

    id: str
    project: Text
    department: str | None
    unit: str | None
    payee: str | None
    credit_code: str | None
    domain: str | None
    line: str | None
    instrument: Text | None
    head: str | None
    commitment: int | None
    outlay: tuple[int, ...]
    parts: tuple[Part, ...]
    count: int = 1

    @property
    def this_year(self) -> int:
        """本年安排."""
        return self.outlay[0]

    @property
    def later(self) -> int:
        """以后年度."""
        return sum(self.outlay[1:])


def entries(view: View) -> list[Entry]:
    """Fixed lines first, in their own order, then awards by domain and from the highest score down."""
    parts = view.sources
    lines = zip(view.plan.lines, line_rows(view.plan.tables), strict=True)
    found = [_line(view, award, row, parts) for award, row in lines]
    return found + [_award(view, view.awarded[c], parts) for c in view.in_order(list(view.awarded))]


def by_payee(found: Sequence[Entry]) -> list[tuple[str | None, list[Entry]]]:
    """Entries by who is paid, from the most paid this year down; last, as None, those for which nobody can be yet."""
    units: dict[str, list[Entry]] = {}
    rest: list[Entry] = []
    for e in found:
        if e.payee is None or e.line == RESERVE:
            rest.append(e)
        else:
            units.setdefault(e.payee, []).append(e)
    ordered = sorted(units.items(), key=lambda u: -sum(e.this_year for e in u[1]))
    return [*ordered, *([(None, rest)] if rest else [])]


def gathered(found: Sequence[Entry]) -> list[Entry]:
    """The same with each domain's and department's entitlements as one entry: hundreds of equal rows tell nothing."""
    groups: dict[tuple[str | None, ...], list[Entry]] = {}
    kept: list[Entry | tuple[str | None, ...]] = []
    for e in found:
        if e.line != ENTITLEMENT:
            kept.append(e)
            continue
        key = (e.domain, e.department, e.head, None if e.instrument is None else e.instrument.zh)
        if key not in groups:
            groups[key] = []
            kept.append(key)
        groups[key].append(e)
    return [e if isinstance(e, Entry) else _sum(groups[e]) for e in kept]


def by_source(found: Iterable[Entry]) -> dict[str | None, int]:
    """This year's money of each source."""
    sums: dict[str | None, int] = {}
    for e in found:
        for p in e.parts:
            sums[p.source] = sums.get(p.source, 0) + p.amount
    return sums


def _sum(own: Sequence[Entry]) -> Entry:
    if len(own) == 1:
        return own[0]
    parts = tuple(Part(s, v) for s, v in by_source(own).items())
    return replace(
        own[0],
        id="",
        project=say("sheet.entry.entitlements", count=len(own)),
        unit=None,
        payee=None,
        credit_code=None,
        commitment=sum(e.commitment or 0 for e in own),
        outlay=tuple(sum(flow) for flow in zip(*(e.outlay for e in own), strict=True)),
        parts=parts,
        count=len(own),
    )


def _line(view: View, award: Award, row: Mapping[str, Any], parts: Mapping[str, Mapping[str, int]]) -> Entry:
    accounts = view.plan.loaded.scenario.accounts
    kind = kind_of(row.get("kind"), row.get("credit_code"))
    instrument = award.labels.get("instrument")
    return Entry(
        id=award.candidate,
        project=same(str(row.get("title") or award.candidate)),
        department=row.get("department"),
        unit=row.get("applicant"),
        payee=row.get("applicant"),
        credit_code=row.get("credit_code"),
        domain=row.get("domain"),
        line=str(row["line"]),
        instrument=None if instrument is None else support(view, instrument),
        head=accounts.head(award.labels, kind),
        commitment=None if sum(award.outlay) and not award.amount else award.amount,
        outlay=award.outlay,
        parts=_parts(award, parts),
    )


def _award(view: View, award: Award, parts: Mapping[str, Mapping[str, int]]) -> Entry:
    accounts, candidate = view.plan.loaded.scenario.accounts, award.candidate
    applicant = view.field(candidate, "applicant")
    payee = accounts.payee(award.labels, applicant)
    return Entry(
        id=candidate,
        project=same(str(view.field(candidate, "title"))),
        department=view.field(candidate, "department"),
        unit=applicant,
        payee=payee,
        credit_code=view.field(candidate, "credit_code") if payee == applicant else None,
        domain=view.field(candidate, "domain"),
        line=None,
        instrument=support(view, award.instrument),
        head=accounts.head(award.labels, view.field(candidate, "kind")),
        commitment=award.amount,
        outlay=award.outlay,
        parts=_parts(award, parts),
    )


def support(view: View, key: str) -> Text:
    """支持方式 and, where it says more, the form within it: 无偿资助（前补助）."""
    own = view.plan.loaded.scenario.instruments.get(key)
    way, form = getattr(own, "support", None), getattr(own, "form", None)
    if way is None or form is None or form == way:
        return view.plan.facts.title(key)
    return Text(f"{way.zh}（{form.zh}）", f"{way.en} ({form.en})")


def _parts(award: Award, parts: Mapping[str, Mapping[str, int]]) -> tuple[Part, ...]:
    """An award's money by source; what no source may pay is told apart."""
    own = parts.get(award.candidate, {})
    found = [Part(source, amount) for source, amount in own.items() if amount]
    left = award.outlay[0] - sum(p.amount for p in found)
    return (*found, Part(None, left)) if left else tuple(found)
