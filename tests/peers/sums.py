"""What the cases of a row come to: one cell, in both languages; a row that is missed says by how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from allocator.words import Text, same

if TYPE_CHECKING:
    from tests.peers.rows import Row

Found = dict[str, Any]
Seen = Mapping[str, Found]

NONE = Text("未测", "not run")


def proved(found: Found, gap: float) -> bool:
    """Whether a solve kept the gap, by a plan that holds exactly. A proven 0 is one within a solver's own 1e-6."""
    seen = found.get("gap")
    return seen is not None and bool(found["sound"]) and seen <= max(gap, 1e-6)


def by_pool(row: Row, seen: Seen) -> dict[str, dict[str, Found]]:
    """What was found, by pool and then by solver."""
    found: dict[str, dict[str, Found]] = defaultdict(dict)
    for key in row.cases:
        if key in seen and "failed" not in seen[key]:
            _, pool, solver = key.split("/", 2)
            found[pool][solver] = seen[key]
    return dict(found)


def ratio(pool: Mapping[str, Found], gap: float, limit: float) -> float | None:
    """The fastest peer's seconds over the engine's; None where nobody proved the gap.

    Who ran into the limit counts as having taken that: a ratio is from below where no peer proved the gap, and from
    above where the engine did not.
    """
    own = pool.get("allocator")
    peers = [f for name, f in pool.items() if name != "allocator"]
    if own is None or not peers:
        return None
    if not proved(own, gap) and not any(proved(f, gap) for f in peers):
        return None
    fastest = min((f["seconds"] if proved(f, gap) else max(limit, f["seconds"])) for f in peers)
    return float(fastest / (own["seconds"] if proved(own, gap) else max(limit, own["seconds"])))


def pools(row: Row, seen: Seen) -> Text:
    """Median and worst ratio to the fastest peer over the pools."""
    found = by_pool(row, seen)
    first = next(iter(row.cases.values()))
    gap, limit = first["gap"], first["limit"]
    ratios = {p: r for p, own in found.items() if (r := ratio(own, gap, limit)) is not None}
    if not found:
        return NONE
    if not ratios:
        gaps = "/".join(_gap(own["allocator"]) for own in found.values() if "allocator" in own)
        return Text(
            f"{limit:g} 秒内谁也没有证明，本程序余 {gaps}",
            f"nobody proved it in {limit:g} s, the engine left {gaps}",
        )
    open_ = len(found) - len(ratios)
    won = sum(
        proved(own["allocator"], gap) and not any(proved(f, gap) for n, f in own.items() if n != "allocator")
        for own in found.values()
        if "allocator" in own
    )
    worst = min(ratios, key=ratios.__getitem__)
    middle, least = f"{median(ratios.values()):.1f}", f"{ratios[worst]:.1f}"
    return Text(
        f"中位 {middle} 倍，最差 {least} 倍（{worst}）；"
        f"{limit:g} 秒内，{won} 个池没有同类证明，{open_} 个池谁也没有证明",
        f"median {middle} times, worst {least} ({worst}); in {won} pools no peer proved it in {limit:g} s, "
        f"in {open_} nobody did",
    )


def _seconds(found: Found) -> str:
    return f"{found['seconds']:.1f}"


def _gap(found: Found) -> str:
    return "—" if found.get("gap") is None else f"{found['gap']:.1e}"


def large(row: Row, seen: Seen) -> Text:
    """Seconds of one core, and as a multiple of one product with the matrix."""
    own, product, peer = (seen.get(f"large/{k}", {}) for k in ("allocator", "product", "HiGHS"))
    if "seconds" not in own:
        return NONE
    times = f"{own['seconds'] / product['seconds']:.0f}" if "seconds" in product else "?"
    other = Text("未测", "not run")
    if "seconds" in peer:
        other = same(f"{_seconds(peer)} s, gap {_gap(peer)}")
    elif "failed" in peer:
        other = Text("到时未完成", peer["failed"])
    memory = f"{own['peak']:,.0f} MB"
    return Text(
        f"{_seconds(own)} 秒，gap {_gap(own)}，合 A.T @ λ 的 {times} 倍，{memory}；HiGHS：{other.zh}",
        f"{_seconds(own)} s, gap {_gap(own)}, {times} times one A.T @ λ, {memory}; HiGHS alone: {other.en}",
    )


def million(row: Row, seen: Seen) -> Text:
    """Seconds, gap and memory."""
    own = seen.get("million/allocator", {})
    if "seconds" not in own:
        return NONE
    size = f"{own['options'] / 1e6:.1f}"
    return Text(
        f"{_seconds(own)} 秒，gap {_gap(own)}，{own['peak'] / 1024:.1f} GB（{size} 百万选项）",
        f"{_seconds(own)} s, gap {_gap(own)}, {own['peak'] / 1024:.1f} GB ({size} million options)",
    )


