"""How sure a plan is, as a result: what `robust` found, in sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from allocator.chance import uncertain, wilson
from allocator.studies.case import Case
from allocator.studies.figures import worth
from allocator.studies.panels import Draws, Without
from allocator.studies.regret import Guarded, Regret
from allocator.studies.study import Study
from allocator.studies.table import Col, Table, Value, rows_of
from allocator.studies.weighed import Weighed
from allocator.words import Text, same, say


@dataclass(frozen=True, kw_only=True)
class Robust(Study):
    """The result of `robust`; a part that was not asked for, or not reached, is None.

    base     the candidates that the scenario's own plan funds; experts: what changes without each expert, where plans
             differ by more than `apart`, relatively
    weighed         the plan that is best where one yuan of CVaR costs `loss_price` yuan of worth
    known, points   what is said of the weights; by how many hundredths of a point scores may be off
    expected, risk  expected loss and CVaR of that plan in yuan; limit: what the guarded plan was held to
    """

    key: ClassVar[str] = "robust"

    case: Case
    base: frozenset[str]
    panels: Draws | None = None
    experts: dict[str, Without] | None = None
    apart: float = 0.0
    weights: Draws | None = None
    regret: Regret | None = None
    guarded: Guarded | None = None
    expected: Fraction | None = None
    risk: Fraction | None = None
    limit: int | None = None
    cost: Fraction | None = None
    known: tuple[str, ...] = ()
    points: int = 0
    weighed: Weighed | None = None
    loss_price: Fraction | None = None

    def sentences(self) -> Sequence[Text]:
        if not self.base:
            return [say("study.infeasible") if self.ended == "infeasible" else say("study.empty")]
        said: list[Text] = []
        if self.panels is not None and self.panels.count:
            sure = sum(self.panels.funded.get(c, 0) == self.panels.count for c in self.base)
            open_ = sum(0 < n < self.panels.count for n in self.panels.funded.values())
            said.append(
                say("robust.panels_said", draws=self.panels.count, sure=sure, base=len(self.base), open=open_)
            )
            if self.panels.failed:
                said.append(say("robust.failed", count=self.panels.failed))
        if self.experts:
            same_ = sum(not (w.into or w.out) for w in self.experts.values())
            said.append(
                say(
                    "robust.experts_said", count=len(self.experts), same=same_, gap=f"{100 * self.apart:.2g}%"
                )
            )
        if self.weights is not None and self.weights.count:
            said += self._weighed(self.weights)
        if self.regret is not None:
            scale = self.case.program.scale
            names = ("worst", "unregretted", "proven", "cost")
            told = {name: _number(getattr(self.regret, name), scale) for name in names}
            most = self.regret.most
            key = "robust.regret_said" if most is None else "robust.regret_bounded"
            known = {} if most is None else {"most": _number(most, scale)}
            said.append(say(key, count=len(self.regret.best), **told, **known))
            if any(c.price is not None for c in self.case.program.clauses):
                said.append(say("robust.regret_priced"))
        if self.expected is not None and self.risk is not None:
            said.append(say("robust.loss_said", expected=_wan(self.expected), risk=_wan(self.risk)))
        if self.limit is not None and self.guarded is not None and self.cost is not None:
            known = {"limit": _wan(self.limit), "cost": _number(self.cost, self.case.program.scale)}
            key = "robust.guarded_said" if self.guarded.settled else "robust.guarded_open"
            said.append(say(key, risk=_wan(self.guarded.cvar), cuts=self.guarded.cuts, **known))
        elif self.limit is not None and self.ended == "whole":
            said.append(say("robust.guarded_none", limit=_wan(self.limit)))
        if self.weighed is not None and self.loss_price is not None:
            said.append(self._weighed_said(self.weighed, self.loss_price))
        rests = uncertain(self.case.scenario.policy).chances(self.case.scenario.scenario)
        asked = {"panels": self.panels is not None, "loss": self.expected is not None}
        return [*said, *(text for part, text in rests.items() if asked.get(part))]

    def _weighed_said(self, found: Weighed, price: Fraction) -> Text:
        """The plan that is best when each yuan of its worst draws' loss costs so much."""
        scale = self.case.program.scale
        own = {name: _number(getattr(found, name), scale) for name in ("value", "total", "bound")}
        gone = len(self.base - {self.case.candidate(w) for w in self.case.taken(found.chosen)})
        return say("weighed.said", price=f"{float(price):g}", risk=_wan(found.cvar), gone=gone, **own)

    def _weighed(self, found: Draws) -> Sequence[Text]:
        """Who is core, borderline and exterior, and what was held known."""
        core = sum(n == found.count for n in found.funded.values())
        known = {"core": core, "border": len(found.funded) - core, "points": f"{self.points / 100:g}"}
        out = len(self.case.columns_of) - len(found.funded)
        key = "judged.exact" if found.exact else "judged.sampled"
        first = say(key, count=found.count, draws=found.count, exterior=out, **known)
        what = same("；".join(self.known)) if self.known else say("judged.usual")
        return [first, say("judged.rests", what=what)]

    def tables(self) -> Sequence[Table]:
        found = []
        if self.panels is not None and self.panels.count:
            found.append(self._shares("panels", self.panels))
        if self.experts:
            found.append(self._experts())
        if self.weights is not None and self.weights.count:
            found.append(self._shares("weights", self.weights))
        return found

    def _shares(self, key: str, draws: Draws) -> Table:
        """How often each candidate is funded, with its interval; those in doubt first."""
        rows: list[list[Value]] = []
        everyone = draws.funded.keys() | self.base
        for who in sorted(everyone, key=lambda c: (abs(2 * draws.funded.get(c, 0) - draws.count), c)):
            hits = draws.funded.get(who, 0)
            ends = () if draws.exact else _interval(hits, draws.count)
            mark = "core" if hits == draws.count else "exterior" if hits == 0 else "borderline"
            number = self.case.who(who)
            rows.append(
                [
                    who if number is None else self.case.name_of(number),
                    round(Fraction(hits * 10_000, draws.count)),
                    *ends,
                    say("robust.yes") if who in self.base else say("robust.no"),
                    say(f"robust.mark.{mark}"),
                ]
            )
        spread: tuple[Col, ...] = (
            Col("low", say("robust.low"), "share"),
            Col("high", say("robust.high"), "share"),
        )
        spread = () if draws.exact else spread
        columns = (
            Col("candidate", say("study.candidate"), "text", widest=44),
            Col("share", say("judged.share" if draws.exact else "robust.share"), "share"),
            *spread,
            Col("base", say("robust.base"), "label"),
            Col("mark", say("robust.marked"), "label"),
        )
        return Table(
            key,
            say(f"robust.{key}"),
            columns,
            rows_of(rows),
            (say("judged.index" if draws.exact else "robust.interval"),),
            on_screen=25,
        )

    def _experts(self) -> Table:
        rows: list[list[Value]] = []
        scale = self.case.program.scale
        for expert, found in sorted(
            (self.experts or {}).items(), key=lambda e: (-len(e[1].into | e[1].out), e[0])
        ):
            short = [None if v is None else worth(v, scale) for v in (found.least, found.most)]
            who = [", ".join(sorted(found.into)), ", ".join(sorted(found.out))]
            rows.append([expert, *short, len(found.into), len(found.out), *who])
        columns = (
            Col("expert", say("robust.expert"), "code"),
            Col("least", say("robust.short_least"), "worth"),
            Col("most", say("robust.short_most"), "worth"),
            Col("enter", say("robust.enter"), "count"),
            Col("leave", say("robust.leave"), "count"),
            Col("in", say("robust.entering"), "text", widest=40),
            Col("out", say("robust.leaving"), "text", widest=40),
        )
        narrow = ("expert", "least", "most", "enter", "leave")
        return Table("experts", say("robust.experts"), columns, rows_of(rows), on_screen=15, narrow=narrow)


def _interval(hits: int, count: int) -> tuple[int, int]:
    """The interval of a share of draws, in basis points."""
    low, high = wilson(hits, count)
    return round(low * 10_000), round(high * 10_000)


def _number(value: Fraction, scale: int) -> str:
    return f"{worth(value, scale) / 1_000_000:,.2f}"


def _wan(value: Fraction | int) -> str:
    return f"{float(value) / 10_000:,.2f}"
