"""Which clauses of a scenario without a plan clash, and the cheapest ways out, each shown to work."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from allocator.limits import Measure
from allocator.money import show
from allocator.plan import measures
from allocator.studies.case import Case, Source, open_case
from allocator.studies.study import Effort, Ended, Study
from allocator.studies.table import Col, Table, Value, rows_of
from allocator.why.conflict import Clash, Clauses, Name, enumerate_sets
from allocator.why.ways import SECONDS, Way, by_cost, by_count, costs_of, settled
from allocator.words import Text, say


@dataclass(frozen=True, kw_only=True)
class Conflicts(Study):
    """The result of `conflicts`.

    feasible  there is a plan, and nothing clashes; None where that was not found out
    clashes   irreducible sets of clauses; complete: there are no others
    ways      ways out, the cheapest (or those of fewest clauses) first
    """

    key: ClassVar[str] = "conflicts"

    case: Case
    feasible: bool | None
    clashes: tuple[Clash, ...] = ()
    ways: tuple[Way, ...] = ()
    complete: bool = False
    priced: bool = False

    def sentences(self) -> Sequence[Text]:
        if self.feasible is None:
            return [say("conflicts.unknown")]
        if self.feasible:
            return [say("conflicts.none")]
        key = "conflicts.all" if self.complete else "conflicts.some"
        found = [say(key, count=len(self.clashes))]
        for i, clash in enumerate(self.clashes[:3], 1):
            proof = say("conflicts.irreducible" if clash.proven else "conflicts.not_proven")
            found.append(say("conflicts.clash", number=i, clauses=self._named(clash.clauses), proof=proof))
        for i, way in enumerate(self.ways, 1):
            found.append(say("conflicts.way", number=i, what=self._yielding(way)))
        return found

    def tables(self) -> Sequence[Table]:
        return (self._clashes(), self._ways()) if self.clashes else ()

    def _clashes(self) -> Table:
        columns = (
            Col("set", say("conflicts.set"), "count"),
            Col("clause", say("conflicts.clause"), "text", widest=50),
            Col("bound", say("conflicts.bound"), "label", widest=16),
            Col("proof", say("walk.proven"), "text", widest=30),
        )
        rows: list[list[Value]] = []
        for i, clash in enumerate(self.clashes, 1):
            proof = say("conflicts.irreducible" if clash.proven else "conflicts.not_proven")
            rows += [[i, self.case.rule(*name), self._bound(name), proof] for name in clash.clauses]
        return Table("clashes", say("conflicts.clashes"), columns, rows_of(rows))

    def _ways(self) -> Table:
        columns = (
            Col("way", say("conflicts.way_number"), "count"),
            Col("clause", say("conflicts.clause"), "text", widest=50),
            Col("before", say("conflicts.from"), "label", widest=16),
            Col("after", say("conflicts.to"), "label", widest=16),
            Col("money", say("conflicts.money"), "money"),
            Col("awards", say("conflicts.awards"), "count"),
            Col("cost", say("conflicts.cost"), "money"),
        )
        rows: list[list[Value]] = []
        for i, way in enumerate(self.ways, 1):
            now = self._measures(way)
            for name, amount in way.yields.items():
                counted = self._counted(name)
                whole = math.ceil(amount)
                to = _loosened(now.get(name[:2]), name[2])
                money = (None, whole) if counted else (whole, None)
                rows.append([i, self.case.rule(*name), self._bound(name), to, *money, math.ceil(way.cost)])
        note = say("conflicts.verified" if self.priced else "conflicts.verified_count")
        return Table("ways", say("conflicts.ways"), columns, rows_of(rows), (note,))

    # -- words ----------------------------------------------------------------------------------

    def _named(self, names: Sequence[Name]) -> Text:
        parts = [self._with_bound(n) for n in names]
        return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))

    def _with_bound(self, name: Name) -> Text:
        bound, clause = self._bound(name), self.case.rule(*name)
        return clause if bound is None else Text(f"{clause.zh} {bound}", f"{clause.en} {bound}")

    def _yielding(self, way: Way) -> Text:
        """What yields, in the policy's own units: a floor from 24% to 17.4%, a ceiling by 320万元, a pin lifted."""
        now, parts = self._measures(way), []
        for name, amount in way.yields.items():
            before, after = self._bound(name), _loosened(now.get(name[:2]), name[2])
            clause, side = self.case.rule(name[0], name[1], ""), name[2]
            whole = str(math.ceil(amount)) if self._counted(name) else f"{show(math.ceil(amount))}万元"
            if before is None or after is None:
                parts.append(say(f"conflicts.yield_{side}", clause=clause, amount=whole))
            else:
                parts.append(
                    say(f"conflicts.move_{side}", clause=clause, before=before, after=after, amount=whole)
                )
        return Text("，并且".join(p.zh for p in parts), ", and ".join(p.en for p in parts))

    def _counted(self, name: Name) -> bool:
        return any((c.rule, c.label, c.side) == name and c.counted for c in self.case.program.clauses)

    def _measures(self, way: Way) -> Mapping[tuple[str, str], Measure]:
        if self.case.compiled is None:
            return {}
        found = measures(self.case.compiled, self.case.awards(way.plan))
        return {(rule, m.label): m for rule, m in found}

    def _bound(self, name: Name) -> str | None:
        """The bound of a clause as the scenario writes it; None where it is no plain number."""
        if not self.ways or self.case.compiled is None:
            return None
        m = self._measures(self.ways[0]).get(name[:2])
        bound = None if m is None else m.limits.bound(name[2])  # type: ignore[arg-type]
        return None if m is None or bound is None else m.shown(bound)


