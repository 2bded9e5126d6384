"""Small random funds with the rules on listed candidates and on ranks: every plan looked at, as for the sums."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from allocator.contract import Rule
from allocator.solve import solve
from models.rules.equal_grade import EqualGrade
from models.rules.exclusion import Exclusion
from models.rules.group import Groups
from models.rules.prerequisite import Prerequisite
from models.rules.rank_order import RankOrder
from tests.hand import ordered, program, rule
from tests.models.funds import WHY, SmallFund


class Bound(SmallFund):
    """A small fund in which some candidates are bound to others."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        names = [group[0].candidate for group in self.groups]
        half = len(names) // 2 + 1
        scores = {c: self.draw.choice((70, 75, 80, 85, 90)) for c in names}
        self.facts = ordered(
            self.facts,
            {"甲": {c: scores[c] for c in names[:half]}, "乙": {c: scores[c] for c in names[half:]}},
        )
        self.logic = self._logic(names)
        self.rules = [*self.rules, *self.logic]
        self.program = program(self.rules, self.options, self.facts)

    def _force(self) -> dict[str, Any]:
        if self.draw.random() < 0.6:
            return {}
        return {"hard": False, "price": self.draw.choice(("0", "7", "300", "7/3"))}

    def _logic(self, names: list[str]) -> list[Rule]:
        draw = self.draw
        some = lambda k: draw.sample(names, k)  # noqa: E731
        one, *rest = some(3)
        demand = draw.choice(
            (
                {"at_most": 1},
                {"at_least": 1, "at_most": 2},
                {"exactly": draw.randint(0, 2)},
                {"all_or_none": True},
            )
        )
        made: list[tuple[float, type[Rule], dict[str, Any]]] = [
            (0.5, Groups, {"groups": {"g": {"candidates": some(3), **demand, **self._force(), **WHY}}}),
            (
                0.5,
                Prerequisite,
                {
                    "candidates": {
                        one: {"needs": rest, "of": draw.choice(("all", "any")), **self._force(), **WHY}
                    }
                },
            ),
            (0.4, Exclusion, {"among": {"x": {"candidates": some(2), **self._force(), **WHY}}}),
            (0.5, RankOrder, {"skips": dict.fromkeys(some(draw.randint(0, 2)), WHY), **self._force()}),
            (
                0.5,
                EqualGrade,
                {
                    "grades": {"优": 80},
                    "same": "amount",
                    "instruments": draw.choice(([], ["grant"])),
                    **self._force(),
                },
            ),
        ]
        return [rule(kind, **settings) for chance, kind, settings in made if draw.random() < chance]


@pytest.mark.parametrize("batch", range(8))
def test_the_solver_finds_the_best_plan_that_keeps_ranks_and_bonds(batch: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(5000 + 20 * batch, 5020 + 20 * batch):
        fund = Bound(seed)
        if fund.unit > 1000:
            continue  # large units try the scaling of sums, which is tried elsewhere
        best, outcome = fund.best(), solve(fund.program, gap=0, time_limit=30)
        if best is None:
            assert (outcome.reason, outcome.chosen) == ("infeasible", None), f"seed {seed}"
            continue
        assert outcome.chosen is not None, f"seed {seed}"
        assert (outcome.reason, fund.program.value(outcome.chosen)) == ("optimal", best), f"seed {seed}"
        awards = [a for a, taken in zip(fund.options, outcome.chosen, strict=True) if taken]
        assert fund.worth(awards) == best, f"seed {seed}"
        seen["solved"] += 1
        without = program([r for r in fund.rules if r not in fund.logic], fund.options, fund.facts)
        free = solve(without, gap=0).chosen
        seen["decided"] += free is None or bool((free != outcome.chosen).any())
    assert seen["solved"] >= 3
    assert seen["decided"] >= 1


@pytest.mark.parametrize("seed", range(6000, 6012))
def test_rows_and_measures_judge_every_plan_alike(seed: int) -> None:
    fund = Bound(seed)
    place = {id(a): k for k, a in enumerate(fund.options)}
    for plan in list(fund.plans())[::7][:200]:
        chosen = np.zeros(len(fund.options), bool)
        chosen[[place[id(a)] for a in plan]] = True
        worth = fund.worth(plan)
        assert (worth is None) == bool(fund.program.broken(chosen))
        if worth is not None:
            assert fund.program.value(chosen) == worth
