"""What one more 100万元, one percentage point or one award of each rule is worth, up and down, by solving again.

A scenario's rules are moved by their own numbers, as the scenario writes them; what no number of a rule says (the
year's ceiling, a pin, a call's winners) is moved by its rows. Of a plain program, every row is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from allocator.change import Change
from allocator.compile import build, gain
from allocator.contract import Rule
from allocator.held import Held, settled
from allocator.money import UNITS, parse, parse_share, show_share
from allocator.program import OPEN, Program
from allocator.report.cells import Kind
from allocator.scenario.tree import Node, dotted
from allocator.studies.case import Case, Source, open_case, wan
from allocator.studies.figures import worth
from allocator.studies.pricing import Base, Worth, base_of, interval, unasked, without_base, worth_of
from allocator.studies.solves import Question, Solves
from allocator.studies.study import Effort, Study, stopped
from allocator.studies.table import Col, Graph, Table, Value, rows_of
from allocator.words import Text, same, say

STEP = {"share": 100, "money": 1_000_000, "count": 1}
"""How far each kind of number is moved: a percentage point, 100万元, one award."""

COUNTS = ("floor", "target", "cap", "count")
"""Keys under which a bare whole number is a bound."""

SHOWN = 12
"""The most rules that the chart shows: those that gain most."""

MANY = 6
"""Rows of one rule up to which each is moved alone; of more, all together."""


@dataclass(frozen=True, eq=False)
class Moved:
    """A program in which a number is moved; held: what its own rules find as plans break them."""

    program: Program
    held: Held | None = None


@dataclass(frozen=True, eq=False)
class Move:
    """One number of the policy: what it is, as it is now, and the programs in which it is a step higher and lower."""

    title: Text
    path: str
    kind: Kind
    now: str
    up: Moved | None
    down: Moved | None


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
            graphs = (Graph(say("prices.chart"), "bars", "what", ends_shown, first=min(gaining, SHOWN)),)
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


def moves(case: Case) -> list[Move]:
    """Every number that can move: those of the scenario's rules, then the rows that none of these moves."""
    found = list(_numbers(case)) if case.compiled is not None else []
    touched: set[int] = set()
    for move in found:
        for moved in (move.up, move.down):
            if moved is not None:
                change = Change.between(case.program, moved.program)
                touched |= {*change.lower, *change.upper, *change.replaced}
    return [*found, *_rows(case, touched)]


def _numbers(case: Case) -> Iterator[Move]:
    """The numbers of the scenario's rules, each a step up and down, its program compiled anew."""
    loaded, compiled = case.scenario, case.compiled
    assert compiled is not None
    scenario, options, facts = loaded.scenario, compiled.options, compiled.facts
    own = gain(scenario, options, facts)
    for name, rule in scenario.rules.items():
        node = loaded.resolved.root.at_keys(("rules", name))
        for keys, leaf in [] if node is None else node.walk():
            kind, value = _kind(keys, leaf)
            if kind is None or value is None or node is None:
                continue
            programs: list[Moved | None] = []
            for sign in (1, -1):
                other = _moved(rule, name, node, keys, _written(value + sign * STEP[kind], kind))
                rules = None if other is None else {**scenario.rules, name: other}
                programs.append(
                    None if rules is None else _ruled(case, rules, build(options, rules, facts, own))
                )
            if programs != [None, None]:
                label = str(keys[-2]) if len(keys) > 1 else ""
                key = str(keys[-1])
                side = key if key in ("floor", "target", "cap") else ""
                text = case.rule(name, label if label not in ("shares", "limits") else "", side)
                own_name = rule.numbers.get(key, same(key))
                title = text if side else Text(f"{text.zh}·{own_name.zh}", f"{text.en} · {own_name.en}")
                yield Move(title, dotted(("rules", name, *keys)), kind, _now(value, kind), *programs)


def _ruled(case: Case, rules: Mapping[str, Rule], program: Program) -> Moved:
    """A program of other rules, its ranks brought down and its rows found anew."""
    assert case.compiled is not None
    held = settled(replace(case.compiled, rules=rules, program=program), case.time_limit)
    return Moved(held.whole.program, held)


def _kind(keys: Sequence[str | int], leaf: Node) -> tuple[Any, int | None]:
    """What kind of number a leaf of a rule is, and its value in whole units; None where it is no bound."""
    value = leaf.value
    if isinstance(value, str) and value.strip().endswith("%"):
        return "share", _or_none(parse_share, value)
    if isinstance(value, str) and any(value.strip().endswith(u) for u in UNITS):
        return "money", _or_none(parse, value)
    if isinstance(value, int) and not isinstance(value, bool) and keys[-1] in COUNTS:
        return "count", int(value)
    return None, None


def _or_none(read: Any, value: str) -> int | None:
    try:
        return int(read(value))
    except ValueError:
        return None


def _written(value: int, kind: Kind) -> Any:
    """A number as code hands it to a rule."""
    return None if value < 0 or (kind == "share" and value > 10_000) else value


def _moved(rule: Rule, name: str, node: Node, keys: Sequence[str | int], value: Any) -> Rule | None:
    """The rule with one of its numbers changed; None where it cannot be that."""
    if value is None:
        return None
    data = node.plain()
    below = data
    for key in keys[:-1]:
        below = below[key]
    below[keys[-1]] = value
    data.pop("rule", None)
    try:
        return type(rule).model_validate({**data, "name": name})
    except ValueError:
        return None


def _rows(case: Case, touched: set[int]) -> Iterator[Move]:
    """The rows that no number moves: each alone, or all of a rule's side together where they are many."""
    program = case.program
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for r, clause in enumerate(program.clauses):
        if r not in touched and clause.rank is None:
            groups[clause.rule, clause.side].append(r)
    for (rule, side), rows in groups.items():
        labels = {program.clauses[r].label for r in rows}
        parts = (
            [rows]
            if len(labels) > MANY
            else [[r for r in rows if program.clauses[r].label == n] for n in labels]
        )
        for part in parts:
            first = program.clauses[part[0]]
            label = first.label if len(labels) <= MANY else ""
            kind: Kind = "count" if first.counted else "money"
            bounds = {int(program.lower[r] if program.lower[r] > -OPEN else program.upper[r]) for r in part}
            (one,) = bounds if len(bounds) == 1 else (None,)
            now = "" if one is None else _now(int(one * first.unit), kind)
            programs = [Moved(_shifted(program, part, sign * STEP[kind])) for sign in (1, -1)]
            yield Move(
                case.rule(rule, label, side), f"{rule}.{label}" if label else rule, kind, now, *programs
            )


def _shifted(program: Program, rows: Sequence[int], step: int) -> Program:
    """The program with the bounds of some rows moved by `step` yuan or awards."""
    lower, upper = program.lower.copy(), program.upper.copy()
    for r in rows:
        units = int(step / program.clauses[r].unit)
        lower[r] += units if lower[r] > -OPEN else 0
        upper[r] += units if upper[r] < OPEN else 0
    return replace(program, lower=lower, upper=upper)


def _now(value: int, kind: Kind) -> str:
    if kind == "share":
        return show_share(value)
    return f"{wan(value)}万元" if kind == "money" else str(value)


def _step(kind: Kind) -> Text:
    return say(f"prices.steps.{kind}") if kind in STEP else same(str(Decimal(1)))
