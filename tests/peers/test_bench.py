"""`make bench`: cases guarded and kept, a broken run goes on, and documents are made of what was found only."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from allocator.words import LANGS
from tests import bench
from tests.peers import sums
from tests.peers.rows import Row, rows
from tests.peers.solvers import SOLVERS
from tests.peers.table import aims, blocks, document, frontiers, handovers, pools, put, stages

SEEN = ((0.2, 35), (10.0, 35), (60.0, None))
"""Seconds and points of a frontier, by three ways."""

ROWS = {row.key: row for row in rows()}


def solved(seconds: float, gap: float | None = 1e-5, sound: bool = True) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "gap": gap,
        "sound": sound,
        "value": 1.0,
        "peak": 90.0,
        "options": 3400,
        "rows": 22,
    }


def two_pools() -> dict[str, dict[str, Any]]:
    """Two pools: 4 times and 1.5 times the fastest peer, by hand."""
    seen = {}
    for pool, own, peers in (
        (
            "plain",
            solved(0.5),
            [solved(2.0), solved(3.0), solved(8.1, 2e-3), solved(8.0, None), solved(8.0, 0.5)],
        ),
        ("tight", solved(2.0), [solved(3.0), solved(8.0, 1e-3), solved(1.0, 0.0, sound=False), solved(4.0)]),
    ):
        for name, found in zip(SOLVERS, [own, *peers], strict=False):
            seen[f"pools-500/{pool}/{name}"] = found
    return seen


def test_there_are_ten_pools_and_six_solvers_by_turns() -> None:
    keys = list(ROWS["pools-500"].cases)
    assert len(keys) == 60
    assert [k.rsplit("/", 1)[1] for k in keys[:6]] == list(SOLVERS)
    assert len({(c["shape"], c["seed"]) for c in ROWS["pools-500"].cases.values()}) == 10


def test_every_row_has_a_guard_on_every_case_and_keys_of_its_own() -> None:
    for table in (rows(), rows(quick=True)):
        keys = [key for row in table for key in row.cases]
        assert len(keys) == len(set(keys))
        for row in table:
            for key, case in row.cases.items():
                assert key.startswith(f"{row.key}/")
                assert 0 < case["guard"] <= 900


def test_the_ratio_is_to_the_fastest_peer_that_proved_the_gap_by_a_plan_that_holds() -> None:
    row, seen = ROWS["pools-500"], two_pools()
    found = sums.by_pool(row, seen)
    assert sums.ratio(found["plain"], 1e-4, 8.0) == 4.0
    assert sums.ratio(found["tight"], 1e-4, 8.0) == 1.5
    cell = sums.pools(row, seen)
    assert cell.en.startswith("median 2.8 times, worst 1.5 (tight); in 0 pools")
    assert cell.zh.startswith("中位 2.8 倍，最差 1.5 倍（tight）")


def test_a_lost_pool_is_below_one_and_one_that_nobody_proved_has_no_ratio() -> None:
    lost = {"allocator": solved(8.2, 1e-3), "HiGHS": solved(2.0)}
    assert sums.ratio(lost, 1e-4, 8.0) == pytest.approx(2.0 / 8.2)
    assert sums.ratio({"allocator": solved(8.0, 1e-3), "HiGHS": solved(8.0, 1e-3)}, 1e-4, 8.0) is None
    only = {"allocator": solved(2.0), "HiGHS": solved(5.0, 1e-3)}
    assert sums.ratio(only, 1e-4, 8.0) == 4.0  # at least: HiGHS was stopped


def test_the_table_of_pools_shows_what_was_not_proved_as_what_it_is() -> None:
    text = pools(ROWS["pools-500"], two_pools())
    (line,) = [row for row in text.splitlines() if row.startswith("| plain")]
    assert line == "| plain | 0.50 | 2.00 | 3.00 | (2.0e-03) | (—) | (5.0e-01) | 4.0 |"
    (line,) = [row for row in text.splitlines() if row.startswith("| tight")]
    assert "plan breaks a row" in line


def test_a_frontier_is_a_time_only_where_it_is_the_published_set() -> None:
    row = ROWS["frontier"]
    own, slow, none = ({"seconds": s, "count": c, "published": 35, "same": c == 35} for s, c in SEEN)
    seen = {
        "frontier/2kp50/allocator": own,
        "frontier/2kp50/HiGHS loop": slow,
        "frontier/2kp50/pyaugmecon": none,
    }
    assert sums.frontiers(row, seen).en == "35 points in 0.2 s; at least 50 times the fastest peer"
    assert frontiers(row, seen).splitlines()[-1] == "| 2kp50 | 35 | 0.20 | 10.00 | — |"
    seen["frontier/2kp50/allocator"] = {**own, "count": 34, "same": False}
    assert sums.frontiers(row, seen).en == "— points in 0.2 s; at least ? times the fastest peer"
    assert "(34 points)" in frontiers(row, seen)


def test_handing_over_shows_both_times_and_the_worst_case_even_where_the_whole_is_quicker() -> None:
    row = ROWS["handover"]
    first, second = list(row.cases)[:2]
    seen = {
        first: {"seconds": 9.0, "direct": 4.0, "auto": 4.4, "open": 0, "beside": 0.021},
        second: {"seconds": 9.0, "direct": 6.0, "auto": 3.0, "open": 1, "beside": 0.034},
    }
    name = first.split("/", 1)[1]
    assert sums.handover(row, seen).en == (
        f"7.4 s against 10.0 in all; worst +10% (+400 ms, {name}); the search beside took at most 5 % and 34 ms; "
        "1 solves did not reach the gap"
    )
    lines = handovers(row, seen).splitlines()
    assert lines[-2:] == [
        f"| {name} | 0.005 | 4.00 | 4.40 | +10% | 21 ms | 0 |",
        f"| {second.split('/', 1)[1]} | 0.005 | 6.00 | 3.00 | -50% | 34 ms | 1 |",
    ]


def test_handing_over_is_measured_both_ways_on_a_program_that_goes_to_highs() -> None:
    found = bench.run(
        case("handover", family="pools", name="crowded", turns=2, gap=0.05, limit=20.0, size=30), 60.0
    )
    assert found["direct"] > 0
    assert found["auto"] > 0
    assert found["open"] == 0
    assert found["beside"] < 0.05


def test_hot_against_cold_is_seconds_a_solve() -> None:
    seen = {
        "draws/allocator": {"seconds": 50.0, "count": 500, "kept": 499, "worst": None},
        "draws/PuLP with HiGHS": {"seconds": 12.0, "count": 10, "kept": 9, "worst": 1e-3},
    }
    said = "12.0 times: 0.10 s each against 1.20; 1e-4 proved in 499/500 against 9/10"
    assert sums.against_cold(ROWS["draws"], seen).en == said


def test_a_row_that_was_not_run_says_so() -> None:
    assert {row.reached(row, {}).en for row in rows()} == {"not run"}
    assert {row.reached(row, {}).zh for row in rows()} == {"未测"}


def test_a_case_that_did_not_end_stands_in_the_document() -> None:
    seen = {"million/allocator": {"failed": "not done in 360 s"}}
    text = document(rows(), seen, "make bench", "a machine")
    assert "| million/allocator | not done in 360 s |" in text


def test_blocks_are_exchanged_by_their_marks_and_nothing_else() -> None:
    text = "a\n<!-- bench:aims -->\nold\n<!-- bench:end -->\nb\n<!-- bench:stages -->\nkept\n<!-- bench:end -->\n"
    new = put(text, {"aims": "new"})
    assert blocks(new) == {"aims": "new", "stages": "kept"}
    assert new.replace("new", "old") == text


def case(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "size": 40,
        "seed": 0,
        "shape": "plain",
        "gap": 0.5,
        "limit": 5.0,
        "guard": 60.0,
        **more,
    }


def test_a_broken_run_goes_on_and_each_case_is_measured_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def run(case: dict[str, Any], seconds: float) -> dict[str, Any]:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(case["name"])
        return {"seconds": 1.0}

    monkeypatch.setattr(bench, "run", run)
    row = Row(
        "r", ROWS["large"].title, ROWS["large"].aim, {f"r/{k}": case("x", name=k) for k in "abcd"}, sums.large
    )
    results = tmp_path / "kept" / "results.jsonl"
    with pytest.raises(KeyboardInterrupt):
        bench.measure([row], results, 1)
    with results.open("a") as out:
        out.write('{"key": "r/c", "fou')  # broken off in the middle of a line
    done.clear()
    bench.measure([row], results, 1)
    assert done == ["c", "d"]
    results.write_text(json.dumps({"key": "r/a", "code": "another", "found": {"seconds": 9.0}}) + "\n")
    assert bench.read(results) == {}
    done.clear()
    bench.measure([row], results, 0)
    assert done == []


def test_a_case_runs_in_a_process_of_its_own_with_its_peak_memory() -> None:
    found = bench.run(case("solve", solver="allocator"), 60.0)
    assert found["sound"]
    assert found["gap"] <= 0.5
    assert 20 < found["peak"] < 2_000


def test_a_case_that_overruns_its_guard_is_ended_and_one_that_breaks_says_why() -> None:
    assert bench.run(case("solve", size=2_000_000, solver="allocator"), 0.5)["failed"] == "not done in 0 s"
    assert "KeyError" in bench.run({"kind": "solve"}, 60.0)["failed"]


@pytest.mark.parametrize("kind", ["ratios", "changes"])
def test_hot_measurements_count_what_kept_the_gap(kind: str) -> None:
    found = bench.run(case(kind, solver="allocator", count=2, enough=5.0), 60.0)
    assert found["count"] == 2
    assert found["kept"] <= 2


def test_the_readmes_show_what_benchmarks_shows() -> None:
    page = blocks(bench.PAGE.read_text(encoding="utf-8"))
    english = blocks(bench.READMES["en"].read_text(encoding="utf-8"))
    chinese = blocks(bench.READMES["zh"].read_text(encoding="utf-8"))
    assert english == page
    assert english.keys() == chinese.keys() == {"aims", "stages"}

    def figures(text: str) -> list[list[str]]:
        """The figures of each line but the heads: cells are worded by language."""
        return [sorted(re.findall(r"\d[\d,.e+-]*", line)) for line in text.splitlines()[2:]]

    assert figures(chinese["stages"]) == figures(english["stages"])
    assert len(figures(chinese["aims"])) == len(figures(english["aims"])) == len(rows())


def test_both_languages_have_every_row() -> None:
    for lang in LANGS:
        assert len(aims(rows(), {}, lang).splitlines()) == len(rows()) + 2
        assert len(stages(rows(), {}, lang).splitlines()) == 2


def test_cases_run_from_byte_code_as_an_installed_program_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    bench.byte_code.cache_clear()
    own = bench.byte_code()
    assert "PYTHONDONTWRITEBYTECODE" not in own
    assert list(bench.ROOT.glob("allocator/__pycache__/pipeline.*.pyc"))
