"""Why each candidate that is not supported is not: the deciding reason, in words, with its basis.

Every reason is a fact of this plan that can be computed again: what the review or the terms say; a decision; the
hard rule that one more award would break; else competition, told by what the money left would buy, by ranks, and,
where a lower rank of the same guide direction is supported (跳项), by exchanging the two in exact integers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from allocator.contract import Reason
from allocator.money import show
from allocator.words import Text, catalogue, listed
from models.pool import no_instrument
from models.rules.call import CallWinners
from models.rules.pin import Pin
from models.rules.veto import Veto
from models.selection import Selection
from models.skips import Skips, joined
from models.standing import Standing

say = catalogue("models.words").say

PROCEDURE = "66号文 二（三）4、5"
"""What competition rests on: 领导小组定项目, and the instrument by nature and output."""

BY_NATURE = "66号文 二（三）5"
"""What decides which instruments are open to a candidate."""


@dataclass(frozen=True)
class Why:
    """The deciding reason; texts have no full stop.

    code  barred, vetoed, call, limit, room or competition
    skip  where a lower rank of its direction is supported: what exchanging the two would come to
    """

    code: str
    text: Text
    basis: str
    skip: Text | None = None


class Reasons:
    """The reasons of one plan."""

    def __init__(self, selection: Selection) -> None:
        self.selection, self.skips = selection, Skips(selection)

    # -- the deciding reason --------------------------------------------------------------------

    @cached_property
    def unfunded(self) -> Mapping[str, Why]:
        """The deciding reason of every candidate that is not supported, in the order of the table."""
        return {c: self._why(c) for c in self.selection.standings if c not in self.selection.funded}

    def _why(self, candidate: str) -> Why:
        own = self.selection.standings[candidate]
        if own.barred is not None:
            return Why("barred", own.barred.text, own.barred.basis)
        for rule in self.selection.rules(Veto):
            decision = rule.candidates.get(candidate)
            if decision is not None and decision.instrument is None:
                return Why("vetoed", say("why.vetoed", reason=decision.reason), decision.basis)
        rows = self.selection.options.rows_of.get(candidate)
        if rows is None or not len(rows):
            reason = self._refusal(candidate)
            text = joined([say("why.no_instrument"), reason.text])
            return Why("barred", text, reason.basis or BY_NATURE)
        blocked = {int(k): self.selection.exchange.blocked.get(int(k), ()) for k in rows}
        clear = [k for k, broken in blocked.items() if not broken]
        short = [k for k, broken in blocked.items() if broken and self.selection.cash.issuperset(broken)]
        if clear:
            why = self._room(clear)
        elif short:
            why = Why("competition", self._competition(candidate, own, short, blocked), PROCEDURE)
        else:
            why = self._limits(candidate, list(blocked.values()))
        if candidate in self.selection.below:
            return replace(why, skip=self.skips.reason(candidate, list(blocked)))
        return why

    def _refusal(self, candidate: str) -> Reason:
        """Why a candidate that passed its review has no option."""
        records = self.selection.tables["candidates"]
        row = records.row(records.index[candidate])
        reason = no_instrument(self.selection.scenario, row, self.selection.facts)
        if reason is None:
            raise ValueError(f"{candidate} has no option, but an instrument would give it one")
        return reason

    def _room(self, clear: Sequence[int]) -> Why:
        """Nothing hard stands in its way: the priced rules do, or the solve stopped within its tolerance."""
        if max(self.selection.exchange.addition(k) for k in clear) <= 0:
            return Why("room", say("why.no_gain"), PROCEDURE)
        return Why("room", say("why.stepwise" if self.selection.stepwise else "why.tolerance"), PROCEDURE)

    def _limits(self, candidate: str, broken: Sequence[tuple[int, ...]]) -> Why:
        """Every way of supporting it breaks a rule other than the year's money: the rules that all of them break."""
        rules = [[r for r in rows if r not in self.selection.cash] for rows in broken]
        common = [r for r in rules[0] if all(r in other for other in rules)]
        rows = common or list(dict.fromkeys(own[0] for own in rules))
        named = (self.selection.program.clauses[r] for r in rows)
        clauses = list(dict.fromkeys((c.rule, c.label) for c in named))
        clauses.sort(key=lambda c: not isinstance(self.selection.compiled.rules[c[0]], CallWinners))
        said = [self._limit(candidate, rule, label) for rule, label in clauses[: 1 if common else 3]]
        first = said[0]
        return Why(first.code, joined([w.text for w in said]), first.basis)

    def _limit(self, candidate: str, name: str, label: str) -> Why:
        rule = self.selection.compiled.rules[name]
        if isinstance(rule, Veto) and candidate in rule.candidates:
            decision = rule.candidates[candidate]
            return Why("vetoed", say("why.vetoed", reason=decision.reason), decision.basis)
        if isinstance(rule, CallWinners):
            return Why("call", self._call(label), rule.basis)
        sentence = self._sentences.get((name, label))
        if sentence is None:
            return Why("limit", say("why.limit_bare", rule=self.selection.clause(name, label)), rule.basis)
        return Why("limit", say("why.limit", rule=rule.title, sentence=sentence), rule.basis)

    def _call(self, call: str) -> Text:
        winners = self._winners.get(call, [])
        names = listed(say("why.winner", name=n, score=f"{s / 100:.2f}") for n, s in winners)
        return say("why.call", call=self.selection.facts.title(call), count=len(winners), winners=names)

    @cached_property
    def _winners(self) -> Mapping[str, list[tuple[str, int]]]:
        """Applicant and score of each call's winners."""
        records = self.selection.tables["candidates"]
        found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for candidate in self.selection.funded:
            i = records.index[candidate]
            found[records["call"][i]].append(
                (records["applicant"][i], self.selection.standings[candidate].score or 0)
            )
        return found

    @cached_property
    def _sentences(self) -> Mapping[tuple[str, str], Text]:
        """What each rule says of each label in this plan, without its full stop."""
        return {(r.measure.rule, r.measure.label): _open(r.sentence) for r in self.selection.ruled}

    # -- competition ----------------------------------------------------------------------------

    def _competition(
        self, candidate: str, own: Standing, short: Sequence[int], blocked: Mapping[int, tuple[int, ...]]
    ) -> Text:
        """Only money stands in its way: what is left would not buy it, and who it lost to."""
        cheapest = min(short, key=lambda k: int(self.selection.paid[k]))
        need = int(self.selection.paid[cheapest])
        parts = [say("why.competition", score=f"{(own.score or 0) / 100:.2f}", rank=own.rank, of=own.of)]
        if need > self.selection.left:
            parts.append(say("why.first_year", left=show(self.selection.left), need=show(need)))
        else:
            year = self.selection.program.clauses[blocked[cheapest][0]].label
            parts.append(say("why.later_year", year=year))
        if candidate not in self.selection.below:
            count = len(self.selection.supported.get(own.direction, ()))
            parts.append(say("why.all_above", count=count) if count else say("why.none_here"))
        rate = max((self.selection.rate(k) for k in short if self.selection.paid[k]), default=None)
        if rate is not None and self._least is not None and rate < self._least:
            parts.append(say("why.below_all"))
        elif rate is not None and rate < self._least_of.get(self._domain(candidate), Fraction(0)):
            parts.append(say("why.below_domain"))
        return joined(parts)

    @cached_property
    def _least_of(self) -> Mapping[str, Fraction]:
        """The least worth of a yuan of this year's money among what each domain supports, pinned ones apart."""
        pinned = {c for rule in self.selection.rules(Pin) for c in rule.candidates}
        domains = self.selection.options.labels["domain"]
        found: dict[str, Fraction] = {}
        for candidate, k in self.selection.funded.items():
            if candidate not in pinned and self.selection.paid[k]:
                domain, rate = domains.label(k) or "", self.selection.rate(k)
                found[domain] = min(found.get(domain, rate), rate)
        return found

    def _domain(self, candidate: str) -> str:
        records = self.selection.tables["candidates"]
        return records["domain"][records.index[candidate]] or ""

    @cached_property
    def _least(self) -> Fraction | None:
        return min(self._least_of.values(), default=None)


def _open(text: Text) -> Text:
    return Text(text.zh.rstrip("。"), text.en.rstrip("."))
