"""`allocator frontier`: what more of one objective costs in another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("frontier", help=words("frontier.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--objectives", default="merit,leverage", metavar="A,B[,C]", help=words("frontier.objectives"))
@click.option("--points", type=click.IntRange(2, 200), default=11, help=words("frontier.points"))
@click.option("--exact", is_flag=True, help=words("frontier.exact"))
@click.option("--step", "steps", multiple=True, metavar="万元", help=words("frontier.step"))
@study_options
def frontier_command(
    scenario: Path,
    objectives: str,
    points: int,
    exact: bool,
    steps: tuple[str, ...],
    sets: tuple[str, ...],
    **wishes: Any,
) -> None:
    """The nondominated plans."""
    from allocator.studies.frontier import frontier

    names = tuple(name.strip() for name in objectives.split(",") if name.strip())
    hand_over(
        lambda effort: frontier(
            scenario, names, points=points, exact=exact, steps=steps or None, sets=sets, effort=effort
        ),
        **wishes,
    )
