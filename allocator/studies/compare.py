"""Plans side by side: scenarios, finished runs, what was decided, today's practice; what differs between any two."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import ClassVar

from allocator.contract import Figure
from allocator.money import show
from allocator.plan import Ruled
from allocator.studies.axis_names import axis_head, axis_name, crossed
from allocator.studies.case import Case, Source, open_case
from allocator.studies.changes import Between, Difference
from allocator.studies.decided import decided
from allocator.studies.figures import figures, side_by_side, worth
from allocator.studies.sides import Side, earlier, practices, side_of
from allocator.studies.study import Effort, Ended, Study
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.words import Text, listed, same, say

FEW = 6
"""Labels up to which a rule is shown on the screen label by label; the rest is in the workbook."""

ALL_PAIRS = 3
"""Up to so many plans, every two are held against each other; of more, the first against each of the others."""


@dataclass(frozen=True, kw_only=True)
class Comparison(Study):
    """The result of `compare`: its sides in the order that was asked for, decided lists and practice after them."""

    key: ClassVar[str] = "compare"

    sides: tuple[Side, ...]
    before: Mapping[str, Mapping[str | None, int]] = field(default_factory=dict)

    @property
    def subject(self) -> Case | None:
        """The case of its first side."""
        return self.sides[0].case if self.sides else None

    @cached_property
    def planned(self) -> tuple[Side, ...]:
        """The sides that have a plan."""
        return tuple(s for s in self.sides if s.chosen is not None)

    @cached_property
    def pairs(self) -> tuple[Between, ...]:
        """What differs between the plans that are held against each other."""
        if len(self.planned) <= ALL_PAIRS:
            return tuple(Between(a, b) for a, b in combinations(self.planned, 2))
        return tuple(Between(self.planned[0], b) for b in self.planned[1:])

    def between(self, a: int, b: int) -> Between:
        """What differs between any two of the plans, by their places."""
        return Between(self.planned[a], self.planned[b])

    def sentences(self) -> Sequence[Text]:
        found = [say(f"compare.no_plan.{_why(s)}", name=s.name) for s in self.sides if s.chosen is None]
        found += [_outcome(pair) for pair in self.pairs]
        for s in self.sides:
            if s.outside:
                names = "、".join(c for c, _ in s.outside[:6])
                found.append(say("compare.outside", name=s.name, count=len(s.outside), names=names))
            if s.unnamed:
                found.append(say("compare.unnamed", name=s.name, count=s.unnamed))
            if s.nearest:
                names = "、".join(s.nearest[:6])
                found.append(say("compare.nearest", name=s.name, count=len(s.nearest), names=names))
        return found

    def tables(self) -> Sequence[Table]:
        if not self.planned:
            return ()
        return (
            self._figures(),
            *self._money(),
            *map(self._before, self.before),
            self._rules(),
            *map(self._changes, self.pairs),
        )

    # -- tables ---------------------------------------------------------------------------------

    def _figures(self) -> Table:
        found = []
        for s in self.planned:
            assert s.chosen is not None
            scale = s.case.program.scale
            bound = None if s.bound is None else worth(s.bound, scale)
            gap = None if s.bound is None or not s.value else round(s.tolerance / abs(s.value) * 1_000_000)
            own = [
                Figure("bound", say("compare.bound"), "worth", bound),
                Figure("gap", say("compare.gap"), "fine", gap),
            ]
            found.append([*figures(s.case, s.chosen), *own])
        return side_by_side("figures", say("compare.figures"), self._names, found)

    @property
    def _names(self) -> list[Text]:
        return [s.name for s in self.planned]

    def _money(self) -> list[Table]:
        """This year's money by each of the first two axes, lines apart, and the commitment by both at once."""
        facts = self.planned[0].case.compiled
        if facts is None:
            return []
        axes = facts.facts.axes[:2]
        found = [self._by((axis,), "first_year") for axis in axes]
        return [*found, self._by(axes, "award")] if len(axes) == 2 else found

    def _by(self, axes: Sequence[str], money: str) -> Table:
        sums: list[defaultdict[tuple[str, ...], int]] = []
        for s in self.planned:
            own: defaultdict[tuple[str, ...], int] = defaultdict(int)
            for award in s.awards.values():
                parts = tuple(award.labels.get(axis, "") for axis in axes)
                own[parts] += award.amount if money == "award" else award.outlay[0]
            sums.append(own)
        compiled = self.planned[0].case.compiled
        assert compiled is not None
        facts = compiled.facts
        known = {label: i for axis in axes for i, label in enumerate(facts.labels.get(axis, ()))}
        labels = sorted({key for own in sums for key in own}, key=lambda key: [known.get(k, 99) for k in key])
        heads = (*(Col(a, axis_head(a), "text", widest=30) for a in axes),)
        columns = (*heads, *(Col(f"plan_{i}", n, "money", sums=True) for i, n in enumerate(self._names)))
        rows = [
            [*(facts.title(k) if k else None for k in key), *(own[key] for own in sums)] for key in labels
        ]
        key = "by_" + "_".join(axes)
        title = say(f"compare.by_{money}", axes=crossed([axis_name(a) for a in axes]))
        graph = Graph(title, "bars", axes[0], tuple(f"plan_{i}" for i in range(len(sums))))
        return Table(key, title, columns, rows_of(rows), graphs=(graph,) if len(axes) == 1 else ())

    def _before(self, axis: str) -> Table:
        """What each label of an axis had before there was this fund, beside this year's money in each plan, lines among
        it; for the first plan, what it gains or loses."""
        had = self.before[axis]
        sums: list[defaultdict[str | None, int]] = []
        for s in self.planned:
            own: defaultdict[str | None, int] = defaultdict(int)
            assert s.chosen is not None
            for award in s.case.awards(s.chosen):
                own[award.labels.get(axis)] += award.outlay[0]
            sums.append(own)
        given = {label for own in sums for label in own}
        labels = list(dict.fromkeys((*had, *(k for own in sums for k in own))))
        labels.sort(key=lambda label: label is None)  # what names none comes last
        columns = (
            Col(axis, axis_head(axis), "text", widest=30),
            Col("before", say("compare.before"), "money", sums=True),
            *(Col(f"plan_{i}", n, "money", sums=True) for i, n in enumerate(self._names)),
            Col("change", say("compare.change", name=self._names[0]), "money", sums=True),
        )
        rows: list[list[Value]] = [
            [
                say("compare.unnamed_label") if label is None else same(label),
                had.get(label, 0),
                *(own[label] for own in sums),
                sums[0][label] - had.get(label, 0),
            ]
            for label in labels
        ]
        title = say("compare.by_before", axis=axis_name(axis))
        graph = Graph(title, "bars", axis, ("before", *(f"plan_{i}" for i in range(len(sums)))))
        notes = [say("compare.before_note")]
        unlike = [label for label in had if label is not None and label not in given]
        if unlike and given - {None}:
            notes.append(say("compare.before_unlike", names=listed(unlike)))
        return Table(f"before_{axis}", title, columns, rows_of(rows), tuple(notes), graphs=(graph,))

    def _rules(self) -> Table:
        """What binds, or is not kept, in any of the plans: each rule's measure in each, with a mark where it binds."""
        lines: dict[tuple[str, str], list[Ruled | None]] = {}
        for i, s in enumerate(self.planned):
            for r in s.ruled:
                own = lines.setdefault((r.measure.rule, r.measure.label), [None] * len(self.planned))
                own[i] = r
        columns = (
            Col("rule", say("compare.rule"), "text", widest=40),
            *(Col(f"plan_{i}", n, "text", widest=24) for i, n in enumerate(self._names)),
        )
        rows: list[list[Value]] = []
        counts = Counter(rule for rule, _ in lines)
        few = sorted(lines.items(), key=lambda line: counts[line[0][0]] > FEW)
        for (rule, label), own in few:
            if any(r is not None and (r.binding or not r.measure.kept) for r in own):
                case = next(s.case for s, r in zip(self.planned, own, strict=True) if r is not None)
                cells = [_measured(s, rule, r) for s, r in zip(self.planned, own, strict=True)]
                rows.append([case.rule(rule, label, ""), *cells])
        shown = sum(counts[rule] <= FEW for rule, _ in lines)
        notes = (say("compare.marks"),)
        return Table("rules", say("compare.rules"), columns, rows_of(rows), notes, on_screen=max(shown, 4))

    def _changes(self, pair: Between) -> Table:
        key = f"changes_{self.planned.index(pair.a)}_{self.planned.index(pair.b)}"
        columns = (
            Col("kind", say("compare.kind"), "label"),
            Col("candidate", say("study.candidate"), "text", widest=30),
            Col("before", pair.a.name, "text", widest=18),
            Col("after", pair.b.name, "text", widest=18),
            Col("moved", say("compare.moved"), "money", sums=True),
            Col("why", say("compare.why"), "text", widest=48),
        )
        rows = [_row(pair, d) for d in pair.differences]
        title = say("compare.changes", a=pair.a.name, b=pair.b.name)
        return Table(
            key, title, columns, rows_of(rows), (say("compare.why_note" if rows else "decided.same"),)
        )


