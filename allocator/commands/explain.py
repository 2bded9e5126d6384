"""`allocator explain`: why a candidate is funded or not; without one, who is nearest to the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from allocator.commands._shared import words
from allocator.commands._study import hand_over, study_options


@click.command("explain", help=words("explain.help"))
@click.argument("run", type=click.Path(path_type=Path, exists=True))
@click.option("--candidate", help=words("explain.candidate"))
@study_options
def explain_command(run: Path, candidate: str | None, sets: tuple[str, ...], **wishes: Any) -> None:
    """Why a candidate is funded or not."""
    from allocator.studies.explain import explain
    from allocator.studies.margins import margins
    from allocator.studies.study import Effort, Study

    def make(effort: Effort) -> Study:
        if candidate is None:
            return margins(run, sets=sets, effort=effort)
        return explain(run, candidate, sets=sets, effort=effort)

    hand_over(make, **wishes)
