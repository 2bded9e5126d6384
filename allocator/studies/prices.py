"""What one more 100万元, one percentage point or one award of each rule is worth, up and down, by solving again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from allocator.program import Program
from allocator.report.cells import Kind
from allocator.studies.case import Case, Source, open_case
from allocator.studies.figures import aim, worth
from allocator.studies.moves import STEP, Move, Moved, moves
from allocator.studies.pricing import Base, Worth, base_of, interval, unasked, without_base, worth_of
from allocator.studies.solves import Question, Solves
from allocator.studies.study import Effort, Study, stopped
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.words import Text, same, say

SHOWN = 12
"""The most rules that the chart shows: those that gain most."""


@dataclass(frozen=True)
class Price:
    """What a step up and a step down are worth; None where the number cannot move that way."""

    move: Move
    up: Worth | None
    down: Worth | None

    @property
    def best(self) -> Worth | None:
        """The step that gains more."""
        known = [w for w in (self.up, self.down) if w is not None]
        return max(known, key=lambda w: w.size, default=None)


@dataclass(frozen=True, kw_only=True)
class Prices(Study):
    """The result of `prices`: the rules that cost most first."""

    key: ClassVar[str] = "prices"

    case: Case
    prices: tuple[Price, ...]

    def sentences(self) -> Sequence[Text]:
        if self.ended == "infeasible":
            return [say("study.infeasible")]
        found = []
        scale = self.case.program.scale
        for price in self.prices[:3]:
            best = price.best
            if best is not None and not best.within and not best.gone:
                way = say("prices.up" if best is price.up else "prices.down", step=_step(price.move.kind))
                found.append(say("prices.top", what=price.move.title, way=way, worth=interval(best, scale)))
        none = sum(p.best is not None and p.best.within for p in self.prices)
        return [*found, say("prices.within", count=none, of=len(self.prices))]

    def tables(self) -> Sequence[Table]:
        columns = (
            Col("what", say("prices.what"), "text", widest=56),
            Col("now", say("prices.now"), "label", widest=14),
            Col("step", say("prices.step"), "label", widest=12),
            Col("up", say("prices.higher"), "text", widest=26),
            Col("down", say("prices.lower"), "text", widest=26),
            Col("up_low", say("prices.up_low"), "worth"),
            Col("up_high", say("prices.up_high"), "worth"),
            Col("down_low", say("prices.down_low"), "worth"),
            Col("down_high", say("prices.down_high"), "worth"),
            Col("path", say("prices.path"), "text", widest=52),
        )
        scale = self.case.program.scale
        rows: list[list[Value]] = []
        for p in self.prices:
            ends = [
                None if end is None else worth(end, scale)
                for w in (p.up, p.down)
                for end in ((None, None) if w is None else (w.low, w.high))
            ]
            said = [None if w is None else interval(w, scale) for w in (p.up, p.down)]
            rows.append([p.move.title, same(p.move.now), _step(p.move.kind), *said, *ends, p.move.path])
        gaining = sum(p.best is not None and not p.best.within for p in self.prices)
        graphs: tuple[Graph, ...] = ()
        if gaining > 1:
            ends_shown = ("up_low", "down_low")
            graphs = (
                Graph(say("prices.chart"), "bars", "what", ends_shown, min(gaining, SHOWN), aim(self.case)),
            )
        narrow = ("what", "now", "step", "up", "down")
        note = say("prices.note")
        table = Table("prices", say("prices.table"), columns, rows_of(rows), (note,), graphs, narrow=narrow)
        return (table,) if rows else ()


def prices(
    source: Source, *, rules: Sequence[str] = (), sets: Sequence[str] = (), effort: Effort | None = None
) -> Prices:
    """The price of every number of the rules, or of those of `rules` by name: what a step up and down is worth."""
    effort = effort or Effort()
    case = open_case(source, sets)
    solves, title = Solves(case, effort), say("prices.title", name=case.title)
    effort.step(say("alternatives.step_best"))
    base, outcome = base_of(case, solves)
    if base is None:
        ended = without_base(outcome)
        return Prices(title=title, ended=ended, case=case, prices=())
    every = [m for m in moves(case) if not rules or m.path.split(".")[:2][-1] in rules or m.path in rules]
    found = _priced(base, case.program, every, solves)
    found.sort(key=lambda p: -(p.best.size if p.best is not None else 0))
    done = len(found) == len(every)
    left = None if done else stopped(len(found), len(every))
    return Prices(
        title=title, ended="whole" if done else "stopped", left=left, case=case, prices=tuple(found)
    )


def _priced(base: Base, program: Program, every: Sequence[Move], solves: Solves) -> list[Price]:
    """The prices of those moves both of whose steps were solved, in their order."""
    known: dict[tuple[int, bool], Worth | None] = {}
    asked: list[tuple[int, bool, Moved]] = []
    for i, move in enumerate(every):
        for up, moved in ((True, move.up), (False, move.down)):
            if moved is None:
                known[i, up] = None
                continue
            own = unasked(base, program, moved.program)
            if own is not None and (moved.held is None or moved.held.missing(base.chosen) is None):
                known[i, up] = own
            else:
                asked.append((i, up, moved))
    questions = [Question(m.program, base.chosen, m.held) for _, _, m in asked]
    for done, (k, outcome) in enumerate(solves.many(questions), 1):
        i, up, moved = asked[k]
        solves.effort.step(say("prices.progress", number=done, count=len(asked), what=every[i].title))
        if outcome.reason != "interrupted":
            known[i, up] = worth_of(base, moved.program, outcome)
    return [
        Price(move, known[i, True], known[i, False])
        for i, move in enumerate(every)
        if (i, True) in known and (i, False) in known
    ]


def _step(kind: Kind) -> Text:
    return say(f"prices.steps.{kind}") if kind in STEP else same(str(Decimal(1)))
