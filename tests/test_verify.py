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
from click.testing import CliRunner

from allocator.audit import verify
from allocator.audit.figures import seal
from allocator.cli import main
from allocator.version import own_version, state


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


def by_another_version(plan: dict[str, Any]) -> None:
    plan["versions"]["allocator"] = "0.1.0"


def one_word(plan: dict[str, Any]) -> None:
    plan["rules"][0]["sentence"] = {"zh": "原来的说法", "en": "as it was put then"}


def both(*changes: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def change(plan: dict[str, Any]) -> None:
        for each in changes:
            each(plan)

    return change


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ((), 0, "复核通过"),
        ((by_another_version,), 0, "复核通过"),
        ((by_another_version, one_word), 6, "另有 1 处语句"),
        ((by_another_version, one_word, a_total), 1, "复核未通过：2 处"),
        ((one_word,), 1, "复核未通过：1 处"),  # its own version's words were altered
    ],
)
def test_a_folder_of_another_version_is_told_before_what_differs(
    folder: Path, changes: tuple[Callable[[dict[str, Any]], None], ...], code: int, says: str
) -> None:
    resealed(folder, both(*changes))
    told = CliRunner().invoke(main, ["verify", str(folder), "--lang", "zh"])
    assert told.exit_code == code
    assert says in told.output.splitlines()[-1]
    another = f"另一版本的 allocator 写成：0.1.0（未记录程序文件状态）；本机版本为 {own_version()}"
    assert (another in told.output.splitlines()[0]) == (by_another_version in changes)


def test_it_is_told_before_records_that_this_version_cannot_read(folder: Path) -> None:
    path = folder / "tables" / "candidates.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("title", "name", 1), encoding="utf-8")
    resealed(folder, by_another_version, ("tables/candidates.csv",))
    told = CliRunner().invoke(main, ["verify", str(folder), "--lang", "en"])
    assert told.exit_code == 2
    assert told.output.startswith("Another version of allocator wrote this folder: 0.1.0 (state")
    assert "candidates.csv A1" in told.output


def test_the_state_is_of_code_and_words_alone_and_no_matter_how_lines_end(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    first = state([tmp_path])
    (tmp_path / "note.md").write_bytes(b"of no account")
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n")
    assert state([tmp_path]) == first
    (tmp_path / "a.py").write_bytes(b"x = 2\n")
    assert state([tmp_path]) != first


def test_the_command_reads_plan_json_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = Path.read_text

    def counted(path: Path, *args: Any, **values: Any) -> str:
        read.append(path.name)
        return plain(path, *args, **values)

    monkeypatch.setattr(Path, "read_text", counted)
    assert CliRunner().invoke(main, ["verify", str(folder)]).exit_code == 0
    assert read.count("plan.json") == 1
