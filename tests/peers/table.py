"""BENCHMARKS.md, and the two blocks of it that stand in README.md and README.zh-CN.md."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from allocator.words import Lang
from tests.peers.rows import Row
from tests.peers.solvers import SOLVERS
from tests.peers.sums import STAGES, by_pool, extra, proved, ratio, rest

Found = dict[str, Any]
Seen = Mapping[str, Found]

PACKAGES = ("allocator", "numpy", "scipy", "highspy", "pulp", "pyscipopt", "ortools", "distributed")
MARK = re.compile(r"(<!-- bench:(\w+) -->\n).*?(<!-- bench:end -->)", re.DOTALL)


def document(rows: Sequence[Row], seen: Seen, command: str, machine: str) -> str:
    """The whole of BENCHMARKS.md."""
    parts = [
        "# Benchmarks",
        f"Made by `{command}`, which writes this file: one machine, one run, one thread a solve, each measurement in a "
        "process of its own, the engine and its peers by turns.",
        f"{machine}. {versions()}.",
        "Every peer is given the same numbers, the same gap and limit, with presolve on; building its model is part of "
        "its time, importing it is not. A plan counts only if it holds in exact integers. A solve that ran into its "
        "limit counts as the limit, so ratios against it are from below. `gap` is what was proved.",
        "## Aims",
        marked("aims", aims(rows, seen, "en")),
        "## A whole run, stage by stage",
        "The terms and rules of the example, CSV in, the whole run folder out; seconds, and the process's peak memory.",
        marked("stages", stages(rows, seen, "en")),
    ]
    for row in rows:
        if row.key.startswith("pools-") or row.key == "strict":
            parts += [f"## {row.title.en}", pools(row, seen)]
        if row.key == "families":
            parts += [f"## {row.title.en}", families(row, seen)]
        if row.key == "handover":
            parts += [f"## {row.title.en}", handovers(row, seen)]
        if row.key == "frontier":
            parts += [f"## {row.title.en}", frontiers(row, seen)]
    failed = failures(rows, seen)
    if failed:
        parts += ["## What did not end", failed]
    return "\n\n".join(parts) + "\n"


def marked(name: str, text: str) -> str:
    """A block between marks, by which it is found again."""
    return f"<!-- bench:{name} -->\n{text}\n<!-- bench:end -->"


def blocks(text: str) -> dict[str, str]:
    """The marked blocks of a document."""
    return {found[2]: found[0][len(found[1]) : -len(found[3])].strip("\n") for found in MARK.finditer(text)}


def put(text: str, new: Mapping[str, str]) -> str:
    """A document with its marked blocks exchanged."""
    return MARK.sub(lambda m: f"{m[1]}{new[m[2]]}\n{m[3]}" if m[2] in new else m[0], text)


def versions() -> str:
    """What it ran on."""
    found = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A Markdown table, its first `left` columns set left, the others right."""
    rule = "|" + "---|" * left + "---:|" * (len(heads) - left)
    return "\n".join(["| " + " | ".join(heads) + " |", rule, *("| " + " | ".join(r) + " |" for r in rows)])


def aims(rows: Sequence[Row], seen: Seen, lang: Lang) -> str:
    """Each row with its aim and what it reached."""
    heads = ("case", "aim", "reached") if lang == "en" else ("情形", "目标", "实测")
    cells = [(r.title.to(lang), r.aim.to(lang), r.reached(r, seen).to(lang)) for r in rows]
    return grid(heads, cells, left=3)


def stages(rows: Sequence[Row], seen: Seen, lang: Lang) -> str:
    """The stages of whole runs, a size a line."""
    heads = {
        "en": ["candidates", "options", "rows", "import", *STAGES, "all but solving", "peak MB", "status"],
        "zh": [
            "候选",
            "选项",
            "行",
            "导入",
            "读取",
            "检查",
            "编译",
            "求解",
            "核验",
            "报告",
            "求解之外",
            "内存 MB",
            "状态",
        ],
    }[lang] + ["gap", "certified" if lang == "en" else "仅凭乘子"]
    row = next(r for r in rows if r.key == "stages")
    lines = []
    for key, case in row.cases.items():
        found = seen.get(key, {})
        if "load" not in found:
            continue
        seconds = [found["import"], *(found[s] for s in STAGES), rest(found)]
        lines.append(
            [
                f"{case['size']:,}" + (" (Parquet)" if case["form"] == "parquet" else ""),
                f"{found['options']:,}",
                f"{found['rows']:,}",
                *(f"{s:.2f}" for s in seconds),
                f"{found['peak']:.0f}",
                found["status"],
                _gap(found["gap"]),
                _gap(found["certified"]),
            ]
        )
    return grid(heads, lines, left=0)


