"""Faults that show only across cells: sums that do not add up, reviews of nobody, money that is too little."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from allocator.money import show
from allocator.problems import Place, Problems
from allocator.records import Records, Tables
from allocator.words import catalogue
from models import mode_checks, money_checks
from models.across import check_across
from models.assessment import check_assessments
from models.candidate import credit_code_ok
from models.fund import first_calls
from models.pool import scores
from models.review import Reviews
from models.rules.cash_ceiling import CashCeiling
from models.screening import check_screening
from models.supervision import check_supervision

WORDS = catalogue("models.words")


def check(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Note every such fault of the tables of one scenario."""
    _fund(scenario, tables, problems)
    money_checks.check(scenario, tables, problems)
    mode_checks.check(scenario, tables, problems)
    _horizon(scenario, tables, problems)
    check_supervision(tables, problems)
    _candidates(tables, problems)
    _requests(scenario.fund.ceiling, tables["candidates"], problems)
    check_across(scenario, tables, problems)
    check_screening(scenario, tables, problems)
    if "reviews" in tables:
        _reviews(scenario.reviews, tables, problems)
    elif (
        "reviews" not in problems.lost
        and len(tables["candidates"])
        and not any(s is not None for s in tables["candidates"]["score"])
    ):
        place = Place(file=tables["candidates"].locate(0, "id").file)
        problems.add(place, "review.no_table", words=WORDS)
    if scenario.reviews.others:
        check_assessments(scenario.reviews, tables, scores(scenario, tables), problems)


def _fund(scenario: Any, tables: Tables, problems: Problems) -> None:
    fund = scenario.fund
    place = Place(file="scenario", key="fund.sources")
    if fund.ceiling < fund.minimum and not fund.under_minimum:
        problems.add(
            place, "fund.minimum", words=WORDS, ceiling=show(fund.ceiling), minimum=show(fund.minimum)
        )
    if not any(isinstance(rule, CashCeiling) for rule in scenario.rules.values()):
        problems.add(Place(file="scenario", key="rules"), "fund.no_ceiling", words=WORDS)
    spoken = sum(first_calls(tables, fund).values())
    if spoken > fund.ceiling:
        problems.add(place, "fund.overspoken", words=WORDS, ceiling=show(fund.ceiling), spoken=show(spoken))


def _horizon(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Money of years that are not planned, which the table of options could not hold."""
    years = scenario.fund.horizon
    for key, instrument in scenario.instruments.items():
        needed = len(getattr(instrument, "milestones", ()))
        if needed > years:
            place = Place(file="scenario", key=f"instruments.{key}.milestones")
            problems.add(place, "fund.horizon", words=WORDS, needed=needed, years=years)
    for key in ("lines", "entitlements"):
        for needed, column in ((2, "year2"), (3, "year3")):
            if key not in tables or needed <= years:
                continue
            for i, amount in enumerate(tables[key][column]):
                if amount:
                    place = tables[key].locate(i, column)
                    problems.add(place, "fund.horizon", words=WORDS, needed=needed, years=years)


def _candidates(tables: Tables, problems: Problems) -> None:
    records = tables["candidates"]
    calls = set(tables["calls"]["id"]) if "calls" in tables else set()
    lines = {i for key in ("lines", "entitlements") if key in tables for i in tables[key]["id"]}
    owners: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for i in range(len(records)):
        row = records.row(i)
        parts = [row["request"], row["own"], row["other"]]
        if row["total"] is not None and None not in parts and sum(parts) != row["total"]:
            problems.add(
                records.locate(i, "total"),
                "candidate.sum",
                words=WORDS,
                total=show(row["total"]),
                parts=show(sum(parts)),
            )
        if row["call"] is not None and row["call"] not in calls and "calls" not in problems.lost:
            problems.add(records.locate(i, "call"), "candidate.call", words=WORDS, call=row["call"])
        if row["start"] is not None and row["end"] is not None and row["end"] < row["start"]:
            problems.add(
                records.locate(i, "end"), "candidate.years", words=WORDS, start=row["start"], end=row["end"]
            )
        code = row["credit_code"]
        if code is not None and not credit_code_ok(code):
            problems.add(records.locate(i, "credit_code"), "candidate.code", words=WORDS, code=code)
        elif code is not None and row["applicant"] is not None:
            owners[code][row["applicant"]] += 1
        if row["id"] in lines:
            problems.add(records.locate(i, "id"), "candidate.twice", words=WORDS, id=row["id"])
    for code, names in owners.items():
        if len(names) > 1:
            i = list(records["credit_code"]).index(code)
            problems.add(
                records.locate(i, "applicant"),
                "candidate.names",
                words=WORDS,
                level="notice",
                code=code,
                names="、".join(names),
            )


def _requests(ceiling: int, records: Records, problems: Problems) -> None:
    """Requests above the whole year's fund: 元 written into a column of 万元, all but surely."""
    for i, request in enumerate(records["request"]):
        if request is not None and request > ceiling:
            problems.add(
                records.locate(i, "request"),
                "candidate.above_fund",
                words=WORDS,
                level="notice",
                request=show(request),
                ceiling=show(ceiling),
            )


def _reviews(settings: Reviews, tables: Tables, problems: Problems) -> None:
    records, known = tables["reviews"], tables["candidates"].index
    names = list(settings.experts)
    experts: Counter[str] = Counter()
    first: dict[str, int] = {}
    rows = zip(records["candidate"], records["recused"], *(records[n] for n in names), strict=True)
    for i, (candidate, recused, *marks) in enumerate(rows):
        if candidate not in known:
            problems.add(records.locate(i, "candidate"), "review.unknown", words=WORDS, id=candidate)
            continue
        said = [n for n, s in zip(names, marks, strict=True) if s is not None]
        if recused and said:
            problems.add(records.locate(i, "recused"), "review.recused", words=WORDS, criterion=said[0])
        elif not recused and len(said) < len(names):
            missing = next(n for n in names if n not in said)
            problems.add(records.locate(i, missing), "review.missing", words=WORDS, criterion=missing)
        experts[candidate] += not recused
        first.setdefault(candidate, i)
    _panels(settings, records, experts, first, problems)
    candidates = tables["candidates"]
    for candidate, i in known.items():
        if candidate is not None and candidate not in first:
            place = candidates.locate(i, "id")
            problems.add(place, "review.none", words=WORDS, level="notice", id=candidate)


def _panels(
    settings: Reviews, records: Records, experts: Counter[str], first: dict[str, int], problems: Problems
) -> None:
    for candidate, count in experts.items():
        if not settings.experts_min <= count <= settings.experts_max:
            problems.add(
                records.locate(first[candidate], "candidate"),
                "review.panel",
                words=WORDS,
                level="notice",
                id=candidate,
                count=count,
                low=settings.experts_min,
                high=settings.experts_max,
            )
