"""How the axes that money is summed by read: at the head of a column, in a sentence, crossed with each other."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.words import Text, same, say

KNOWN_AXES = ("domain", "instrument", "department", "county", "industry", "batch")
"""Axes that have a name of their own in the catalogue; others go by their key."""


def axis_head(axis: str) -> Text:
    """How an axis reads at the head of a column."""
    name = axis_name(axis)
    return Text(name.zh, name.en[:1].upper() + name.en[1:])


def axis_name(axis: str) -> Text:
    """How an axis reads."""
    return say(f"study.axis.{axis}") if axis in KNOWN_AXES else same(axis)


def crossed(parts: Sequence[Text]) -> Text:
    """The names of several axes at once."""
    return Text(" × ".join(p.zh for p in parts), " × ".join(p.en for p in parts))
