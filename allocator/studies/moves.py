"""Every number of the policy that can be moved, and the programs in which it is a step higher and a step lower.

A scenario's rules are moved by their own numbers, as the scenario writes them; what no number of a rule says (the
year's ceiling, a pin, a call's winners) is moved by its rows. Of a plain program, every row is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allocator.change import Change
from allocator.compile import build, gain
from allocator.contract import Rule
from allocator.held import Held, settled
from allocator.money import UNITS, parse, parse_share, show_share
from allocator.program import OPEN, Program
from allocator.report.cells import Kind
from allocator.scenario.tree import Node, dotted
from allocator.studies.case import Case, wan
from allocator.words import Text

STEP = {"share": 100, "money": 1_000_000, "count": 1}
"""How far each kind of number is moved: a percentage point, 100万元, one award."""

COUNTS = ("floor", "target", "cap", "count")
"""Keys under which a bare whole number is a bound."""

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
                path = ("rules", name, *map(str, keys))
                yield Move(case.number(path), dotted(path), kind, _now(value, kind), *programs)


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
