"""What the commands of studies with many solves share: --on and --resume, and the fan that they make."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from allocator.commands._shared import OTHER, words
from allocator.words import Lang, say

if TYPE_CHECKING:
    from allocator.fan import Fan

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = Path("runs") / ".solves"
"""Where finished solves stay until their study is whole."""


def fan_options(command: F) -> F:
    """--on and --resume; hand them to `fan_of`."""
    for option in (
        click.option("--resume", is_flag=True, help=words("fan.resume")),
        click.option("--on", default="here", metavar="WHERE", help=words("fan.on")),
    ):
        command = option(command)
    return command


@contextmanager
def fan_of(on: str, resume: bool, lang: Lang) -> Iterator[Fan]:
    """The fan that a command was asked for; the study calls `fan.whole()` when nothing is left to resume.

    A place that there is not is a fault of --on (exit code 2); one with no worker left ends the command with 1.
    """
    from allocator.fan import NoWorkers, UnknownPlace, open_fan

    begun = False
    if "://" in on:  # it may take half a minute to answer
        click.echo(say("fan.connecting", on=on).to(lang), err=True)
    try:
        with open_fan(on, keep=FOLDER, resume=resume) as fan:
            begun = True
            yield fan
    except UnknownPlace as error:
        raise click.BadParameter(error.text.to(lang), param_hint="--on") from error
    except NoWorkers as error:
        click.echo(error.text.to(lang), err=True)
        if begun:
            click.echo(say("fan.go_on").to(lang), err=True)
        sys.exit(OTHER)
