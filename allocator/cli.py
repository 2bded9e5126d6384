"""The command line: run, check, verify, template, schema. Slow things are imported by the command that needs them.

Exit codes: 0 done; 2 faulty input; 3 no feasible plan; 4 stopped by a limit or by hand with a verified plan; 5 stopped
without one; 1 anything else.
"""

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

DONE, OTHER, FAULTY, INFEASIBLE, STOPPED, STOPPED_EMPTY = 0, 1, 2, 3, 4, 5
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


@click.group(
    help=words("main"), epilog=words("codes"), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="allocator")
def main() -> None:
    """The commands."""
    for stream in (sys.stdout, sys.stderr):  # a Chinese Windows console is GBK: never die of a character
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command("run", help=words("run"))
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help=words("out"))
@sets_option
@click.option("--solver", help=words("solver"))
@click.option("--gap", type=Gap(), help=words("gap"))
@click.option("--time-limit", type=click.FloatRange(0), help=words("time_limit"))
@lang_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def run_command(
    scenario: Path,
    out: Path | None,
    sets: tuple[str, ...],
    solver: str | None,
    gap: float | None,
    time_limit: float | None,
    lang: Lang,
    as_json: bool,
) -> None:
    """Run a scenario and write its folder."""
    from rich.console import Console

    from allocator.pipeline import Wishes, run
    from allocator.report.screen import Ticker
    from allocator.rundir import check_free, write

    aside = Console(stderr=True)
    folder = out or Path("runs") / scenario.stem
    with faults_told(lang, as_json), _first_ctrl_c() as stop, Ticker(aside, lang) as ticker:
        wishes = Wishes(
            gap=gap, time_limit=time_limit, solver=solver, stage=ticker.stage, watch=ticker.watch, stop=stop
        )
        check_free(folder)
        plan = run(scenario, sets=sets, wishes=wishes, write=lambda plan: write(plan, folder, lang))
    if as_json:
        click.echo((folder / "plan.json").read_text(encoding="utf-8"), nl=False)
    else:
        tell(plan, folder, lang)
    sys.exit(exit_code(plan))


@main.command("check", help=words("check"))
@click.argument("scenario", type=click.Path(path_type=Path))
@sets_option
@lang_option
@click.option("--json", "as_json", is_flag=True, help=words("json"))
def check_command(scenario: Path, sets: tuple[str, ...], lang: Lang, as_json: bool) -> None:
    """Every fault of a scenario's files."""
    from rich.console import Console

    from allocator.pipeline import check
    from allocator.report.screen import faults

    with faults_told(lang, as_json):
        _, tables, notices = check(scenario, sets)
    if as_json:
        click.echo(json.dumps([p.as_json(lang) for p in notices], ensure_ascii=False, indent=1))
        return
    console = Console()
    if notices:
        faults(console, notices, lang)
    counts = "，".join(f"{r.sheet.title.to(lang)} {len(r)}" for r in tables.values())
    console.print(say("cli.checked", counts=counts, notices=len(notices)).to(lang), highlight=False)


@main.command("verify", help=words("verify"))
@click.argument("folder", type=click.Path(path_type=Path))
@lang_option
def verify_command(folder: Path, lang: Lang) -> None:
    """Check a finished run from its records."""
    from allocator.audit import verify

    if not (folder / "plan.json").is_file():
        click.echo(say("cli.no_run", folder=folder).to(lang), err=True)
        sys.exit(FAULTY)
    with faults_told(lang, False):
        result = verify(folder)
    for finding in result.findings:
        click.echo(f"{finding.place}: {finding.what.to(lang)}")
    key = "cli.verify_bad" if result.findings else "cli.verify_good"
    told = say(
        key,
        findings=len(result.findings),
        awards=result.awards,
        measures=result.measures,
        rows=result.rows,
        options=result.options,
    )
    click.echo(told.to(lang))
    sys.exit(OTHER if result.findings else DONE)


@main.command("template", help=words("template"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenario", type=click.Path(path_type=Path), help=words("template_scenario"))
@lang_option
def template_command(file: Path, scenario: Path | None, lang: Lang) -> None:
    """Write an empty workbook to fill in."""
    from allocator.intake import template
    from allocator.scenario import load

    with faults_told(lang, False):
        loaded = load(scenario or default_scenario())
        if file.exists():
            raise click.ClickException(say("cli.exists", file=file).to(lang))
        if file.suffix.lower() != ".xlsx":
            raise click.ClickException(say("cli.not_xlsx", file=file).to(lang))
        if not file.resolve().parent.is_dir():
            raise click.ClickException(say("cli.no_folder", folder=file.parent).to(lang))
        template(file, loaded.policy.sheets(loaded.scenario), lang=lang)
    click.echo(say("cli.written", file=file).to(lang))


@main.command("schema", help=words("schema"))
@click.option("--policy", default="science-fund", show_default=True, help=words("policy"))
def schema_command(policy: str) -> None:
    """The JSON Schema of scenarios."""
    from allocator.policy import load_policy
    from allocator.scenario import schema

    with faults_told(default_lang(), False):
        click.echo(json.dumps(schema(load_policy(policy)), ensure_ascii=False, indent=1))


def tell(plan: Plan, folder: Path, lang: Lang) -> None:
    """The summary that a person reads."""
    from rich.console import Console

    from allocator.report.screen import panel, show
    from allocator.report.verdict import verdict

    console = Console()
    panel(
        console,
        plan.loaded.scenario.title,
        verdict(plan).to(lang),
        "green" if exit_code(plan) == DONE else "yellow",
    )
    show(console, plan.loaded.policy.summary(plan), lang)
    notices = [p for p in plan.problems if p.level == "notice"]
    console.print()
    if notices:
        console.print(say("cli.notices", count=len(notices)).to(lang), highlight=False)
    key = "cli.folder" if plan.chosen is not None else "cli.folder_empty"
    console.print(say(key, folder=folder).to(lang), highlight=False, soft_wrap=True)


def exit_code(plan: Plan) -> int:
    """The documented exit code of a plan."""
    if plan.status in ("optimal", "within_gap"):
        return DONE
    if plan.status == "infeasible":
        return INFEASIBLE
    if plan.status in ("time_limit", "interrupted"):
        return STOPPED if plan.chosen is not None else STOPPED_EMPTY
    return OTHER


def default_scenario() -> Path:
    """The scenario whose domains and criteria an empty workbook is made for, where none is named."""
    return Path(__file__).resolve().parents[1] / "scenarios" / "rizhao" / "baseline.yaml"


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
def _first_ctrl_c() -> Iterator[threading.Event]:
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


if __name__ == "__main__":
    main()
