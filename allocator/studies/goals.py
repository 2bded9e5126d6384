"""What a plan can be measured by at once: objectives by name, each one whole number per option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from allocator.limits import MICRO_PER_YUAN
from allocator.money import parse
from allocator.policy import parts_of
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Ints
from allocator.report.cells import Kind
from allocator.studies.case import Case
from allocator.studies.figures import figures
from allocator.words import Text, same, say


@dataclass(frozen=True, eq=False)
class Goal:
    """One objective: int64 `gain` [n], more is better; a cost has negative gains and is shown without the sign."""

    key: str
    title: Text
    gain: Ints
    kind: Kind = "count"
    sign: int = 1

    def shown(self, value: Fraction | int) -> int:
        """A value in units of gain as it is shown, rounded half to even."""
        shown: int = self.sign * round(value)
        return shown


def goals(case: Case, names: Sequence[str] | npt.ArrayLike) -> tuple[Goal, ...]:
    """Objectives by name: one of the policy's, or a money column of the option table; `-loss` asks for little of it.

    Of a plain program, gain vectors [k, n] instead. Unknown names raise `InputFaults`.
    """
    if case.compiled is None or case.loaded is None or not _names(names):
        rows = np.atleast_2d(np.asarray(names, np.int64))
        if rows.shape[1] != len(case.program.gain):
            raise ValueError(f"gains have {rows.shape[1]} columns, the program has {len(case.program.gain)}")
        return tuple(
            Goal(f"objective_{i + 1}", say("frontier.nth", number=i + 1), row) for i, row in enumerate(rows)
        )
    return tuple(_goal(case, str(name)) for name in names)  # type: ignore[union-attr]


def _names(names: object) -> bool:
    return isinstance(names, Sequence) and all(isinstance(n, str) for n in names)


def _goal(case: Case, name: str) -> Goal:
    assert case.compiled is not None
    assert case.loaded is not None
    options, facts = case.compiled.options, case.compiled.facts
    key, sign = name.removeprefix("-"), -1 if name.startswith("-") else 1
    known = parts_of(case.loaded.policy.package).objectives
    free = ~options.fixed
    if key in known:
        gain = np.where(free, known[key]().gain(options, facts), 0)
        return Goal(key, known[key].title, sign * gain, "worth", sign)
    if options.has(key):
        gain = np.where(free, options.column(key), 0)
        kind: Kind = "count" if key == "count" else "money"
        return Goal(key, _title(case, key), sign * gain, kind, sign)
    there = ", ".join((*known, "award", "first_year", "recovery", "count", *options.money))
    said = say("frontier.unknown", name=name)
    raise InputFaults(
        [Problem(Place("--objectives"), said, say("frontier.there_are", names=there), "frontier.name")]
    )


def _title(case: Case, column: str) -> Text:
    """How a money column reads: as plans are compared by it, else its own name."""
    found = {f.key: f.title for f in figures(case, case.program.fixed == 1)}
    return found.get(column, same(column))


def read_steps(own: Sequence[Goal], steps: Sequence[int | str]) -> tuple[int, ...]:
    """A frontier's steps in units of gain, given for each objective, for each after the first, or one for all of these.

    Raises `InputFaults` for what is no amount above 0.
    """
    wanted: list[int | str] = list(steps)
    if len(wanted) == 1:
        wanted *= len(own) - 1
    if len(wanted) == len(own) - 1:
        wanted = [1, *wanted]
    if len(wanted) != len(own):
        text = say("frontier.steps_count", count=len(own), less=len(own) - 1)
        raise InputFaults([Problem(Place("--step"), text, say("frontier.steps_mend"), "frontier.steps")])
    found = []
    for goal, step in zip(own, wanted, strict=True):
        try:
            unit = MICRO_PER_YUAN if goal.kind == "worth" else 1
            value = (
                step if isinstance(step, int) else (int(step) if goal.kind == "count" else parse(step) * unit)
            )
        except ValueError:
            value = 0
        if value < 1:
            text = say("frontier.step_amount", seen=step)
            raise InputFaults([Problem(Place("--step"), text, say("frontier.steps_mend"), "frontier.steps")])
        found.append(value)
    return tuple(found)
