"""What is worked out of a scenario and its tables, kept for as long as both are there.

Check, options and report ask for the same scores, lines and hits again; at some thousand candidates that is seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, ref

from allocator.records import Records, Tables

Found = TypeVar("Found")
S = TypeVar("S")


def once(make: Callable[[S, Tables], Found]) -> Callable[[S, Tables], Found]:
    """`make(scenario, tables)`, worked out again only for another scenario object or other `Records`.

    What it gives is shared by all who ask, so nobody may change it. It is let go with the candidates' records. For a
    scenario that cannot be told apart by a weak reference it is worked out each time.
    """
    kept: WeakKeyDictionary[Records, tuple[dict[str, ref[Any]], Found]] = WeakKeyDictionary()

    @wraps(make)
    def found(scenario: S, tables: Tables) -> Found:
        candidates = tables["candidates"]
        before = kept.get(candidates)
        own: dict[str, Any] = {**tables, "": scenario}
        if before is not None and _same(before[0], own):
            return before[1]
        made = make(scenario, tables)
        with suppress(TypeError):
            kept[candidates] = {key: ref(value) for key, value in own.items()}, made
        return made

    return found


def _same(before: dict[str, ref[Any]], now: dict[str, Any]) -> bool:
    """Whether the same objects are there under the same keys."""
    return before.keys() == now.keys() and all(before[key]() is value for key, value in now.items())
