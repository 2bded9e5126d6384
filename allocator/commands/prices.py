"""`allocator prices`: what a step of each rule's numbers is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("prices", help=words("prices.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@click.option("--rule", "rules", multiple=True, help=words("prices.rule"))
@study_options
def prices_command(scenario: Path, rules: tuple[str, ...], sets: tuple[str, ...], **wishes: Any) -> None:
    """What each rule costs."""
    from allocator.studies.prices import prices

    hand_over(lambda effort: prices(scenario, rules=rules, sets=sets, effort=effort), **wishes)
