"""A whole year on disk in a few lines: scenario, tables as CSV, and a run of it. Money in 万元, scores in points."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from allocator.finished import Finished, reopen
from allocator.pipeline import Wishes, run

GRANT = {
    "levels": ["100%", "50%"],
    "round_to": "1万元",
    "minimum": "1万元",
    "milestones": ["60%", "40%"],
}

HEADS = {
    "id": "项目编号",
    "title": "项目名称",
    "department": "推荐单位",
    "applicant": "申报单位",
    "credit_code": "统一社会信用代码",
    "kind": "单位性质",
    "county": "所属区县",
    "domain": "技术领域",
    "nature": "项目性质",
    "call": "榜单编号",
    "request": "申请财政资金（万元）",
    "own": "自筹资金（万元）",
    "other": "其他资金（万元）",
    "valuation": "投前估值（万元）",
    "loan": "贷款金额（万元）",
    "interest": "实付利息（万元）",
    "score": "专家评分",
    "batch": "批次",
    "mode": "遴选方式",
    "mode_basis": "遴选依据",
    "direction": "股权试点方向",
    "spend": "核定投入（万元）",
    "proof": "核定依据",
    "enrolled": "备案贷款（万元）",
}
LINES = {
    "id": "编号",
    "line": "类别",
    "title": "事项名称",
    "applicant": "承担单位",
    "department": "主管部门",
    "county": "所属区县",
    "domain": "技术领域",
    "year1": "本年安排（万元）",
    "year2": "下一年度（万元）",
    "source": "资金来源",
    "basis": "依据",
    "state": "执行状态",
    "transfer": "调剂批复文号",
    "recovered": "追回金额（万元）",
}


def candidate(id: str, request: int, score: float, domain: str = "甲", **more: Any) -> dict[str, Any]:
    """A candidate's row; a firm's own project unless `more` says otherwise."""
    row = {
        "title": f"项目{id}",
        "applicant": f"单位{id}",
        "kind": "企业",
        "nature": "共性技术",
        "own": request,
    }
    return {**row, "id": id, "request": request, "score": score, "domain": domain, **more}


def line(id: str, kind: str, year1: int, year2: int = 0, **more: Any) -> dict[str, Any]:
    """A fixed line's row."""
    return {"id": id, "line": kind, "title": f"事项{id}", "year1": year1, "year2": year2, **more}


def write(
    folder: Path,
    candidates: Iterable[Mapping[str, Any]],
    lines: Iterable[Mapping[str, Any]] = (),
    *,
    amount: int = 100,
    rules: Mapping[str, Any] | None = None,
    more: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    **sections: Any,
) -> Path:
    """Write a year and return its scenario's file; `sections` take the place of the scenario's own.

    `more` are further tables by key, each row by its headings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {"candidates": {"file": "candidates.csv"}, "lines": {"file": "lines.csv"}}
    for key, rows in (more or {}).items():
        data[key] = {"file": f"{key}.csv"}
        given = list(rows)
        _csv(folder / f"{key}.csv", {h: h for h in given[0]}, given)
    _csv(folder / "candidates.csv", HEADS, candidates)
    _csv(folder / "lines.csv", LINES, lines)
    scenario = {
        "policy": "science-fund",
        "title": "小年度",
        "data": data,
        "fund": {
            "year": 2026,
            "horizon": 3,
            "minimum": "0元",
            "sources": {"全部": {"amount": f"{amount}万元"}},
            "later_ceilings": {2027: f"{amount}万元"},
        },
        "domains": {"甲": {}, "乙": {}},
        "reviews": {"criteria": {"评分": {"weight": "100%"}}, "pass_mark": 60},
        "instruments": {"grant": GRANT},
        "merit": {},
        "objective": {"merit": {}},
        "rules": {"ceiling": {"rule": "cash_ceiling", "later": "100%"}, **(rules or {})},
        **sections,
    }
    path = folder / "year.yaml"
    path.write_text(json.dumps(scenario, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def ran(folder: Path, *args: Any, **more: Any) -> Finished:
    """Write a year, run it to its proven optimum, and open it again from its folder alone."""
    scenario = write(folder / "in", *args, **more)
    run(scenario, out=folder / "run", wishes=Wishes(gap=0))
    return reopen(folder / "run")


def awarded(run: Finished) -> dict[str, tuple[str, int]]:
    """Who gets what: candidate -> instrument and 万元."""
    return {a.candidate: (a.instrument, a.amount // 10_000) for a in run.awards if not a.fixed}


def _csv(path: Path, heads: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(heads.values())
        for row in rows:
            assert not set(row) - set(heads), set(row) - set(heads)
            out.writerow("" if row.get(key) is None else row[key] for key in heads)
