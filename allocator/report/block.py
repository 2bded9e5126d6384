"""A block of a report: a small titled table or a few sentences, in both languages, free of any medium."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from allocator.words import Lang, Text

Cell = str | int | Text


@dataclass(frozen=True)
class Block:
    """A titled table (`columns` and `rows`; numbers come as finished text) with sentences under it (`notes`).

    `right` names the columns that are set flush right, `wraps` the one, or those, that may be broken over lines.
    """

    title: Text
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[Text, ...] = ()
    right: tuple[int, ...] = ()
    wraps: int | tuple[int, ...] | None = None


def respoken(block: Block, spoken: Callable[[Text], Text]) -> Block:
    """The block with every text as `spoken` has it; what is no text in both languages stays as it was typed."""

    def own(value: Cell) -> Cell:
        return spoken(value) if isinstance(value, Text) else value

    return replace(
        block,
        title=spoken(block.title),
        columns=tuple(spoken(c) for c in block.columns),
        rows=tuple(tuple(own(v) for v in row) for row in block.rows),
        notes=tuple(spoken(n) for n in block.notes),
    )


def cell(value: Cell, lang: Lang) -> str:
    """A cell in one language."""
    return value.to(lang) if isinstance(value, Text) else str(value)


def every(count: int, but: Sequence[int] = (0,)) -> tuple[int, ...]:
    """The columns 0 … count−1 except `but`: which to set flush right."""
    return tuple(i for i in range(count) if i not in but)
