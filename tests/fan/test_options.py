"""--on and --resume, as any command has them."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from allocator.commands._fan import FOLDER, fan_of, fan_options
from allocator.fan import NoWorkers
from allocator.words import Lang, say
from tests.fan.tasks import base, jobs


@click.command
@fan_options
@click.option("--whole", is_flag=True)
def study(on: str, resume: bool, whole: bool) -> None:
    """Two solves."""
    with fan_of(on, resume, "zh") as fan:
        told = []
        for _, outcome in fan.solve(base(), jobs(2), tell=told.append):
            click.echo(outcome.reason)
        click.echo(f"kept {told[-1].kept}")
        if whole:
            fan.whole()


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def test_what_was_broken_off_is_resumed_and_what_is_whole_is_forgotten(runner: CliRunner) -> None:
    assert runner.invoke(study, []).output == "optimal\noptimal\nkept 0\n"
    assert len(list(FOLDER.glob("*.json"))) == 2
    assert runner.invoke(study, ["--resume", "--whole"]).output == "optimal\noptimal\nkept 2\n"
    assert not FOLDER.exists()


def test_a_place_that_there_is_not_is_a_fault_of_the_option(runner: CliRunner) -> None:
    done = runner.invoke(study, ["--on", "cloud"])
    assert done.exit_code == 2
    assert "没有“cloud”这个计算地点" in done.output


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_no_worker_is_left_it_says_how_to_go_on(lang: Lang, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end, fan_of("here", False, lang):
        raise NoWorkers(say("fan.none"))
    assert end.value.code == 1
    assert "--resume" in capsys.readouterr().err


def test_a_cluster_that_does_not_answer_was_called_and_left_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("allocator.fan.dask_place.WAIT", 0.3)
    with pytest.raises(SystemExit), fan_of("tcp://127.0.0.1:1", False, "en"):
        pytest.fail("there is no cluster")
    said = capsys.readouterr().err
    assert said.startswith("connecting to the cluster at tcp://127.0.0.1:1")
    assert "--resume" not in said
