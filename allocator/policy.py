"""Finds policies by entry point, and a policy's instruments, rules and objectives by the files of its folders."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Any, cast

from allocator.contract import Instrument, Objective, Policy, Rule
from allocator.problems import InputFaults, Place, Problems

GROUP = "allocator.policies"


class PolicyError(Exception):
    """A policy's package is put together wrongly: a fault of the program, not of an input."""


@dataclass(frozen=True)
class Parts:
    """What a policy's folders hold, by key."""

    instruments: Mapping[str, type[Instrument]]
    rules: Mapping[str, type[Rule]]
    objectives: Mapping[str, type[Objective]]


def installed() -> list[str]:
    """The names of the installed policies."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def load_policy(name: str, place: Place | None = None) -> Policy:
    """The installed policy of that name. An unknown name raises `InputFaults` at `place`, naming those installed."""
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            return cast(Policy, entry.load())
    problems = Problems()
    names = installed()
    code = "scenario.unknown_policy" if names else "scenario.no_policies"
    problems.add(place or Place(name), code, name=name, names=", ".join(names))
    raise InputFaults(problems)


def discover(package: str, folder: str, base: type) -> dict[str, Any]:
    """The classes of kind `base` in the files of `package`/`folder`, by their `key`.

    One class a file; names that begin with an underscore are the files' common helpers. What fails while a file is
    imported is raised as it is; a file without its class, with two, or with a key that another has, is a `PolicyError`.
    """
    parent = import_module(f"{package}.{folder}")
    found: dict[str, type] = {}
    for module_info in sorted(iter_modules(parent.__path__), key=lambda m: m.name):
        if module_info.name.startswith("_"):
            continue
        name = f"{package}.{folder}.{module_info.name}"
        module = import_module(name)
        own = [c for c in vars(module).values() if _is_part(c, base) and c.__module__ == name]
        if len(own) != 1:
            names = ", ".join(c.__name__ for c in own) or "none"
            raise PolicyError(f"{name}: wants exactly one {base.__name__}, has {names}")
        part = own[0]
        key = getattr(part, "key", None)
        if not isinstance(key, str) or not key:
            raise PolicyError(f"{name}: {part.__name__} has no key")
        if key in found:
            raise PolicyError(f"{name}: key {key!r} is taken by {found[key].__module__}")
        found[key] = part
    return found


def _is_part(candidate: object, base: type) -> bool:
    return (
        isinstance(candidate, type)
        and issubclass(candidate, base)
        and candidate is not base
        and not inspect.isabstract(candidate)
    )


@cache
def parts_of(package: str) -> Parts:
    """All that is discovered in a policy's package, read once."""
    return Parts(
        instruments=discover(package, "instruments", Instrument),
        rules=discover(package, "rules", Rule),
        objectives=discover(package, "objectives", Objective),
    )
