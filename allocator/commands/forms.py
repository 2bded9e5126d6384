"""`allocator forms`: what is filled in on each award when the year is over, made from a finished run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocator.commands._shared import DONE, FAULTY, faults_told, lang_option, words
from allocator.words import Lang, say


@click.command("forms", help=words("forms"))
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), help=words("forms_to"))
@lang_option
def forms_command(folder: Path, target: Path | None, lang: Lang) -> None:
    """The forms of a finished run's awards."""
    from allocator.commands._study import check_workbook
    from allocator.finished import is_finished, reopen

    if not is_finished(folder):
        click.echo(say("cli.no_run", folder=folder).to(lang), err=True)
        sys.exit(FAULTY)
    whole = folder.resolve()
    file = target or folder.parent / say("cli.forms_name", name=whole.name).to(lang)
    with faults_told(lang, False):
        check_workbook(file)
        own = reopen(folder)
        awards = [a for a in own.awards if not a.fixed]
        if not awards:
            click.echo(say("cli.forms_none", folder=folder).to(lang), err=True)
            sys.exit(FAULTY)
        own.loaded.policy.forms(own.loaded.scenario, own.tables, own.compiled.facts, awards, file, lang)
    click.echo(say("cli.written", file=file).to(lang))
    sys.exit(DONE)
