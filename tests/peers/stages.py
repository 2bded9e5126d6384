"""A whole run of the example pool at some size, stage by stage: CSV or Parquet tables in, the run's folder out.

`python -m tests.peers.stages FOLDER SIZE [parquet]` writes the pool, so that the measured process holds none of it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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
  entitlement_budget: null
"""
    if size < 430:
        text += "  under_minimum: a pool smaller than the city's\n"
    scenario = folder / "scenario.yaml"
    scenario.write_text(text, encoding="utf-8")
    return scenario


def as_parquet(scenario: Path) -> None:
    """The pool's CSV tables as Parquet, numbers as numbers, and the scenario over these."""
    import pandas as pd

    for file in scenario.parent.glob("*.csv"):
        pd.read_csv(file, low_memory=False).to_parquet(file.with_suffix(".parquet"), index=False)
        file.unlink()
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace(".csv}", ".parquet}"), encoding="utf-8")


def one(scenario: Path, limit: float) -> dict[str, object]:
    """Run one scenario in this process."""
    start = time.perf_counter()
    from allocator import Wishes, run

    imported = time.perf_counter() - start
    plan = run(scenario, out=scenario.parent / "run", wishes=Wishes(gap=1e-4, time_limit=limit))
    return {
        "import": imported,
        **plan.seconds,
        "options": len(plan.options),
        "rows": plan.compiled.program.shape[0],
        "status": plan.status,
        "gap": plan.gap,
        "certified": plan.certified_gap,
    }


if __name__ == "__main__":
    made = make_pool(Path(sys.argv[1]), int(sys.argv[2]))
    if "parquet" in sys.argv[3:]:
        as_parquet(made)
