"""A hard floor raised, or a hard cap lowered, exactly: from breakpoint to breakpoint, each proven at gap 0.

Tightening one bound only takes plans away. So the best plan at a bound stays best up to its own activity in that row,
and the next solve starts one integer unit of the row beyond it: nothing in between can be missed. It holds where the
bound alone moves: one hard row whose coefficients stay. For targets, priced rules and rules of two sides it does not,
and a grid is what there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from allocator.change import Change
from allocator.program import Bools
from allocator.report.block import Block, respoken
from allocator.report.cells import Kind
from allocator.studies.axes import Axis, parse_axis
from allocator.studies.case import Case
from allocator.studies.figures import aim, figures, worth
from allocator.studies.grid import Reader, check_grid
from allocator.studies.lacking import lacking
from allocator.studies.moved import Moved, fault, moved_row
from allocator.studies.solves import Solves, bound_of
from allocator.studies.study import Effort, Ended, Study
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.why.shortfall import shortfalls
from allocator.words import Text, say


@dataclass(frozen=True, eq=False)
class Stretch:
    """Values of the axis, in its own units, from `start` (of the first stretch alone, itself among them) to `end`.

    chosen  the best plan on all of it, where proven; joined: plans of equal worth that were made one stretch
    bound   what no plan there is worth more than, in units of gain; None where nothing was proved
    """

    start: Fraction
    end: Fraction
    chosen: Bools
    proven: bool
    joined: int = 0
    bound: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Walk(Study):
    """The result of `walk`: stretches from the loose end of the axis to the tight one.

    merged   places where breakpoints nearer than `within` were passed over; broken_off: whether it was stopped
    reached  up to where it is known; infeasible_from: past which value no plan is, proven
    """

    key: ClassVar[str] = "walk"

    axis: Axis
    case: Case
    stretches: tuple[Stretch, ...]
    merged: int
    within: Fraction
    reached: Fraction
    end: Fraction
    infeasible_from: Fraction | None
    why: Text | None
    broken_off: bool = False

    @property
    def proven(self) -> int:
        """How many stretches are proven."""
        return sum(s.proven for s in self.stretches)

    def sentences(self) -> Sequence[Text]:
        found = [
            say(
                "walk.found",
                axis=self.axis.named(self.case),
                proven=self.proven,
                merged=self.merged,
                within=self._shown(self.within),
                ties=sum(s.joined for s in self.stretches),
                open=len(self.stretches) - self.proven,
            )
        ]
        end = self._shown(self.end)
        if self.infeasible_from is not None:
            here = self._shown(self.infeasible_from)
            why = self.why or say("study.lacking.unknown")
            found.append(say("walk.infeasible", **{"from": here}, end=end, why=why))
        elif self.reached != self.end:
            key = "walk.left_stopped" if self.broken_off else "walk.left"
            found.append(say(key, **{"from": self._shown(self.reached)}, end=end))
        else:
            found.append(say("walk.through", end=end))
        return found

    def tables(self) -> Sequence[Table]:
        if not self.stretches:
            return ()
        known = figures(self.case, self.stretches[0].chosen)
        kind: Kind = "fine" if self.axis.kind == "share" else self.axis.kind
        open_ = not all(s.proven for s in self.stretches)
        columns = (
            Col("from", say("walk.from"), kind),
            Col("to", say("walk.to"), kind),
            *(Col(f.key, f.title, f.kind) for f in known),
            *([Col("bound", say("walk.bound"), known[0].kind)] if open_ else []),
            Col("enter", say("sweep.enter"), "count"),
            Col("leave", say("sweep.leave"), "count"),
            Col("proven", say("walk.proven"), "label"),
        )
        rows: list[list[Value]] = []
        before: dict[int, int] | None = None
        for s in self.stretches:
            own = self.case.taken(s.chosen)
            into = None if before is None else sum(w not in before for w in own)
            out = None if before is None else sum(w not in own for w in before)
            cells = [f.value for f in figures(self.case, s.chosen)]
            ends = (self._whole(s.start), self._whole(s.end))
            most = [None if s.bound is None else worth(s.bound, self.case.program.scale)] if open_ else []
            rows.append([*ends, *cells, *most, into, out, say("walk.yes" if s.proven else "walk.no")])
            before = own
        if self.reached != self.end:
            rest = [None] * (len(columns) - 3)
            mark = "walk.left_mark" if self.infeasible_from is None else "walk.none_mark"
            rows.append([self._whole(self.reached), self._whole(self.end), *rest, say(mark)])
        narrow = ("from", "to", "value", *(["bound"] if open_ else []), "count", "enter", "leave", "proven")
        stretches = Table("stretches", say("walk.stretches"), columns, rows_of(rows), narrow=narrow)
        return stretches, self._curve(kind)

    def _curve(self, kind: Kind) -> Table:
        """The objective as the step function that it is: both ends of each level, broken where it is not known."""
        known = figures(self.case, self.stretches[0].chosen)
        rows: list[list[Value]] = []
        for s in self.stretches:
            start, end = self._whole(s.start), self._whole(s.end)
            level = [f.value for f in figures(self.case, s.chosen)]
            if rows and rows[-1][0] != start:
                rows.append([start, *[None] * len(level)])
            rows += [[start, *level], [end, *level]]
        along = self.axis.title(self.case)
        columns = (Col("at", along, kind), *(Col(f.key, f.title, f.kind) for f in known))
        title = say("sweep.curve", figure=known[0].title, axis=along)
        graph = Graph(title, "lines", "at", (known[0].key,), up=aim(self.case))
        return Table("curve", say("walk.curve"), columns, rows_of(rows), graphs=(graph,))

    def blocks(self) -> Sequence[Block]:
        """As of any study, without the points of the curve: the stretches say it all."""
        (first, *_) = self.tables() or (None,)
        own = () if first is None else [respoken(b, self.spoken) for b in self.told([first])]
        return Block(self.spoken(self.title), notes=tuple(self.said())), *own

    def _whole(self, value: Fraction) -> int:
        """A value of the axis as its column holds it: of a share millionths, else whole units."""
        return round(value * 100) if self.axis.kind == "share" else round(value)

    def _shown(self, value: Fraction) -> str:
        return shown(self.axis, value)


def shown(axis: Axis, value: Fraction) -> str:
    """A value of an axis as people read it."""
    if axis.kind == "share":
        return f"{float(value / 100):.4f}%"
    return f"{float(value / 10_000):,.4f}万元" if axis.kind == "money" else str(round(value))


def walk(
    scenario: str | Path,
    over: str | Axis,
    *,
    within: Fraction | int = 0,
    budget: int = 60,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Walk:
    """Every best plan along a hard floor (upwards) or cap (downwards), with the exact values at which it changes.

    within  in the axis's units (basis points, yuan): breakpoints nearer to each other than this are merged; 0: none
    budget  solves at most

    Raises `InputFaults` where the axis is not one hard bound alone.
    """
    effort = effort or Effort()
    axis = over if isinstance(over, Axis) else parse_axis(over)
    ends = (axis.values[0], axis.values[-1])
    numbers = (axis.number(ends[0]), axis.number(ends[1]))
    if None in numbers or numbers[0] == numbers[1]:
        raise fault(axis, say("walk.one_axis"))
    reader = Reader(Path(scenario))
    loose, tight = (
        reader.case(one) for one in check_grid(Path(scenario), (axis,), [(e,) for e in ends], sets)
    )
    moved = moved_row(axis, loose, tight, (int(numbers[0] or 0), int(numbers[1] or 0)))
    if moved.side == "cap":
        loose, tight = tight, loose
    return _walked(axis, loose, moved, Fraction(within), budget, effort)


def _walked(axis: Axis, case: Case, moved: Moved, within: Fraction, budget: int, effort: Effort) -> Walk:
    program, up = case.program, moved.side == "floor"
    solves, direction = Solves(case, effort), 1 if up else -1
    first, last = (Fraction(n) for n in (moved.numbers if up else moved.numbers[::-1]))
    bound, final = moved.bound(first), moved.bound(last)
    start, merged, stretches = first, 0, list[Stretch]()
    infeasible_from: Fraction | None = None
    why: Text | None = None
    ended: Ended = "whole"
    broken_off = False
    while direction * (final - bound) >= 0 and solves.done < budget and infeasible_from is None:
        if effort.stopped:
            broken_off = True
            break
        number = solves.done + 1
        effort.step(say("walk.step", number=number, budget=budget, at=shown(axis, start)))
        change = Change(lower={moved.row: bound}) if up else Change(upper={moved.row: bound})
        begin = stretches[-1].chosen if stretches else None
        outcome = solves(change, start=begin, gap=0.0)
        if outcome.reason == "infeasible":
            infeasible_from = start
            why = lacking(case, shortfalls(program.with_(change)))
            break
        if outcome.chosen is None or outcome.reason == "interrupted":
            broken_off = True  # what a plan that came by then is worth says nothing of the stretch
            break
        activity = program.activity(outcome.chosen)[moved.row]
        reach = activity if direction * (final - activity) > 0 else final
        end = last if reach == final else moved.number(reach)
        proven = outcome.reason == "optimal"
        before = stretches[-1] if stretches else None
        equal = before is not None and program.value(before.chosen) == program.value(outcome.chosen)
        if before is not None and equal and proven and before.proven:
            stretches[-1] = Stretch(before.start, end, outcome.chosen, True, before.joined + 1, before.bound)
        else:
            stretches.append(
                Stretch(start, end, outcome.chosen, proven, bound=bound_of(program.with_(change), outcome))
            )
        start, following = end, reach + direction
        if within and reach != final:
            beyond = moved.bound(end + direction * within)
            if direction * (beyond - following) > 0:
                following, merged = beyond, merged + 1
                start = end + direction * within
        bound = following
        if reach == final:
            break
    if infeasible_from is None and start != last:
        ended = "stopped"
    return Walk(
        title=say("walk.title", axis=axis.title(case)),
        ended="infeasible" if not stretches and infeasible_from is not None else ended,
        axis=axis,
        case=case,
        stretches=tuple(stretches),
        merged=merged,
        within=within,
        reached=start,
        end=last,
        infeasible_from=infeasible_from,
        why=why,
        broken_off=broken_off,
    )
