"""What a damaged input is: how it is made from the sound one, and what must come of it.

A mutator takes a seeded `Random` and the sound draft, damages it, and says what must come: the faults, each with its
code, sheet and cell (or line), or the values that a right reading gives. `damage(times)` makes that many cases of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

Cell = tuple[str, str | None, str | None]
"""A fault's code, sheet and cell."""


@dataclass(frozen=True)
class Must:
    """What must come of a damaged input.

    faults   the errors, all of them; none where it is read
    values   where it is read: (table, row, field) -> value, of those that differ from the sound reading
    notices  codes that must be among the notices
    shorter  where it is read: tables -> the rows (of the sound one) that are not there
    """

    faults: tuple[Cell, ...] = ()
    values: Mapping[tuple[str, int, str], Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    gone: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def fault(code: str, sheet: str | None = None, cell: str | None = None) -> Must:
    """One fault of reading."""
    return Must(((code, sheet, cell),))


def reads(*notices: str, values: Mapping[tuple[str, int, str], Any] | None = None) -> Must:
    """The sound reading, but for `values`."""
    return Must(values=values or {}, notices=notices)


Mutator = Callable[[Random, Any], Must]


@dataclass(frozen=True)
class Case:
    """One damaged input: a mutator and the seed that it draws by."""

    name: str
    mutate: Mutator
    seed: int


class Corpus:
    """Cases as they are declared."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def damage(self, times: int = 1) -> Callable[[Mutator], Mutator]:
        """Declare a mutator: `times` cases, each with a seed of its own."""

        def declare(mutate: Mutator) -> Mutator:
            name = mutate.__name__.strip("_")
            self.cases += [Case(f"{name}-{seed}", mutate, seed) for seed in range(times)]
            return mutate

        return declare

    def each(self, **ways: Any) -> Callable[[Callable[[Random, Any, Any], Must]], None]:
        """Declare one case for each of `ways`, whose value the mutator gets as its third argument."""

        def declare(mutate: Callable[[Random, Any, Any], Must]) -> None:
            name = mutate.__name__.strip("_")
            for number, (way, value) in enumerate(ways.items()):
                self.cases.append(Case(f"{name}-{way}", lambda d, x, v=value: mutate(d, x, v), number))

        return declare
