"""`verify` finds what was altered in a finished run: a yuan, a multiplier, a row, a record, a word."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.audit import verify
from allocator.audit.figures import seal


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished run, to do harm to."""
    return shutil.copytree(finished, tmp_path / "run")


def resealed(folder: Path, change: Callable[[dict[str, Any]], None], files: tuple[str, ...] = ()) -> None:
    """Alter plan.json as a careful forger would: with its own digests made to match again."""
    import hashlib

    path = folder / "plan.json"
    plan = json.loads(path.read_text(encoding="utf-8"))
    change(plan)
    for name in files:
        plan["digest"]["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    plan.pop("seal")
    text = json.dumps(plan, ensure_ascii=False)
    plan["seal"] = seal(json.loads(text, parse_float=Decimal))
    path.write_text(json.dumps(plan, ensure_ascii=False, indent=1), encoding="utf-8")


def places(folder: Path) -> set[str]:
    return {f.place for f in verify(folder).findings}


def test_a_finished_run_is_verified(finished: Path) -> None:
    result = verify(finished)
    assert result.findings == ()
    assert result.awards > 400  # the fixed lines are priced again too
    assert result.bound is not None


def test_it_has_moved_and_is_verified_all_the_same(folder: Path) -> None:
    assert verify(folder).findings == ()


def one_yuan_more(plan: dict[str, Any]) -> None:
    plan["awards"][3]["amount"] += 1


def one_yuan_later(plan: dict[str, Any]) -> None:
    outlay = plan["awards"][0]["outlay"]
    year = next(iter(outlay))
    outlay[year] -= 1


def another_instrument(plan: dict[str, Any]) -> None:
    award = next(a for a in plan["awards"] if a["instrument"] == "equity")
    award["instrument"] = "interest_subsidy"


def an_award_less(plan: dict[str, Any]) -> None:
    del plan["awards"][5]


def a_measure(plan: dict[str, Any]) -> None:
    plan["rules"][0]["value"] -= 1


def a_total(plan: dict[str, Any]) -> None:
    plan["totals"]["unused"] += 1


def the_objective(plan: dict[str, Any]) -> None:
    plan["objective"] += 0.000001


def the_certified_bound(plan: dict[str, Any]) -> None:
    plan["certified_bound"] -= 1


@pytest.mark.parametrize(
    "change",
    [
        one_yuan_more,
        one_yuan_later,
        another_instrument,
        an_award_less,
        a_measure,
        a_total,
        the_objective,
        the_certified_bound,
    ],
    ids=lambda f: f.__name__,
)
def test_an_altered_figure_is_found_though_its_seal_was_renewed(
    folder: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    resealed(folder, change)
    assert places(folder)


def test_an_altered_byte_is_found_by_the_seal(folder: Path) -> None:
    path = folder / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"solver"', '"solved"', 1), encoding="utf-8")
    assert "plan.json" in places(folder)


@pytest.mark.parametrize("name", ["plan.xlsx", "awards.csv", "options.csv", "rows.csv", "resolved.yaml"])
def test_an_altered_file_is_found(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    assert name in places(folder)


def test_a_missing_file_is_found(folder: Path) -> None:
    (folder / "awards.csv").unlink()
    assert "awards.csv" in places(folder)


@pytest.mark.parametrize("array", ["gain", "data", "upper", "award", "outlay", "merit"])
def test_an_altered_row_or_option_is_found_though_digests_were_renewed(folder: Path, array: str) -> None:
    with np.load(folder / "program.npz") as stored:
        arrays = dict(stored)
    arrays[array].flat[-1] += 1
    np.savez(folder / "program.npz", **arrays)
    resealed(folder, lambda plan: None, ("program.npz",))
    assert f"program.npz {array}" in places(folder)


@pytest.mark.parametrize("by", [1, -1])
def test_an_altered_multiplier_is_found_though_digests_were_renewed(folder: Path, by: int) -> None:
    path = folder / "certificate.json"
    certificate = json.loads(path.read_text(encoding="utf-8"))
    certificate["multipliers"][0]["numerator"] += by
    path.write_text(json.dumps(certificate), encoding="utf-8")
    resealed(folder, lambda plan: None, ("certificate.json",))
    assert any("certificate" in p or "certified" in p for p in places(folder))


@pytest.mark.parametrize(
    ("table", "column"), [("candidates", "request"), ("candidates", "own"), ("lines", "year1")]
)
def test_an_altered_record_is_found_though_digests_were_renewed(
    folder: Path, table: str, column: str
) -> None:
    """One 万元 more in a record of something that the plan supports."""
    path = folder / "tables" / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    supported = {a["candidate"] for a in [*plan["awards"], *plan["lines"]]}
    k = rows[0].index(column)
    row = next(r for r in rows[1:] if r[rows[0].index("id")] in supported and r[k] not in ("", "0"))
    row[k] = str(int(row[k]) + 10_000)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    resealed(folder, lambda plan: None, (f"tables/{table}.csv",))
    assert places(folder)


def test_a_scenario_that_was_altered_is_found_though_digests_were_renewed(folder: Path) -> None:
    path = folder / "resolved.yaml"
    text = path.read_text(encoding="utf-8")
    assert "cap: 24%" in text
    path.write_text(text.replace("cap: 24%", "cap: 25%", 1), encoding="utf-8")
    resealed(folder, lambda plan: None, ("resolved.yaml",))
    assert "plan.json digest.scenario" in places(folder)
