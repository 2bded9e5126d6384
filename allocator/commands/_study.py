"""What the commands of studies share: options, progress on stderr, the first Ctrl-C, how results are handed over."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

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
    """--set, --gap, --time-limit, --lang, --json and --xlsx; hand them on to `hand_over` as they come."""
    for option in (
        click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help=words("study.xlsx")),
        click.option("--json", "as_json", is_flag=True, help=words("study.json")),
        lang_option,
        click.option("--time-limit", type=click.FloatRange(0), help=words("study.time_limit")),
        click.option("--gap", type=Gap(), help=words("study.gap")),
        sets_option,
    ):
        command = option(command)
    return command


def hand_over(
    make: Callable[[Effort], Study],
    *,
    gap: float | None,
    time_limit: float | None,
    lang: Lang,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """Make a study and hand it over: on the screen or as JSON, and as a workbook; then end with its exit code.

    0 whole; 2 faulty input; 3 no feasible plan to study; 4 stopped by hand or a limit, with what there is.
    """
    from rich.console import Console

    from allocator.report.screen import Ticker, show
    from allocator.studies.study import Effort

    aside = Console(stderr=True)
    with faults_told(lang, as_json):
        if xlsx is not None:
            _writable(xlsx)
        with first_ctrl_c() as stop, Ticker(aside, lang) as ticker:

            def step(text: Text) -> None:
                ticker.tell(text.to(lang))

            study = make(Effort(gap, time_limit, stop, step))
        if xlsx is not None:
            from allocator.studies.book import write_book

            write_book(study, xlsx, lang)
    if as_json:
        click.echo(json.dumps(study.as_json(), ensure_ascii=False, indent=1))
    else:
        show(Console(), study.blocks(), lang)
    if xlsx is not None:
        aside.print(say("cli.written", file=xlsx).to(lang), highlight=False, soft_wrap=True)
    if study.ended == "stopped":
        aside.print(say("study.kept").to(lang), highlight=False)
    sys.exit(CODES[study.ended])


def _writable(path: Path) -> None:
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
