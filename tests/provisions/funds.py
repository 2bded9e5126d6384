"""Small funds for the provisions' tests."""

from __future__ import annotations

from typing import Any

EQUITY = {
    "minimum": "10万元",
    "stake_cap": "50%",
    "survival": "60%",
    "multiple": "180%",
    "exit_year": 2,
}


def shares(**of: str) -> dict[str, Any]:
    floors = {domain: {"floor": floor} for domain, floor in of.items()}
    return {"domains": {"rule": "domain_share", "of": "fund", "shares": floors}}


def two_sources(earmark: dict[str, list[str]], own: str = "30万元", above: str = "24万元") -> dict[str, Any]:
    return {
        "year": 2026,
        "minimum": "0元",
        "sources": {
            "科技创新类资金": {"amount": own},
            "省级以上科技资金": {"amount": above, "level": "省级以上", "uses": earmark},
        },
    }
