"""What commands share: their options, exit codes, faults told as one list, and what the first Ctrl-C does."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from allocator.words import Lang, default_lang, say

if TYPE_CHECKING:
    from allocator.plan import Plan
    from allocator.problems import InputFaults

DONE, OTHER, FAULTY, INFEASIBLE, STOPPED, STOPPED_EMPTY, WORDED = 0, 1, 2, 3, 4, 5, 6
F = TypeVar("F", bound=Callable[..., Any])


def words(key: str) -> str:
    """A help text in the user's language."""
    return say(f"cli.{key}").to(default_lang())


def lang_option(command: F) -> F:
    """--lang zh|en, else the locale's."""
    kind = click.Choice(["zh", "en"])
    return click.option("--lang", type=kind, default=default_lang, help=words("lang"), show_default=False)(
        command
    )


def sets_option(command: F) -> F:
    """--set path=value, as often as one likes."""
    return click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help=words("set"))(command)


class Gap(click.ParamType[float]):
    """A relative gap as scenario files write it: 0.01%, 1e-4 or 0."""

    name = "gap"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value).strip()
        try:
            gap = float(text[:-1]) / 100 if text.endswith("%") else float(text)
        except ValueError:
            gap = -1.0
        if not 0 <= gap < 1:
            self.fail(say("cli.not_gap", seen=text).to(default_lang()), param, ctx)
        return gap


def exit_code(plan: Plan) -> int:
    """The documented exit code of a plan."""
    if plan.status in ("optimal", "within_gap", "substituted"):
        return DONE
    if plan.status == "infeasible":
        return INFEASIBLE
    if plan.status in ("time_limit", "interrupted"):
        return STOPPED if plan.chosen is not None else STOPPED_EMPTY
    return OTHER


def default_scenario() -> Path:
    """The scenario whose domains and criteria an empty workbook is made for, where none is named."""
    return Path(__file__).resolve().parents[2] / "scenarios" / "rizhao" / "baseline.yaml"


@contextmanager
def faults_told(lang: Lang, as_json: bool) -> Iterator[None]:
    """Turn faults of an input into the whole list of them and exit code 2."""
    from allocator.problems import InputFaults

    try:
        yield
    except InputFaults as found:
        _tell_faults(found, lang, as_json)
        sys.exit(FAULTY)


def _tell_faults(found: InputFaults, lang: Lang, as_json: bool) -> None:
    from rich.console import Console

    from allocator.report.screen import faults

    if as_json:
        click.echo(json.dumps([p.as_json(lang) for p in found.problems], ensure_ascii=False, indent=1))
        return
    console = Console(stderr=True)
    faults(console, found.problems, lang)
    errors = sum(p.level == "error" for p in found.problems)
    console.print(say("cli.faults", errors=errors).to(lang), highlight=False)


@contextmanager
def first_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets, so that a solve ends with what it has; a second one stops the program."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def on_signal(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
