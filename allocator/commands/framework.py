"""`allocator framework`: before projects are chosen, the mix that the demand supports and what share targets cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("framework", help=words("framework.help"))
@click.argument("scenario", type=click.Path(path_type=Path, exists=True))
@study_options
def framework_command(scenario: Path, sets: tuple[str, ...], **wishes: Any) -> None:
    """The annual framework."""
    from allocator.studies.framework import framework

    hand_over(lambda effort: framework(scenario, sets=sets, effort=effort), **wishes)
