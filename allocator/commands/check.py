"""`allocator check`: every fault of a scenario and its data, solving nothing."""

from __future__ import annotations

import json
from pathlib import Path

import click

from allocator.commands._marking import mark, marked_option, marking
from allocator.commands._shared import faults_told, lang_option, sets_option, words
from allocator.words import Lang, say


@click.command("check", help=words("check"))
@click.argument("scenario", type=click.Path(path_type=Path))
@sets_option
@lang_option
@marked_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def check_command(
    scenario: Path, sets: tuple[str, ...], lang: Lang, marked: Path | None, as_json: bool
) -> None:
    """Every fault of a scenario's files."""
    from rich.console import Console

    from allocator.pipeline import check
    from allocator.report.screen import faults

    with faults_told(lang, as_json), marking(marked, scenario, sets, lang):
        _, tables, notices = check(scenario, sets)
        if marked is not None and notices:
            mark(marked, scenario, sets, notices, lang)
    if as_json:
        click.echo(json.dumps([p.as_json(lang) for p in notices], ensure_ascii=False, indent=1))
        return
    console = Console()
    if notices:
        faults(console, notices, lang)
    counts = ("，" if lang == "zh" else ", ").join(
        f"{r.sheet.title.to(lang)} {len(r)}" for r in tables.values()
    )
    console.print(say("cli.checked", counts=counts, notices=len(notices)).to(lang), highlight=False)
