"""`make bench`: the engine beside its peers, every row of the table in one run, and BENCHMARKS.md made of it.

Each measurement is a process of its own, with a time limit of its own; what was found is kept as it comes, in
`.bench/results.jsonl`, so that a run which was broken off goes on when it is started again. `--fresh` begins anew,
`--rows` takes some rows, `--quick` shortens them all and writes nothing but the table on the screen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.peers.alone import alone
from tests.peers.rows import Row, rows
from tests.peers.stages import make_pool
from tests.peers.table import aims, blocks, document, put, stages

__all__ = ["make_pool"]

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / ".bench" / "results.jsonl"
PAGE = ROOT / "BENCHMARKS.md"
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
COMMAND = "make bench"
MINUTES = 40.0

Found = dict[str, Any]


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for, print the table, write the documents."""
    every = [r.key for r in rows()]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rows", nargs="*", choices=every, default=every, metavar="ROW", help=", ".join(every)
    )
    parser.add_argument("--quick", action="store_true", help="few and short cases; writes no document")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="begin no case after so many")
    parser.add_argument("--results", type=Path, help="where results are kept")
    parser.add_argument("--write-only", action="store_true", help="measure nothing; write from what is kept")
    asked = parser.parse_args(arguments)
    results = asked.results or (RESULTS.with_name("quick.jsonl") if asked.quick else RESULTS)
    if asked.fresh:
        results.unlink(missing_ok=True)
    table = rows(asked.quick)
    if not asked.write_only:
        chosen = [r for r in table if r.key in asked.rows]
        measure(chosen, results, asked.minutes)
    seen = read(results)
    print(document(table, seen, COMMAND, machine()))
    if not asked.quick:
        write(table, seen)


def write(table: tuple[Row, ...], seen: dict[str, Found]) -> None:
    """BENCHMARKS.md, and the blocks of it in both READMEs."""
    PAGE.write_text(document(table, seen, COMMAND, machine()), encoding="utf-8")
    for lang, file in READMES.items():
        own = {"aims": aims(table, seen, lang), "stages": stages(table, seen, lang)}  # type: ignore[arg-type]
        text = file.read_text(encoding="utf-8")
        assert blocks(text).keys() <= own.keys(), f"{file.name} has a block that there is none of"
        file.write_text(put(text, own), encoding="utf-8")


def measure(chosen: list[Row], results: Path, minutes: float) -> None:
    """Every case that has no result yet, in the order of the rows, until the time is up."""
    results.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    seen = read(results)
    for key, case in _cases(chosen):
        if key in seen:
            continue
        left = minutes * 60 - (time.monotonic() - begun)
        if left <= 0:
            print(f"{key}: not begun, the {minutes:g} minutes are over", file=sys.stderr, flush=True)
            continue
        found = run(case, min(case["guard"], left + 30))
        with results.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"key": key, "code": code(), "found": found}) + "\n")
        shown = found.get("failed") or f"{found['seconds']:.2f} s" if "load" not in found else "done"
        print(f"{(time.monotonic() - begun) / 60:5.1f} min  {key}: {shown}", file=sys.stderr, flush=True)


def _cases(chosen: list[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in chosen:
        yield from row.cases.items()


@cache
def byte_code() -> dict[str, str]:
    """The environment in which a process reads byte code, as an installed program does, whatever ours says."""
    own = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "compileall", "-q", "allocator", "models", "tests/peers"]
    subprocess.run(command, cwd=ROOT, env=own, check=True)
    return own


def run(case: dict[str, Any], seconds: float) -> Found:
    """One case in a process group of its own, ended with all that it began when its time is up."""
    command = [sys.executable, "-m", "tests.peers.work", json.dumps(case)]
    own = {
        **byte_code(),
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    try:
        out, err, ended = alone(command, seconds, ROOT, own)
    except subprocess.TimeoutExpired:
        return {"failed": f"not done in {seconds:.0f} s"}
    if ended:
        said = (err.strip().splitlines() or [""])[-1]
        return {"failed": f"ended with {ended}: {said}"[:200]}
    found: Found = json.loads(out.strip().splitlines()[-1])
    return found


def read(results: Path) -> dict[str, Found]:
    """What was found by this very code, by case; a line that was broken off is no result."""
    found: dict[str, Found] = {}
    if results.is_file():
        for line in results.read_text(encoding="utf-8").splitlines():
            try:
                data = json.loads(line)
            except ValueError:
                continue
            if data["code"] == code():
                found[data["key"]] = data["found"]
    return found


@cache
def code() -> str:
    """A digest of all that is measured: results of other code are not mixed in."""
    h = hashlib.sha256()
    for folder in ("allocator", "models", "tests/peers"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if not file.name.startswith("test_"):
                h.update(file.read_bytes())
    return h.hexdigest()


def machine() -> str:
    """What it runs on."""
    model = ""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = f"{named[0].partition(':')[2].strip()}, " if named else ""
    return f"{model}{os.cpu_count()} cores, {platform.system()}"


if __name__ == "__main__":
    main()
