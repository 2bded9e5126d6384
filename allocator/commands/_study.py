"""What the commands of studies share: options, progress on stderr, the first Ctrl-C, how results are handed over."""

from __future__ import annotations

import errno
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from allocator.commands._fan import fan_of, fan_options
from allocator.commands._shared import (
    DONE,
    INFEASIBLE,
    STOPPED,
    Gap,
    faults_told,
    first_ctrl_c,
    lang_option,
    sets_option,
    words,
)
from allocator.words import Lang, Text, say

if TYPE_CHECKING:
    from allocator.studies.study import Effort, Study

F = TypeVar("F", bound=Callable[..., Any])
CODES = {"whole": DONE, "stopped": STOPPED, "infeasible": INFEASIBLE}


def study_options(command: F) -> F:
    """What all studies take, and --gap, --time-limit, --on, --resume of studies that solve: all for `hand_over`."""
    command = fan_options(command)
    for option in (
        click.option("--time-limit", type=click.FloatRange(0), help=words("study.time_limit")),
        click.option("--gap", type=Gap(), help=words("study.gap")),
    ):
        command = option(command)
    return _common(command, words("study.for"))


def drawn_options(command: F) -> F:
    """--set, --for, --lang, --json, --xlsx, --charts, for a study that solves nothing: all for `hand_over`."""
    return _common(command, words("study.for_drawn"))


def _common(command: F, until: str) -> F:
    """What all studies take; `until` says what --for is."""
    for option in (
        click.option(
            "--charts", type=click.Path(path_type=Path, file_okay=False), help=words("study.charts")
        ),
        click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help=words("study.xlsx")),
        click.option("--json", "as_json", is_flag=True, help=words("study.json")),
        lang_option,
        click.option("--for", "seconds", type=click.FloatRange(0), metavar="SECONDS", help=until),
        sets_option,
    ):
        command = option(command)
    return command


def hand_over(
    make: Callable[[Effort], Study],
    *,
    lang: Lang,
    as_json: bool,
    xlsx: Path | None,
    charts: Path | None,
    seconds: float | None,
    gap: float | None = None,
    time_limit: float | None = None,
    on: str | None = None,
    resume: bool = False,
) -> None:
    """Make a study and hand it over: on the screen or as JSON, as a workbook, as drawn charts; then end with its code.

    0 whole; 2 faulty input; 3 no feasible plan to study; 4 stopped by hand or a limit, with what there is. What it had
    solved is kept until it is whole, for --resume.
    """
    from rich.console import Console

    from allocator.report.screen import Ticker, show
    from allocator.studies.study import Effort

    aside = Console(stderr=True)
    with faults_told(lang, as_json):
        if xlsx is not None:
            check_workbook(xlsx)
        if charts is not None:
            _drawable(charts)
        place = nullcontext() if on is None else fan_of(on, resume, lang)
        with first_ctrl_c() as stop, Ticker(aside, lang) as ticker, place as fan:

            def step(text: Text) -> None:
                ticker.tell(text.to(lang))

            until = math.inf if seconds is None else time.monotonic() + seconds
            with _after(seconds, stop):
                study = make(Effort(gap, time_limit, stop, step, fan, until))
            if fan is not None and study.ended != "stopped":
                fan.whole()
        if xlsx is not None:
            from allocator.studies.book import write_book

            write_book(study, xlsx, lang)
        drawn = [] if charts is None else _draw(study, charts, lang)
    if as_json:
        click.echo(json.dumps(study.as_json(), ensure_ascii=False, indent=1))
    else:
        show(Console(), study.blocks(), lang)
    if xlsx is not None:
        aside.print(say("cli.written", file=xlsx).to(lang), highlight=False, soft_wrap=True)
    if charts is not None:
        told = "study.drawn" if drawn else "study.no_charts"
        aside.print(say(told, count=len(drawn), folder=charts).to(lang), highlight=False, soft_wrap=True)
    if fan is not None and study.ended == "stopped":
        aside.print(say("study.kept").to(lang), highlight=False)
    sys.exit(CODES[study.ended])


@contextmanager
def _after(seconds: float | None, stop: threading.Event) -> Iterator[None]:
    """Ask for an end when the seconds of the whole study are over."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, stop.set)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _drawable(folder: Path) -> None:
    """Raise `InputFaults` where no chart can be drawn into `folder`, before anything is worked out."""
    from allocator.problems import InputFaults, Place, Problem, Problems
    from allocator.report.charts import NotDrawn, png

    try:
        png({"series": []}, 10, 10)
    except NotDrawn as error:
        found = Problem(Place("--charts"), error.text, say("study.or_xlsx"), "study.not_drawn")
        raise InputFaults([found]) from error
    problems = Problems()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        problems.add(Place(str(folder)), "out.unwritable", error=error.strerror or str(error))
    problems.stop()


def _draw(study: Study, folder: Path, lang: Lang) -> list[Path]:
    """Each chart of the study as SVG and PNG, named by the study, its number and its table."""
    from allocator.report.charts import option, png, svg

    found = []
    for i, (table, graph) in enumerate(study.charts(), 1):
        file = folder / f"{study.key}-{i:02}-{table.key}.svg"
        made = option(table, graph, lang)
        file.write_text(svg(made), encoding="utf-8")
        file.with_suffix(".png").write_bytes(png(made))
        found.append(file)
    return found


def check_workbook(path: Path) -> None:
    """Raise `InputFaults` where no workbook can be written to `path`, before anything is solved."""
    from allocator.problems import InputFaults, Place, Problem, Problems

    if path.suffix.lower() != ".xlsx":
        said = say("cli.not_xlsx", file=path.name)
        raise InputFaults([Problem(Place(str(path)), said, say("study.name_xlsx"), "study.not_xlsx")])
    problems = Problems()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab"):
            pass
        if not path.stat().st_size:
            path.unlink()
    except OSError as error:
        problems.add(Place(str(path)), "out.unwritable", error=error.strerror or str(error))
    problems.stop()
