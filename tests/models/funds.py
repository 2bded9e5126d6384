"""Small random funds with several rules at once, all of whose plans can be looked at."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from allocator.contract import Facts, Rule
from allocator.options import Award
from allocator.program import Program
from models.rules.applicant_cap import ApplicantCap
from models.rules.call import CallWinners
from models.rules.cash_ceiling import CashCeiling
from models.rules.domain_share import DomainShare
from models.rules.equity_pilot import EquityPilot
from models.rules.instrument_share import InstrumentShare
from models.rules.limit import Limit
from models.rules.pin import Pin
from models.rules.veto import Veto
from tests.hand import award, facts, line, program, rule

UNIT = 10
DOMAINS, KINDS, FIRMS = ("甲领域", "乙领域"), ("企业", "企业", "高校"), ("甲", "乙", "丙")
WHY = {"reason": "测试", "basis": "测试"}
CONSTANT = ("fund", "discretionary", "competitive")
BASES = (*CONSTANT, "enterprise", "awarded")
MONEY = ("first_year", "award", "outlay", "outlay.2027")


class SmallFund:
    """Four to six candidates of up to three options each, lines, a call, and several rules at once."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        # Tens of yuan make exact boundaries common; odd hundreds of millions try the scaling.
        self.unit = self.draw.choice((UNIT, UNIT, UNIT, 123_457, 500_000_000))
        self.lines = [self._line(i) for i in range(self.draw.randint(0, 2))]
        self.groups = [self._candidate(c) for c in "ABCDEF"[: self.draw.choice((4, 4, 5, 5, 6))]]
        self.options = [*self.lines, *(a for group in self.groups for a in group)]
        fund = self.unit * self.draw.randint(10, 26)
        self.facts: Facts = replace(
            facts(fund, discretionary=fund * 3 // 4, competitive=fund * 2 // 3),
            numbers={"winners": {"BD1": 1}, "candidates": {}},
        )
        self.rules = self._rules(fund)
        self.program: Program = program(self.rules, self.options, self.facts)

    def _line(self, i: int) -> Award:
        pay = self.unit * self.draw.randint(0, 2)
        labels = {"domain": self.draw.choice(DOMAINS)}
        if self.draw.random() < 0.5:
            labels |= {"kind": self.draw.choice(KINDS), "instrument": self.draw.choice(("grant", "equity"))}
        return line(f"W{i}", pay, (pay, self.unit * self.draw.randint(0, 1)), **labels)

    def _candidate(self, name: str) -> list[Award]:
        draw, unit = self.draw, self.unit
        labels = {"domain": draw.choice(DOMAINS), "kind": draw.choice(KINDS), "applicant": draw.choice(FIRMS)}
        if draw.random() < 0.4:
            labels["call"] = "BD1"
        made = []
        for instrument in draw.sample(("grant", "equity", "interest_subsidy"), draw.choice((2, 2, 3))):
            amount = unit * draw.randint(1, 8) + draw.choice((0, 0, unit // 2))
            later = draw.choice((0, 0, amount // 4, amount // 2))
            made.append(
                award(
                    name,
                    amount,
                    (amount - later, later),
                    instrument=instrument,
                    merit=draw.randint(0, 40) * 100 * unit + draw.randint(0, 9),
                    money={"loss": amount // 5 if instrument == "equity" else 0},
                    **labels,
                )
            )
        return made

    def _sides(self, low: int, high: int, written: Any) -> dict[str, Any]:
        """A floor, a target, a cap, or some of them, hard or at a price."""
        draw = self.draw
        points = sorted(draw.randint(low, high) for _ in range(3))
        said: dict[str, Any] = {
            side: written(p)
            for side, p in zip(("floor", "target", "cap"), points, strict=True)
            if draw.random() < {"floor": 0.4, "target": 0.3, "cap": 0.5}[side]
        } or {"cap": written(points[2])}
        if draw.random() < 0.45:
            said["hard"] = False
        if "hard" in said or draw.random() < 0.5:
            said["price"] = draw.choice(("0", "0.3", "1", "7/3", "25"))
        return said

    def _share(self, top: int = 8000) -> dict[str, Any]:
        step = self.draw.choice((1, 500))
        return self._sides(0, top, lambda p: p // step * step)

    def _rules(self, fund: int) -> list[Rule]:
        draw = self.draw
        names = [group[0].candidate for group in self.groups]
        made: list[tuple[float, type[Rule], dict[str, Any]]] = [
            (0.8, CashCeiling, {"later": draw.choice(("10%", "40%", "100%"))}),
            (0.6, CallWinners, {"winners": {"BD1": draw.randint(0, 2)}}),
            (
                0.5,
                DomainShare,
                {
                    "of": draw.choice(BASES),
                    "money": draw.choice(MONEY),
                    "with_lines": draw.random() < 0.6,
                    "shares": {d: self._share() for d in draw.sample(DOMAINS, draw.randint(1, 2))},
                },
            ),
            (
                0.4,
                InstrumentShare,
                {
                    "of": draw.choice(BASES),
                    "with_lines": draw.random() < 0.3,
                    "shares": {draw.choice(("grant", "equity", "interest_subsidy")): self._share()},
                },
            ),
            (0.5, EquityPilot, {"of": draw.choice(BASES), **self._share(5000)}),
            (
                0.5,
                ApplicantCap,
                draw.choice(
                    (
                        {"count": draw.randint(1, 2)},
                        {"amount": self.unit * draw.randint(4, 12), "instruments": ["grant", "equity"]},
                    )
                ),
            ),
            (0.5, Limit, self._limit()),
            (
                0.3,
                Pin,
                {"candidates": {draw.choice(names): WHY | draw.choice(({}, {"instrument": "grant"}))}},
            ),
            (
                0.3,
                Veto,
                {"candidates": {draw.choice(names): WHY | draw.choice(({}, {"instrument": "equity"}))}},
            ),
        ]
        return [rule(kind, **settings) for chance, kind, settings in made if draw.random() < chance]

    def _limit(self) -> dict[str, Any]:
        draw, money = self.draw, self.draw.choice((*MONEY, "loss", "count"))
        where = draw.choice(
            ({}, {"kind": ["企业"]}, {"instrument": ["grant", "equity"], "domain": [DOMAINS[0]]})
        )
        shared = {"money": money, "where": where, "with_lines": draw.random() < 0.3}
        which = draw.random()
        if which < 0.3:
            return {**shared, "of": draw.choice((*BASES, {"kind": ["企业"]})), **self._share()}
        if money == "count":
            return {**shared, **self._sides(0, 5, int)}
        amounts = lambda: self._sides(1, 14, lambda p: p * self.unit)  # noqa: E731
        if which < 0.6:
            return {**shared, "each": "applicant", "limits": {f: amounts() for f in FIRMS[:2]}}
        return {**shared, **amounts()}

    def plans(self) -> Iterator[list[Award]]:
        """Every plan there is: for each candidate one of its options, or none."""
        for picks in itertools.product(*([None, *group] for group in self.groups)):
            yield [*self.lines, *(a for a in picks if a is not None)]

    def worth(self, awards: Sequence[Award]) -> Fraction | None:
        """Merit less the price of what is not reached, by the measures; None where a hard clause is broken."""
        value = Fraction(sum(a.merit for a in awards))
        for own in self.rules:
            for measure in own.measure(awards, self.facts):
                if not measure.ok:
                    return None
                value -= measure.penalty
        return value

    def best(self) -> Fraction | None:
        """The best value of all plans that keep every hard clause."""
        return max((v for plan in self.plans() if (v := self.worth(plan)) is not None), default=None)
