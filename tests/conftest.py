"""What several test folders share: the repository, the published data beside it, one finished run of the example."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "bench"


def pytest_configure() -> None:
    """Hear Ctrl-C, here and in what is started from here: a shell's background job begins deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def bench() -> Path:
    """The folder of published benchmarks, which is not part of the repository."""
    if not BENCH.is_dir():
        message = "../shared/bench (published data, not part of the repository) is not here"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return BENCH


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of the baseline."""
    from allocator.pipeline import Wishes, run

    out = tmp_path_factory.mktemp("runs") / "baseline"
    run(ROOT / "scenarios" / "rizhao" / "baseline.yaml", out=out, wishes=Wishes(gap=1e-3))
    return out


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end, in a section of its own, what could not be tested here (every `NotTested` warning)."""
    found = {
        w.message.split("NotTested: ", 1)[1].splitlines()[0]
        for w in terminalreporter.stats.get("warnings", [])
        if "NotTested: " in w.message
    }
    if found:
        terminalreporter.section("NOT TESTED HERE", red=True, bold=True)
        for line in sorted(found):
            terminalreporter.line(line, red=True)
