"""Words for what pydantic finds wrong with a part of a scenario, in both languages, with its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from allocator.money import Unreadable
from allocator.problems import Problem, Problems
from allocator.scenario.annotations import choices_at, names_at
from allocator.scenario.near import nearest
from allocator.scenario.tree import Keys, Node
from allocator.words import LANGS, Text, say

_PLAIN = {
    "int_type": "not_integer",
    "int_parsing": "not_integer",
    "int_parsing_size": "not_integer",
    "int_from_float": "not_integer",
    "float_type": "not_number",
    "float_parsing": "not_number",
    "fraction_parsing": "not_number",
    "decimal_parsing": "not_number",
    "decimal_type": "not_number",
    "finite_number": "not_number",
    "is_instance_of": "not_number",
    "bool_type": "not_flag",
    "bool_parsing": "not_flag",
    "string_type": "not_text",
    "path_type": "not_text",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "set_type": "not_list",
    "frozen_set_type": "not_list",
    "iterable_type": "not_list",
    "dict_type": "not_mapping",
    "mapping_type": "not_mapping",
    "model_type": "not_mapping",
    "model_attributes_type": "not_mapping",
    "date_type": "not_date",
    "date_parsing": "not_date",
    "date_from_datetime_parsing": "not_date",
}
"""Types of pydantic errors whose message needs no more than the value."""

_BOUNDS = {
    "greater_than": ("too_low", "over", "gt"),
    "greater_than_equal": ("too_low", "at_least", "ge"),
    "less_than": ("too_high", "under", "lt"),
    "less_than_equal": ("too_high", "at_most", "le"),
}
_LENGTHS = {
    "string_too_short": ("too_short", "min_length"),
    "too_short": ("too_short", "min_length"),
    "string_too_long": ("too_many", "max_length"),
    "too_long": ("too_many", "max_length"),
}


@dataclass(frozen=True)
class _Found:
    """One of pydantic's errors: the keys that lead to it, and where on that way a union begins, if one does."""

    way: Keys
    union: Keys | None
    details: ErrorDetails


def note(
    model: type[BaseModel],
    node: Node,
    keys: Keys,
    error: ValidationError,
    problems: Problems,
    hidden: Collection[str] = (),
) -> None:
    """Note every fault of `error`, which `model` found with `node`; `keys` lead from the root to the node.

    `hidden` are settings that a scenario does not write.
    """
    groups: dict[Keys | None, list[_Found]] = {}
    for details in error.errors():
        found = _locate(node, details)
        groups.setdefault(found.union, []).append(found)
    for union, members in groups.items():
        if union is not None:
            # The form that was meant is the one that pydantic got into; where there is none, all forms are named.
            inside = [found for found in members if len(found.way) > len(union)]
            members = inside or members
            if not inside and len(members) > 1:
                told = [_word(model, node, keys, found, hidden) for found in members]
                ways = Text(
                    *(say("scenario.or").to(lang).join(p.mend.to(lang) for p in told) for lang in LANGS)
                )
                add(
                    problems,
                    node,
                    keys,
                    union,
                    "scenario.fits_none",
                    seen=shown(node.at_keys(union)),
                    ways=ways,
                )
                continue
        for found in members:
            problem = _word(model, node, keys, found, hidden)
            if not _told(problems, problem):
                problems.note(problem)


def add(problems: Problems, node: Node, keys: Keys, way: Keys, code: str, **values: Any) -> None:
    """Note the fault `code` of the value at `way` below `node`."""
    target = node.at_keys(way) or node
    found = Problems()
    found.add(target.at.place((*keys, *way)), code, **values)
    problems.extend(p for p in found if not _told(problems, p))


def add_unknown(problems: Problems, node: Node, keys: Keys, key: str, allowed: list[str]) -> None:
    """Note that `key` of mapping `node` is none of `allowed`."""
    child = node.child(key) or node
    near = nearest(key, allowed)
    code = (
        "scenario.unknown_key_near"
        if near
        else "scenario.unknown_key"
        if allowed
        else "scenario.unknown_key_none"
    )
    problems.add(child.head.place((*keys, key)), code, key=key, near=near, allowed=", ".join(allowed))


