"""Why a rank was skipped (跳项): what exchanging a project with each supported one below it would come to.

In a guide direction the order of scores is kept or every skip has its reason. The reason given here can be computed
again: put the one in the place of the other and measure every hard rule and the plan's worth anew, in exact integers.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Literal

import numpy as np

from allocator.money import show, show_share
from allocator.program import Ints
from allocator.words import Text, catalogue, same
from models.selection import Selection

say = catalogue("models.words").say

WORK = 100_000
"""Exchanges that are tried at most, over the whole pool; each skipped candidate has its even part of them."""


Kind = Literal["money", "later", "rule", "worse", "near"]
KINDS: tuple[Kind, ...] = ("money", "later", "rule", "worse", "near")
"""How an exchange can end, in the order in which reasons are told."""

ENDS: tuple[Kind, ...] = ("near", "worse", "money", "later", "rule")
"""The same in the order in which the ends of one exchange, one for each option of the candidate, count: the first."""

NO_ROW = np.iinfo(np.int64).max


@dataclass(frozen=True)
class _Outcome:
    """One exchange: what it is short of, in yuan of this year's money, or the (rule, label) that it would break."""

    kind: Kind
    short: int = 0
    clause: tuple[str, str] = ("", "")


class Skips:
    """The skips of one plan."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.paid, self.exchange = selection.paid, selection.exchange

    def reason(self, candidate: str, own: Sequence[int]) -> Text:
        """What exchanging a candidate, by its options `own`, with each supported one of a lower rank would come to."""
        count = len(self.selection.below[candidate])
        others, outcomes = self._others[candidate], self._outcomes[candidate]
        best = max((k for k in own if self.paid[k]), key=self.selection.rate, default=None)
        parts = [say("why.lower", count=count)]
        if len(others) < count:
            parts.append(say("why.tried", count=len(others)))
        parts += self._told(outcomes)
        dearer = [] if best is None else [k for k in others if self._paid_sooner(best, k)]
        if dearer and any(o.kind == "worse" for o in outcomes):
            shares = sorted({self._first_share(k) for k in dearer})
            theirs = "—".join(dict.fromkeys(show_share(v) for v in (shares[0], shares[-1])))
            own_share = show_share(self._first_share(best or 0))
            parts.append(say("why.paid_sooner", count=len(dearer), own=own_share, theirs=theirs))
        return joined(parts)

    def _told(self, outcomes: Sequence[_Outcome]) -> list[Text]:
        """The outcomes in words, each kind once, with how many of the others it holds for."""
        parts: list[Text] = []
        for kind, clause in sorted(
            {(o.kind, o.clause) for o in outcomes}, key=lambda k: (KINDS.index(k[0]), k[1])
        ):
            like = [o for o in outcomes if (o.kind, o.clause) == (kind, clause)]
            who = same("") if len(outcomes) == 1 else say("why.of_them", count=len(like))
            code = "stepwise" if kind == "near" and self.selection.stepwise else kind
            rule = self.selection.clause(*clause) if kind == "rule" else same("")
            parts.append(say(f"why.swap_{code}", who=who, short=show(min(o.short for o in like)), rule=rule))
        return parts

    def _paid_sooner(self, own: int, other: int) -> bool:
        """Whether `own` is the better use of its commitment, and the worse only of this year's money."""
        gain, award, paid = self._figures
        if not paid[other]:
            return False
        by_award = gain[own] * award[other] > gain[other] * award[own]
        return by_award and gain[own] * paid[other] <= gain[other] * paid[own]

    @cached_property
    def _figures(self) -> tuple[list[int], list[int], list[int]]:
        """Gain, award and this year's money of every option, as Python integers."""
        own = self.selection
        return own.program.gain.tolist(), own.options.award.tolist(), self.paid.tolist()

    def _first_share(self, k: int) -> int:
        """The part of an option's award that is paid in the first year, in basis points."""
        return round(Fraction(10_000 * int(self.paid[k]), int(self.selection.options.award[k])))

    # -- every exchange at once: row by row they would take longer than the solve ------------------

    @cached_property
    def _outcomes(self) -> Mapping[str, Sequence[_Outcome]]:
        """What exchanging each skipped candidate, by the best of its options, with each of `_others` would come to."""
        rows = {c: self.selection.options.rows_of[c].tolist() for c in self._others}
        tried = [(own, k) for c, others in self._others.items() for k in others for own in rows[c]]
        into, out = np.array(tried, np.int64).reshape(-1, 2).T
        end, short, rule = self._ends(out, into)
        sizes = np.array([len(rows[c]) for c, others in self._others.items() for _ in others], np.int64)
        exchange, firsts = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
        best = np.lexsort((short, end, exchange))[firsts]
        clauses = self.selection.program.clauses
        told = iter(
            _Outcome(ENDS[e], s, ("", "") if r == NO_ROW else (clauses[r].rule, clauses[r].label))
            for e, s, r in zip(end[best].tolist(), short[best].tolist(), rule[best].tolist(), strict=True)
        )
        return {c: list(islice(told, len(others))) for c, others in self._others.items()}

    def _ends(self, out: Ints, into: Ints) -> tuple[Ints, Ints, Ints]:
        """How exchanges [m] end: indices into `ENDS`, yuan that each is short of, first row of a rule broken."""
        pair, row, gains = self.exchange.swaps(out, into)
        cash = np.isin(row, list(self.selection.cash))
        rule = np.full(len(out), NO_ROW)
        np.minimum.at(rule, pair[~cash], row[~cash])
        dear = np.zeros(len(out), bool)
        dear[pair[cash]] = True
        dear &= rule == NO_ROW
        short = np.where(dear, np.maximum(self.paid[into] - self.paid[out] - self.selection.left, 0), 0)
        worse = np.array([gain <= 0 for gain in gains], bool)
        kinds: list[Kind] = ["rule", "money", "later", "worse"]
        ends = [ENDS.index(kind) for kind in kinds]
        return np.select([rule != NO_ROW, short > 0, dear, worse], ends, ENDS.index("near")), short, rule

    @cached_property
    def _others(self) -> Mapping[str, Sequence[int]]:
        """The chosen options that each skipped candidate with an option of its own is tried against, dearest first."""
        rows_of, standings = self.selection.options.rows_of, self.selection.standings
        return {
            c: self._dearest[standings[c].direction][len(lower)]
            for c, lower in self.selection.below.items()
            if len(rows_of[c])
        }

    @cached_property
    def _dearest(self) -> Mapping[tuple[str, str], Sequence[Sequence[int]]]:
        """Of the n lowest supported of each direction, those that are paid most this year: their options, by n."""
        found = {}
        for direction, supported in self.selection.supported.items():
            dearest: list[tuple[int, int, int]] = []
            steps: list[Sequence[int]] = [()]
            for place, k in enumerate(self.selection.funded[c] for c in supported):
                insort(dearest, (-int(self.paid[k]), place, k))
                del dearest[self._peers :]
                steps.append([own for *_, own in dearest])
            found[direction] = steps
        return found

    @cached_property
    def _peers(self) -> int:
        levels = max(1, len(self.selection.options) // max(1, len(self.selection.options.candidates)))
        return max(3, min(40, WORK // max(1, len(self.selection.below) * levels)))


def joined(parts: Iterable[Text]) -> Text:
    """Parts of a sentence, one after the other."""
    said = list(parts)
    return Text("；".join(p.zh for p in said), "; ".join(p.en for p in said))
