"""The JSON Schema of scenarios: what is discovered is in it, what is no setting is not, and nothing is required."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import toyfund
from toyfund import WHOLE

from allocator.problems import Problems
from allocator.scenario import schema
from allocator.scenario.reader import read_text
from allocator.scenario.tree import Source

SCHEMA = schema(toyfund.POLICY)


def errors(value: Any, rule: Any, at: str = "$") -> Iterator[str]:
    """What is wrong with `value` by the keywords of JSON Schema that our schemas use; others fail the test."""
    if rule is True or rule == {}:
        return
    for word, says in rule.items():
        if word == "$ref":
            target: Any = SCHEMA
            for part in says.removeprefix("#/").split("/"):
                target = target[part]
            yield from errors(value, target, at)
        elif word == "type":
            kinds = says if isinstance(says, list) else [says]
            if not any(_is(value, kind) for kind in kinds):
                yield f"{at}: {value!r} is not {says}"
        elif word == "properties" and isinstance(value, dict):
            for key, below in says.items():
                if key in value:
                    yield from errors(value[key], below, f"{at}.{key}")
        elif word == "additionalProperties" and isinstance(value, dict):
            for key in value.keys() - rule.get("properties", {}).keys():
                if says is False:
                    yield f"{at}: {key} is not allowed"
                else:
                    yield from errors(value[key], says, f"{at}.{key}")
        elif word in ("items",) and isinstance(value, list):
            for item in value:
                yield from errors(item, says, f"{at}[]")
        elif word == "anyOf":
            tries = [list(errors(value, option, at)) for option in says]
            if all(tries):
                yield min(tries, key=len)[0]
        elif word == "allOf":
            for option in says:
                yield from errors(value, option, at)
        elif word == "if":
            if not list(errors(value, says, at)):
                yield from errors(value, rule.get("then", {}), at)
        elif word == "not":
            if not list(errors(value, says, at)):
                yield f"{at}: is what it must not be"
        elif word == "required":
            if isinstance(value, dict) and set(says) - value.keys():
                yield f"{at}: lacks {says}"
        elif word == "const":
            if value != says:
                yield f"{at}: {value!r} is not {says!r}"
        elif word == "enum":
            if value not in says:
                yield f"{at}: {value!r} is none of {says}"
        elif word == "pattern" and isinstance(value, str):
            if not re.search(says, value):
                yield f"{at}: {value!r} does not match"
        elif word in ("minimum", "exclusiveMinimum") and isinstance(value, (int, float)):
            if value < says:
                yield f"{at}: {value} is below {says}"
        else:
            known = ("properties", "additionalProperties", "items", "pattern", "minimum", "exclusiveMinimum")
            known += ("title", "description", "default", "format", "then", "$schema", "$defs")
            assert word in known, f"the test does not know {word}"


def _is(value: Any, kind: str) -> bool:
    if kind == "null":
        return value is None
    if kind in ("integer", "number"):
        return isinstance(value, (int,) if kind == "integer" else (int, float)) and not isinstance(
            value, bool
        )
    return isinstance(value, {"object": dict, "array": list, "string": str, "boolean": bool}[kind])


def faults(text: str) -> list[str]:
    problems = Problems()
    node = read_text(text, Source(None, said="x"), problems)
    assert node is not None
    data = json.loads(json.dumps(node.plain(), default=float))
    return list(errors(data, SCHEMA))


def test_it_is_plain_json_of_the_named_draft() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_reference_leads_somewhere() -> None:
    for target in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(SCHEMA)):
        found: Any = SCHEMA
        for part in target.split("/"):
            found = found[part]
        assert isinstance(found, dict)


def test_what_is_discovered_is_in_it_with_its_words() -> None:
    properties = SCHEMA["properties"]
    assert list(properties["instruments"]["properties"]) == ["grant"]
    assert list(properties["rules"]["properties"]) == ["equity_pilot", "limit"]
    assert {"extends", "overrides", "policy", "data", "solve", "fund", "memo"} <= properties.keys()
    assert SCHEMA["$defs"]["Limit"]["description"] == "Any sum within bounds."
    assert SCHEMA["$defs"]["Limit"]["properties"]["where"]["description"] == "axis -> labels"
    assert "name" not in SCHEMA["$defs"]["Limit"]["properties"]


@pytest.mark.parametrize(
    "more",
    [
        "",
        "extends: a.yaml",
        "extends: [a.yaml, b.yaml]",
        "overrides: [{a.b: 1}]",
        "rules: {大额: {rule: limit, bounds: {cap: 3万元, price: 0.5}}}",
        "rules: {equity_pilot: {cap: 12.5%}, 大额: {note: changes one value}}",
        "rules: {equity_pilot: null, limit: {bounds: null}}",
        "rules: {limit: {rule: equity_pilot, base: whole}}",
        "data: {workbook: a.xlsx, reviews: {file: b.csv, where: {fund: 4}, columns: {id: 编号}}}",
        "data: {reviews: {columns: {id: {template: 'F{row}'}, score: {column: s, map: {A: 1, '*': 0}}}}}",
        "solve: {gap: 0.01%, time_limit: 60}",
        "solve: {gap: 1e-4, time_limit: 5min}",
        "memo: {pilot: 5%}",
    ],
)
def test_what_the_reader_takes_it_takes(more: str) -> None:
    assert faults(f"{WHOLE}{more}\n") == []


@pytest.mark.parametrize(
    "more",
    [
        "titel: x",
        "rules: {大额: {rule: limt}}",
        "rules: {大额: {rule: limit, base: whole}}",
        "rules: {equity_pilot: {bounds: {}}}",
        "rules: {equity_pilot: {cap: 12}}",
        "instruments: {grand: {}}",
        "instruments: {grant: {most: 300}}",
        "memo: {opne: true}",
        "data: {reviews: {fil: x}}",
        "procedure: jiont",
    ],
)
def test_what_the_reader_refuses_it_refuses(more: str) -> None:
    assert len(faults(f"{WHOLE}{more}\n")) == 1