def conflicts(
    source: Source,
    *,
    limit: int = 10,
    ways: int = 3,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Conflicts:
    """The irreducible sets of clashing clauses, up to `limit`, and at least `ways` ways out where there are so many.

    Ways go by the scenario's `relax_cost` (what one yuan of yielding of a rule is held to cost; a rule that it does not
    name costs 1, `never`: it does not yield), without one by the number of clauses that yield.
    """
    effort = effort or Effort()
    case = open_case(source, sets)
    clauses = Clauses(case.program, effort.time_limit or SECONDS, effort.stop, fan=effort.fan)
    effort.step(say("conflicts.step_first"))
    whole = clauses.feasible(clauses.names)
    title = say("conflicts.title", name=case.title)
    if whole is not False:
        return Conflicts(title=title, case=case, feasible=whole, ended="whole" if whole else "stopped")
    costs = _costs(case, clauses)
    found: list[Clash] = []
    corrections: list[frozenset[Name]] = []
    complete, ended = True, "whole"
    for one in enumerate_sets(clauses.names, clauses.feasible, clauses.shrink):
        if isinstance(one, Clash):
            found.append(one)
            effort.step(say("conflicts.step", count=len(found)))
        else:
            corrections.append(one)
        if clauses.stopped:
            complete, ended = False, "stopped"
            break
        if len(found) >= limit and (costs is not None or (len(corrections) >= ways and settled(corrections))):
            complete = False
            break
    complete = complete and all(c.proven for c in found) and None not in clauses.known.values()
    effort.step(say("conflicts.step_ways"))
    out = by_cost(clauses, costs, ways) if costs is not None else by_count(clauses, corrections, ways)
    end: Ended = "stopped" if ended == "stopped" else "whole"
    return Conflicts(
        title=title,
        ended=end,
        case=case,
        feasible=False,
        clashes=tuple(found),
        ways=tuple(out),
        complete=complete,
        priced=costs is not None,
    )


def _costs(case: Case, clauses: Clauses) -> dict[Name, Fraction] | None:
    """What one yuan (or award's worth) of each clause costs by the scenario; None where it does not say."""
    said = {} if case.loaded is None else case.loaded.scenario.relax_cost
    return costs_of(clauses, said) if said else None


def _loosened(measure: Measure | None, side: str) -> str | None:
    """The bound at which a plan's own measure just holds, rounded to the looser side; None where it has none."""
    if measure is None:
        return None
    if measure.unit != "share":
        return measure.shown(measure.part)
    if not measure.whole:
        return None
    points = Fraction(10_000 * measure.part, measure.whole)
    return measure.shown(math.floor(points) if side == "floor" else math.ceil(points))
