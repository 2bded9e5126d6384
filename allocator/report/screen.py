"""The terminal: blocks as tables, faults as a list, progress as one line that keeps itself up to date."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from allocator.problems import Place, Problem
from allocator.report.block import Block, cell
from allocator.solve.outcome import Progress
from allocator.words import Lang, say


def show(console: Console, blocks: Iterable[Block], lang: Lang) -> None:
    """Print blocks one under the other."""
    for block in blocks:
        console.print()
        console.print(f"[bold]{escape(block.title.to(lang))}[/bold]")
        if block.rows:
            console.print(_table(block, lang, console.width))
        for note in block.notes:
            console.print(f"· {escape(note.to(lang))}", highlight=False)


def _table(block: Block, lang: Lang, room: int) -> Table:
    """A table without the columns that say nothing; headings and those that may wrap give way on a narrow screen.

    There the others are of a fixed width: Rich takes a least width for less than it is, and cuts the last column off.
    """
    wrapping = block.wraps if isinstance(block.wraps, tuple) else (block.wraps,)
    cells = [[cell(value, lang) for value in row] for row in block.rows]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    kept = [i for i in range(len(block.columns)) if any(row[i] for row in cells)]
    heads = [c.to(lang) for c in block.columns]
    narrow = _wide([[heads[i], *(row[i] for row in cells)] for i in kept]) > room
    own = {i: max(_wide([[row[i] for row in cells]]), min(cell_len(heads[i]), HEADING)) for i in kept}
    fixed = sum(own[i] for i in kept if i not in wrapping) + GAP * (len(kept) - 1)
    share = (room - fixed) // max(sum(i in wrapping for i in kept), 1)
    for i in kept:
        heading, widest = heads[i], own[i]
        table.add_column(
            escape(heading),
            justify="right" if i in block.right else "left",
            min_width=min(12, widest, max(share, 2)) if i in wrapping else widest,
            width=widest if narrow and i not in wrapping else None,
            overflow="fold",
        )
    for row in cells:
        table.add_row(*(escape(row[i]) for i in kept))
    return table


def _wide(columns: Sequence[Sequence[str]]) -> int:
    """The cells that columns take where nothing gives way."""
    own = [max((cell_len(text) for text in column), default=0) for column in columns]
    return sum(own) + GAP * max(len(own) - 1, 0)


GAP = 3
"""Cells between two columns."""

HEADING = 12
"""Cells that a heading keeps on a narrow screen, past which it is broken over lines."""

NARROW = 36
"""Cells that the place of a fault keeps however narrow the screen is: enough for a file's name and its line."""


def faults(console: Console, problems: Sequence[Problem], lang: Lang) -> None:
    """Print every fault as a table of place, what and how to mend; where there are notices too, they follow apart."""
    errors = [p for p in problems if p.level == "error"]
    notices = [p for p in problems if p.level != "error"]
    for level, some in (("errors", errors), ("notices", notices)):
        if errors and notices:
            heading = say(f"screen.{level}", count=len(some)).to(lang)
            console.print(
                ("" if level == "errors" else "\n") + f"[bold]{escape(heading)}[/bold]", highlight=False
            )
        if some:
            console.print(_listed(console, some, lang))


def _listed(console: Console, problems: Sequence[Problem], lang: Lang) -> Table:
    """Faults of one level as a table."""
    places = [_near(problem.place) for problem in problems]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    said = [[p.what.to(lang) for p in problems], [p.mend.to(lang) for p in problems]]
    longest, left = _wide([places]), console.width - _wide(said) - GAP
    kept = min(longest, max(NARROW, left))
    for name in ("place", "what", "mend"):
        table.add_column(
            escape(say(f"screen.{name}").to(lang)),
            overflow="fold",
            width=kept if kept < longest and name == "place" else None,
        )
    for problem, place in zip(problems, places, strict=True):
        style = "red" if problem.level == "error" else "yellow"
        where = f"[{style}]{escape(place)}[/{style}]"
        table.add_row(where, escape(problem.what.to(lang)), escape(problem.mend.to(lang)))
    return table


def _near(place: Place) -> str:
    """A place with the folders of a long path left out: a path cut in two by a narrow column cannot be read."""
    parts = place.file.replace("\\", "/").rsplit("/", 1)
    if len(parts) == 1 or cell_len(place.file) <= NARROW:
        return str(place)
    return str(replace(place, file=f"…/{parts[1]}"))


class Ticker:
    """Says which stage a run is at, and while it solves the best value, the bound and the gap.

    On a terminal one line is kept up to date; elsewhere a line is printed as each stage begins and every ten seconds.
    """

    def __init__(self, console: Console, lang: Lang) -> None:
        self.console, self.lang = console, lang
        self.status = console.status("") if console.is_terminal else None
        self.said = 0.0

    def __enter__(self) -> Ticker:
        if self.status is not None:
            self.status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()

    def stage(self, name: str) -> None:
        """A stage begins."""
        self._say(say(f"screen.stage.{name}").to(self.lang), always=True)

    def watch(self, progress: Progress) -> None:
        """A moment of the solve."""
        value = "—" if progress.value is None else f"{progress.value:,.2f}"
        bound = "—" if progress.bound is None else f"{progress.bound:,.2f}"
        gap = "—" if progress.gap is None else f"{progress.gap:.3%}"
        text = say("screen.progress", seconds=f"{progress.seconds:.0f}", value=value, bound=bound, gap=gap)
        self._say(text.to(self.lang), always=False)

    def tell(self, text: str) -> None:
        """A step of a longer work begins."""
        self._say(text, always=False)

    def note(self, text: str) -> None:
        """A line that stays."""
        self.console.print(text, highlight=False)

    def _say(self, text: str, *, always: bool) -> None:
        now = time.monotonic()
        if self.status is not None:
            self.status.update(text)
        elif always or now - self.said > 10:
            self.console.print(text, highlight=False)
            self.said = now


def panel(console: Console, title: str, text: str, style: str) -> None:
    """A framed sentence."""
    console.print(Panel(escape(text), title=escape(title), border_style=style, expand=False))
