"""Helpers: write scenario files into a folder, load them by the toy policy, and read the faults as lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
import toyfund
from toyfund import WHOLE

from allocator.problems import InputFaults, Problem
from allocator.scenario import Loaded, load


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write files, in whose folder the test then is; the first is returned."""
    monkeypatch.chdir(tmp_path)

    def written(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
        return tmp_path / f"{next(iter(files))}.yaml"

    return written


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Loaded]:
    """Load a scenario from its text, and from further files by name."""

    def loaded(text: str, *sets: str, **files: str) -> Loaded:
        return load(write(main=text, **files), sets, toyfund.POLICY)

    return loaded


@pytest.fixture
def faults(write: Callable[..., Path]) -> Callable[..., list[Problem]]:
    """The faults of a scenario, which must have some."""

    def found(text: str, *sets: str, **files: str) -> list[Problem]:
        with pytest.raises(InputFaults) as caught:
            load(write(main=text, **files), sets, toyfund.POLICY)
        return list(caught.value.problems)

    return found


@pytest.fixture
def lines(faults: Callable[..., list[Problem]]) -> Callable[..., list[str]]:
    """The faults of the least scenario with `more` at its end, as English lines."""

    def found(more: str, *sets: str, **files: str) -> list[str]:
        return [problem.line("en") for problem in faults(WHOLE + dedent(more), *sets, **files)]

    return found
