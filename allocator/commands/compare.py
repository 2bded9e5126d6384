"""`allocator compare`: plans side by side, and what differs between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("compare", help=words("compare.help"))
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--decided", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=words("compare.decided")
)
@click.option("--practice", is_flag=True, help=words("compare.practice"))
@click.option(
    "--before", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=words("compare.before")
)
@study_options
def compare_command(
    sources: tuple[Path, ...],
    decided: Path | None,
    practice: bool,
    before: Path | None,
    sets: tuple[str, ...],
    **wishes: Any,
) -> None:
    """Plans side by side."""
    from allocator.studies.compare import compare

    hand_over(
        lambda effort: compare(
            *sources, decided_list=decided, practice=practice, before=before, sets=sets, effort=effort
        ),
        **wishes,
    )
