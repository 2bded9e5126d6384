"""`allocator conflicts`: why a scenario has no plan, and the ways out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("conflicts", help=words("conflicts.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help=words("conflicts.limit"))
@click.option("--ways", type=click.IntRange(1), default=3, show_default=True, help=words("conflicts.ways"))
@study_options
def conflicts_command(scenario: Path, limit: int, ways: int, sets: tuple[str, ...], **wishes: Any) -> None:
    """Why there is no plan."""
    from allocator.studies.conflicts import conflicts

    hand_over(lambda effort: conflicts(scenario, limit=limit, ways=ways, sets=sets, effort=effort), **wishes)
