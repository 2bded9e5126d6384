"""A small fund in one line: records and settings made by hand, for tests that read as facts of the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from allocator.compile import Compiled, build
from allocator.contract import Rule
from allocator.problems import Place
from allocator.records import Records, Sheet, Tables
from models.accounts import Accounts
from models.batch import Batch
from models.calendar import Payments
from models.call import CALLS
from models.candidate import CANDIDATES
from models.fund import Domains, Fund
from models.instruments.award_subsidy import AwardSubsidy
from models.instruments.equity import Equity
from models.instruments.grant import Grant
from models.instruments.interest_subsidy import InterestSubsidy
from models.instruments.research_funding import ResearchFunding
from models.instruments.risk_compensation import RiskCompensation
from models.line import ENTITLEMENTS, LINES
from models.merit import Merit
from models.performance import Performance
from models.policy import ScienceFund
from models.review import Criterion, Reviews, review_sheet
from models.stress import Stresses

WAN = 10_000


def records(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> Records:
    """Rows by key as a table; a key that a row leaves out is absent."""
    rows = list(rows)
    columns = {f.key: [row.get(f.key) for row in rows] for f in sheet.fields}
    unknown = {k for row in rows for k in row} - set(columns)
    assert not unknown, f"no such columns: {unknown}"
    return Records(sheet, columns, lambda i, key: Place("sample", sheet=sheet.key, cell=f"{key}{i}"))


def candidate(id: str, request: int, score: int = 80, **more: Any) -> dict[str, Any]:
    """A candidate; money in 万元, score in points."""
    row = {
        "title": f"project {id}",
        "applicant": f"applicant {id}",
        "kind": "企业",
        "domain": "重点研发专项",
        "nature": "共性技术",
        "own": request,
        "other": 0,
        **more,
        "id": id,
        "request": request,
        "score": score * 100,
    }
    money = ("total", "request", "own", "other", "valuation", "loan", "interest", "spend", "enrolled")
    return {k: round(v * WAN) if k in money and v is not None else v for k, v in row.items()}


def line(id: str, what: str, year1: int, year2: int = 0, **more: Any) -> dict[str, Any]:
    """A fixed line; money in 万元."""
    row = {"id": id, "title": f"line {id}", "line": what, "year1": year1, "year2": year2, "year3": 0, **more}
    return {k: v * WAN if k.startswith("year") else v for k, v in row.items()}


POOL: Sequence[Mapping[str, Any]] = (
    candidate(
        "A",
        100,
        90,
        domain="重大科技创新专项",
        sub_area="卡脖子与关键共性技术",
        nature="基础研究",
        kind="高校",
        applicant="甲",
        county="东港区",
        investigator="赵",
    ),
    candidate(
        "B",
        200,
        85,
        nature="产业化",
        valuation=1000,
        direction="产业链关键环节提升",
        applicant="乙",
        department="市科技局",
        industry="钢铁",
        investigator="钱",
    ),
    candidate(
        "C",
        150,
        80,
        nature="产业化",
        valuation=800,
        applicant="乙",
        loan=500,
        interest=20,
        department="市科技局",
        industry="钢铁",
        investigator="钱",
    ),
    candidate(
        "D",
        80,
        75,
        nature="技术改造",
        loan=400,
        interest=13,
        applicant="丙",
        domain="创新主体培育和壮大",
        county="东港区",
    ),
    candidate("E", 60, 78, call="BD1", applicant="丁"),
    candidate("F", 70, 82, call="BD1", applicant="戊"),
    candidate("G", 40, 50, applicant="己"),
)
"""Seven candidates: a basic-research one, two of one firm that could take equity, one with a loan, a call's two teams,
and one below the pass mark."""

LINES_OF_POOL = (
    line("W1", "稳定支持", 30, domain="重点研发专项", applicant="乙", kind="企业"),
    line("W2", "以前年度续拨", 20, 10, domain="重大科技创新专项"),
)


FURTHER: Sequence[Mapping[str, Any]] = (
    candidate("H", 60, 88, kind="医疗机构", nature="基础研究", start=2026, end=2028),
    candidate("I", 45, 76, nature="技术改造", spend=400, proof="专审〔2026〕1号"),
    candidate("J", 90, 81, kind="银行", nature="科技金融", enrolled=8000),
)
"""What the pool above has none of: research paid by the year, spend that is proven, a bank's book."""


