"""A solver at work in a thread of its own: progress passed on, Ctrl-C and `stop` heard at once."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from allocator.solve.door import Ask
from allocator.solve.outcome import Progress

POLL = 0.02
"""Seconds between two looks at the running solver."""

EVERY = 0.25
"""Seconds between two words of progress, at least."""

PATIENCE = 3.0
"""Seconds that a solver has to come to its end once it was told to; one that is still at work is left behind."""

LAST = 19
"""The priority ("nice") of a thread that is left behind: the least there is."""


class Ending(NamedTuple):
    """How a run ended: `told` is why it was told to stop, if it was; `left`: it is still at work, to be forgotten."""

    told: Literal["interrupted", "time_limit"] | None
    left: bool


def run(
    work: Callable[[], None],
    ask: Ask,
    halt: Callable[[], None],
    progress: Callable[[float], Progress | None] = lambda seconds: None,
) -> Ending:
    """Run `work` in a thread and say how it ended.

    `halt` must make `work` return soon: it is called when `ask.stop` is set, at Ctrl-C, when the solver overruns its
    time limit (HiGHS looks at none while it prepares a large program) and when `ask.watch` raises; then again each
    `PATIENCE` / 4, since a solver that has not begun yet may not hear it. One that is left behind goes on with what
    nobody else wants of the processors. After Ctrl-C what the solver has is kept; a second Ctrl-C is passed on, as is
    what `work` raises.
    """
    failure: list[BaseException] = []
    # not `Thread.join`: in Python 3.11 one that Ctrl-C breaks off takes the thread for ended
    done = threading.Event()

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failure.append(error)
        finally:
            done.set()

    begun = spoken = time.monotonic()
    last: Progress | None = None
    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    overrun = ask.seconds + max(1.0, 0.05 * ask.seconds)
    told: Literal["interrupted", "time_limit"] | None = None
    try:
        while told is None and not done.wait(POLL):
            now = time.monotonic()
            if ask.stopped:
                told = "interrupted"
            elif now - begun > overrun:
                told = "time_limit"
            elif ask.watch is not None and now - spoken >= EVERY:
                spoken = now
                here = progress(now - begun)
                if here is not None and (
                    last is None or (here.value, here.bound) != (last.value, last.bound)
                ):
                    ask.watch(here)
                    last = here
    except KeyboardInterrupt:
        told = "interrupted"
    except BaseException:
        if not _wind_down(done, halt):
            _leave(thread)
        raise
    if told is not None and not _wind_down(done, halt):
        _leave(thread)
        return Ending(told, left=True)
    if failure:
        raise failure[0]
    return Ending(told, left=False)


def _wind_down(done: threading.Event, halt: Callable[[], None]) -> bool:
    """Tell the solver to stop until it has, or until patience ends; whether it has."""
    for _ in range(4):
        if not done.is_set():
            halt()
            done.wait(PATIENCE / 4)
    return done.is_set()


def _leave(thread: threading.Thread) -> None:
    """Put a thread that cannot be ended behind all others; only Linux has that for a thread alone."""
    if sys.platform == "linux" and thread.native_id is not None:
        with contextlib.suppress(OSError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, thread.native_id, LAST)
