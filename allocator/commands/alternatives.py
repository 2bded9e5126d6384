"""`allocator alternatives`: clearly different plans that are nearly as good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import Gap, words
from allocator.commands._study import hand_over, study_options


@click.command("alternatives", help=words("alternatives.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--within", type=Gap(), default="1%", help=words("alternatives.within"))
@click.option("--count", type=click.IntRange(1), default=5, help=words("alternatives.count"))
@click.option("--differ", type=click.IntRange(1), default=10, help=words("alternatives.differ"))
@study_options
def alternatives_command(
    scenario: Path, within: float, count: int, differ: int, sets: tuple[str, ...], **wishes: Any
) -> None:
    """Clearly different plans."""
    from allocator.studies.alternatives import alternatives

    hand_over(
        lambda effort: alternatives(
            scenario, within=within, count=count, differ=differ, sets=sets, effort=effort
        ),
        **wishes,
    )
