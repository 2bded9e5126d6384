"""A process in a group of its own, ended with all that it began."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def alone(
    command: Sequence[str], seconds: float, folder: Path, env: Mapping[str, str] | None = None
) -> tuple[str, str, int]:
    """What it writes to stdout and to stderr, and its exit code.

    Raises `subprocess.TimeoutExpired` when its time is up. However this ends, nothing that it began goes on.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except BaseException:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.communicate()
        raise
    return out, err, process.returncode
