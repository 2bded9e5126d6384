"""The tables of `docs/small-year.md` as its reader sees them, and the year that they describe."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.tiny import candidate, line

PAGE = Path(__file__).resolve().parents[2] / "docs" / "small-year.md"
WAN = 10_000


SECTIONS: dict[str, Any] = {
    "domains": {"甲": {}, "乙": {}},
    "reviews": {"criteria": {"评分": {"weight": "100%"}}, "pass_mark": 60},
    "instruments": {
        "grant": {
            "natures": ["共性技术"],
            "levels": ["100%", "70%"],
            "milestones": ["60%", "40%"],
            "own_match": "100%",
        },
        "research_funding": {"natures": ["基础研究"], "years": 3},
        "equity": {
            "natures": ["产业化"],
            "minimum": "10万元",
            "stake_cap": "30%",
            "survival": "60%",
            "multiple": "180%",
            "exit_year": 5,
            "equivalent": "75%",
        },
        "interest_subsidy": {"natures": ["技术改造"], "rate": "40%", "lpr": "3%", "equivalent": "400%"},
        "award_subsidy": {"natures": ["成果转化"], "rate": "10%"},
        "risk_compensation": {
            "natures": ["孵化载体"],
            "round_to": "100元",
            "balance": "8万元",
            "in_force": "400万元",
            "default_rate": "3%",
            "share": "35%",
        },
    },
    "rules": {
        "ceiling": {"rule": "cash_ceiling", "later": "50%"},
        "uses": {"rule": "source_use"},
        "held": {"rule": "reserve"},
    },
}


def yuan(text: str) -> int:
    """A figure of the page, in whole yuan; an empty cell is nothing."""
    amount = Decimal(text or "0") * WAN
    assert amount == int(amount), text
    return int(amount)


def table(name: str) -> list[dict[str, str]]:
    """The rows of the table that the page calls by that name."""
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    assert any(said == f"表：{name}" for said in lines), name
    rows = [[c.strip() for c in said.strip("|").split("|")] for said in _table_lines(lines)]
    heads, _, *body = rows
    return [dict(zip(heads, row, strict=True)) for row in body]


def _table_lines(lines: Iterator[str]) -> Iterator[str]:
    begun = False
    for said in lines:
        if said.startswith("|"):
            begun = True
            yield said
        elif begun:
            return


def fund() -> dict[str, Any]:
    """The sources of the page as a scenario has them."""
    sources = {}
    for row in table("资金来源"):
        use = row["用途"]
        own: dict[str, Any] = {"amount": f"{row['金额']}万元", "level": row["级次"]}
        if use:
            own["uses"] = {"line" if use == "人才资金" else "domain": [use]}
        sources[row["来源"]] = own
    return {
        "year": 2026,
        "horizon": 6,
        "under_minimum": "手算示例",
        "sources": sources,
        "later_ceilings": {2027: "150万元", 2028: "150万元"},
    }


def pool() -> list[dict[str, Any]]:
    """The candidates of the page."""
    found = []
    for row in table("申报项目"):
        more = {
            "valuation": row["估值"],
            "loan": row["贷款"],
            "interest": row["利息"],
            "spend": row["核定投入"],
            "proof": "审计报告" if row["核定投入"] else "",
            "enrolled": row["备案贷款"],
            "own": row["自筹"],
            "batch": row["批次"],
            "kind": row["单位性质"],
            "nature": row["项目性质"],
        }
        own = {k: v or None for k, v in more.items()}
        found.append(candidate(row["编号"], int(row["申请"]), float(row["得分"]), row["领域"], **own))
    return found


def lines() -> list[dict[str, Any]]:
    """The fixed lines of the page."""
    return [
        line(
            row["编号"],
            row["类别"],
            int(row["本年"]),
            int(row["下一年度"] or 0),
            domain=row["领域"] or None,
            source=row["来源"] or None,
        )
        for row in table("先行安排")
    ]
