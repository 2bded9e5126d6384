"""What a solve came to: why it stopped, the plan if there is one, and what was proved of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from allocator.certificate import Certificate
from allocator.program import Bools

Reason = Literal[
    "optimal",  # the plan is proven best: bound and value are equal
    "within_gap",  # the plan is proven to be within the asked-for gap
    "time_limit",  # stopped by the clock, with or without a plan
    "interrupted",  # stopped by the user, with or without a plan
    "infeasible",  # proven: no plan keeps every hard clause
    "failed",  # the solver broke down, or its plans would not pass the exact check
    "substituted",  # not solved: a finished plan in which others follow those that dropped out
]


@dataclass(frozen=True)
class Progress:
    """A moment of a solve: seconds gone, best value so far (None before the first), bound, gap."""

    seconds: float
    value: float | None
    bound: float | None
    gap: float | None


Watch = Callable[[Progress], None]


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of `solve`.

    reason   why it stopped; separate from whether there is a plan
    chosen   bool [n], a plan that passed the exact integer check, or None
    value    the plan's value in the program's shown units, exact where it is an integer
    bound    proven: no plan is worth more (in the same units); None where nothing was proved
    gap      (bound − value) / |value|, None without both
    seconds  wall clock
    certificate  multipliers of the rows as exact rationals, where the method came by them
    program  the digest of the program that this is of, where a session says it
    """

    reason: Reason
    chosen: Bools | None
    value: int | float | None
    bound: float | None
    gap: float | None
    seconds: float
    solver: str = ""
    detail: str = ""
    certificate: Certificate | None = None
    program: str = ""

    @property
    def has_plan(self) -> bool:
        """Whether there is a verified plan, whatever the reason."""
        return self.chosen is not None
