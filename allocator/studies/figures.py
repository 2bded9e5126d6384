"""What a plan comes to, in the figures that plans are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocator.contract import Figure
from allocator.plan import totals
from allocator.program import Bools
from allocator.report.cells import Figure as Cell
from allocator.studies.case import Case
from allocator.studies.table import Col, Table, Value
from allocator.words import Text, say


def figures(case: Case, chosen: Bools) -> tuple[Figure, ...]:
    """The figures of a plan: the objective's value, number and money, and those that the policy goes by.

    Of a plain program only the value and the number are known.
    """
    program = case.program
    value = Figure("value", say("study.figure.value"), "worth", worth(program.value(chosen), program.scale))
    if case.compiled is None or case.loaded is None:
        return (value, Figure("count", say("study.figure.count"), "count", len(case.taken(chosen))))
    everything = case.awards(chosen)
    awards, lines = [a for a in everything if not a.fixed], [a for a in everything if a.fixed]
    found = totals(case.compiled.facts, awards, lines)
    engine = [
        value,
        Figure("count", say("study.figure.count"), "count", found["count"]),
        Figure("merit", say("study.figure.merit"), "worth", found["merit"]),
        Figure("award", say("study.figure.award"), "money", found["award"]),
        Figure("first_year", say("study.figure.first_year"), "money", found["first_year"]),
        Figure("unused", say("study.figure.unused"), "money", found["unused"]),
        Figure("recovery", say("study.figure.recovery"), "money", sum(found["recovery"].values())),
    ]
    return (*engine, *case.loaded.policy.figures(case.loaded.scenario, case.compiled.facts, everything))


def aim(case: Case) -> Text:
    """What the objective measures, in words: its parts by their weights, and whether prices are taken off."""
    if case.loaded is None:
        return say("study.figure.value")
    aims = case.loaded.scenario.objective.values()
    parts = [a.objective.title if a.weight == 1 else times(a.weight, a.objective.title) for a in aims]
    whole = Text("＋".join(p.zh for p in parts), " + ".join(p.en for p in parts))
    return say("study.figure.aim", what=less_prices(case, whole))


def less_prices(case: Case, title: Text) -> Text:
    """A quantity off which what soft rules miss is taken at its price, where any rule has one."""
    if all(c.price is None for c in case.program.clauses):
        return title
    return say("study.figure.less_prices", what=title)


def times(weight: int, title: Text) -> Text:
    return Text(f"{weight}×{title.zh}", f"{weight} × {title.en}")


def side_by_side(key: str, title: Text, names: Sequence[Text], found: Sequence[Sequence[Figure]]) -> Table:
    """Plans beside each other: a row for each figure that any has, a column `plan_0`, `plan_1`, ... for each plan."""
    lines: dict[str, Figure] = {}
    for own in found:
        for f in own:
            lines.setdefault(f.key, f)
    by_key = [{f.key: f.value for f in own} for own in found]
    columns = (
        Col("figure", say("study.figures"), "text"),
        *(Col(f"plan_{i}", name, "count", widest=22) for i, name in enumerate(names)),
    )
    rows: list[tuple[Value, ...]] = [
        (f.title, *(Cell(known.get(f.key), f.kind) for known in by_key)) for f in lines.values()
    ]
    money = any(f.kind == "money" for f in lines.values())
    return Table(key, title, columns, tuple(rows), (say("study.in_wan"),) if money else ())


def worth(value: Fraction, scale: int) -> int:
    """A value in units of gain as whole micro-units of what people see, rounded half to even."""
    return round(value * 1_000_000 / scale)


def figure(found: Sequence[Figure], key: str) -> int | None:
    """The value of one figure; None where it is not among them."""
    return next((f.value for f in found if f.key == key), None)
