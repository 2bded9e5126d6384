"""How sure a plan is: experts disagree, weights are not known exactly, equity may fail.

Four questions, each with its own answer: how often each candidate is funded when panels are drawn anew (and what each
expert changes); who is in the plan whatever the weights (core), for some (borderline), for none met (exterior); the
plan that loses least in the worst judgement; the plan whose bad years cost at most so much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from allocator.chance import uncertain, wilson
from allocator.money import parse
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Bools, Ints
from allocator.studies.case import Case, Source, open_case
from allocator.studies.figures import worth
from allocator.studies.judged import points_of, usual, weights_of
from allocator.studies.panels import Draws, coarse, every_judgement, panel_draws, weight_draws, without_each
from allocator.studies.polytope import Weights
from allocator.studies.regret import Guarded, Regret, cvar, guarded, least_regret
from allocator.studies.solves import Solves
from allocator.studies.study import Effort, Ended, Study, stopped
from allocator.studies.table import Col, Table, Value, rows_of
from allocator.words import Text, same, say

PARTS = ("panels", "experts", "weights", "regret", "loss")
ALPHA = Fraction(95, 100)


@dataclass(frozen=True, kw_only=True)
class Robust(Study):
    """The result of `robust`; a part that was not asked for, or not reached, is None.

    base     the candidates that the scenario's own plan funds; experts: who enters and leaves without each expert
    known, points   what is said of the weights; by how many hundredths of a point scores may be off
    expected, risk  expected loss and CVaR of that plan in yuan; limit: what the guarded plan was held to
    """

    key: ClassVar[str] = "robust"

    case: Case
    base: frozenset[str]
    panels: Draws | None = None
    experts: dict[str, tuple[frozenset[str], frozenset[str]]] | None = None
    weights: Draws | None = None
    regret: Regret | None = None
    guarded: Guarded | None = None
    expected: Fraction | None = None
    risk: Fraction | None = None
    limit: int | None = None
    cost: Fraction | None = None
    known: tuple[str, ...] = ()
    points: int = 0

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
        if self.weights is not None and self.weights.count:
            said += self._weighed(self.weights)
        if self.regret is not None:
            scale = self.case.program.scale
            names = ("worst", "unregretted", "proven", "cost")
            told = {name: _number(getattr(self.regret, name), scale) for name in names}
            said.append(say("robust.regret_said", count=len(self.regret.best), **told))
        if self.expected is not None and self.risk is not None:
            said.append(say("robust.loss_said", expected=_wan(self.expected), risk=_wan(self.risk)))
        if self.limit is not None and self.guarded is not None and self.cost is not None:
            known = {"limit": _wan(self.limit), "cost": _number(self.cost, self.case.program.scale)}
            key = "robust.guarded_said" if self.guarded.settled else "robust.guarded_open"
            said.append(say(key, risk=_wan(self.guarded.cvar), cuts=self.guarded.cuts, **known))
        elif self.limit is not None and self.ended == "whole":
            said.append(say("robust.guarded_none", limit=_wan(self.limit)))
        return [*said, *uncertain(self.case.scenario.policy).chances(self.case.scenario.scenario)]

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
        for expert, (into, out) in sorted(
            (self.experts or {}).items(), key=lambda e: (-len(e[1][0] | e[1][1]), e[0])
        ):
            rows.append([expert, len(into), len(out), ", ".join(sorted(into)), ", ".join(sorted(out))])
        columns = (
            Col("expert", say("robust.expert"), "code"),
            Col("enter", say("robust.enter"), "count"),
            Col("leave", say("robust.leave"), "count"),
            Col("in", say("robust.entering"), "text", widest=40),
            Col("out", say("robust.leaving"), "text", widest=40),
        )
        narrow = ("expert", "enter", "leave", "in")
        return Table("experts", say("robust.experts"), columns, rows_of(rows), on_screen=15, narrow=narrow)


def robust(
    source: Source,
    *,
    parts: Sequence[str] = PARTS,
    draws: int = 100,
    seed: int = 1,
    limit: int | None = None,
    alpha: Fraction = ALPHA,
    weights: Sequence[str] = (),
    scores: str | None = None,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Robust:
    """How sure a scenario's plan is, by `parts`: panels, experts, weights, regret, loss.

    `limit`: the most, in yuan, that the mean of the worst 1 − `alpha` of draws may lose. Of the weights no more is held
    known than `weights` say (linear constraints, as `judged.weights_of` reads them; else the scenario's own;
    else the order of the criteria and 5 % at least for each); scores may be off by `scores` points, or the scenario's.
    For small pools every nondominated portfolio is found, for large ones draws are solved, and the result says so.
    """
    effort = effort or Effort()
    unknown = [p for p in parts if p not in PARTS]
    if unknown:
        text = say("robust.unknown", name=unknown[0])
        there = say("robust.there_are", names=", ".join(PARTS))
        raise InputFaults([Problem(Place("--parts"), text, there, "robust.part")])
    case = open_case(source, sets)
    study = _Made(case, effort, draws, seed, weights, scores)
    effort.step(say("robust.step_base"))
    if study.begin():
        for part in PARTS:
            if part in parts and not effort.stopped:
                study.part(part, limit, alpha)
    return study.result(parts)


class _Made:
    """A study on its way."""

    def __init__(
        self, case: Case, effort: Effort, draws: int, seed: int, weights: Sequence[str], scores: str | None
    ) -> None:
        self.case, self.effort, self.draws, self.seed = case, effort, draws, seed
        self.policy = uncertain(case.scenario.policy)
        own = case.scenario.scenario.robust
        self.known = tuple(weights) or own.weights
        self.weights_from = "--weight" if weights else "robust.weights"
        said = scores if scores is not None else None if own.scores is None else str(own.scores)
        self.points = points_of(said, "--scores" if scores is not None else "robust.scores")
        self.weights = self._weights()
        self.base: frozenset[str] = frozenset()
        self.ended: Ended = "whole"
        self.found: dict[str, object] = {}
        self.plan: Bools | None = None

    def begin(self) -> bool:
        """Find the scenario's own plan."""
        self.plan = self.case.chosen
        if self.plan is None:
            outcome = Solves(self.case, self.effort)(self.case.program)
            self.plan = outcome.chosen
            if self.plan is None:
                self.ended = "infeasible" if outcome.reason == "infeasible" else "stopped"
                return False
        self.base = frozenset(self.case.candidate(w) for w in self.case.taken(self.plan))
        return True

    def part(self, part: str, limit: int | None, alpha: Fraction) -> None:
        """One part."""
        case, effort = self.case, self.effort
        assert case.compiled is not None
        assert case.tables is not None
        assert self.plan is not None
        settings = {"gap": max(case.gap if effort.gap is None else effort.gap, 1e-4), "stop": effort.stop}
        settings["time_limit"] = case.time_limit if effort.time_limit is None else effort.time_limit
        if part == "panels" and self.policy.experts(case.tables):
            self.found["panels"] = panel_draws(case, self.draws, self.seed, effort)
        elif part == "experts" and self.policy.experts(case.tables):
            self.found["experts"] = without_each(case, effort)
        elif part in ("weights", "regret"):
            weights = self.weights
            if weights is None:
                return
            if part == "weights":
                low, high = (self._criteria(s) for s in (-self.points, self.points))
                own = every_judgement(case, low, high, weights, effort)
                if own is None:
                    own = weight_draws(case, low, high, weights, self.draws, self.seed, effort)
                self.found["weights"] = own
            else:
                effort.step(say("robust.step_regret"))
                scores = np.array(list(self._criteria().values()), np.float64)
                corners = np.array([[float(v) for v in p] for p in weights.extremes])
                gains = [np.rint(c @ scores).astype(np.int64) for c in corners]
                self.found["regret"] = least_regret(case.program, gains, solves=coarse(case, effort))
        elif part == "loss":
            effort.step(say("robust.step_loss"))
            losses = self.policy.losses(
                case.scenario.scenario, case.compiled.options, max(self.draws, 500), self.seed
            )
            self.found["expected"] = Fraction(int(losses[:, self.plan].sum()), len(losses))
            self.found["risk"] = cvar(losses, self.plan, alpha)
            self.found["limit"] = limit
            if limit is not None:
                held = guarded(case.program, losses, limit, alpha, **settings)  # type: ignore[arg-type]
                self.found["guarded"] = held
                if held is not None:
                    self.found["cost"] = case.program.value(self.plan) - case.program.value(held.chosen)

    def _criteria(self, shift: int = 0) -> Mapping[str, Ints]:
        case = self.case
        assert case.compiled is not None
        assert case.tables is not None
        return self.policy.by_criterion(case.scenario.scenario, case.tables, case.compiled.options, shift)

    def _weights(self) -> Weights | None:
        """The weights that fit what is known; None where there are no criteria to weigh."""
        names = tuple(self._criteria())
        if len(names) < 2:
            return None
        return weights_of(self.known, names, self.weights_from) if self.known else usual(len(names))

    def result(self, parts: Sequence[str]) -> Robust:
        """What there is."""
        left = None
        if self.effort.stopped and self.ended == "whole":
            self.ended = "stopped"
            left = stopped(len([p for p in PARTS if p in self.found]), len(parts))
        return Robust(
            title=say("robust.title", name=self.case.title),
            ended=self.ended,
            left=left,
            case=self.case,
            base=self.base,
            known=self.known,
            points=self.points,
            **self.found,  # type: ignore[arg-type]
        )


def read_limit(text: str | None) -> int | None:
    """An amount in yuan. Raises `InputFaults` where it is none."""
    try:
        return None if text is None else parse(text)
    except ValueError as wrong:
        said = say("cli.robust.bad_amount", seen=text)
        place = Place("--loss-limit")
        raise InputFaults([Problem(place, said, say("cli.robust.amount_mend"), "robust.limit")]) from wrong


def _interval(hits: int, count: int) -> tuple[int, int]:
    """The interval of a share of draws, in basis points."""
    low, high = wilson(hits, count)
    return round(low * 10_000), round(high * 10_000)


def _number(value: Fraction, scale: int) -> str:
    return f"{worth(value, scale) / 1_000_000:,.2f}"


def _wan(value: Fraction | int) -> str:
    return f"{float(value) / 10_000:,.2f}"
