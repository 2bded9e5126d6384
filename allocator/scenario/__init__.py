"""Scenario files: YAML put together from layers, checked whole, each value with where it was said.

`load` is the way in. `dump` writes the resolved scenario, `digest` names its content, `schema` describes it to editors.
"""

from __future__ import annotations

from allocator.scenario.layers import Resolved, resolve
from allocator.scenario.load import Loaded, load
from allocator.scenario.resolved import digest, dump
from allocator.scenario.schema import schema
from allocator.scenario.shape import Aim, Scenario, Solve
from allocator.scenario.validate import validate

__all__ = [
    "Aim",
    "Loaded",
    "Resolved",
    "Scenario",
    "Solve",
    "digest",
    "dump",
    "load",
    "resolve",
    "schema",
    "validate",
]
