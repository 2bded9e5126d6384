"""The rows of the table: what each measures, by which cases, and what it aims at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from allocator.words import Text
from tests.peers import sums
from tests.peers.families import HANDED, LIST
from tests.peers.frontiers import LIST as FRONTIERS
from tests.peers.frontiers import WAYS as FRONTIER_WAYS
from tests.peers.pools import TEN
from tests.peers.solvers import PEERS, SOLVERS

Case = dict[str, Any]
Found = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A row: `cases` by their keys, in the order in which they are measured, and what they come to.

    reached  from what was found, by key, to the cell of the table; a case that was not run is absent
    """

    key: str
    title: Text
    aim: Text
    cases: Mapping[str, Case]
    reached: Callable[[Row, Mapping[str, Found]], Text]


SIZES = ((500, "csv"), (5_000, "csv"), (50_000, "csv"), (100_000, "csv"), (100_000, "parquet"))
SMALL = ((500, "csv"), (500, "parquet"))


def rows(quick: bool = False) -> tuple[Row, ...]:
    """Every row; `quick`: fewer and shorter cases, to see that all works."""
    return (
        _stages(SMALL if quick else SIZES, 30.0 if quick else 90.0),
        _pools(500, 8.0, TEN[:2] if quick else TEN, 3, 5),
        _pools(5_000, 15.0, TEN[:1] if quick else TEN, 5, 10),
        _large(10_000 if quick else 100_000, 20.0 if quick else 60.0),
        _million(50_000 if quick else 1_000_000, 120.0),
        _calls(10_000 if quick else 100_000, 120.0),
        _changes(10 if quick else 200),
        _ratios(5 if quick else 41),
        _draws(8 if quick else 1_000, 4 if quick else 12),
        _strict(("slack",) if quick else ("slack", "generous", "capped"), 5.0 if quick else 40.0),
        _families(1 if quick else 3, 2.0 if quick else 10.0),
        _handover(1 if quick else len(HANDED), 1 if quick else 2),
        _frontier(("2kp50",) if quick else tuple(FRONTIERS), 60.0),
    )


def _case(kind: str, size: int, solver: str, **more: Any) -> Case:
    base = {"kind": kind, "size": size, "seed": 0, "shape": "plain", "solver": solver, "gap": 1e-4}
    return {**base, **more}


def _stages(sizes: tuple[tuple[int, str], ...], limit: float) -> Row:
    cases = {
        f"stages/{size}/{form}": {
            "kind": "stages",
            "size": size,
            "form": form,
            "limit": limit,
            "guard": 400.0,
        }
        for size, form in sizes
    }
    said = " / ".join(f"{size:,}" + (" (Parquet)" if form == "parquet" else "") for size, form in sizes)
    return Row(
        "stages",
        Text(f"全流程，除求解外：{said} 个候选", f"a whole run but its solve: {said} candidates"),
        Text("500 个 1 秒内，线性增长", "under 1 s at 500, then linear"),
        cases,
        sums.stages,
    )


def _pools(size: int, limit: float, shapes: tuple[str, ...], aim: int, stretch: int) -> Row:
    """Each pool by the engine and by every peer, one after the other; at 5,000 SCIP and CP-SAT on the first three."""
    cases = {}
    for seed, shape in enumerate(shapes):
        for solver in SOLVERS:
            if size > 500 and solver in ("SCIP", "CP-SAT") and seed >= 3:
                continue
            cases[f"pools-{size}/{shape}/{solver}"] = _case(
                "solve", size, solver, seed=seed, shape=shape, limit=limit, guard=3 * limit + 60
            )
    return Row(
        f"pools-{size}",
        Text(
            f"{size:,} 个候选，gap 1e-4，含建模，{len(shapes)} 个池",
            f"{size:,} candidates, gap 1e-4, building included, {len(shapes)} pools",
        ),
        Text(
            f"比最快的同类快 {aim} 倍（争取 {stretch} 倍）",
            f"{aim} times the fastest peer; stretch {stretch}",
        ),
        cases,
        sums.pools,
    )


def _large(size: int, limit: float) -> Row:
    cases = {
        "large/allocator": _case("solve", size, "allocator", limit=limit, guard=limit * 3 + 60),
        "large/product": {"kind": "product", "size": size, "guard": 120.0},
        "large/HiGHS": _case("solve", size, "HiGHS", limit=limit, guard=limit * 3 + 60),
    }
    return Row(
        "large",
        Text(f"{size:,} 个候选", f"{size:,} candidates"),
        Text("单核 10 秒内证明 1e-4", "proven 1e-4 in under 10 s of one core's work"),
        cases,
        sums.large,
    )


def _million(size: int, limit: float) -> Row:
    cases = {"million/allocator": _case("solve", size, "allocator", limit=limit, guard=limit * 2 + 120)}
    return Row(
        "million",
        Text(f"{size:,} 个候选", f"{size:,} candidates"),
        Text("90 秒、8 GB 内证明 1e-4", "proven 1e-4 within 90 s and 8 GB"),
        cases,
        sums.million,
    )


