"""A scenario on disk that fits on a page: six candidates of 100万元 each over 300万元, one way of support."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SCORES = {"A": 95, "B": 90, "C": 85, "D": 80, "E": 75, "F": 75}
DOMAINS = (
    "重点研发专项",
    "重点研发专项",
    "重点研发专项",
    "创新主体培育和壮大",
    "重点研发专项",
    "重点研发专项",
)
HEADINGS = "项目编号,项目名称,申报单位,单位性质,技术领域,项目性质,申请资金（万元）,"
HEADINGS += "自筹资金（万元）,总投资（万元）,专家评分"
HEAD = """\
policy: science-fund
title: 小例
data: {workbook: pool.csv}
fund:
  year: 2026
  horizon: 2
  minimum: 0元
  sources: {all: {amount: 300万元}}
  later_ceilings: {2027: 300万元}
domains: {重点研发专项: {}, 创新主体培育和壮大: {}}
reviews: {criteria: {合理性: {weight: 100%}}, pass_mark: 60}
instruments:
  grant: {levels: [100%], milestones: [100%], own_match: 0%}
objective: {merit: {}}
rules:
  ceiling: {rule: cash_ceiling}
"""


def scenario(folder: Path, scores: dict[str, int] | None = None, domains: Sequence[str] = DOMAINS) -> Path:
    """The scenario's file, with its pool beside it."""
    rows = [HEADINGS]
    for (name, score), domain in zip((scores or SCORES).items(), domains, strict=True):
        rows.append(f"{name},项目{name},单位{name},企业,{domain},共性技术,100,100,200,{score}")
    (folder / "pool.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(HEAD, encoding="utf-8")
    return path
