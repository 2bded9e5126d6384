"""`make bench`: the seconds of each stage and the peak memory, at 500, 5,000 and 50,000 candidates.

Each size is a run of its own process over an example pool of that size (CSV tables, the baseline's rules, the ceiling
in proportion), one thread. Solving stops at a gap of 1e-4 or at the time limit; the gap that was proved is shown.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = (500, 5_000, 50_000)
STAGES = ("load", "check", "compile", "solve", "verify", "report")
LIMIT = 120.0
"""Seconds that each solve may take."""


def main() -> None:
    """Time every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds that a solve may take")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one, asked.limit)))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            scenario = make_pool(Path(folder) / str(size), size)
            command = [
                sys.executable,
                "-m",
                "tests.bench",
                "--one",
                str(scenario),
                "--limit",
                str(asked.limit),
            ]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            rows.append({"candidates": size, **json.loads(done.stdout.splitlines()[-1])})
            print(f"{size:,} candidates done", file=sys.stderr)
    print(table(rows))


def make_pool(folder: Path, size: int) -> Path:
    """An example pool of `size` candidates as CSV, and the scenario over it."""
    sys.path.insert(0, str(ROOT / "scenarios" / "rizhao"))
    import make_pool as maker

    pool = maker.make(size)
    pool.to_csv(folder)
    files = "\n".join(f"  {key}: {{file: {t.sheet.title.zh}.csv}}" for key, t in pool.tables.items())
    base = (ROOT / "scenarios" / "rizhao" / "baseline.yaml").as_posix()
    gone = ["科技创新类资金", "工业技改资金", "海洋经济发展资金", "农业科技资金", "省级以上科技资金（其他）"]
    lines = pool.tables["lines"].columns
    named: dict[str, int] = {}  # what the lines say that one source alone pays
    for source, amount in zip(lines["source"], lines["year1"], strict=True):
        if source:
            named[source] = named.get(source, 0) + amount
    sources = "\n".join(
        [f"    {name}: null" for name in gone] + [f"    {s}: {{amount: {a}万元}}" for s, a in named.items()]
    )
    ceiling, rest = f"{pool.ceiling}万元", f"{pool.ceiling - sum(named.values())}万元"
    text = f"""extends: {base}
data:
  workbook: null
{files}
fund:
  sources:
{sources}
    all: {{amount: {rest}}}
  later_ceilings: {{2027: {ceiling}, 2028: {ceiling}}}
"""
    if size < 430:
        text += "  under_minimum: a pool smaller than the city's\n"
    scenario = folder / "scenario.yaml"
    scenario.write_text(text, encoding="utf-8")
    return scenario


def one(scenario: Path, limit: float) -> dict[str, object]:
    """Run one scenario in this process."""
    start = time.perf_counter()
    from allocator.pipeline import Wishes, run

    imported = time.perf_counter() - start
    plan = run(scenario, out=scenario.parent / "run", wishes=Wishes(gap=1e-4, time_limit=limit))
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return {
        "import": imported,
        **plan.seconds,
        "options": len(plan.options),
        "rows": plan.compiled.program.shape[0],
        "status": plan.status,
        "gap": plan.gap,
        "certified": plan.certified_gap,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }


def table(rows: list[dict[str, object]]) -> str:
    """The figures as a Markdown table."""
    names = ", ".join(f"{n} {version(n)}" for n in ("allocator", "highspy", "numpy", "scipy"))
    heads = [
        "candidates",
        "options",
        "rows",
        "import",
        *STAGES,
        "all but solving",
        "peak MB",
        "status",
        "gap",
        "certified",
    ]
    lines = [f"Python {platform.python_version()}, {names}; seconds; one thread", ""]
    lines += ["| " + " | ".join(heads) + " |", "|" + "---:|" * len(heads)]
    for row in rows:
        seconds = [float(str(row[s])) for s in STAGES]
        rest = sum(seconds) - float(str(row["solve"]))
        shown = [f"{row['candidates']:,}", f"{row['options']:,}", f"{row['rows']:,}"]
        shown += [f"{float(str(row['import'])):.2f}", *(f"{s:.2f}" for s in seconds), f"{rest:.2f}"]
        shown += [
            f"{float(str(row['peak'])):.0f}",
            str(row["status"]),
            _gap(row["gap"]),
            _gap(row["certified"]),
        ]
        lines.append("| " + " | ".join(shown) + " |")
    return "\n".join(lines)


def _gap(value: object) -> str:
    return "—" if value is None else f"{float(str(value)):.1e}"


if __name__ == "__main__":
    main()
