"""Every fault of an input, said at once: where it is, what is wrong, how to mend it.

Readers collect into `Problems` and go on as far as they can; the stage then raises `InputFaults` once,
with the whole list. Nothing is imported from an input that has a fault of level `error`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from allocator.words import Catalogue, Lang, Text, catalogue

Level = Literal["error", "notice"]


@dataclass(frozen=True)
class Place:
    """Where an input says something: a workbook's cell, or a line of a text file, or a key of a scenario."""

    file: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    column: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f":{self.line}" + (f":{self.column}" if self.column is not None else "")
        if self.sheet is not None:
            where += f" {self.sheet}" + (f"!{self.cell}" if self.cell else "")
        elif self.cell is not None:
            where += f" {self.cell}"
        return where + (f" ({self.key})" if self.key else "")


@dataclass(frozen=True)
class Problem:
    """One fault: `what` is wrong at `place`, and how to `mend` it.

    `code` is the message's catalogue key, stable for tests and machines. A `notice` does not stop a run: it
    is printed and kept in the report's list of data problems.
    """

    place: Place
    what: Text
    mend: Text
    code: str
    level: Level = "error"

    def line(self, lang: Lang) -> str:
        """The fault in one line, as the terminal prints it."""
        stop = "；" if lang == "zh" else "; "
        return f"{self.place}: {self.what.to(lang)}{stop}{self.mend.to(lang)}"

    def as_json(self, lang: Lang) -> dict[str, Any]:
        """The fault as plain data."""
        place = {k: v for k, v in vars(self.place).items() if v is not None}
        return {
            "level": self.level,
            "code": self.code,
            **place,
            "what": self.what.to(lang),
            "mend": self.mend.to(lang),
        }


class Problems:
    """A growing list of faults. `add` takes catalogue keys: `fault.<code>.what` and `fault.<code>.mend`.

    `lost` are the tables that are there and could not be read: that others name rows of them is no fault of those.
    """

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self.lost: set[str] = set()

    def add(
        self,
        place: Place,
        code: str,
        /,
        *,
        level: Level = "error",
        words: Catalogue | None = None,
        **values: Any,
    ) -> None:
        """Note the fault `code` at `place`, worded by `words` (the engine's catalogue by default)."""
        say = (words or catalogue("allocator.words")).say
        what, mend = say(f"fault.{code}.what", **values), say(f"fault.{code}.mend", **values)
        self.note(Problem(place, what, mend, code, level))

    def note(self, problem: Problem) -> None:
        """Note a fault that is already worded."""
        self._found.setdefault(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note each of `problems`."""
        for problem in problems:
            self.note(problem)

    def extend_untold(self, problems: Iterable[Problem]) -> None:
        """Note each of `problems` whose place has no error yet: an unreadable cell is not missing as well."""
        told = {p.place for p in self.errors}
        self.extend(p for p in problems if p.place not in told)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The faults that stop a run."""
        return tuple(p for p in self._found if p.level == "error")

    def stop(self) -> None:
        """Raise `InputFaults` with the whole list if any fault stops a run."""
        if self.errors:
            raise InputFaults(tuple(self._found))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class InputFaults(Exception):
    """The input cannot be used; `problems` is the whole list, errors and notices."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(p.line("en") for p in self.problems))
