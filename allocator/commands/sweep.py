"""`allocator sweep`: a number of the scenario moved over a grid, or walked exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("sweep", help=words("sweep.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--over", multiple=True, required=True, metavar="PATH=A..B/STEP", help=words("sweep.over"))
@click.option("--exact", is_flag=True, help=words("sweep.exact"))
@click.option("--within", metavar="STEP", help=words("sweep.within"))
@click.option("--budget", type=click.IntRange(1), default=60, show_default=True, help=words("sweep.budget"))
@study_options
def sweep_command(
    scenario: Path,
    over: tuple[str, ...],
    exact: bool,
    within: str | None,
    budget: int,
    sets: tuple[str, ...],
    **wishes: Any,
) -> None:
    """A number moved."""
    from allocator.studies.axes import parse_axis
    from allocator.studies.moved import within_of
    from allocator.studies.study import Effort, Study
    from allocator.studies.sweep import sweep
    from allocator.studies.walk import walk

    def make(effort: Effort) -> Study:
        axes = [parse_axis(said) for said in over]
        if not exact:
            return sweep(scenario, axes, sets=sets, effort=effort)
        return walk(
            scenario, axes[0], within=within_of(axes, within), budget=budget, sets=sets, effort=effort
        )

    hand_over(make, **wishes)
