"""What a scenario holds: the engine's own sections, and those that its policy adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from allocator.contract import Instrument, Objective, Rule
from allocator.data import DataSettings
from allocator.limits import Settings
from allocator.money import Unreadable, decimal, plain

Procedure = Literal["joint", "sequential"]

_SECONDS = {
    "": 1,
    "s": 1,
    "sec": 1,
    "秒": 1,
    "m": 60,
    "min": 60,
    "分": 60,
    "分钟": 60,
    "h": 3600,
    "小时": 3600,
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(\D*)")


def read_gap(value: object) -> float:
    """A relative gap: `0.01%` and `1e-4` are 0.0001. Raises `Unreadable` outside [0, 1)."""
    gap: Fraction | None = None
    try:
        if isinstance(value, str):
            text = plain(value)
            gap = Fraction(decimal(text[:-1])) / 100 if text.endswith("%") else Fraction(text)
        elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            gap = Fraction(decimal(value))
    except ValueError:
        gap = None
    if gap is None or not 0 <= gap < 1:
        raise Unreadable("scenario.not_gap", seen=value)
    return float(gap)


def read_seconds(value: object) -> float:
    """A length of time in seconds: `60s`, `5min`, `1h`; a bare number is seconds. Raises `Unreadable`."""
    found = None if isinstance(value, bool) else _DURATION.fullmatch(plain(str(value)))
    if not found or found[2].strip() not in _SECONDS:
        raise Unreadable("scenario.not_duration", seen=value)
    return float(Decimal(found[1]) * _SECONDS[found[2].strip()])


Gap = Annotated[
    float,
    BeforeValidator(read_gap),
    WithJsonSchema({"type": ["string", "number"], "description": "0.01% or 1e-4", "default": "0.01%"}),
]
"""A relative gap, at least 0 and less than 1."""

Seconds = Annotated[
    float,
    BeforeValidator(read_seconds),
    WithJsonSchema({"type": ["string", "number"], "description": "60s, 5min, 1h", "default": "60s"}),
]
"""A length of time in seconds."""


RelaxCost = Annotated[
    Fraction | Literal["never"],
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"const": "never"}]}),
]
"""What a rule's yielding costs, against the others'; `never`: it does not yield."""


class Solve(Settings):
    """How hard to look: the gap to stop at, the time to spend, and by which solver and method."""

    gap: Gap = 1e-4
    time_limit: Seconds = 60.0
    solver: str = "HiGHS"
    method: str = "auto"


class Judged(Settings):
    """What is held known of the experts' judgement, where a study asks how much hangs on it."""

    weights: tuple[str, ...] = Field(
        default=(),
        description="linear constraints on the criteria's weights: a >= b, a + b <= 50%, a = 10%..20%",
    )
    scores: str | int | float | None = Field(
        default=None, description="by how many points each score may be off, either way"
    )
    loss_price: Fraction | None = Field(
        default=None,
        ge=0,
        description="yuan of worth that one yuan of the worst draws' mean loss (CVaR) costs",
    )


class Head(Settings):
    """The engine's own simple keys."""

    policy: str = Field(description="the installed policy that this is a scenario of")
    title: str = Field(default="", description="what the run is called; by default the file's name")
    note: str = Field(default="", description="remarks for readers")
    data: DataSettings = Field(default_factory=DataSettings, description="where the tables come from")
    procedure: Procedure = Field(
        default="joint", description="joint: projects and instruments at once; sequential: projects first"
    )
    solve: Solve = Field(default_factory=Solve, description="gap, time and solver")
    relax_cost: dict[str, RelaxCost] = Field(
        default_factory=dict,
        description="by rule: what one yuan of its yielding is held to cost where no plan is (1), or never",
    )
    robust: Judged = Field(
        default_factory=Judged, description="what is held known of weights and scores, for allocator robust"
    )


@dataclass(frozen=True)
class Aim:
    """One part of the objective: what it is, and how much it weighs against the others."""

    objective: Objective
    weight: int = 1


@dataclass(frozen=True, eq=False)
class Scenario:
    """A checked scenario. The policy's own sections are attributes too: `scenario.fund`.

    instruments by key, rules by the scenario's own names, objective: what is maximised, by key; all in the
    scenario's order.
    """

    policy: str
    title: str
    note: str
    data: DataSettings
    instruments: Mapping[str, Instrument]
    rules: Mapping[str, Rule]
    objective: Mapping[str, Aim]
    procedure: Procedure
    solve: Solve
    sections: Mapping[str, Settings]
    relax_cost: Mapping[str, RelaxCost] = field(default_factory=dict)
    robust: Judged = field(default_factory=Judged)

    def __getattr__(self, name: str) -> Any:
        # Only reached for names that are no attribute; copies are made before `sections` is there.
        sections = self.__dict__.get("sections", {})
        if name in sections:
            return sections[name]
        raise AttributeError(f"a scenario has no section {name!r}")