def compare(
    *sources: Source,
    decided_list: str | Path | None = None,
    practice: bool = False,
    before: str | Path | None = None,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Comparison:
    """The plans of several scenarios or runs side by side.

    decided_list  a workbook of what was approved, held against the first one's options
    practice      today's practice over the first one's candidates too
    before        a workbook of what departments and others had before there was this fund; without it the first one's
                  own records are asked

    A scenario is solved; a run's folder is read. Where they are stopped, those that are done are compared.
    Raises `InputFaults` for what is wrong in any of the files, before anything is solved.
    """
    effort = effort or Effort()
    sides: list[Side] = []
    ended: Ended = "whole"
    cases = [open_case(source, sets) for source in sources]
    listed = [] if decided_list is None else [decided(case, Path(decided_list)) for case in cases[:1]]
    had = earlier(cases[0], None if before is None else Path(before)) if cases else {}
    for case in cases:
        if effort.stopped:
            ended = "stopped"
            break
        sides.append(side_of(case, effort))
        if sides[-1].why == "interrupted":
            ended = "stopped"
    if sides:
        sides += [*listed, *(practices(cases[0]) if practice else ())]
    if not any(s.chosen is not None for s in sides) and ended == "whole":
        ended = "infeasible"
    return Comparison(title=say("compare.title"), ended=ended, sides=tuple(sides), before=had)


def _why(side: Side) -> str:
    return "infeasible" if side.why == "infeasible" else "time"


def _outcome(pair: Between) -> Text:
    """One sentence on two plans: worth, money moved, how many changes; or that they differ within the gaps."""
    scale = pair.b.case.program.scale
    less = f"{worth(pair.b.value - pair.a.value, scale) / 1e6:+,.2f}"
    room = f"{worth(pair.a.tolerance + pair.b.tolerance, scale) / 1e6:,.2f}"
    counts = {k: sum(d.kind == k for d in pair.differences) for k in ("in", "out", "instrument", "amount")}
    moved = show(sum(abs(d.moved) for d in pair.differences))
    known = {"a": pair.a.name, "b": pair.b.name, "less": less, "room": room, "moved": moved}
    if not pair.differences:
        return say("compare.same", **known)
    if pair.within:
        return say("compare.all_within", **known, count=len(pair.differences))
    close = pair.a.bound is not None and pair.b.bound is not None
    tied = close and abs(pair.b.value - pair.a.value) <= pair.a.tolerance + pair.b.tolerance
    key = "compare.tied" if tied else "compare.outcome" if close else "compare.outcome_list"
    return say(
        key,
        **known,
        into=counts["in"],
        out=counts["out"],
        instrument=counts["instrument"],
        amount=counts["amount"],
    )


def _row(pair: Between, d: Difference) -> tuple[Value, ...]:
    compiled = pair.b.case.compiled
    assert compiled is not None
    facts = compiled.facts
    cells = [
        None
        if a is None
        else say("study.option", instrument=facts.title(a.instrument), amount=show(a.amount))
        for a in (d.before, d.after)
    ]
    return (say(f"compare.kinds.{d.kind}"), facts.title(d.candidate), *cells, d.moved, d.why)


def _measured(side: Side, rule: str, ruled: Ruled | None) -> Value:
    """A measure with its bounds and a mark: ● binds, ▲ is not kept; nothing where the rule has nothing to measure."""
    if ruled is None:
        rules = side.case.compiled.rules if side.case.compiled is not None else {}
        return None if rule in rules else say("compare.no_rule")
    m = ruled.measure
    floor, cap = (getattr(m.limits, side, None) for side in ("floor", "cap"))
    asked = [f"≥{m.shown(floor)}"] * (floor is not None) + [f"≤{m.shown(cap)}"] * (cap is not None)
    value = say("compare.none") if m.value is None else same(m.shown(m.value))
    mark = " ▲" if not m.kept else " ●" if ruled.binding else ""
    bounds = " ".join(asked)
    tail = Text(f"（{bounds}）", f" ({bounds})") if asked else same("")
    return Text(f"{value.zh}{tail.zh}{mark}", f"{value.en}{tail.en}{mark}")
