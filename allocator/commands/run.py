"""`allocator run`: solve a scenario, print a summary, write its folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.commands._marking import marked_option, marking
from allocator.commands._shared import (
    DONE,
    Gap,
    exit_code,
    faults_told,
    first_ctrl_c,
    lang_option,
    sets_option,
    words,
)
from allocator.words import Lang, say

if TYPE_CHECKING:
    from allocator.plan import Plan


@click.command("run", help=words("run"))
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=words("out"))
@sets_option
@click.option("--solver", help=words("solver"))
@click.option("--gap", type=Gap(), help=words("gap"))
@click.option("--time-limit", type=click.FloatRange(0), help=words("time_limit"))
@lang_option
@marked_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def run_command(
    scenario: Path,
    out: Path | None,
    sets: tuple[str, ...],
    solver: str | None,
    gap: float | None,
    time_limit: float | None,
    lang: Lang,
    marked: Path | None,
    as_json: bool,
) -> None:
    """Run a scenario and write its folder."""
    from rich.console import Console

    from allocator import Wishes, run
    from allocator.report.screen import Ticker
    from allocator.rundir import check_free, write

    aside = Console(stderr=True)
    folder = out or Path("runs") / scenario.stem
    with (
        faults_told(lang, as_json),
        marking(marked, scenario, sets, lang),
        first_ctrl_c() as stop,
        Ticker(aside, lang) as ticker,
    ):
        wishes = Wishes(
            gap=gap, time_limit=time_limit, solver=solver, stage=ticker.stage, watch=ticker.watch, stop=stop
        )
        check_free(folder)
        plan = run(scenario, sets=sets, wishes=wishes, write=lambda plan: write(plan, folder, lang))
    if as_json:
        click.echo((folder / "plan.json").read_text(encoding="utf-8"), nl=False)
    else:
        tell(plan, folder, lang)
    sys.exit(exit_code(plan))


def tell(plan: Plan, folder: Path, lang: Lang) -> None:
    """The summary that a person reads."""
    from rich.console import Console

    from allocator.report.screen import panel, show
    from allocator.report.verdict import verdict

    console = Console()
    panel(
        console,
        plan.loaded.scenario.title,
        verdict(plan).to(lang),
        "green" if exit_code(plan) == DONE else "yellow",
    )
    show(console, plan.loaded.policy.summary(plan), lang)
    notices = [p for p in plan.problems if p.level == "notice"]
    console.print()
    if notices:
        console.print(say("cli.notices", count=len(notices)).to(lang), highlight=False)
    key = "cli.folder" if plan.chosen is not None else "cli.folder_empty"
    console.print(say(key, folder=folder).to(lang), highlight=False, soft_wrap=True)
