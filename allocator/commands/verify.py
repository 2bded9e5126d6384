"""`allocator verify`: check a finished run from its records alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocator.commands._shared import DONE, FAULTY, OTHER, WORDED, faults_told, lang_option, words
from allocator.words import Lang, say


@click.command("verify", help=words("verify"))
@click.argument("folder", type=click.Path(path_type=Path))
@lang_option
def verify_command(folder: Path, lang: Lang) -> None:
    """Check a finished run from its records; exit code 6 where another version wrote it and only sentences differ."""
    from allocator.audit import verify
    from allocator.version import own_version

    if not (folder / "plan.json").is_file():
        click.echo(say("cli.no_run", folder=folder).to(lang), err=True)
        sys.exit(FAULTY)
    another = False

    def compare(wrote: str) -> None:
        nonlocal another
        own = own_version()
        another = wrote != own
        if another:
            unknown = "" if "+" in wrote else say("cli.verify_no_state")
            told = say("cli.verify_another", wrote=wrote, unknown=unknown, own=own)
            click.echo(told.to(lang), err=True)

    with faults_told(lang, False):
        result = verify(folder, compare)
    for finding in result.findings:
        click.echo(f"{finding.place}: {finding.what.to(lang)}")
    worded = another and result.only_worded
    key = "worded" if worded else "bad" if result.findings else "good"
    told = say(
        f"cli.verify_{key}",
        findings=len(result.findings),
        awards=result.awards,
        measures=result.measures,
        rows=result.rows,
        options=result.options,
    )
    click.echo(told.to(lang))
    sys.exit(WORDED if worded else OTHER if result.findings else DONE)
