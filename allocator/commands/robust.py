"""`allocator robust`: how sure a plan is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("robust", help=words("robust.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--parts", default="panels,experts,weights,regret,loss", help=words("robust.parts"))
@click.option("--draws", type=click.IntRange(1), default=100, show_default=True, help=words("robust.draws"))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=words("robust.seed"))
@click.option("--loss-limit", "most_lost", metavar="万元", help=words("robust.loss_limit"))
@click.option("--weight", "weights", multiple=True, metavar="A>=B", help=words("robust.weight"))
@click.option("--scores", metavar="POINTS", help=words("robust.scores"))
@study_options
def robust_command(
    scenario: Path,
    parts: str,
    draws: int,
    seed: int,
    most_lost: str | None,
    weights: tuple[str, ...],
    scores: str | None,
    sets: tuple[str, ...],
    **wishes: Any,
) -> None:
    """How sure a plan is."""
    from allocator.studies.robust import read_limit, robust

    names = tuple(name.strip() for name in parts.split(",") if name.strip())
    hand_over(
        lambda effort: robust(
            scenario,
            parts=names,
            draws=draws,
            seed=seed,
            limit=read_limit(most_lost),
            weights=weights,
            scores=scores,
            sets=sets,
            effort=effort,
        ),
        **wishes,
    )
