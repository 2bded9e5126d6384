"""Every damaged scenario: its fault where it is, or the right reading; never a traceback, never a silent misreading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocator.pipeline import check
from allocator.problems import InputFaults, Problem
from tests.faults.scenarios import HURTS, Hurt, wild
from tests.faults.sound import Draft

POOL: list[bytes] = []


def written(folder: Path, hurt: Hurt) -> Path:
    """The damaged scenario and what stands beside it."""
    if not POOL:
        POOL.append(Draft.sound().save(folder).read_bytes())
    (folder / "pool.xlsx").write_bytes(POOL[0])
    for name, text in hurt.beside.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "scenario.yaml"
    path.write_bytes(hurt.data)
    return path


def at(settings: Any, path: str) -> Any:
    """The setting at a dotted path."""
    for key in path.split("."):
        if hasattr(settings, key):
            settings = getattr(settings, key)
        else:
            settings = settings[key]
    return settings


def told(problem: Problem) -> tuple[str, int | None]:
    return problem.code, problem.place.line


@pytest.mark.parametrize("hurt", HURTS, ids=lambda hurt: hurt.name)
def test_a_damaged_scenario(hurt: Hurt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, hurt)
    if hurt.faults:
        with pytest.raises(InputFaults) as caught:
            check(path, hurt.sets)
        problems = [p for p in caught.value.problems if p.level == "error"]
        assert [told(p) for p in problems] == list(hurt.faults), "\n".join(p.line("zh") for p in problems)
        for problem in problems:
            assert problem.place.file
        return
    loaded, _, _ = check(path, hurt.sets)
    for key, value in hurt.also.items():
        assert at(loaded.scenario, key) == value


@pytest.mark.parametrize("seed", range(60))
def test_mishaps_at_random_are_told_in_their_file_or_read(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = wild(seed, tmp_path)
    if not POOL:
        POOL.append(Draft.sound().save(tmp_path).read_bytes())
    (tmp_path / "pool.xlsx").write_bytes(POOL[0])
    try:
        check(path)
    except InputFaults as found:
        for problem in found.problems:
            if problem.level == "error":
                assert problem.place.file in ("scenario.yaml", "pool.xlsx"), problem
                assert problem.place.line or problem.place.cell or problem.place.sheet or problem.place.key


def test_the_corpus_is_as_large_as_it_says() -> None:
    names = [hurt.name for hurt in HURTS]
    assert len(names) == len(set(names))
    assert len(names) >= 100
