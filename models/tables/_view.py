"""A plan as its tables read it: records, standings and reasons at hand, each worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from allocator.options import Award
from allocator.plan import Plan, Ruled
from allocator.program import Bools
from allocator.records import Records
from allocator.report.cells import Range, Value
from allocator.words import Text, catalogue, same
from models.payers import split_sources
from models.reasons import Reasons
from models.rules.pin import Pin
from models.rules.rank_order import RankOrder, Skip
from models.selection import Selection
from models.standing import Standing, in_order, standings

if TYPE_CHECKING:
    from models.tables._entries import Entry

say = catalogue("models.words").say


@dataclass(frozen=True, eq=False)
class View:
    """A plan with a selection. `ranges` is where tables leave the cells that the summary's charts draw."""

    plan: Plan
    chosen: Bools
    ranges: dict[str, Range] = field(default_factory=dict)

    @property
    def records(self) -> Records:
        """The 申报汇总表."""
        return self.plan.tables["candidates"]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that money is planned over."""
        return self.plan.options.years

    @property
    def instruments(self) -> Sequence[str]:
        """The keys of the scenario's instruments."""
        return self.plan.facts.labels.get("instrument", ())

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """Each candidate's score and rank."""
        return standings(self.plan.loaded.scenario, self.plan.tables, self.plan.facts)

    @cached_property
    def reasons(self) -> Reasons:
        """Why each that is not supported is not."""
        plan = self.plan
        stepwise = plan.sequential is not None
        scenario = plan.loaded.scenario
        selected = Selection(
            scenario, plan.tables, plan.compiled, self.chosen, self.standings, stepwise, plan.ruled
        )
        return Reasons(selected)

    @cached_property
    def awarded(self) -> Mapping[str, Award]:
        """The awards by candidate."""
        return {a.candidate: a for a in self.plan.awards}

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, int]]:
        """This year's money of each award and line by source, in yuan."""
        return split_sources(self.plan)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Every award and every fixed line as the budget's tables list them."""
        from models.tables._entries import entries  # it reads this view

        return entries(self)

    @cached_property
    def domains(self) -> Sequence[str]:
        """The domains of the scenario, and then any other that an award or a line names."""
        named = self.plan.facts.labels.get("domain", ())
        return [*named, *(d for d in self.plan.totals["by"]["domain"] if d not in named)]

    @cached_property
    def pinned(self) -> Mapping[str, Any]:
        """The decisions that pin candidates, by candidate."""
        rules = self.plan.compiled.rules.values()
        return {c: d for rule in rules if isinstance(rule, Pin) for c, d in rule.candidates.items()}

    @cached_property
    def passed_over(self) -> Mapping[str, Skip]:
        """The candidates that a rule on ranks lets be passed over, each with the reason and basis that it states."""
        rules = self.plan.compiled.rules.values()
        return {c: skip for rule in rules if isinstance(rule, RankOrder) for c, skip in rule.skips.items()}

    def title(self, label: str | None) -> Value:
        """How a label reads; None stays nothing."""
        return None if label is None else self.plan.facts.title(label)

    def field(self, candidate: str, key: str) -> Any:
        """A field of a candidate's record."""
        return self.records[key][self.records.index[candidate]]

    def in_order(self, candidates: Sequence[str]) -> list[str]:
        """Candidates by domain, then from the highest score down."""
        return in_order(candidates, self.domains, self.records, self.standings)

    def ruled(self, kind: type[Any]) -> list[Ruled]:
        """What the rules of one class measure."""
        rules = self.plan.compiled.rules
        return [r for r in self.plan.ruled if isinstance(rules.get(r.measure.rule), kind)]


def illustrative(scenario: Any) -> bool:
    """Whether the scenario says that its figures are an example: in its title, its note, or a source's document."""
    fund = scenario.fund
    said = [scenario.title, scenario.note, *(f"{s.document} {s.note}" for s in fund.sources.values())]
    return any(word in text.lower() for text in said for word in ("示例", "illustrative", "example data"))


def listed(parts: Sequence[Text]) -> Text:
    """Parts of a remark, one after the other."""
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts)) if parts else same("")
