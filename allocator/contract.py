"""What a policy supplies to the engine: instruments, rules, an objective, and the records that they read.

The engine names none of them. A policy is one object (entry point group `allocator.policies`); its instruments,
rules and objectives are found in the folders of its package, one class a file, never in a hand-kept list.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from allocator.calendar import Calendar
from allocator.limits import Measure, Settings
from allocator.money import Share
from allocator.options import Award, OptionTable
from allocator.problems import Problems
from allocator.program import Ints, Rows
from allocator.records import Sheet, Tables
from allocator.report.block import Block
from allocator.report.cells import Kind
from allocator.vacancies import Vacancy
from allocator.words import Lang, Text

__all__ = [
    "Facts",
    "Figure",
    "Follower",
    "Instrument",
    "Objective",
    "Offer",
    "Offers",
    "Order",
    "Policy",
    "Reason",
    "Rule",
    "Settings",
    "Stressed",
]


Key = tuple[int, ...]
"""What names one of the rows that a rule has too many of to write down."""


@dataclass(frozen=True)
class Facts:
    """What rules and instruments may ask of a run, beside the option table. All money in whole yuan.

    years     the years that money is planned over, the decision's first
    ceilings  cash that may be paid, by year
    amounts   named sums: the year's fund, what is left of it after first calls, ...
    first_calls  this year's money that is spoken for before anything is chosen, by kind
    axes      the axes by which totals are given
    numbers   further figures by table and label (a call's winners)
    labels    axis -> the labels that the scenario knows, in its order
    titles    how a label or a key reads in both languages, where it differs from itself
    own       what the policy's own rules and tables know beyond that, by the policy's names
    """

    years: tuple[int, ...]
    ceilings: Mapping[int, int]
    amounts: Mapping[str, int]
    first_calls: Mapping[str, int] = field(default_factory=dict)
    axes: tuple[str, ...] = ("instrument",)
    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)

    def title(self, label: str) -> Text:
        """How `label` reads."""
        return self.titles.get(label, Text(label, label))


@dataclass(frozen=True)
class Offer:
    """What one instrument would give one candidate at one level, in whole yuan; the scalar twin of `Offers`."""

    award: int
    outlay: tuple[int, ...]
    recovery: tuple[int, ...]
    money: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Offers:
    """What one instrument would give: k options of n candidates, in whole yuan.

    row int [k] into the candidates; level int [k], basis points; award [k]; outlay, recovery [k, years];
    money: further columns [k] by name.
    """

    row: npt.NDArray[np.intp]
    level: npt.NDArray[np.int32]
    award: Ints
    outlay: Ints
    recovery: Ints
    money: Mapping[str, Ints]


@dataclass(frozen=True)
class Reason:
    """Why a candidate cannot have something, in words, with the basis."""

    text: Text
    basis: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure that plans are compared by, in whole units of its kind; None where a share has no whole."""

    key: str
    title: Text
    kind: Kind
    value: int | None


@dataclass(frozen=True)
class Follower:
    """A candidate that may follow one that drops out: its options that the freed money pays, best first; else why none.

    place  how it stands in the order, in words: its rank and score
    """

    candidate: str
    place: Text
    ways: tuple[int, ...]
    reason: Reason | None = None


@dataclass(frozen=True, eq=False)
class Stressed:
    """A stress of the years' money: rows that hold its ceilings, labelled by year; ceilings in yuan by year."""

    title: Text
    rows: Rows
    ceilings: Mapping[int, int]


class Instrument(Settings):
    """A form of support: its terms are its settings, each with a source in the scenario.

    `levels` are the shares of what was asked for that it may offer, highest first.

    `offers` prices every eligible option at once; `price` prices one in plain integers. The contract test holds
    the two to each other.
    """

    key: ClassVar[str]
    title: ClassVar[Text]
    basis: ClassVar[str]

    levels: tuple[Share, ...] = (10_000,)

    @abstractmethod
    def offers(self, tables: Tables, facts: Facts) -> Offers:
        """Every option of this instrument."""

    @abstractmethod
    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        """What `candidate` (a record's row) would get at `level` basis points, or why it cannot."""


class Rule(Settings):
    """A clause of the policy. It says itself three times: `rows`, `measure`, `say`.

    A clause may be several rows of one name; its measure then counts their violations, each in the row's unit.
    `name` is what the scenario calls it. `basis` is the article or decision that it rests on; a scenario may
    name another. `example` are settings that, over the tests' sample fund, some plans keep,
    some break and some just reach. `numbers` is what its own numbers are called, besides floor, target and cap.
    """

    key: ClassVar[str]
    title: ClassVar[Text]
    example: ClassVar[Mapping[str, Any]]
    numbers: ClassVar[Mapping[str, Text]] = {}

    name: str = ""
    basis: str = ""
    note: str = ""

    @abstractmethod
    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        """Its block of rows, by group-by sums."""

    def cuts(self, options: OptionTable, facts: Facts, point: npt.NDArray[Any]) -> Sequence[Key]:
        """Where its rows are too many to write down: keys of some that `point` [n] breaks; none where it breaks none.

        `point` is a plan (bool), of which the answer is exact, or one of the relaxation (0 … 1), which only guides.
        """
        return ()

    def cut_rows(self, options: OptionTable, facts: Facts, keys: Sequence[Key]) -> Rows:
        """The rows of those keys, true of every plan that keeps the rule. Raises `ValueError` for what is no key."""
        raise ValueError(f"{self.key} has no rows to be found")

    @abstractmethod
    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        """The same from a list of awards alone, in integers."""

    @abstractmethod
    def say(self, measure: Measure, facts: Facts) -> Text:
        """One sentence on one measure of this rule: what it asks, what the plan gives."""

    def check(self, options: OptionTable, facts: Facts) -> list[tuple[tuple[str, ...], Text, Text]]:
        """Faults of its settings against the records: (keys below the rule, what is wrong, how to mend it)."""
        return []


class Objective(Settings):
    """What an option is worth: one whole number of micro-units for each."""

    key: ClassVar[str]
    title: ClassVar[Text]

    @abstractmethod
    def gain(self, options: OptionTable, facts: Facts) -> Ints:
        """Micro-units [n] of worth, rounded once, half to even."""


class Policy(Protocol):
    """One policy: its words, its records, and how options and facts come from them.

    `package` is where `instruments`, `rules` and `objectives` are discovered; `sections` are further top-level
    keys of a scenario, each with its settings.
    """

    name: str
    package: str
    sections: Mapping[str, type[Settings]]

    def sheets(self, scenario: Any) -> tuple[Sheet, ...]:
        """The tables that the scenario's input holds."""

    def check(self, scenario: Any, tables: Tables, problems: Problems) -> None:
        """Note the faults that show only across cells and sheets."""

    def facts(self, scenario: Any, tables: Tables) -> Facts:
        """What rules and instruments may ask."""

    def options(self, scenario: Any, tables: Tables, facts: Facts) -> OptionTable:
        """The table of options, fixed lines first, with their merit."""

    def reprice(self, scenario: Any, tables: Tables, facts: Facts) -> Callable[[Award], Award | Reason]:
        """A function that prices an award again from the records alone, one scalar at a time."""

    def orders(self, scenario: Any, tables: Tables, options: OptionTable) -> Mapping[str, Order]:
        """Baselines by name: in which order today's practice would take options."""

    def face_value(self, scenario: Any, tables: Tables, options: OptionTable) -> Ints:
        """Each option's worth [n] in micro-units whatever its instrument, for a procedure that lists projects first."""

    def decided(self, tables: Tables) -> Mapping[str, int] | None:
        """What was really decided, where the records say: candidate -> yuan asked for; None where they do not."""

    def before_sheet(self) -> Sheet | None:
        """The table that says what each label of some axes had before there was this fund; None where there is none."""

    def before(self, tables: Tables) -> Mapping[str, Mapping[str | None, int]]:
        """What that table says: axis -> label (None: unnamed) -> yuan; nothing where the records hold no such table."""

    def figures(self, scenario: Any, facts: Facts, awards: Sequence[Award]) -> Sequence[Figure]:
        """The policy's own figures of a list of awards (fixed lines among them), for comparing plans."""

    def without(self, scenario: Any, leaving: Mapping[str, Reason]) -> Sequence[str]:
        """The changes (`path=value`) that keep candidates out of a scenario from now on, each for its reason."""

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
        """Who may follow one of the `awards` that drops out, in the order in which they are to be tried.

        `earlier` are the vacancies that are filled in `awards` already.
        """

    def stresses(self, scenario: Any, facts: Facts, options: OptionTable) -> Mapping[str, Stressed]:
        """The stresses that a scenario asks about, by name."""

    def calendar(
        self,
        scenario: Any,
        tables: Tables,
        facts: Facts,
        awards: Sequence[Award],
        earlier: Sequence[Vacancy],
    ) -> Calendar:
        """When this year's money arrives, and when each of the `awards` (fixed lines among them) is to be paid.

        `earlier` are the vacancies that are filled in them.
        """

    def score(self, scenario: Any, tables: Tables, candidate: str) -> tuple[int | None, int | None]:
        """What a candidate's worth goes by and the pass mark, in hundredths; None where there is none."""

    def cut(self, tables: Tables, candidate: str, percent: int) -> Tables:
        """The tables with what a candidate asks for lower by so many percent."""

    def spoken(self, scenario: Any, text: Text) -> Text:
        """A text of the engine's with money named in the fund's own currency."""

    def summary(self, plan: Any) -> Sequence[Block]:
        """What a run says on the screen."""

    def workbook(self, plan: Any, path: Path, lang: Lang) -> None:
        """Write the workbook that an office sends on."""

    def forms(
        self, scenario: Any, tables: Tables, facts: Facts, awards: Sequence[Award], path: Path, lang: Lang
    ) -> None:
        """Write the forms that are filled in on each of the `awards` when the year is over."""

    def why_not(self, scenario: Any, tables: Tables, facts: Facts) -> Mapping[str, Reason]:
        """For each candidate with no option at all, why."""


@dataclass(frozen=True, eq=False)
class Order:
    """A baseline: options in the order in which it would take them, and what to call it."""

    title: Text
    note: Text
    options: npt.NDArray[np.intp]
