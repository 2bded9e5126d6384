"""What a settings model allows at a place: the keys of a mapping, the choices of a value; for “did you mean”."""

from __future__ import annotations

import types
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.errors import PydanticUserError

from allocator.scenario.tree import Keys


def names_at(model: type[BaseModel], way: Keys) -> list[str]:
    """The keys that may stand in the mapping at `way` below `model`."""
    return list(dict.fromkeys(name for kind in _kinds(model, way) for name in _names(kind)))


def choices_at(model: type[BaseModel], way: Keys, of_key: bool = False) -> list[str]:
    """The closed choices of the value at `way` below `model`; with `of_key`, of the key that `way` ends with."""
    if not of_key:
        return list(dict.fromkeys(choice for kind in _kinds(model, way) for choice in _choices(kind)))
    mappings = (kind for parent in _kinds(model, way[:-1]) for kind in _members(parent))
    return [choice for kind in mappings if _is_mapping(kind) for choice in _choices(get_args(kind)[0])]


def wants_number(model: type[BaseModel], way: Keys) -> bool:
    """Whether the value at `way` below `model` can be a number and nothing else."""
    members = [member for kind in _kinds(model, way) for member in _members(kind)]
    return bool(members) and all(
        member in (int, float, Decimal, Fraction, types.NoneType) for member in members
    )


def _kinds(model: type[BaseModel], way: Keys) -> list[Any]:
    kinds: list[Any] = [model]
    for key in way:
        kinds = [below for kind in kinds for below in _below(kind, key)]
    return kinds


def _names(kind: Any) -> list[str]:
    # Beside its fields, a model may say in its schema what shorthand its validators take.
    models = [m for m in _members(kind) if isinstance(m, type) and issubclass(m, BaseModel)]
    return [name for model in models for name in _written(model)]


def _written(model: type[BaseModel]) -> list[str]:
    fields = [field.alias or name for name, field in model.model_fields.items()]
    try:
        shorthand = model.model_json_schema().get("properties", {})
    except PydanticUserError:
        shorthand = {}
    return [*fields, *(name for name in shorthand if name not in fields)]


def _choices(kind: Any) -> list[str]:
    found: list[str] = []
    for member in _members(kind):
        if get_origin(member) is Literal:
            found += [str(choice) for choice in get_args(member)]
        elif isinstance(member, type) and issubclass(member, Enum):
            found += [str(choice.value) for choice in member]
    return found


def _below(kind: Any, key: str | int) -> list[Any]:
    """What may stand behind `key` in a value of `kind`."""
    found: list[Any] = []
    for member in _members(kind):
        if isinstance(member, type) and issubclass(member, BaseModel):
            fields = {field.alias or name: field for name, field in member.model_fields.items()}
            if key in fields:
                found.append(fields[str(key)].annotation)
            elif member.model_config.get("extra") == "allow":
                found += get_args(get_type_hints(member)["__pydantic_extra__"])[1:]
        elif _is_mapping(member):
            found += get_args(member)[1:]
        elif get_origin(member) in (list, tuple, set, frozenset):
            found += get_args(member)[:1]
    return found


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _members(kind: Any) -> list[Any]:
    """The members of a union, out of their annotations; `kind` alone where it is none."""
    if get_origin(kind) is Annotated:
        return _members(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return [inner for member in get_args(kind) for inner in _members(member)]
    return [kind]
