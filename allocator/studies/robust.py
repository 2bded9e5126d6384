"""How sure a plan is: experts disagree, weights are not known exactly, equity may fail.

Four questions, each with its own answer: how often each candidate is funded when panels are drawn anew (and what each
expert changes); who is in the plan whatever the weights (core), for some (borderline), for none met (exterior); the
plan that loses least in the worst judgement; the plan whose bad years cost at most so much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from allocator.chance import uncertain
from allocator.money import parse
from allocator.problems import InputFaults, Place, Problem
from allocator.program import Bools, Ints
from allocator.studies.case import Case, Source, open_case
from allocator.studies.judged import points_of, usual, weights_of
from allocator.studies.panels import (
    coarse,
    every_judgement,
    panel_draws,
    told_apart,
    weight_draws,
    without_each,
)
from allocator.studies.polytope import Weights
from allocator.studies.regret import cvar, guarded, least_regret
from allocator.studies.solves import Solves
from allocator.studies.study import Effort, Ended, stopped
from allocator.studies.sure import Robust
from allocator.studies.weighed import weighed
from allocator.words import say

PARTS = ("panels", "experts", "weights", "regret", "loss")
ALPHA = Fraction(95, 100)


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
    loss_price: Fraction | None = None,
    sets: Sequence[str] = (),
    effort: Effort | None = None,
) -> Robust:
    """How sure a scenario's plan is, by `parts`: panels, experts, weights, regret, loss.

    `limit`: the most, in yuan, that the mean of the worst 1 − `alpha` of draws may lose. Of the weights no more is held
    known than `weights` say (linear constraints, as `judged.weights_of` reads them; else the scenario's own;
    else the order of the criteria and 5 % at least for each); scores may be off by `scores` points, or the scenario's.
    `loss_price`: with CVaR in the objective, what one yuan of it costs in yuan of worth; else the scenario's own.
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
    study.loss_price = case.scenario.scenario.robust.loss_price if loss_price is None else loss_price
    effort.step(say("robust.step_base"))
    if study.begin():
        for part in PARTS:
            if part in parts and not effort.stopped:
                study.part(part, limit, alpha)
                study.done += not effort.stopped
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
        self.loss_price: Fraction | None = None
        self.base: frozenset[str] = frozenset()
        self.ended: Ended = "whole"
        self.found: dict[str, object] = {}
        self.done = 0
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
            self.found["apart"] = told_apart(case, effort)
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
            if self.loss_price is not None:
                rate = self.loss_price * case.program.scale / 10_000
                self.found["loss_price"] = self.loss_price
                self.found["weighed"] = weighed(coarse(case, effort), losses, rate, alpha)
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
        wanted = len(set(parts))
        if self.effort.stopped and self.ended == "whole" and self.done < wanted:
            self.ended = "stopped"
            left = stopped(self.done, wanted)
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