def calls(row: Row, seen: Seen) -> Text:
    """Seconds with the sparse rows, and as a multiple of without."""
    own, plain = seen.get("calls/allocator", {}), seen.get("calls/plain", {})
    if "seconds" not in own or "seconds" not in plain:
        return NONE
    times = f"{own['seconds'] / plain['seconds']:.1f}"
    return Text(
        f"{_seconds(own)} 秒，gap {_gap(own)}，为无此约束（{_seconds(plain)} 秒）的 {times} 倍",
        f"{_seconds(own)} s, gap {_gap(own)}, {times} times the plain case ({_seconds(plain)} s)",
    )


def changes(row: Row, seen: Seen) -> Text:
    """95th percentiles of the first plan and of the gap."""
    own = seen.get("changes/allocator", {})
    if "first" not in own:
        return NONE
    kept = f"{own['kept']}/{own['count']}"
    return Text(
        f"首个方案 {own['first']:.2f} 秒，完成 {own['last']:.2f} 秒；{kept} 次证明 1e-4",
        f"first plan {own['first']:.2f} s, done {own['last']:.2f} s; 1e-4 proved in {kept}",
    )


def against_cold(row: Row, seen: Seen) -> Text:
    """Seconds a solve, hot against cold."""
    own, cold = (seen.get(f"{row.key}/{k}", {}) for k in ("allocator", "PuLP with HiGHS"))
    if not own.get("count") or not cold.get("count"):
        return NONE
    hot, slow = own["seconds"] / own["count"], cold["seconds"] / cold["count"]
    kept, theirs = (f"{f['kept']}/{f['count']}" for f in (own, cold))
    return Text(
        f"{slow / hot:.1f} 倍：每次 {hot:.2f} 秒对 {slow:.2f} 秒；证明 1e-4 的有 {kept} 次对 {theirs} 次",
        f"{slow / hot:.1f} times: {hot:.2f} s each against {slow:.2f}; 1e-4 proved in {kept} against {theirs}",
    )


def families(row: Row, seen: Seen) -> Text:
    """The mean gap to the published best, each solver's."""
    found: dict[str, list[float]] = defaultdict(list)
    for key in row.cases:
        if "to_best" in seen.get(key, {}):
            found[key.rsplit("/", 1)[1]].append(seen[key]["to_best"])
    if "allocator" not in found:
        return NONE
    said = ", ".join(f"{name} {mean(gaps):.2e}" for name, gaps in found.items())
    return same(f"{said} ({len(found['allocator'])})")


def extra(found: Found) -> float:
    """What `auto` took beyond HiGHS at once, as a share of that."""
    return float(found["auto"] / found["direct"] - 1)


def handover(row: Row, seen: Seen) -> Text:
    """CPU seconds by `auto` and by HiGHS at once, the worst case, and what the search beside HiGHS took at most."""
    found = {k.split("/", 1)[1]: seen[k] for k in row.cases if "auto" in seen.get(k, {})}
    if not found:
        return NONE
    auto, direct = (sum(f[way] for f in found.values()) for way in ("auto", "direct"))
    name = max(found, key=lambda n: extra(found[n]))
    share, more = (
        f"{extra(found[name]):+.0%}",
        f"{1000 * (found[name]['auto'] - found[name]['direct']):+.0f} ms",
    )
    own = f"{1000 * max(f['beside'] for f in found.values()):.0f} ms"
    left = sum(f["open"] for f in found.values())
    return Text(
        f"共 {auto:.1f} 秒，直接调用 {direct:.1f} 秒；最差 {share}（{more}，{name}）；"
        f"插入的搜索至多占 5 % 加 {own}；{left} 次未达到 gap",
        f"{auto:.1f} s against {direct:.1f} in all; worst {share} ({more}, {name}); "
        f"the search beside took at most 5 % and {own}; {left} solves did not reach the gap",
    )


def frontiers(row: Row, seen: Seen) -> Text:
    """Points of those that are published, seconds, and the least ratio to the fastest peer."""
    found = by_pool(row, seen)
    own = {name: ways["allocator"] for name, ways in found.items() if "allocator" in ways}
    if not own:
        return NONE
    points = "/".join(str(f["count"]) if f["same"] else "—" for f in own.values())
    seconds = "/".join(f"{f['seconds']:.1f}" for f in own.values())
    times = [
        min(f["seconds"] for way, f in found[name].items() if way != "allocator") / f["seconds"]
        for name, f in own.items()
        if f["same"] and len(found[name]) > 1
    ]
    least = f"{min(times):.0f}" if times else "?"
    return Text(
        f"{points} 点，{seconds} 秒；至少为最快同类的 {least} 倍",
        f"{points} points in {seconds} s; at least {least} times the fastest peer",
    )


def stages(row: Row, seen: Seen) -> Text:
    """Seconds of everything but solving, size by size."""
    found = [rest(seen[key]) for key in row.cases if "load" in seen.get(key, {})]
    if not found:
        return NONE
    said = " / ".join(f"{s:.2f}" for s in found)
    return Text(f"{said} 秒", f"{said} s")


STAGES = ("load", "check", "compile", "solve", "verify", "report")


def rest(found: Found) -> float:
    """Seconds of a whole run but its solve."""
    return float(sum(found[stage] for stage in STAGES if stage != "solve"))
