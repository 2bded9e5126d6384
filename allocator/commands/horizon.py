"""`allocator horizon`: what a setting does in the long run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import drawn_options, hand_over


@click.command("horizon", help=words("horizon.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--over", metavar="PATH=A,B", help=words("horizon.over"))
@click.option(
    "--years", type=click.IntRange(1, 50), default=8, show_default=True, help=words("horizon.years")
)
@click.option("--draws", type=click.IntRange(2), default=500, show_default=True, help=words("horizon.draws"))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=words("horizon.seed"))
@drawn_options
def horizon_command(
    scenario: Path, over: str | None, years: int, draws: int, seed: int, sets: tuple[str, ...], **wishes: Any
) -> None:
    """Years ahead."""
    from allocator.studies.horizon import horizon

    hand_over(
        lambda effort: horizon(
            scenario, over=over, years=years, draws=draws, seed=seed, sets=sets, effort=effort
        ),
        **wishes,
    )
