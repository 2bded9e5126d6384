"""What the suite must say aloud at its end, from whichever of its processes found it out."""

from __future__ import annotations

import warnings


class NotTested(UserWarning):
    """Something that ought to be tested is not tested here."""


def say(message: str) -> None:
    """Have `message` in the summary: as a warning it crosses from a worker process of pytest-xdist."""
    warnings.warn(message, NotTested, stacklevel=2)
