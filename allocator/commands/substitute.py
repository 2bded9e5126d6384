"""`allocator substitute`: after publication some drop out; who follows, written as a run of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.commands._shared import DONE, FAULTY, INFEASIBLE, OTHER, faults_told, lang_option, words
from allocator.words import Lang, listed, say

if TYPE_CHECKING:
    from allocator.report.block import Block
    from allocator.substitution import Substituted


@click.command("substitute", help=words("substitute"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", "leaving", multiple=True, required=True, metavar="ID", help=words("substitute_out"))
@click.option("--why", default=None, help=words("substitute_why"))
@click.option("--basis", default=None, help=words("substitute_basis"))
@click.option("--to", type=click.Path(path_type=Path), help=words("substitute_to"))
@lang_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def substitute_command(
    folder: Path,
    leaving: tuple[str, ...],
    why: str | None,
    basis: str | None,
    to: Path | None,
    lang: Lang,
    as_json: bool,
) -> None:
    """Who follows those that dropped out."""
    from rich.console import Console

    from allocator.audit import verify
    from allocator.commands.run import tell
    from allocator.contract import Reason
    from allocator.finished import is_finished, reopen
    from allocator.report.screen import show
    from allocator.rundir import check_free, write
    from allocator.substitution import substitute
    from allocator.words import same

    if not is_finished(folder):
        click.echo(say("cli.no_run", folder=folder).to(lang), err=True)
        sys.exit(FAULTY)
    target = to or folder.with_name(f"{folder.name}-substituted")
    if target.resolve() == folder.resolve():
        click.echo(say("cli.substitute_into", folder=folder).to(lang), err=True)
        sys.exit(FAULTY)
    reason = Reason(same(why) if why else say("substitute.why"), basis or say("substitute.basis").to(lang))
    with faults_told(lang, as_json):
        check_free(target)
        verified = verify(folder)
        if verified.findings:
            told = say("cli.substitute_unverified", folder=folder, findings=len(verified.findings))
            click.echo(told.to(lang), err=True)
            sys.exit(OTHER)
        made = substitute(reopen(folder), dict.fromkeys(leaving, reason))
    if made.plan is not None:
        write(made.plan, target, lang)
        if as_json:
            click.echo((target / "plan.json").read_text(encoding="utf-8"), nl=False)
        else:
            show(Console(), told_blocks(made), lang)
            tell(made.plan, target, lang)
        sys.exit(DONE)
    show(Console(), told_blocks(made), lang)
    sys.exit(INFEASIBLE)


def told_blocks(made: Substituted) -> list[Block]:
    """Who follows whom, and who was passed over and why, for the screen."""
    from allocator.money import show
    from allocator.report.block import Block, Cell
    from allocator.words import Text

    rows: list[tuple[Cell, ...]] = []
    skips: list[tuple[Cell, ...]] = []
    for v in made.record.vacancies:
        after = v.follower
        figures: tuple[Cell, ...] = (
            (say("substitute.nobody"), "", "", "")
            if after is None
            else (after.candidate, v.place or "", show(after.amount), show(after.outlay[0]))
        )
        rows.append((v.leaving.candidate, *figures))
        skips += [(v.leaving.candidate, candidate, place, why) for candidate, place, why in v.passed]
    notes: tuple[Text, ...] = ()
    if made.broken:
        notes = (say("substitute.broken", clauses=listed(made.broken)),)
    heads = tuple(say(f"substitute.{h}") for h in ("out", "into", "place", "award", "now"))
    found = [Block(say("substitute.title"), heads, tuple(rows), notes=notes, right=(3, 4))]
    if skips:
        heads = tuple(say(f"substitute.{h}") for h in ("out", "passed", "place", "passed_why"))
        found.append(Block(say("substitute.passed_title"), heads, tuple(skips), wraps=3))
    return found