def _calls(size: int, limit: float) -> Row:
    common = {"gap": 1e-3, "limit": limit, "guard": limit * 2 + 60}
    cases = {
        "calls/plain": _case("solve", size, "allocator", **common),
        "calls/allocator": _case("solve", size, "allocator", shape="calls", **common),
    }
    applicants, calls = int(size * 0.6), size // 20
    return Row(
        "calls",
        Text(
            f"{size:,} 个候选，{applicants:,} 个单位上限，{calls:,} 个榜单",
            f"{size:,} with {applicants:,} applicants' caps and {calls:,} calls of 3 teams",
        ),
        Text("1e-3，用时不超过无此约束时的 3 倍", "proven 1e-3 within 3 times the plain case"),
        cases,
        sums.calls,
    )


def _changes(count: int) -> Row:
    case = _case("changes", 500, "allocator", count=count, limit=3.0, enough=30.0, guard=count * 3.5 + 60)
    return Row(
        "changes",
        Text(
            f"500 个候选，热会话中改一项，{count} 次的第 95 百分位",
            f"one changed pin or ratio at 500, hot, 95th percentile of {count}",
        ),
        Text("0.3 秒内首个方案，1 秒内 1e-4", "first verified plan within 0.3 s, 1e-4 within 1 s"),
        {"changes/allocator": case},
        sums.changes,
    )


def _ratios(count: int) -> Row:
    cases = {
        f"ratios/{solver}": _case("ratios", 500, solver, count=count, limit=10.0, guard=count * 13.0 + 60)
        for solver in ("allocator", "PuLP with HiGHS")
    }
    return Row(
        "ratios",
        Text(f"500 个候选，{count} 个试点比例", f"{count} pilot ratios at 500"),
        Text("比 PuLP＋HiGHS 逐个冷启动快 10 倍", "10 times faster than cold solves by PuLP with HiGHS"),
        cases,
        sums.against_cold,
    )


def _draws(count: int, cold: int) -> Row:
    common = {"limit": 10.0}
    cases = {
        "draws/allocator": _case(
            "draws", 500, "allocator", count=count, on="processes:2", enough=150.0, guard=260.0, **common
        ),
        "draws/PuLP with HiGHS": _case(
            "draws", 500, "PuLP with HiGHS", count=cold, guard=cold * 13.0 + 60, **common
        ),
    }
    return Row(
        "draws",
        Text(
            f"500 个候选，专家评分抽样 {count:,} 次，两个进程",
            f"{count:,} draws of the experts' scores at 500, two processes",
        ),
        Text("比逐个冷启动快 10 倍", "10 times faster than cold"),
        cases,
        sums.against_cold,
    )


def _strict(shapes: tuple[str, ...], limit: float) -> Row:
    cases = {
        f"strict/{shape}/{solver}": _case(
            "solve",
            500,
            solver,
            seed=TEN.index(shape),
            shape=shape,
            gap=0.0,
            limit=limit,
            guard=3 * limit + 60,
        )
        for shape in shapes
        for solver in SOLVERS
    }
    return Row(
        "strict",
        Text(
            f"500 个候选，证明最优（gap 0），{len(shapes)} 个池",
            f"proven optimum (gap 0) at 500, {len(shapes)} pools",
        ),
        Text("不慢于最快的同类", "no slower than the fastest peer"),
        cases,
        sums.pools,
    )


def _families(count: int, limit: float) -> Row:
    cases = {
        f"families/{family}/{name}/{solver}": {
            "kind": "published",
            "family": family,
            "name": name,
            "solver": solver,
            "limit": limit,
            "guard": 3 * limit + 60,
        }
        for family, names in LIST.items()
        for name in names[:count]
        for solver in ("allocator", "HiGHS", "SCIP", "CP-SAT")
    }
    return Row(
        "families",
        Text(
            f"公开算例，每题 {limit:.0f} 秒，与已知最好值的平均差距",
            f"published families at {limit:.0f} s, mean gap to the published best",
        ),
        Text("不差于 HiGHS、SCIP、CP-SAT 中最好的", "no worse than the best of HiGHS, SCIP, CP-SAT"),
        cases,
        sums.families,
    )


def _handover(count: int, turns: int) -> Row:
    cases = {
        f"handover/{family}/{name}": {
            "kind": "handover",
            "family": family,
            "name": name,
            "size": 400,
            "seed": 0,
            "gap": gap,
            "turns": turns,
            "limit": 60.0,
            "guard": turns * 150.0,
        }
        for family, name, gap in HANDED[:count]
    }
    return Row(
        "handover",
        Text(
            f"交给 HiGHS 求解的 {count} 个难题（同 gap、同种子，CPU 秒）",
            f"{count} hard problems handed to HiGHS (same gap and seeds, CPU seconds)",
        ),
        Text("比直接调用至多多用 5 % 加 50 毫秒", "at most 5 % + 50 ms beyond calling it directly"),
        cases,
        sums.handover,
    )


def _frontier(names: tuple[str, ...], limit: float) -> Row:
    cases = {
        f"frontier/{name}/{way}": {
            "kind": "frontier",
            "name": name,
            "way": way,
            "limit": limit,
            "guard": limit + 240,
        }
        for name in names
        for way in FRONTIER_WAYS
    }
    return Row(
        "frontier",
        Text(f"完整前沿：{'、'.join(names)}", f"complete frontiers: {', '.join(names)}"),
        Text(
            "点数与已发表的相同，快于 pyaugmecon 与 HiGHS ε-约束循环",
            "as many points as published, faster than pyaugmecon and an ε-constraint loop over HiGHS",
        ),
        cases,
        sums.frontiers,
    )


__all__ = ["PEERS", "Case", "Found", "Row", "rows"]