def shown(node: Node | None) -> Any:
    """A value as a message quotes it."""
    if node is None:
        return "—"
    if isinstance(node.value, Mapping):
        return say("scenario.mapping")
    if isinstance(node.value, tuple):
        return say("scenario.list")
    value = node.plain()
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _told(problems: Problems, problem: Problem) -> bool:
    # A value that could not even be read has been told of; what a model says of its stand-in adds nothing.
    where = problem.place
    return where.line is not None and any(
        (p.place.file, p.place.line, p.place.key) == (where.file, where.line, where.key)
        and p.code
        in (
            "scenario.empty_value",
            "scenario.not_finite",
            "scenario.not_number",
            "scenario.unprintable",
            "money.too_long",
        )
        for p in problems
    )


def _locate(node: Node, details: ErrorDetails) -> _Found:
    """An error with that part of its location which the tree has; pydantic names the members of unions between."""
    way: list[str | int] = []
    here: Node | None = node
    union: Keys | None = None
    location = [part for part in details["loc"] if part != "[key]"]
    for number, part in enumerate(location):
        below = here.child(part) if here is not None else None
        if below is not None:
            way.append(part)
            here = below
        elif details["type"] == "missing" and number == len(location) - 1:
            break
        elif union is None:
            union = tuple(way)
    return _Found(tuple(way), union, details)


def _word(
    model: type[BaseModel], node: Node, keys: Keys, error_found: _Found, hidden: Collection[str]
) -> Problem:
    way, details = error_found.way, error_found.details
    kind, context = details["type"], details.get("ctx", {})
    target = node.at_keys(way) or node
    found = Problems()
    full = (*keys, *way)
    at_key = details["loc"][-1:] == ("[key]",)
    place = (target.head if at_key else target.at).place(full)
    seen = str(way[-1]) if at_key and way else shown(target)
    error = context.get("error")
    if kind == "extra_forbidden":
        parent = node.at_keys(way[:-1]) or node
        allowed = [name for name in names_at(model, way[:-1]) if name not in hidden]
        add_unknown(found, parent, full[:-1], str(way[-1]), allowed)
    elif kind == "missing":
        key = str(details["loc"][-1])
        found.add(target.head.place((*full, key)), "scenario.missing_key", key=key)
    elif isinstance(error, Unreadable):
        head = target.head if isinstance(target.value, Mapping) else target.at
        return Problem(head.place(full), error.what, error.mend, error.code)
    elif isinstance(error, Exception):
        head = target.head if isinstance(target.value, Mapping) else target.at
        found.add(head.place(full), "scenario.refused", said=str(error))
    elif kind in ("literal_error", "enum"):
        allowed = choices_at(model, way, of_key=at_key)
        near = nearest(str(seen), allowed)
        code = "scenario.not_one_of_near" if near else "scenario.not_one_of"
        found.add(place, code, seen=seen, near=near, allowed=", ".join(allowed))
    elif kind in _BOUNDS:
        code, relation, bound = _BOUNDS[kind]
        relation_text = say(f"scenario.{relation}")
        found.add(place, f"scenario.{code}", seen=seen, relation=relation_text, bound=context[bound])
    elif kind in _LENGTHS:
        code, bound = _LENGTHS[kind]
        found.add(place, f"scenario.{code}", seen=seen, bound=context[bound])
    elif kind == "string_pattern_mismatch":
        found.add(place, "scenario.pattern", seen=seen, pattern=context["pattern"])
    elif kind in _PLAIN:
        composed = isinstance(target.value, (Mapping, tuple))
        wants_one = _PLAIN[kind] not in ("not_list", "not_mapping")
        code = "not_scalar" if composed and wants_one else _PLAIN[kind]
        found.add(place, f"scenario.{code}", seen=seen)
    else:
        found.add(place, "scenario.wrong_value", seen=seen, said=details["msg"])
    return next(iter(found))
