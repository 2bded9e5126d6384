"""What the documents say is there is there, and what is there they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import allocator
from allocator.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def parts(text: str) -> set[str]:
    """The paths that a text names in back-ticks."""
    return set(re.findall(r"`((?:allocator|models|scenarios|tests|notebooks)/[\w./-]*)`", text))


@pytest.mark.parametrize(
    "text", [README, README_ZH, ARCHITECTURE], ids=["README", "README.zh-CN", "ARCHITECTURE"]
)
def test_every_path_that_is_named_is_there(text: str) -> None:
    named = parts(text)
    assert named
    assert not [p for p in named if not (ROOT / p).exists()]


def test_the_map_names_every_part_of_the_engine_and_the_policy() -> None:
    for package in ("allocator", "models"):
        for path in sorted((ROOT / package).iterdir()):
            if path.name.startswith("_") or path.suffix not in ("", ".py") or path.name == "words":
                continue
            assert re.search(rf"\b{re.escape(path.name)}\b|{path.stem}/`", ARCHITECTURE), (
                f"{package}/{path.name}"
            )


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_every_command_and_option_of_run_is_documented(text: str) -> None:
    for name, command in main.commands.items():
        assert f"allocator {name}" in text
        if name == "run":
            for parameter in command.params:
                for option in parameter.opts:
                    if option.startswith("--"):
                        assert option in text, option


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_the_readme_opens_with_the_two_commands_then_a_picture(text: str) -> None:
    run, test, picture = (text.index(words) for words in ("make run", "make test", "!["))
    assert run < test < picture < 1500
    image = re.search(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert image
    assert (ROOT / image[1]).is_file()


def test_both_readmes_show_the_same_figures() -> None:
    def table(text: str) -> list[str]:
        return [line for line in text.splitlines() if re.match(r"\| [\d,]+ \|", line)]

    assert table(README)
    assert table(README) == table(README_ZH)


def test_every_exit_code_is_documented() -> None:
    for code in ("0", "2", "3", "4", "5", "6", "1"):
        assert re.search(rf"\b{code} ", README[README.index("Exit codes") :][:400])


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_the_library_example_runs_as_it_is_printed(text: str) -> None:
    """All of it but the run of a scenario, which other tests make."""
    printed = re.search(r"```python\n(.*?)```", text, re.S)
    assert printed is not None
    lines = [line for line in printed[1].splitlines() if not line.startswith("plan")]
    draw = np.random.default_rng(1)
    names: dict[str, Any] = {
        "gain": draw.integers(10, 100, 60),
        "matrix": draw.integers(1, 50, (2, 60)),
        "lower": np.full(2, -np.inf),
        "upper": np.array([400.0, 500.0]),
        "groups": np.arange(60) // 3,
    }
    exec("\n".join(lines), names)
    outcome, other = names["outcome"], names["other"]
    assert outcome.reason == "optimal"
    assert (names["matrix"] @ outcome.chosen <= names["upper"]).all()
    assert allocator.solve(other).value < outcome.value


def test_every_public_name_is_listed_and_the_fan_needs_no_import_of_its_own() -> None:
    listed = "{*allocator.__all__, 'fan'} <= {*dir(allocator)}"
    code = f"import allocator; print(allocator.fan.open_fan.__name__, {listed})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["open_fan", "True"]
