"""`allocator robust`: how sure a plan is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options
from allocator.words import default_lang, say


class Number(click.ParamType[Fraction]):
    """A number that is not below 0, exactly."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        try:
            found = Fraction(str(value).strip())
        except (ValueError, ZeroDivisionError):
            found = Fraction(-1)
        if found < 0:
            self.fail(say("weighed.not_price", seen=value).to(default_lang()), param, ctx)
        return found


@click.command("robust", help=words("robust.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--parts", default="panels,experts,weights,regret,loss", help=words("robust.parts"))
@click.option("--draws", type=click.IntRange(1), default=100, show_default=True, help=words("robust.draws"))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=words("robust.seed"))
@click.option("--loss-limit", "most_lost", metavar="万元", help=words("robust.loss_limit"))
@click.option("--loss-price", type=Number(), metavar="PRICE", help=words("robust.loss_price"))
@click.option("--weight", "weights", multiple=True, metavar="A>=B", help=words("robust.weight"))
@click.option("--scores", metavar="POINTS", help=words("robust.scores"))
@study_options
def robust_command(
    scenario: Path,
    parts: str,
    draws: int,
    seed: int,
    most_lost: str | None,
    loss_price: Fraction | None,
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
            loss_price=loss_price,
            weights=weights,
            scores=scores,
            sets=sets,
            effort=effort,
        ),
        **wishes,
    )
