"""Python 3.12 or newer with PuLP 4: the gateway's tests again, wherever such an interpreter is found.

PuLP 4 drops what PuLP 3 spoke and needs Python 3.12, so no one virtual environment can try both. Where no such
interpreter is, or its packages cannot be had, the suite says so loudly at its end; in CI the packages must be had.
Where the suite itself runs on PuLP 4, `test_gateway.py` has tried it already.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from allocator.solve.pulp_gate import PULP4
from tests.solve.loud import say

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-pulp4"
PACKAGES = ("numpy", "scipy", "highspy", "pulp>=4,<5", "cbcbox", "pyscipopt", "pytest", "hypothesis")
TESTS = ("tests/solve/test_gateway.py",)
NEEDED = (3, 12)


def candidates() -> Iterator[Path]:
    """Where an interpreter may be: on PATH, among pyenv's versions, among uv's."""
    names = [f"python3.{minor}" for minor in (13, 14, 12, 15)]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield from (Path(folder) / name for name in names)
    homes = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"]
    homes += [
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local" / "share" / "uv" / "python"))
    ]
    for home in homes:
        for version in sorted(home.glob("*"), reverse=True):
            yield from (version / "bin" / name for name in names)
            yield version / "python.exe"


def found() -> Path | None:
    """The first that runs, is new enough and can make a virtual environment: a pyenv shim may be an empty promise."""
    if sys.version_info >= NEEDED:
        return Path(sys.executable)
    code = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    for path in candidates():
        if not path.is_file():
            continue
        try:
            done = subprocess.run([path, "-c", code], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and tuple(int(v) for v in done.stdout.split()) >= NEEDED:
            return path
    return None


@contextmanager
def alone() -> Iterator[None]:
    """One builder of the environment at a time (on Windows, which has no such lock, as many as there are)."""
    HOME.mkdir(exist_ok=True)
    with (HOME / ".lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def environment(python: Path) -> Path:
    """The cached virtual environment's interpreter, made anew when the pinned versions have changed."""
    pins = ROOT / "constraints.txt"
    wanted = "\n".join([str(python), *PACKAGES, pins.read_text() if pins.exists() else ""])
    own = HOME / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mark = HOME / "made-of.txt"
    with alone():
        if not own.exists() or not mark.exists() or mark.read_text() != wanted:
            subprocess.run([python, "-m", "venv", "--clear", HOME / "venv"], check=True, capture_output=True)
            pinned = ["-c", str(pins)] if pins.exists() else []
            command = [own, "-m", "pip", "install", "-q", "--disable-pip-version-check", *pinned, *PACKAGES]
            subprocess.run(command, check=True, capture_output=True, text=True)
            mark.write_text(wanted)
    return own


def loudly(reason: str) -> None:
    say(f"PuLP 4 IS NOT TESTED HERE: {reason}")
    pytest.skip(reason)


@pytest.mark.skipif(PULP4, reason="the suite itself runs on PuLP 4: test_gateway.py has tried it")
def test_the_gateway_on_python_312_or_newer_with_pulp_4() -> None:
    python = found()
    if python is None:
        loudly("no Python 3.12 or newer that runs was found on PATH, in pyenv or in uv")
    assert python is not None
    try:
        own = environment(python)
    except subprocess.CalledProcessError as error:
        said = (
            error.stderr if isinstance(error.stderr, str) else (error.stderr or b"").decode(errors="replace")
        )
        if os.environ.get("CI"):
            pytest.fail(f"the packages for PuLP 4 could not be installed: {said}")
        loudly(f"its packages could not be installed (no network?): {said.strip().splitlines()[-1:]}")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-p", "no:cacheprovider", "--noconftest", "-o", "addopts=", "-rs", "-q"]
    done = subprocess.run(
        [own, "-m", "pytest", *options, *TESTS],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 40
    assert "skipped" not in done.stdout
    version = subprocess.run(
        [own, "-c", "import pulp; print(pulp.__version__)"], capture_output=True, text=True, check=True
    ).stdout
    assert version.startswith("4."), version
