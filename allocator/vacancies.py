"""The record of a substitution: who dropped out of a plan after publication, and who follows each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.options import Award
from allocator.words import Text


@dataclass(frozen=True)
class Vacancy:
    """One that dropped out: who follows (None: nobody), and who of those before was passed over, each with why.

    place  how the follower stands in the order
    passed (candidate, its place in the order, why it was passed over)
    """

    leaving: Award
    follower: Award | None
    place: Text | None = None
    passed: tuple[tuple[str, Text, Text], ...] = ()


@dataclass(frozen=True)
class Substitution:
    """What a plan changes in another one after some of its candidates dropped out; all else stays.

    of       the seal of the plan that it follows on
    why      candidate -> why it dropped out, with the basis
    earlier  what the plans before it had changed already, oldest first
    """

    of: str
    why: Mapping[str, tuple[str, str]]
    vacancies: tuple[Vacancy, ...]
    earlier: tuple[Vacancy, ...] = ()
