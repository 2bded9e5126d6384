"""The answer to why a candidate is funded or not, in sentences and tables; `allocator/studies/explain.py` finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from allocator.program import Bools
from allocator.studies.case import Case
from allocator.studies.figures import worth
from allocator.studies.pricing import Worth, interval
from allocator.studies.study import Study
from allocator.studies.table import Col, Table, Value, rows_of
from allocator.why.conflict import Name
from allocator.words import Text, listed, say

FULL_MARKS = 10_000
"""The highest score, in hundredths of a point."""

CUTS = (5, 10, 15, 20, 30, 40, 50)
"""Cuts of the request that are tried, in percent."""


@dataclass(frozen=True, eq=False)
class Forced:
    """The best plan in which option `k` is taken; value and bound in units of gain, None where there is none."""

    k: int
    chosen: Bools | None
    value: Fraction | None
    bound: Fraction | None


@dataclass(frozen=True)
class Lifted:
    """A clause that stands in the way, lifted alone: whether that lets the candidate in (None: not found out)."""

    clause: Name
    lets_in: bool | None


@dataclass(frozen=True, kw_only=True)
class Why(Study):
    """The result of `explain` for one candidate.

    funded  whether the plan funds it; worth: what the optimum gains by having (funded) or loses by forcing it (not)
    other   the plan without it, or the best one with it
    score   in hundredths, and `threshold`: what it would have to be for the decision to turn; None where it cannot turn
            (with gaps open, it may turn as low as `threshold_low`); checked: held to solves there and just below
    lifted  of one that is not funded: clauses lifted alone; cut: the least cut of its request (percent) that lets it in
    barred  why it has no option at all
    """

    key: ClassVar[str] = "explain"

    case: Case
    candidate: str
    funded: bool
    plan: Bools | None = None
    other: Bools | None = None
    worth: Worth | None = None
    forced: tuple[Forced, ...] = ()
    score: int | None = None
    threshold: int | None = None
    threshold_low: int | None = None
    checked: bool = False
    pass_mark: int | None = None
    lifted: tuple[Lifted, ...] = ()
    blocked: tuple[Name, ...] = ()
    cut: int | None = None
    barred: Text | None = None

    @property
    def name(self) -> Text:
        """How the candidate reads."""
        return self.candidate_title(self.candidate)

    def candidate_title(self, candidate: str) -> Text:
        """How any candidate reads."""
        compiled = self.case.compiled
        return Text(candidate, candidate) if compiled is None else compiled.facts.title(candidate)

    @property
    def others(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Whom the other plan has that this one has not, and the other way round; the candidate itself left out."""
        if self.plan is None or self.other is None:
            return (), ()
        mine, theirs = ({self.case.candidate(w) for w in self.case.taken(p)} for p in (self.plan, self.other))
        own = {self.candidate}
        return tuple(sorted(theirs - mine - own)), tuple(sorted(mine - theirs - own))

    @property
    def changed(self) -> tuple[str, ...]:
        """Whom both plans have, but in another way or with another amount; the candidate itself left out."""
        if self.plan is None or self.other is None:
            return ()
        mine, theirs = self.case.taken(self.plan), self.case.taken(self.other)
        found = (self.case.candidate(w) for w in mine if w in theirs and mine[w] != theirs[w])
        return tuple(sorted(c for c in found if c != self.candidate))

    def sentences(self) -> Sequence[Text]:
        if self.barred is not None:
            return [say("why.barred", name=self.name, why=self.barred)]
        if self.worth is None:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        return list(self._funded() if self.funded else self._unfunded())

    def _funded(self) -> list[Text]:
        scale, worth_ = self.case.program.scale, self.worth
        assert worth_ is not None
        enter, leave = self.others
        if worth_.gone:
            return [say("why.indispensable", name=self.name)]
        found = [say("why.contributes", name=self.name, worth=interval(_less(worth_), scale, ""))]
        found.append(say("why.displaced", names=self._listed(enter)) if enter else say("why.displaced_none"))
        if leave:
            found.append(say("why.would_leave_too", names=self._listed(leave)))
        if self.changed:
            found.append(say("why.changed_without", names=self._listed(self.changed)))
        if worth_.within:
            found.append(say("why.on_the_margin"))
        if self.score is not None:
            known = {"score": f"{self.score / 100:.2f}", "mark": f"{(self.pass_mark or 0) / 100:.2f}"}
            if self.threshold is None or (self.pass_mark is not None and self.threshold < self.pass_mark):
                found.append(say("why.falls_at_mark", **known))
            elif self.threshold_low in (None, self.threshold):
                found.append(say("why.falls_at", **known, at=f"{self.threshold / 100:.2f}"))
                found += self._checked()
            else:
                ends = {"at": f"{self.threshold / 100:.2f}", "low": f"{(self.threshold_low or 0) / 100:.2f}"}
                found.append(say("marks.falls_between", **known, **ends))
        elif self.case.loaded is not None:
            found.append(say("marks.no_score_falls", worth=interval(_less(worth_), scale, "")))
        return found

    def _checked(self) -> list[Text]:
        """That the score at which the decision turns was held to solves, or that it is an estimate."""
        assert self.threshold is not None
        known = {"at": f"{self.threshold / 100:.2f}", "below": f"{max(self.threshold - 1, 0) / 100:.2f}"}
        return [say("marks.checked" if self.checked else "marks.estimate", **known)]

    def _unfunded(self) -> list[Text]:
        scale, worth_ = self.case.program.scale, self.worth
        assert worth_ is not None
        enter, leave = self.others
        found = []
        if worth_.gone:
            found.append(say("why.impossible", name=self.name))
        else:
            found.append(say("why.price", name=self.name, worth=interval(_less(worth_), scale, "")))
            best = next((f for f in self.forced if f.chosen is self.other), None)
            if best is not None:
                found.append(say("why.best_way", option=self.case.option(best.k)))
            found.append(say("why.leaves", names=self._listed(leave)) if leave else say("why.nobody_leaves"))
            if enter:
                found.append(say("why.comes_too", names=self._listed(enter)))
            if self.changed:
                found.append(say("why.changed_with", names=self._listed(self.changed)))
            if worth_.within:
                found.append(say("why.tied"))
        for lift in self.lifted:
            key = {True: "lets_in", False: "does_not", None: "unknown"}[lift.lets_in]
            found.append(say(f"why.lifting_{key}", clause=self.case.rule(*lift.clause)))
        if not self.blocked and not worth_.gone:
            found.append(say("why.nothing_blocks"))
        found += self._rise()
        if self.cut is not None:
            cut = say("marks.cut", cut=self.cut, less=self.cut - 1)
            found.append(cut if self.cut else say("why.no_cut", most=CUTS[-1]))
        return found

    def _rise(self) -> list[Text]:
        if self.worth is None or self.worth.gone or self.worth.within:
            return []
        if self.score is None:
            if self.case.loaded is None:
                return []
            price = interval(_less(self.worth), self.case.program.scale, "")
            return [say("marks.no_score_wins", worth=price)]
        known = {"score": f"{self.score / 100:.2f}"}
        if self.threshold is None or self.threshold > FULL_MARKS:
            return [say("why.no_rise", **known)]
        at, low = (f"{v / 100:.2f}" for v in (self.threshold, self.threshold_low or self.threshold))
        if at != low:
            return [say("why.rise_between", **known, at=at, low=low)]
        return [say("why.rise", **known, at=at, low=low), *self._checked()]

    def _listed(self, candidates: Sequence[str], most: int = 8) -> Text:
        titles = listed(self.candidate_title(c) for c in candidates[:most])
        more = len(candidates) - most
        tail = say("why.and_more", count=more) if more > 0 else Text("", "")
        return Text(titles.zh + tail.zh, titles.en + tail.en)

    def tables(self) -> Sequence[Table]:
        if self.worth is None:
            return ()
        return (self._changes(), self._options())

    def _changes(self) -> Table:
        """Both plans where they differ, the candidate first, with the money that moves."""
        columns = (
            Col("kind", say("compare.kind"), "label"),
            Col("candidate", say("study.candidate"), "text", widest=56),
            Col("before", say("why.before"), "text", widest=24),
            Col("after", say("why.after"), "text", widest=24),
            Col("moved", say("compare.moved"), "money", sums=True),
        )
        mine, theirs = (
            {} if p is None else {self.case.candidate(w): k for w, k in self.case.taken(p).items()}
            for p in (self.plan, self.other)
        )
        enter, leave = self.others
        rows: list[list[Value]] = []
        for c in (self.candidate, *enter, *leave, *self.changed):
            ways = mine.get(c), theirs.get(c)
            awards = [None if k is None else self.case.award(k) for k in ways]
            if ways[0] == ways[1]:
                continue
            kind = "in" if ways[0] is None else "out" if ways[1] is None else "amount"
            if kind == "amount" and len({a.instrument for a in awards if a is not None}) > 1:
                kind = "instrument"
            before, after = (0 if a is None else a.amount for a in awards)
            moved = None if self.case.compiled is None else after - before
            options = (None if k is None else self.case.option(k) for k in ways)
            rows.append([say(f"compare.kinds.{kind}"), self.candidate_title(c), *options, moved])
        title = say("why.without" if self.funded else "why.with", name=self.name)
        return Table("changes", title, columns, rows_of(rows))

    def _options(self) -> Table:
        scale = self.case.program.scale
        columns = (
            Col("option", say("why.option"), "text", widest=30),
            Col("gain", say("why.gain"), "worth"),
            Col("low", say("why.price_low"), "worth"),
            Col("high", say("why.price_high"), "worth"),
        )
        assert self.plan is not None
        own = self.case.program.value(self.plan)
        rows: list[list[Value]] = []
        top = own + (self.worth_bound or Fraction(0))
        for f in self.forced:
            low = None if f.bound is None else max(worth(own - f.bound, scale), 0)
            high = None if f.value is None else worth(top - f.value, scale)
            gain = worth(Fraction(int(self.case.program.gain[f.k])), scale)
            rows.append([self.case.option(f.k), gain, low, high])
        return Table("options", say("why.options"), columns, rows_of(rows), (say("why.options_note"),))

    worth_bound: Fraction | None = None
    """How far the plan's proven bound lies above its value, in units of gain."""


def _less(worth: Worth) -> Worth:
    """A loss as a positive figure, no less than nothing where the optimum cannot rise."""
    low = None if worth.high is None else max(-worth.high, Fraction(0))
    high = None if worth.low is None else max(-worth.low, Fraction(0))
    return Worth(low, high, worth.gone)
