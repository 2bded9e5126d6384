"""`--marked FILE`: beside the list of faults, the user's own workbook with the faulty cells marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from allocator.commands._shared import words
from allocator.problems import InputFaults, Problem
from allocator.words import Lang, say

F = TypeVar("F", bound=Callable[..., Any])


def marked_option(command: F) -> F:
    """--marked FILE."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option("--marked", type=kind, metavar="FILE", help=words("marked_option"))(command)


@contextmanager
def marking(target: Path | None, scenario: Path, sets: Sequence[str], lang: Lang) -> Iterator[None]:
    """Write the marked copy to `target` where what is done inside ends in faults; the faults go on their way."""
    try:
        yield
    except InputFaults as found:
        if target is not None:
            mark(target, scenario, sets, found.problems, lang)
        raise


def mark(target: Path, scenario: Path, sets: Sequence[str], problems: Sequence[Problem], lang: Lang) -> None:
    """Write the marked copies of the scenario's files that `problems` name: the first to `target`, others beside it."""
    from allocator.report.marked import write_marked

    written = 0
    for path, file in _sources(scenario, sets):
        if not any(p.place.file == file for p in problems):
            continue
        wanted = target.with_suffix(".xlsx") if target.suffix.lower() not in (".xlsx", ".xlsm") else target
        place = wanted.with_stem(f"{wanted.stem}-{path.stem}") if written else wanted
        try:
            count = write_marked(path, file, problems, place, lang)
        except InputFaults:  # no table at all: its one fault has been told
            continue
        except OSError as error:
            _tell("cli.marked_not", lang, file=place, reason=error.strerror or error)
            continue
        written += 1
        same = path.suffix.lower() in (".xlsx", ".xlsm")
        _tell("cli.marked" if same else "cli.marked_converted", lang, file=place, count=count)
    if not written:
        _tell("cli.marked_none", lang)


def _tell(key: str, lang: Lang, **values: Any) -> None:
    click.echo(say(key, **values).to(lang), err=True)


def _sources(scenario: Path, sets: Sequence[str]) -> list[tuple[Path, str]]:
    """The files of a scenario's tables, each once: where it is, and how problems name it."""
    from allocator.intake.book import shown
    from allocator.scenario import load

    try:
        loaded = load(scenario, sets)
    except InputFaults:
        return []
    base = loaded.resolved.file.parent
    files = [loaded.scenario.data.workbook, *(t.file for t in loaded.scenario.data.tables.values())]
    paths = dict.fromkeys(base / f for f in files if f is not None)
    return [(path, shown(path, base)) for path in paths]
