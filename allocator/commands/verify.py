"""`allocator verify`: check a finished run from its records alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocator.commands._shared import DONE, FAULTY, OTHER, faults_told, lang_option, words
from allocator.words import Lang, say


@click.command("verify", help=words("verify"))
@click.argument("folder", type=click.Path(path_type=Path))
@lang_option
def verify_command(folder: Path, lang: Lang) -> None:
    """Check a finished run from its records."""
    from allocator.audit import verify

    if not (folder / "plan.json").is_file():
        click.echo(say("cli.no_run", folder=folder).to(lang), err=True)
        sys.exit(FAULTY)
    with faults_told(lang, False):
        result = verify(folder)
    for finding in result.findings:
        click.echo(f"{finding.place}: {finding.what.to(lang)}")
    key = "cli.verify_bad" if result.findings else "cli.verify_good"
    told = say(
        key,
        findings=len(result.findings),
        awards=result.awards,
        measures=result.measures,
        rows=result.rows,
        options=result.options,
    )
    click.echo(told.to(lang))
    sys.exit(OTHER if result.findings else DONE)
