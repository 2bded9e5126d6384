"""Studies at every place, broken off and resumed, with a worker killed: always what one unbroken process gives."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from allocator.cli import main
from allocator.commands._fan import FOLDER
from allocator.fan import open_fan
from allocator.studies.prices import prices
from allocator.studies.study import Effort, Study
from allocator.studies.sweep import sweep
from tests.conftest import ROOT
from tests.studies.broken_off import takes_its_worker
from tests.studies.test_sweep import FLOOR, fund

__all__ = ["fund"]

SWEEP = ("--over", f"{FLOOR}=0%..100%/10%", "--gap", "0")
WITH_PANELS = ("rizhao", "baseline.yaml")
ROBUST = ("--parts", "panels", "--draws", "4", "--gap", "1e-2")


def swept(fund: Path, effort: Effort) -> Study:
    return sweep(fund, [f"{FLOOR}=0%..100%/10%"], effort=effort)


def priced(fund: Path, effort: Effort) -> Study:
    return prices(fund, effort=effort)


def call(*arguments: object) -> tuple[int, dict[str, Any]]:
    """The command's exit code and its JSON."""
    done = CliRunner().invoke(main, [*map(str, arguments), "--json"], catch_exceptions=False)
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("on", "study"), [("processes:2", swept), ("processes:2", priced), ("dask:2", swept)]
)
def test_a_killed_worker_costs_a_study_nothing(
    fund: Path, tmp_path: Path, on: str, study: Callable[[Path, Effort], Study]
) -> None:
    wanted = study(fund, Effort(gap=0.0)).as_json()
    with open_fan(on) as fan:
        fan.task = partial(takes_its_worker, tmp_path)
        found = study(fund, Effort(gap=0.0, fan=fan)).as_json()
    assert (tmp_path / "claimed").exists()
    assert found == wanted


@pytest.mark.parametrize(
    ("command", "after"),
    [(("sweep", "fund", *SWEEP), 4), (("prices", "fund", "--gap", "0"), 2), (("robust", "pool", *ROBUST), 3)],
)
def test_a_killed_study_resumed_is_an_unbroken_one(
    fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], after: int
) -> None:
    files = {"fund": fund, "pool": ROOT.joinpath("scenarios", *WITH_PANELS)}
    arguments = [str(files.get(part, part)) for part in command]
    monkeypatch.chdir(tmp_path)
    wanted = call(*arguments)
    assert not FOLDER.exists()  # a whole study leaves nothing behind
    broken = [sys.executable, "-m", "tests.studies.broken_off", str(after), *arguments, "--json"]
    killed = subprocess.run(
        broken, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": "/"}
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert 0 < len(list(FOLDER.glob("*.json"))) <= after
    assert call(*arguments, "--resume") == wanted
    assert not FOLDER.exists()


def test_what_is_on_disk_is_not_solved_again(
    fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_fan("here", keep=tmp_path / "kept") as fan:
        wanted = swept(fund, Effort(gap=0.0, fan=fan)).as_json()

    def never(*asked: object) -> None:
        raise AssertionError("it was on disk")

    with open_fan("here", keep=tmp_path / "kept", resume=True) as fan:
        fan.task = never  # type: ignore[assignment]
        assert swept(fund, Effort(gap=0.0, fan=fan)).as_json() == wanted


def test_a_place_that_there_is_not(fund: Path) -> None:
    done = CliRunner().invoke(main, ["sweep", str(fund), *SWEEP, "--on", "cloud"])
    assert done.exit_code == 2
    assert "cloud" in done.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_whole_says_how_to_go_on(
    fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["sweep", str(fund), *SWEEP, "--for", "0", "--lang", lang])
    assert done.exit_code == 4
    assert "--resume" in done.stderr
    assert "--resume" not in CliRunner().invoke(main, ["sweep", str(fund), *SWEEP, "--lang", lang]).stderr


def test_a_result_without_charts_says_so(fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["alternatives", str(fund), "--count", "1", "--differ", "1", "--charts", "drawn", "--lang", "en"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert "No charts to draw" in done.stderr
    assert list((tmp_path / "drawn").iterdir()) == []


def test_charts_are_drawn_into_a_folder(fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _ = call("sweep", fund, *SWEEP, "--charts", tmp_path / "drawn")
    made = sorted(p.name for p in (tmp_path / "drawn").iterdir())
    assert code == 0
    assert "sweep-01-points.svg" in made
    assert [n for n in made if n.endswith(".png")] == [f"{n[:-4]}.png" for n in made if n.endswith(".svg")]
    assert (tmp_path / "drawn" / "sweep-01-points.png").read_bytes().startswith(b"\x89PNG")


def test_charts_need_a_folder_that_can_be(fund: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = CliRunner().invoke(main, ["sweep", str(fund), *SWEEP, "--charts", str(tmp_path / "taken")])
    assert done.exit_code == 2
    below = CliRunner().invoke(main, ["sweep", str(fund), *SWEEP, "--charts", str(tmp_path / "taken" / "in")])
    assert below.exit_code == 2


def test_when_its_time_is_over_a_study_keeps_what_it_has(
    fund: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = call("sweep", fund, *SWEEP, "--for", "0")
    assert code == 4
    assert told["ended"] == "stopped"
    assert call("sweep", fund, *SWEEP, "--resume")[0] == 0
