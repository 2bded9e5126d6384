"""`allocator cash`: this year's payments by month against what arrives, and who waits."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocator.commands._shared import (
    DONE,
    FAULTY,
    exit_code,
    faults_told,
    lang_option,
    sets_option,
    words,
)
from allocator.words import Lang, say

if TYPE_CHECKING:
    from allocator.calendar import Calendar, Settled
    from allocator.report.block import Block


@click.command("cash", help=words("cash"))
@click.argument("path", metavar="SCENARIO|RUN", type=click.Path(path_type=Path))
@click.option("--xlsx", type=click.Path(path_type=Path), help=words("cash_xlsx"))
@sets_option
@lang_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def cash_command(path: Path, xlsx: Path | None, sets: tuple[str, ...], lang: Lang, as_json: bool) -> None:
    """The year month by month."""
    from rich.console import Console

    from allocator.calendar import settle
    from allocator.finished import is_finished, reopen
    from allocator.pipeline import run
    from allocator.report.cash_book import write
    from allocator.report.screen import show
    from allocator.substitution import earlier_of

    if xlsx is not None and (xlsx.suffix.lower() != ".xlsx" or not xlsx.resolve().parent.is_dir()):
        key = "cli.not_xlsx" if xlsx.suffix.lower() != ".xlsx" else "cli.no_folder"
        click.echo(say(key, file=xlsx, folder=xlsx.parent).to(lang), err=True)
        sys.exit(FAULTY)
    with faults_told(lang, as_json):
        if is_finished(path):
            own = reopen(path, sets)
            loaded, tables, facts, awards = own.loaded, own.tables, own.compiled.facts, own.awards
            earlier = earlier_of(own)
        else:
            plan = run(path, sets=sets)
            if plan.chosen is None:
                sys.exit(exit_code(plan))
            loaded, tables, facts = plan.loaded, plan.tables, plan.facts
            awards, earlier = (*plan.lines, *plan.awards), ()
        calendar = loaded.policy.calendar(loaded.scenario, tables, facts, awards, earlier)
    settled = settle(calendar)
    if xlsx is not None:
        write(xlsx, calendar, settled, loaded.scenario.title, lang)
    if as_json:
        click.echo(json.dumps(as_data(calendar, settled), ensure_ascii=False, indent=1))
    else:
        show(Console(), blocks(calendar, settled), lang)
        if xlsx is not None:
            click.echo(say("cli.written", file=xlsx).to(lang))
    sys.exit(DONE)


def as_data(calendar: Calendar, settled: Settled) -> dict[str, Any]:
    """The year as plain data; money in whole yuan."""
    return {
        "year": calendar.year,
        "months": [vars(m) for m in settled.months],
        "short": list(settled.short),
        "waits": [
            {
                "name": w.due.name,
                "account": w.due.account,
                "amount": w.due.amount,
                "due": w.due.month,
                "paid": w.paid,
            }
            for w in settled.waits
        ],
    }


def blocks(calendar: Calendar, settled: Settled) -> list[Block]:
    """The months, and who waits, for the screen."""
    from allocator.money import show
    from allocator.report.block import Block, Cell, every

    heads = tuple(say(f"cash.{h}") for h in ("month", "arrived", "due", "paid", "waiting", "balance"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            say("cash.one", month=m.month),
            *(show(v) for v in (m.arrived, m.due, m.paid, m.waiting, m.balance)),
        )
        for m in settled.months
    )
    notes = (settled.note, say("cash.unit"))
    found = [Block(say("cash.title", year=calendar.year), heads, rows, notes=notes, right=every(6))]
    if settled.waits:
        heads = tuple(say(f"cash.{h}") for h in ("name", "amount", "account", "due_in", "paid_in"))
        below: tuple[tuple[Cell, ...], ...] = tuple(
            (
                w.due.name,
                show(w.due.amount),
                w.due.account,
                say("cash.one", month=w.due.month),
                say("cash.never") if w.paid is None else say("cash.one", month=w.paid),
            )
            for w in settled.waits
        )
        found.append(Block(say("cash.waits"), heads, below, right=(1,), wraps=2))
    return found
