"""`allocator pilot-close`: equity deals that do not close."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("pilot-close", help=words("pilot_close.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--draws", type=click.IntRange(2), default=1000, show_default=True, help=words("pilot_close.draws")
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=words("pilot_close.seed"))
@study_options
def pilot_close_command(scenario: Path, draws: int, seed: int, sets: tuple[str, ...], **wishes: Any) -> None:
    """Deals that do not close."""
    from allocator.studies.pilot_close import pilot_close

    hand_over(
        lambda effort: pilot_close(scenario, draws=draws, seed=seed, sets=sets, effort=effort), **wishes
    )
