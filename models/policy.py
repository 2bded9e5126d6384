"""The policy of 日政办字〔2020〕66号, as the engine asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from allocator.calendar import Calendar
from allocator.chance import Closing
from allocator.contract import Facts, Figure, Follower, Order, Reason, Settings, Stressed
from allocator.money import show_share
from allocator.options import Award, OptionTable
from allocator.problems import Problems
from allocator.program import Bools, Ints
from allocator.records import Sheet, Tables
from allocator.report.block import Block
from allocator.report.cells import Kind
from allocator.vacancies import Vacancy
from allocator.words import Lang, Text, catalogue
from models import ahead, baselines, chance, checks, closing, figures, followers, modes, pool, summary
from models.accounts import Accounts
from models.assessment import assessment_sheet
from models.batch import BATCH, Batch
from models.before import BEFORE, had
from models.calendar import Payments, calendar
from models.call import CALLS
from models.candidate import CANDIDATES
from models.carry import CARRY
from models.commission import COMMISSIONED, commissioned
from models.currency import spoken
from models.fund import Domains, Fund, fund_facts
from models.instruments.risk_compensation import ENROLLED, RiskCompensation
from models.line import ENTITLEMENTS, LINES, earlier_sheet
from models.merit import Merit
from models.order import with_order
from models.performance import Performance
from models.review import Reviews, review_sheet
from models.screening import DISHONEST, EARLIER_PROJECTS, Screening
from models.sources import SOURCE
from models.stress import Stresses, stressed
from models.years import Years


class ScienceFund:
    """市级科技创新发展资金."""

    name = "science-fund"
    package = "models"
    sections: Mapping[str, type[Settings]] = {
        "fund": Fund,
        "domains": Domains,
        "reviews": Reviews,
        "merit": Merit,
        "batch": Batch,
        "accounts": Accounts,
        "performance": Performance,
        "payments": Payments,
        "stresses": Stresses,
        "years": Years,
        "screening": Screening,
    }

    def sheets(self, scenario: Any) -> tuple[Sheet, ...]:
        """The tables of its workbook, the domains closed to those of the scenario."""
        return (
            _closed(CANDIDATES, scenario.domains.named),
            review_sheet(scenario.reviews),
            _closed(LINES, scenario.domains.named, scenario.fund.sources),
            _closed(ENTITLEMENTS, scenario.domains.named, scenario.fund.sources),
            CALLS,
            earlier_sheet(scenario.fund.years),
            BEFORE,
            CARRY,
            EARLIER_PROJECTS,
            DISHONEST,
            *((assessment_sheet(scenario.reviews),) if scenario.reviews.others else ()),
        )

    def check(self, scenario: Any, tables: Tables, problems: Problems) -> None:
        """Note the faults that show only across cells and sheets."""
        checks.check(scenario, tables, problems)

    def facts(self, scenario: Any, tables: Tables) -> Facts:
        """What rules and instruments may ask."""
        facts = fund_facts(scenario.fund, tables, scenario.domains.named)
        records = tables["candidates"]
        names = {
            i: Text(f"{i} {t}", f"{i} {t}") for i, t in zip(records["id"], records["title"], strict=True)
        }
        keys = {key: i.title for key, i in scenario.instruments.items()}
        sources = pool.sources(scenario, tables)
        facts = replace(
            facts,
            numbers={**facts.numbers, **_numbers(scenario, tables), "candidates": records.index},
            labels={**facts.labels, "instrument": tuple(scenario.instruments)},
            titles={**names, **facts.titles, **keys, **sources.titles},
            own={
                **facts.own,
                "sources": sources,
                BATCH: scenario.batch,
                modes.CALLS: modes.calls(tables),
                COMMISSIONED: commissioned(tables, scenario.batch),
            },
        )
        return with_order(scenario, tables, facts)

    def options(self, scenario: Any, tables: Tables, facts: Facts) -> OptionTable:
        """The table of options, fixed lines first, with their merit."""
        return pool.build(scenario, tables, facts)

    def reprice(self, scenario: Any, tables: Tables, facts: Facts) -> Callable[[Award], Award | Reason]:
        """A function that prices an award again from the records alone."""
        return pool.repricer(scenario, tables, facts)

    def orders(self, scenario: Any, tables: Tables, options: OptionTable) -> Mapping[str, Order]:
        """Today's practice, and merit per yuan."""
        return baselines.orders(scenario, tables, options)

    def face_value(self, scenario: Any, tables: Tables, options: OptionTable) -> Ints:
        """Merit with every yuan of award counted as one of need met, whatever the instrument."""
        return pool.face_value(scenario, tables, options)

    def decided(self, tables: Tables) -> Mapping[str, int] | None:
        """The candidates that the records mark as really funded, and what they asked for."""
        records = tables["candidates"]
        rows = zip(records["id"], records["decided"], records["request"], strict=True)
        found = {candidate: request for candidate, funded, request in rows if funded}
        return found or None

    def before_sheet(self) -> Sheet | None:
        """归并前预算."""
        return BEFORE

    def before(self, tables: Tables) -> Mapping[str, Mapping[str | None, int]]:
        """What departments and counties had before the merger."""
        return had(tables)

    def figures(self, scenario: Any, facts: Facts, awards: Sequence[Award]) -> Sequence[Figure]:
        """Private money, expected loss, and the pilot ratio over its bases."""
        return figures.figures(scenario, facts, awards)

    def without(self, scenario: Any, leaving: Mapping[str, Reason]) -> Sequence[str]:
        """The changes that veto candidates from now on, and lift their pins."""
        return followers.without(scenario, leaving)

    def followers(
        self,
        scenario: Any,
        tables: Tables,
        facts: Facts,
        options: OptionTable,
        awards: Sequence[Award],
        leaving: Award,
        earlier: Sequence[Vacancy],
    ) -> Sequence[Follower]:
        """The reserve list of the guide direction that one drops out of (递补顺序)."""
        return followers.followers(scenario, tables, facts, options, awards, leaving, earlier)

    def experts(self, tables: Tables) -> Sequence[str]:
        """Those who scored."""
        return chance.experts(tables)

    def without_expert(self, tables: Tables, expert: str) -> Tables:
        """The records as if one expert had not scored."""
        return chance.without_expert(tables, expert)

    def redrawn(self, tables: Tables, seed: int) -> Tables:
        """The records with every panel drawn anew."""
        return chance.redrawn(tables, seed)

    def by_criterion(
        self, scenario: Any, tables: Tables, options: OptionTable, shift: int = 0
    ) -> Mapping[str, Ints]:
        """What each option would be worth by each criterion alone, each score `shift` hundredths higher."""
        return chance.by_criterion(scenario, tables, options, shift)

    def losses(self, scenario: Any, options: OptionTable, draws: int, seed: int) -> Ints:
        """Money lost on each option in each draw."""
        return chance.losses(scenario, options, draws, seed)

    def chances(self, scenario: Any) -> Mapping[str, Text]:
        """What the draws assume."""
        return chance.chances(scenario)

    def stresses(self, scenario: Any, facts: Facts, options: OptionTable) -> Mapping[str, Stressed]:
        """The stresses that the scenario asks about."""
        return stressed(scenario, facts, options)

    def calendar(
        self, scenario: Any, tables: Tables, facts: Facts, awards: Sequence[Award], earlier: Sequence[Vacancy]
    ) -> Calendar:
        """The sources' arrivals by month, and the payments by rank."""
        return calendar(scenario, scenario.payments, tables, facts, awards, earlier)

    def ahead(
        self,
        scenario: Any,
        tables: Tables,
        facts: Facts,
        options: OptionTable,
        years: int,
        draws: int,
        seed: int,
    ) -> Mapping[str, npt.NDArray[np.float64]]:
        """Series of the years ahead [draws, years]."""
        return ahead.ahead(scenario, tables, facts, options, years, draws, seed)

    def series(self) -> Mapping[str, tuple[Text, Kind]]:
        """What each series of `ahead` is called, and its kind of value."""
        kinds: dict[str, Kind] = {"count": "count", "merit": "worth"}
        words = catalogue("models.words")
        return {name: (words.say(f"ahead.series.{name}"), kinds.get(name, "money")) for name in ahead.SERIES}

    def years_rest_on(self, scenario: Any) -> Sequence[Text]:
        """What the years ahead assume."""
        return ahead.assumptions(scenario)

    def closing(
        self, scenario: Any, tables: Tables, options: OptionTable, chosen: Bools, draws: int, seed: int
    ) -> Closing:
        """The year's end where some equity deals do not close."""
        return closing.closing(scenario, tables, options, chosen, draws, seed)

    def closing_rests_on(self, scenario: Any) -> Sequence[Text]:
        """What that assumes."""
        return (catalogue("models.words").say("ahead.closing", closing=show_share(scenario.years.closing)),)

    def score(self, scenario: Any, tables: Tables, candidate: str) -> tuple[int | None, int | None]:
        """The score that merit goes by, and the pass mark, in hundredths."""
        marks, _ = pool.worthy(scenario, tables)
        place = tables["candidates"].index.get(candidate)
        return (None if place is None else int(marks[place])), scenario.reviews.pass_mark * 100

    def spoken(self, scenario: Any, text: Text) -> Text:
        """A text with 万元 read as ten thousand of the fund's currency."""
        return spoken(text, scenario.fund.currency)

    def cut(self, tables: Tables, candidate: str, percent: int) -> Tables:
        """The tables with a candidate's request lower by so many percent, to whole yuan."""
        records = tables["candidates"]
        place = records.index[candidate]
        asked = list(records["request"])
        asked[place] = asked[place] * (100 - percent) // 100
        return {**tables, "candidates": replace(records, columns={**records.columns, "request": asked})}

    def summary(self, plan: Any) -> Sequence[Block]:
        """What a run says on the screen."""
        return summary.blocks(plan)

    def workbook(self, plan: Any, path: Path, lang: Lang) -> None:
        """Write plan.xlsx."""
        from models.workbook import write  # the writer is slow to import, and not every run writes

        write(plan, path, lang)

    def forms(
        self, scenario: Any, tables: Tables, facts: Facts, awards: Sequence[Award], path: Path, lang: Lang
    ) -> None:
        """Write the 绩效自评表."""
        from models.self_evaluation import write

        write(scenario, tables, facts, awards, path, lang)

    def why_not(self, scenario: Any, tables: Tables, facts: Facts) -> Mapping[str, Reason]:
        """For each candidate with no option at all, why."""
        return pool.bars(scenario, tables, facts)


def _numbers(scenario: Any, tables: Tables) -> Mapping[str, Mapping[str, int]]:
    """What instruments ask of all candidates at once: scores where grades rest on them, the loans to be enrolled."""
    found: dict[str, Mapping[str, int]] = {}
    for instrument in scenario.instruments.values():
        if getattr(instrument, "grades", None) and "score" not in found:
            found["score"] = {c: v.score for c, v in pool.scores(scenario, tables).items()}
        if isinstance(instrument, RiskCompensation):
            found[ENROLLED] = {"": int(instrument.enrolled(tables["candidates"]).sum())}
    return found


def _closed(sheet: Sheet, domains: Iterable[str], sources: Iterable[str] = ()) -> Sheet:
    """The sheet with its domains, and the sources of its lines, closed to the scenario's own."""
    known = {"domain": tuple(domains), SOURCE: tuple(sources)}
    fields = tuple(replace(f, choices=known[f.key]) if f.key in known else f for f in sheet.fields)
    return replace(sheet, fields=fields)
