"""The programs that command-line solvers run, so that a solve can be ended from outside them."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from types import ModuleType
from typing import Any


class Children:
    """`subprocess` as another module sees it, remembering the last program that each thread has started.

    PuLP keeps the program that it waits for to itself; to interrupt it, one has to have seen it start.
    """

    def __init__(self) -> None:
        self._last: dict[int, subprocess.Popen[bytes]] = {}
        self._told: set[int] = set()

    def watch(self, module: ModuleType) -> None:
        """Stand in for `subprocess` in `module`, if it uses it under that name."""
        if getattr(module, "subprocess", None) is subprocess:
            vars(module)["subprocess"] = self

    def interrupt(self, thread: int) -> None:
        """What Ctrl-C would do to the program that `thread` waits for, once; on Windows its end."""
        child = self._last.get(thread)
        if child is not None and child.pid not in self._told and child.poll() is None:
            self._told.add(child.pid)
            if os.name == "nt":
                child.terminate()
            else:
                child.send_signal(signal.SIGINT)

    def kill(self, thread: int) -> None:
        """The end of the program that `thread` waits for, at once."""
        child = self._last.get(thread)
        if child is not None:
            child.kill()

    def forget(self, thread: int) -> None:
        """Drop what `thread` has started."""
        child = self._last.pop(thread, None)
        if child is not None:
            self._told.discard(child.pid)

    def Popen(self, *args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        """`subprocess.Popen`, noted."""
        child: subprocess.Popen[bytes] = subprocess.Popen(*args, **kwargs)
        self._last[threading.get_ident()] = child
        return child

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)
