"""Checks parts of a scenario against their settings, and says every fault at once."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from allocator.problems import InputFaults, Problem, Problems
from allocator.scenario import faults
from allocator.scenario.annotations import wants_number
from allocator.scenario.layers import Resolved
from allocator.scenario.tree import Keys, Node

M = TypeVar("M", bound=BaseModel)


def check(model: type[M], node: Node, keys: Keys, problems: Problems, **also: object) -> M | None:
    """`node` as an instance of `model`; None, with every fault noted, where it is none.

    `keys` lead from the scenario's root to the node; `also` are settings that the scenario does not write itself.
    """
    for way, below in node.walk():
        # pydantic would take true for 1.
        if isinstance(below.value, bool) and wants_number(model, way):
            faults.add(problems, node, keys, way, "scenario.not_number", seen=faults.shown(below))
    said = node.plain()
    if isinstance(said, dict):
        said.update(also)
    try:
        return model.model_validate(said)
    except ValidationError as error:
        faults.note(model, node, keys, error, problems, hidden=also.keys())
        return None


def validate(model: type[M], resolved: Resolved) -> M:
    """The whole scenario as an instance of `model`. Raises `InputFaults` with every fault of it."""
    problems = Problems()
    instance = check(model, resolved.root, (), problems)
    stop(problems)
    assert instance is not None
    return instance


def stop(problems: Problems) -> None:
    """Raise `InputFaults` if there is an error, the faults in the order of files and lines."""
    if problems.errors:
        raise InputFaults(sorted(_roots(problems), key=_order))


def _roots(problems: Problems) -> list[Problem]:
    """The faults without those that a thousands separator alone has made of one amount: a bare 6 and a key 000万元."""
    torn = {(p.place.file, p.place.line) for p in problems if p.code == "scenario.comma_in_amount"}
    made = ("money.no_unit", "scenario.unknown_key", "scenario.unknown_key_near", "scenario.unknown_key_none")
    return [p for p in problems if p.code not in made or (p.place.file, p.place.line) not in torn]


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return place.file, place.line or 0, place.column or 0