def pools(row: Row, seen: Seen) -> str:
    """Seconds and proven gap, a pool a line, a solver a column, and the ratio to the fastest peer."""
    first = next(iter(row.cases.values()))
    gap, limit = first["gap"], first["limit"]
    lines = []
    memory: dict[str, list[float]] = {name: [] for name in SOLVERS}
    for name, own in by_pool(row, seen).items():
        cells = []
        for solver in SOLVERS:
            if solver in own:
                memory[solver].append(own[solver]["peak"])
            cells.append(_solve(own.get(solver), gap))
        times = ratio(own, gap, limit)
        lines.append([name, *cells, "—" if times is None else f"{times:.1f}"])
    peaks = [f"{max(m):.0f} MB" if m else "" for m in memory.values()]
    text = grid(["pool", *SOLVERS, "ratio"], [*lines, ["peak memory", *peaks, ""]])
    return f"Seconds; in brackets the gap where {gap:g} was not proved in {limit:g} s.\n\n{text}"


def _solve(found: Found | None, gap: float) -> str:
    if found is None:
        return ""
    if proved(found, gap):
        return f"{found['seconds']:.2f}"
    if not found["sound"]:
        return "no plan" if found.get("value") is None else "plan breaks a row"
    return f"({_gap(found['gap'])})"


def families(row: Row, seen: Seen) -> str:
    """How far each solver's plan is from the best that is published, a problem a line."""
    names = [s for s in SOLVERS if any(key.endswith(f"/{s}") for key in row.cases)]
    problems = dict.fromkeys(key.rsplit("/", 1)[0].split("/", 1)[1] for key in row.cases)
    lines = []
    for problem in problems:
        found = [seen.get(f"{row.key}/{problem}/{s}", {}) for s in names]
        lines.append([problem, *("" if "to_best" not in f else f"{f['to_best']:.1e}" for f in found)])
    return grid(["problem", *names], lines)


def handovers(row: Row, seen: Seen) -> str:
    """CPU seconds by HiGHS at once and by `auto`, a problem a line."""
    lines = []
    for key, case in row.cases.items():
        found = seen.get(key, {})
        if "auto" not in found:
            continue
        share, beyond = extra(found), f"{1000 * found['beside']:.0f} ms"
        cells = (
            f"{case['gap']:g}",
            f"{found['direct']:.2f}",
            f"{found['auto']:.2f}",
            f"{share:+.0%}",
            beyond,
        )
        lines.append([key.split("/", 1)[1], *cells, str(found["open"])])
    heads = ["problem", "gap", "HiGHS at once", "auto", "extra", "beside, beyond 5 %", "gap not reached"]
    return (
        "The same gap and seeds both ways, by turns. Better plans change the way that HiGHS goes, for better or worse; "
        f"what the search beside it takes is counted on its own, in wall-clock time.\n\n{grid(heads, lines)}"
    )


def frontiers(row: Row, seen: Seen) -> str:
    """Seconds and points, a problem a line, a way a column."""
    found = by_pool(row, seen)
    ways = list(dict.fromkeys(key.rsplit("/", 1)[1] for key in row.cases))
    limit = next(iter(row.cases.values()))["limit"]
    lines = []
    for name, own in found.items():
        points = next(iter(own.values()))["published"]
        lines.append([name, str(points), *(_frontier(own.get(way)) for way in ways)])
    return (
        f"Seconds to the whole set that is published; — where it was not there after {limit:g} s. pyaugmecon solves by "
        "HiGHS on one process, with a grid point for each value of the others and the published set's nadir."
        f"\n\n{grid(['problem', 'points', *ways], lines)}"
    )


def _frontier(found: Found | None) -> str:
    if found is None:
        return ""
    if found["same"]:
        return f"{found['seconds']:.2f}"
    return "—" if found["count"] is None else f"({found['count']} points)"


def failures(rows: Sequence[Row], seen: Seen) -> str:
    """The cases that did not end, and why."""
    found = [(k, seen[k]["failed"]) for r in rows for k in r.cases if "failed" in seen.get(k, {})]
    return grid(["case", "why"], found, left=2) if found else ""


def _gap(value: object) -> str:
    return "—" if value is None else f"{float(str(value)):.1e}"
