"""`allocator capacity`: the largest new commitment that every stressed year can pay."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocator.commands._shared import (
    DONE,
    FAULTY,
    INFEASIBLE,
    STOPPED,
    faults_told,
    lang_option,
    sets_option,
    words,
)
from allocator.words import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from allocator.capacity import Capacity
    from allocator.contract import Stressed
    from allocator.report.block import Block


@click.command("capacity", help=words("capacity"))
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--stress", "only", multiple=True, metavar="NAME", help=words("stress"))
@sets_option
@click.option("--time-limit", type=click.FloatRange(0), default=60.0, help=words("time_limit"))
@lang_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def capacity_command(
    scenario: Path, only: tuple[str, ...], sets: tuple[str, ...], time_limit: float, lang: Lang, as_json: bool
) -> None:
    """What stressed years can pay."""
    from rich.console import Console

    from allocator.capacity import capacity
    from allocator.compile import compile_scenario
    from allocator.pipeline import check_tables, read_tables
    from allocator.report.screen import show
    from allocator.scenario import load

    with faults_told(lang, as_json):
        loaded = load(scenario, sets)
        tables, problems = read_tables(loaded)
        check_tables(loaded, tables, problems)
        compiled = compile_scenario(loaded, tables)
    stresses = loaded.policy.stresses(loaded.scenario, compiled.facts, compiled.options)
    unknown = [name for name in only if name not in stresses]
    if unknown:
        told = say("capacity.unknown", names="、".join(unknown), known=", ".join(stresses))
        click.echo(told.to(lang), err=True)
        sys.exit(FAULTY)
    chosen = {n: s for n, s in stresses.items() if not only or n in only}
    found = capacity(compiled, chosen, time_limit=time_limit)
    if as_json:
        click.echo(json.dumps([as_data(c) for c in found], ensure_ascii=False, indent=1))
    else:
        show(Console(), blocks(found, chosen), lang)
    last = found[-1]
    if last.commitment is None:
        sys.exit(INFEASIBLE)
    sys.exit(DONE if all(c.exact for c in found) else STOPPED)


def as_data(found: Capacity) -> dict[str, Any]:
    """One answer as plain data; money in whole yuan."""
    tight = found.tightest
    return {
        "stresses": list(found.stresses),
        "commitment": found.commitment,
        "bound": found.bound,
        "exact": found.exact,
        "floors_kept": found.floors,
        "reason": found.reason,
        "count": found.count,
        "binding": None if tight is None else {"stress": tight.stress, "year": int(tight.year)},
        "years": [
            {
                "stress": y.stress,
                "year": int(y.year),
                "ceiling": y.ceiling,
                "paid": y.paid,
                "left": y.left,
                "binding": y.binding,
            }
            for y in found.years
        ],
    }


def blocks(found: Sequence[Capacity], stresses: Mapping[str, Stressed]) -> list[Block]:
    """The answers as tables for the screen."""
    from allocator.capacity import named
    from allocator.money import show
    from allocator.report.block import Block, every
    from allocator.words import Text

    rows = []
    for c in found:
        tight = c.tightest
        where: Text | str = ""
        if tight is not None:
            where = say("capacity.where", year=tight.year, stress=stresses[tight.stress].title)
        sum_ = say("capacity.none") if c.commitment is None else show(c.commitment)
        proof = say("capacity.exact") if c.exact else show(c.bound) if c.bound is not None else ""
        title = named(c.stresses, stresses, say("capacity.all"), say("capacity.unstressed"))
        if not c.floors:
            title = say("capacity.without_floors", title=title)
        rows.append((title, sum_, c.count, proof, where))
    heads = tuple(say(f"capacity.{h}") for h in ("stress", "commitment", "count", "proof", "binding"))
    notes = () if all(c.floors for c in found) else (say("capacity.floors"),)
    out = [Block(say("capacity.title"), heads, tuple(rows), notes=notes, right=(1, 2, 3), wraps=4)]
    last = found[-1]
    if last.years:
        below = tuple(
            (
                stresses[y.stress].title,
                y.year,
                show(y.ceiling),
                show(y.paid),
                show(y.left),
                say("capacity.binds") if y.binding else "",
            )
            for y in last.years
        )
        heads = tuple(say(f"capacity.{h}") for h in ("stress", "year", "ceiling", "paid", "left", "binding"))
        out.append(Block(say("capacity.years"), heads, below, right=every(5)))
    return out
