"""Limits on losses of risky awards: the expected loss, and the mean of the worst outcomes (CVaR), in yuan.

CVaR at a level over N equally likely outcomes is the mean loss of the worst k = (1 − level) · N of them. It is at most
a limit just where every k outcomes lose at most k · limit in sum (Rockafellar & Uryasev 2000, in the form of Künzi-Bay
& Mayer 2006), so its rows are sets of outcomes with whole coefficients: all sets where these are few, else the worst
set of each plan that breaks it, until none does. It is exact for the drawn outcomes; how well these stand for the
future is an assumption, as the instruments' expected losses are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from scipy import sparse

from allocator.change import stacked
from allocator.contract import Facts, Key, Rule, Settings
from allocator.limits import Measure, MoneyBounds, amount_rows
from allocator.money import Money, Share, Unreadable, show, show_share
from allocator.options import Award, OptionTable
from allocator.program import OPEN, Clause, Rows
from allocator.words import Text, catalogue
from models.base import Fault, not_known
from models.losses import Outcomes, roomy, worst
from models.rules.equity_pilot import CAPITAL

WORDS = catalogue("models.words")
EXPECTED, WORST = "预期损失", "最坏情形损失"
FEW = 60
"""Sets of outcomes up to which each has a row from the start."""


class Worst(Settings):
    """The worst outcomes' limit: `amount` is the most that the worst (1 − `level`) of `outcomes` lose on average.

    seed      from which they are drawn
    together  in this part of their draws candidates of one label on `axis` fail together
    """

    amount: Money
    level: Share = Field(default=9000, gt=0, lt=10_000)
    outcomes: int = Field(default=100, ge=1, le=10_000)
    seed: int = 1
    axis: str = "industry"
    together: Share = Field(default=0, le=10_000)

    @model_validator(mode="after")
    def _whole(self) -> Worst:
        if self.outcomes * (10_000 - self.level) % 10_000:
            raise Unreadable(
                "loss_limit.tail", words=WORDS, level=show_share(self.level), count=self.outcomes
            )
        return self

    @property
    def tail(self) -> int:
        """How many outcomes are the worst."""
        return self.outcomes * (10_000 - self.level) // 10_000

    @property
    def drawn(self) -> Outcomes:
        """Its outcomes."""
        return Outcomes(self.outcomes, self.seed, self.axis, self.together)


class LossLimit(Rule):
    """损失限额: `expected` loss, and the `worst` outcomes' mean loss, of awards by `instruments`, fixed lines apart."""

    key: ClassVar[str] = "loss_limit"
    title: ClassVar[Text] = Text("损失限额", "Limits on losses")
    example: ClassVar[Mapping[str, Any]] = {
        "expected": "60万元",
        "worst": {"amount": "150万元", "level": "80%", "outcomes": 10, "seed": 3},
    }
    numbers: ClassVar[Mapping[str, Text]] = {
        "expected": Text("预期损失限额", "limit on the expected loss"),
        "amount": Text("最坏情形损失限额", "limit on the worst losses"),
        "level": Text("最坏情形的界限", "where the worst begin"),
        "together": Text("同时失败的比例", "share that fail together"),
    }

    basis: str = "66号文 二（二）末2"
    instruments: tuple[str, ...] = (CAPITAL,)
    expected: Money | None = None
    worst: Worst | None = None

    @model_validator(mode="after")
    def _some(self) -> LossLimit:
        if self.expected is None and self.worst is None:
            raise Unreadable("loss_limit.none", words=WORDS)
        return self

    def rows(self, options: OptionTable, facts: Facts) -> Rows:
        risky = self._risky(options)
        column = np.zeros(len(options), np.int64)
        column[risky] = options.column("loss")[risky]
        limits = {} if self.expected is None else {EXPECTED: MoneyBounds(cap=self.expected)}
        rows = amount_rows(self.name, list(limits), options.sums([column] * len(limits)), limits)
        if self.worst is None or comb(self.worst.outcomes, self.worst.tail) > FEW:
            return rows
        return stacked([rows, self._sets(options, combinations(range(self.worst.outcomes), self.worst.tail))])

    def cuts(self, options: OptionTable, facts: Facts, point: npt.NDArray[Any]) -> Sequence[Key]:
        if self.worst is None:
            return ()
        risky = self._risky(options)
        taken = risky[point[risky] > 0]
        losses = point[taken].astype(point.dtype if point.dtype.kind == "f" else np.int64) @ (
            self.worst.drawn.losses(options, taken.tolist())
        )
        bad = worst(losses, self.worst.tail)
        if losses[bad].sum() <= self.worst.tail * self.worst.amount:
            return ()
        return [tuple(bad.tolist())]

    def cut_rows(self, options: OptionTable, facts: Facts, keys: Sequence[Key]) -> Rows:
        for key in keys:
            own = self.worst
            if own is None or len(set(key)) != own.tail or not all(0 <= s < own.outcomes for s in key):
                raise ValueError(f"{self.name}: {key} are not the outcomes of a tail")
        return self._sets(options, keys)

    def measure(self, awards: Sequence[Award], facts: Facts) -> list[Measure]:
        found: list[Measure] = []
        own = [a for a in awards if not a.fixed and a.instrument in self.instruments]
        if self.expected is not None:
            part = sum(a.columns["loss"] for a in own)
            limits = MoneyBounds(cap=self.expected)
            found.append(Measure(self.name, EXPECTED, self.basis, "money", part, limits, money="loss"))
        if self.worst is not None:
            losses = sorted(self.worst.drawn.total(own).tolist(), reverse=True)
            mean = -(-sum(losses[: self.worst.tail]) // self.worst.tail)
            limits = MoneyBounds(cap=self.worst.amount)
            found.append(Measure(self.name, WORST, self.basis, "money", mean, limits, money="loss"))
        return found

    def say(self, measure: Measure, facts: Facts) -> Text:
        cap, value = show(measure.limits.bound("cap") or 0), show(measure.part)
        done = Text("符合", "kept") if measure.ok else Text("超出", "exceeded")
        if measure.label == EXPECTED or self.worst is None:
            return Text(
                f"预期损失 {value} 万元，不超过 {cap} 万元：{done.zh}。",
                f"Expected loss {value}, at most {cap} (万元): {done.en}.",
            )
        own = self.worst
        return Text(
            f"{own.outcomes} 种抽样情形中最坏的 {own.tail} 种平均损失 {value} 万元"
            f"（置信水平 {show_share(own.level)}），不超过 {cap} 万元：{done.zh}。",
            f"Mean loss of the worst {own.tail} of {own.outcomes} drawn outcomes {value} (CVaR at "
            f"{show_share(own.level)}), at most {cap} (万元): {done.en}.",
        )

    def check(self, options: OptionTable, facts: Facts) -> list[Fault]:
        instruments = facts.labels["instrument"]
        found = [
            not_known(("instruments",), i, instruments) for i in self.instruments if i not in instruments
        ]
        if self.worst is None:
            return found
        if self.worst.together and self.worst.axis not in options.labels:
            found.append(not_known(("worst", "axis"), self.worst.axis, sorted(options.labels)))
        if not roomy(options, self.worst.tail):
            found.append(
                (
                    ("worst", "outcomes"),
                    Text("情形过多，合计超出整数范围", "so many outcomes do not add up in 64 bits"),
                    Text("减少抽样情形", "draw fewer"),
                )
            )
        return found

    def _risky(self, options: OptionTable) -> npt.NDArray[np.intp]:
        meant = options.mask({"instrument": self.instruments})
        return np.flatnonzero(~options.fixed & meant & (options.column("loss") > 0))

    def _sets(self, options: OptionTable, sets: Iterable[Sequence[int]]) -> Rows:
        """A row for each set of outcomes: what all of them lose is at most their number times the limit."""
        assert self.worst is not None
        risky = self._risky(options)
        losses = self.worst.drawn.losses(options, risky.tolist())
        sums = np.array([losses[:, list(s)].sum(axis=1) for s in sets], np.int64).reshape(-1, len(risky))
        rows, at = np.nonzero(sums)
        shape = (len(sums), len(options))
        matrix = sparse.csr_array((sums[rows, at], (rows, risky[at])), shape=shape, dtype=np.int64)
        clause = Clause(self.name, WORST, "cap")
        return Rows(
            matrix,
            np.full(len(sums), -OPEN),
            np.full(len(sums), self.worst.tail * self.worst.amount, np.int64),
            (clause,) * len(sums),
        )
