"""JSON Schema (draft 2020-12) of a policy's scenarios, for editors.

A file need not be a whole scenario: it may extend another and change one value. So nothing is required, and null, which
takes an inherited value away, may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from allocator.contract import Policy
from allocator.policy import parts_of
from allocator.scenario.shape import Head
from allocator.words import say

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema(policy: Policy) -> Schema:
    """What a scenario of `policy` may hold, its discovered instruments, rules and objectives among it."""
    parts = parts_of(policy.package)
    groups: dict[str, Mapping[str, type[BaseModel]]] = {
        "instruments": parts.instruments,
        "rules": parts.rules,
        "objective": parts.objectives,
        "sections": policy.sections,
    }
    models: list[type[BaseModel]] = [Head, *(model for group in groups.values() for model in group.values())]
    # Two keys may share one settings class.
    models = list(dict.fromkeys(models))
    refs, definitions = models_json_schema([(model, "validation") for model in models], title=None)
    defs: dict[str, Schema] = {name: _partial(d) for name, d in definitions.get("$defs", {}).items()}
    ref = {model: refs[model, "validation"] for model in models}

    def name_of(model: type[BaseModel]) -> str:
        return str(ref[model]["$ref"]).removeprefix("#/$defs/")

    for key, model in parts.rules.items():
        properties = defs[name_of(model)].setdefault("properties", {})
        properties.pop("name", None)
        properties["rule"] = {"const": key, "description": say("scenario.schema.rule").en}
    for objective in parts.objectives.values():
        properties = defs[name_of(objective)].setdefault("properties", {})
        properties["weight"] = _or_null({"type": "integer", "description": say("scenario.schema.weight").en})
    head = defs.pop(name_of(Head))
    properties = {
        "extends": _extends(),
        "overrides": _overrides(),
        **head["properties"],
        "instruments": _group({key: ref[m] for key, m in parts.instruments.items()}, "instruments"),
        "rules": _rules({key: ref[m] for key, m in parts.rules.items()}),
        "objective": _group({key: ref[m] for key, m in parts.objectives.items()}, "objective"),
        **{key: _or_null(ref[m]) for key, m in policy.sections.items()},
    }
    properties["policy"] = {
        "const": policy.name,
        "description": head["properties"]["policy"].get("description", ""),
    }
    return {
        "$schema": DRAFT,
        "title": policy.name,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": defs,
    }


def _extends() -> Schema:
    path = {"type": "string"}
    return {
        "description": say("scenario.schema.extends").en,
        "anyOf": [path, {"type": "array", "items": path}],
    }


def _overrides() -> Schema:
    return {
        "description": say("scenario.schema.overrides").en,
        "type": "array",
        "items": {"type": "object"},
    }


def _group(refs: Mapping[str, Schema], name: str) -> Schema:
    return {
        "description": say(f"scenario.schema.{name}").en,
        "type": "object",
        "additionalProperties": False,
        "properties": {key: _or_null(dict(ref)) for key, ref in refs.items()},
    }


def _rules(refs: Mapping[str, Schema]) -> Schema:
    """Rules under names of the scenario's own: `rule:` says which, or the name itself does."""
    says = {key: {"required": ["rule"], "properties": {"rule": {"const": key}}} for key in refs}
    named: Schema = {
        "type": ["object", "null"],
        "properties": {"rule": {"enum": [*refs]}},
        "allOf": [{"if": {"type": "object", **says[key]}, "then": dict(ref)} for key, ref in refs.items()],
    }
    own = {
        key: {
            "allOf": [named_ref, {"if": {"type": "object", "not": {"required": ["rule"]}}, "then": dict(ref)}]
        }
        for key, ref in refs.items()
        for named_ref in [{"$ref": "#/properties/rules/additionalProperties"}]
    }
    return {
        "description": say("scenario.schema.rules").en,
        "type": "object",
        "properties": own,
        "additionalProperties": named,
    }


def _partial(found: Any) -> Any:
    """A schema with nothing required, and null allowed for every value of a mapping."""
    if isinstance(found, list):
        return [_partial(item) for item in found]
    if not isinstance(found, dict):
        return found
    kept: Schema = {}
    for key, value in found.items():
        if key == "required":
            continue
        if key == "properties":
            kept[key] = {name: _or_null(_partial(below)) for name, below in value.items()}
        elif key == "additionalProperties" and isinstance(value, dict):
            kept[key] = _or_null(_partial(value))
        elif key in ("default", "examples", "const", "enum"):
            kept[key] = value
        else:
            kept[key] = _partial(value)
    return kept


def _or_null(found: Schema) -> Schema:
    if found.get("type") == "null" or any(s.get("type") == "null" for s in found.get("anyOf", ())):
        return found
    outer = {key: value for key, value in found.items() if key in ("description", "title", "default")}
    inner = {key: value for key, value in found.items() if key not in outer}
    return {**outer, "anyOf": [inner, {"type": "null"}]}