def every_instrument() -> dict[str, Any]:
    """An instrument of each kind."""
    return {
        **scenario().instruments,
        "award_subsidy": AwardSubsidy(levels=(10_000, 6000)),
        "research_funding": ResearchFunding(levels=(10_000, 7000)),
        "risk_compensation": RiskCompensation(balance=330 * WAN, in_force=30_000 * WAN, recovery=2000),
    }


def tables(
    candidates: Iterable[Mapping[str, Any]] = POOL,
    lines: Iterable[Mapping[str, Any]] = LINES_OF_POOL,
    calls: Iterable[Mapping[str, Any]] = ({"id": "BD1", "title": "榜一", "mode": "揭榜", "winners": 1},),
    entitlements: Iterable[Mapping[str, Any]] = (),
) -> Tables:
    """The tables of a small fund."""
    return {
        "candidates": records(CANDIDATES, candidates),
        "lines": records(LINES, lines),
        "entitlements": records(ENTITLEMENTS, entitlements),
        "calls": records(CALLS, calls),
    }


def scenario(rules: Mapping[str, Rule] | None = None, ceiling: int = 500, **sections: Any) -> Any:
    """A scenario over a small fund; the ceiling in 万元."""
    settings: dict[str, Any] = {
        "fund": Fund.model_validate(
            {
                "year": 2026,
                "horizon": 6,
                "minimum": 0,
                "sources": {
                    "省级": {"amount": ceiling * WAN * 2 // 5, "uses": {"domain": ["重大科技创新专项"]}},
                    "市级": {"amount": ceiling * WAN - ceiling * WAN * 2 // 5},
                },
                "later_ceilings": {2027: ceiling * WAN},
            }
        ),
        "domains": Domains.model_validate(
            {d: {} for d in ("重大科技创新专项", "重点研发专项", "创新主体培育和壮大")}
        ),
        "batch": Batch(),
        "reviews": Reviews(criteria={"合理性": Criterion(weight=10_000)}),
        "merit": Merit.model_validate(
            {
                "suitability": {
                    "基础研究": {"instruments": {"equity": 0}},
                    "产业化": {"instruments": {"grant": 6000}},
                }
            }
        ),
        "instruments": {
            "grant": Grant(levels=(10_000, 7000), milestones=(6000, 4000), lump_sum_up_to=60 * WAN),
            "equity": Equity(levels=(10_000, 5000), minimum=50 * WAN, equivalent=6000),
            "interest_subsidy": InterestSubsidy(equivalent=40_000, cap=50 * WAN),
        },
        "accounts": Accounts(),
        "performance": Performance(),
        "payments": Payments(),
        "stresses": Stresses(),
        "rules": dict(rules or {}),
        **sections,
    }
    return SimpleNamespace(**settings)


OWN: Mapping[str, Mapping[str, Any]] = {
    "race": {"calls": ({"id": "BD1", "title": "榜一", "mode": "赛马", "winners": 2},)},
    "commission": {
        "candidates": tuple(
            {**c, "mode": "定向委托", "mode_basis": "会议纪要"} if c["id"] == "D" else c for c in POOL
        )
    },
}
"""What the example of a rule needs of the fund beyond the sample's own."""


def reviews_of(reviews: Reviews, rows: Iterable[Mapping[str, Any]]) -> Records:
    """A review table; scores in points."""
    names = set(reviews.criteria)
    return records(
        review_sheet(reviews),
        ({k: round(v * 100) if k in names and v is not None else v for k, v in row.items()} for row in rows),
    )


def compiled(rules: Mapping[str, Rule] | None = None, ceiling: int = 500, **more: Any) -> Compiled:
    """A small fund's options and program under these rules; `more` goes to `tables` and `scenario`."""
    parts = {k: more.pop(k) for k in ("candidates", "lines", "calls", "entitlements") if k in more}
    own, settings = tables(**parts), scenario(rules, ceiling, **more)
    policy = ScienceFund()
    facts = policy.facts(settings, own)
    options = policy.options(settings, own, facts)
    worth = np.where(options.fixed, 0, options.merit)
    return Compiled(facts, options, settings.rules, build(options, settings.rules, facts, worth))
