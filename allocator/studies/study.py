"""What every study gives, and how hard it is to look."""

from __future__ import annotations

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from allocator.report.block import Block, respoken
from allocator.studies.table import Graph, Table, text_json
from allocator.words import Lang, Text, say

if TYPE_CHECKING:
    import pandas as pd

    from allocator.fan import Fan
    from allocator.studies.case import Case

Ended = Literal["whole", "stopped", "infeasible"]
"""How a study ended: all that was asked, what was there when it was stopped, or that there is no plan to study."""


@dataclass(frozen=True)
class Effort:
    """How a study is to solve and to be watched; None leaves it to the scenario.

    gap, time_limit  of each single solve; time_limit in seconds
    stop   set it to end the study with what it has so far
    fan    where solves go; None for here, with nothing kept
    step   told, in words, of each step as it begins
    until  `time.monotonic()` at which `stop` will be set: what can, deals out its time by it
    """

    gap: float | None = None
    time_limit: float | None = None
    stop: threading.Event | None = None
    step: Callable[[Text], None] = field(default=lambda text: None)
    fan: Fan | None = None
    until: float = math.inf

    @property
    def left(self) -> float:
        """Seconds that are left of the whole study."""
        return max(self.until - time.monotonic(), 0.0)

    @property
    def stopped(self) -> bool:
        """Whether somebody has asked for an end."""
        return self.stop is not None and self.stop.is_set()


@dataclass(frozen=True, kw_only=True)
class Study(ABC):
    """The result of a study. `tables` and `sentences` are its own; every medium is derived from them."""

    key: ClassVar[str]

    title: Text
    ended: Ended = "whole"
    left: Text | None = None
    """What was not done, where it was stopped or a limit was met."""

    @abstractmethod
    def tables(self) -> Sequence[Table]:
        """The results, one thought a table."""

    def sentences(self) -> Sequence[Text]:
        """What it comes to, in words."""
        return ()

    def charts(self) -> Sequence[tuple[Table, Graph]]:
        """The charts, each with the table that it draws, in the fund's own currency."""
        tables = [table.respoken(self.spoken) for table in self.tables() if table.graphs]
        return [(table, graph) for table in tables for graph in table.graphs]

    def blocks(self) -> Sequence[Block]:
        """The study as the terminal shows it."""
        said = tuple(self.said())
        head = [Block(self.title, notes=said)] if said else []
        found = [*head, *self.told([t for t in self.tables() if t.rows or t.notes])]
        return [respoken(block, self.spoken) for block in found]

    def told(self, tables: Sequence[Table]) -> Sequence[Block]:
        """Tables as the terminal shows them; the first with amounts says what they are in."""
        found, unit, told = [], say("study.in_wan"), False
        for table in tables:
            block, own = table.block(), unit in table.notes
            if table.has_amounts(self.in_money) and not told and not own:
                block, own = replace(block, notes=(*block.notes, unit)), True
            told = told or own
            found.append(block)
        return found

    @property
    def in_money(self) -> bool:
        """Whether worth is told in the fund's money: of a scenario it is, of a plain program it has no unit."""
        return self.subject is not None and self.subject.loaded is not None

    def said(self) -> Sequence[Text]:
        """The sentences, with a word on what is left undone."""
        found = [*self.sentences(), *([self.left] if self.left is not None else [])]
        return [self.spoken(text) for text in found]

    def spoken(self, text: Text) -> Text:
        """A text with money in the fund's own currency; as it is where there is no scenario."""
        loaded = None if self.subject is None else self.subject.loaded
        return text if loaded is None else loaded.policy.spoken(loaded.scenario, text)

    @property
    def subject(self) -> Case | None:
        """The case that it is about, or the first of them."""
        found: Case | None = getattr(self, "case", None)
        return found

    def frames(self, lang: Lang = "en") -> dict[str, pd.DataFrame]:
        """The tables as pandas frames, by their keys."""
        return {table.key: table.frame(lang) for table in self.tables()}

    def as_json(self) -> dict[str, Any]:
        """The study as plain data."""
        return {
            "study": self.key,
            "title": text_json(self.title),
            "ended": self.ended,
            "sentences": [text_json(t) for t in self.said()],
            "tables": {table.key: table.as_json() for table in self.tables()},
        }


def stopped(done: int, wanted: int) -> Text:
    """The word on a study that was stopped with `done` of `wanted` steps."""
    return say("study.stopped", done=done, wanted=wanted)
