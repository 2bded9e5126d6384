"""`allocator template`: an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.commands._shared import default_scenario, faults_told, lang_option, words
from allocator.words import Lang, say


@click.command("template", help=words("template"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenario", type=click.Path(path_type=Path), help=words("template_scenario"))
@lang_option
def template_command(file: Path, scenario: Path | None, lang: Lang) -> None:
    """Write an empty workbook to fill in."""
    from allocator.intake import template
    from allocator.scenario import load

    with faults_told(lang, False):
        loaded = load(scenario or default_scenario())
        if file.exists():
            raise click.ClickException(say("cli.exists", file=file).to(lang))
        if file.suffix.lower() != ".xlsx":
            raise click.ClickException(say("cli.not_xlsx", file=file).to(lang))
        if not file.resolve().parent.is_dir():
            raise click.ClickException(say("cli.no_folder", folder=file.parent).to(lang))
        template(file, loaded.policy.sheets(loaded.scenario), lang=lang)
    click.echo(say("cli.written", file=file).to(lang))
