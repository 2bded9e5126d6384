"""What a policy supplies to studies of what is not certain, and how a share of draws is reported.

A policy that supplies none of a method's subject says so by its value: no experts, no criteria, no losses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from allocator.contract import Facts, Policy
from allocator.options import OptionTable
from allocator.program import Bools, Ints
from allocator.records import Tables
from allocator.report.cells import Kind
from allocator.words import Text

Z95 = 1.959963984540054
"""The standard normal's 97.5 % point."""


@dataclass(frozen=True, eq=False)
class Spread:
    """A figure that is not certain: its values, rising, and the chance of each."""

    values: Ints
    chance: npt.NDArray[np.float64]

    @property
    def mean(self) -> float:
        """What it is on average."""
        return float(self.values @ self.chance)

    def at(self, percent: float) -> int:
        """The least value that is not exceeded in `percent` of a hundred cases."""
        place = int(np.searchsorted(np.cumsum(self.chance), percent / 100 - 1e-12))
        return int(self.values[min(place, len(self.values) - 1)])


def spread(draws: npt.ArrayLike) -> Spread:
    """The spread of draws that are equally likely."""
    values, counts = np.unique(np.asarray(draws, np.int64), return_counts=True)
    return Spread(values, counts / counts.sum())


@dataclass(frozen=True)
class Enters:
    """One of the reserve: its number, its score, the chance that it comes in, what it is given on average, in yuan."""

    candidate: int
    score: int
    chance: float
    amount: float


@dataclass(frozen=True, eq=False)
class Closing:
    """The year's end where deals fail to close.

    draws    how many outcomes were drawn; None: every one was counted with its probability
    figures  planned, closed, followed (deals), spent, stays (yuan)
    waiting  who may follow, in the order in which they are asked
    """

    draws: int | None
    figures: Mapping[str, Spread]
    waiting: tuple[Enters, ...]


class Uncertain(Protocol):
    """A policy's word on chance. All draws follow from their seeds alone."""

    def experts(self, tables: Tables) -> Sequence[str]:
        """Those who scored, by name; empty where the records hold no panels."""

    def without_expert(self, tables: Tables, expert: str) -> Tables:
        """The records as if one expert had not scored."""

    def redrawn(self, tables: Tables, seed: int) -> Tables:
        """The records with every panel drawn anew, with replacement, from its own experts."""

    def by_criterion(
        self, scenario: Any, tables: Tables, options: OptionTable, shift: int = 0
    ) -> Mapping[str, Ints]:
        """What each option [n] would be worth by each criterion alone, in micro-units, the heaviest first.

        With `shift` as if every score were so many hundredths of a point higher, or lower, within 0 to 100 points.
        """

    def losses(self, scenario: Any, options: OptionTable, draws: int, seed: int) -> Ints:
        """Money lost on each option in each draw, int64 [draws, n] in yuan; its mean is about the expected loss."""

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
        """Series [draws, years] of the years ahead by name; chance follows from the seed alone."""

    def series(self) -> Mapping[str, tuple[Text, Kind]]:
        """What each of these is called, and its kind of value."""

    def years_rest_on(self, scenario: Any) -> Sequence[Text]:
        """The assumptions of `ahead`, in words."""

    def closing(
        self, scenario: Any, tables: Tables, options: OptionTable, chosen: Bools, draws: int, seed: int
    ) -> Closing:
        """The year's end where deals fail to close; `draws` is for where outcomes are too many to count."""

    def closing_rests_on(self, scenario: Any) -> Sequence[Text]:
        """The assumptions of `closing`, in words."""

    def chances(self, scenario: Any) -> Mapping[str, Text]:
        """The assumptions that these rest on, in words: of panels drawn anew (`panels`), of losses (`loss`)."""


def uncertain(policy: Policy) -> Uncertain:
    """The policy as studies of chance ask it."""
    return cast(Uncertain, policy)


def wilson(hits: int, draws: int, z: float = Z95) -> tuple[float, float]:
    """The confidence interval of a share of draws (Wilson 1927): right at 0 and 1 too, where the usual one is empty."""
    if draws == 0:
        return (0.0, 1.0)
    share, extra = hits / draws, z * z / draws
    middle = (share + extra / 2) / (1 + extra)
    half = z * math.sqrt(share * (1 - share) / draws + extra / (4 * draws)) / (1 + extra)
    return max(0.0, middle - half), min(1.0, middle + half)
