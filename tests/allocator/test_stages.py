"""Soft clauses in ranks: by hand, against every plan there is, and through a run and its verification."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.compile import Compiled
from allocator.contract import Rule
from allocator.held import Held
from allocator.held import settled as settle_all
from allocator.limits import CountBounds, MoneyBounds, ShareBounds
from allocator.options import Award
from allocator.pipeline import Wishes, run
from allocator.program import Program
from allocator.solve import Outcome, solve
from allocator.stages import Ranked, Stage, mixed
from allocator.studies.case import open_case
from models.rules.domain_share import DomainShare
from models.rules.limit import Limit
from models.summary import stages
from tests.hand import award, facts, program, rule, table
from tests.models.funds import SmallFund

A, B = "甲领域", "乙领域"


def ask(program: Program, start: Any, gap: float, seconds: float) -> Outcome:
    return solve(program, gap=gap, time_limit=seconds, start=start)


def held(rules: list[Rule], awards: list[Award], fund: int = 1000) -> Held:
    named = {r.name: r for r in rules}
    return Held(Compiled(facts(fund), table(awards), named, program(rules, awards, facts(fund))))


def settled(own: Held) -> tuple[Outcome, list[Stage]]:
    assert own.settle(ask, 30, None) is None
    return own.solve(own.compiled.program, ask, 0, 30, None), own.stages


def money(name: str, **settings: Any) -> Limit:
    return Limit.model_validate({"name": name, "money": "award", **settings})


POOL = [
    award("A", 60, domain=A, merit=10),
    award("B", 50, domain=A, merit=90),
    award("C", 40, domain=B, merit=80),
]
CASH = money("cash", cap="100元")


def test_the_first_rank_is_met_before_the_second_and_both_before_the_objective() -> None:
    # 甲 wants 60 元 or more first, 乙 50 or more second, of 100: A and C (60 + 40) leave 乙 10 short;
    # B and C (50 + 40), worth more, would leave 甲 10 short, and 甲 comes first.
    first = money("first", where={"domain": [A]}, floor="60元", rank=1)
    second = money("second", where={"domain": [B]}, floor="50元", rank=2)
    outcome, stages = settled(held([CASH, first, second], POOL))
    assert outcome.chosen is not None
    assert outcome.chosen.tolist() == [True, False, True]
    assert [(s.rank, s.violation, s.bound, s.limit) for s in stages] == [(1, 0, 0, 0), (2, 10, 10, 10)]
    # The other way round 乙 is 10 short whatever is done, and then 甲 0 short with A.
    swapped = [
        CASH,
        money("first", where={"domain": [B]}, floor="50元", rank=1),
        money("second", where={"domain": [A]}, floor="60元", rank=2),
    ]
    assert [s.violation for s in settled(held(swapped, POOL))[1]] == [10, 0]


def test_a_tolerance_lets_the_objective_have_its_way_within_it() -> None:
    for tolerance, chosen in (("9元", [True, False, True]), ("10元", [False, True, True])):
        first = money("first", where={"domain": [A]}, floor="60元", rank=1, tolerance=tolerance)
        outcome, (stage,) = settled(held([CASH, first], POOL))
        assert outcome.chosen is not None
        assert outcome.chosen.tolist() == chosen, tolerance
        assert stage.limit == stage.tolerance == int(tolerance[:-1])


def test_clauses_of_one_rank_are_missed_in_sum_not_each() -> None:
    # Floors of 60 in 甲 and 50 in 乙 in one rank: A and C miss 0 + 10; B and C miss 10 + 10; A and B break the cash.
    both = Limit.model_validate(
        {
            "name": "both",
            "money": "award",
            "each": "domain",
            "limits": {A: {"floor": "60元", "rank": 1}, B: {"floor": "50元", "rank": 1}},
        }
    )
    outcome, (stage,) = settled(held([CASH, both], POOL))
    assert outcome.chosen is not None
    assert outcome.chosen.tolist() == [True, False, True]
    assert (stage.violation, stage.parts, stage.counted) == (10, 1, False)


def test_shares_and_money_add_up_in_ten_thousandths_of_a_yuan() -> None:
    # 33.33 % of 1,000 元 is 333.3 元: 60 are short by 273.3 元, 2,733,000 ten-thousandths.
    share = rule(DomainShare, shares={A: {"floor": "33.33%", "rank": 1}})
    own = held([money("cap", cap="60元"), share], POOL[:1])
    _, (stage,) = settled(own)
    assert Fraction(stage.violation, stage.parts) == Fraction(2733, 10)
    assert stage.whole(stage.violation) == 274


def test_a_target_of_a_rank_is_missed_on_either_side() -> None:
    aimed = money("aim", where={"domain": [A]}, target="55元", rank=1)
    outcome, (stage,) = settled(held([aimed], POOL))
    assert stage.violation == 5
    # A misses by 5 above and B by 5 below; the objective takes B with C.
    assert outcome.chosen is not None
    assert outcome.chosen.tolist() == [False, True, True]


def test_a_rank_has_one_tolerance_the_largest_that_its_clauses_state() -> None:
    each = Limit.model_validate(
        {
            "name": "each",
            "money": "award",
            "each": "domain",
            "limits": {A: {"floor": "60元", "rank": 1, "tolerance": "3元"}, B: {"floor": "1元", "rank": 1}},
        }
    )
    _, (stage,) = settled(held([CASH, each], POOL))
    assert (stage.tolerance, stage.limit) == (3, 3)


def test_what_ifs_stand_on_a_program_whose_ranks_are_brought_down() -> None:
    first = money("first", where={"domain": [A]}, floor="60元", rank=1)
    own = held([CASH, first], POOL).compiled
    ready = settle_all(own, 30).whole
    assert ready.program.shape[0] == own.program.shape[0] + 1
    assert ready.program.broken(np.array([False, True, True])) == ("first · cap",)
    assert settle_all(held([CASH], POOL).compiled, 30).whole.program.shape == (1, 3)


def test_counts_and_money_of_one_rank_do_not_add_up() -> None:
    count = Limit.model_validate({"name": "n", "money": "count", "floor": 1, "rank": 1})
    own = held([money("m", floor="1元", rank=1), count], POOL)
    assert mixed(own.compiled.program) == [(1, "n")]


def test_what_has_a_rank_yields_and_has_no_price() -> None:
    ranked = MoneyBounds.model_validate({"floor": 5, "rank": 2})
    assert (ranked.hard, ranked.clause_price("floor"), ranked.steers("target")) == (False, 0, False)
    assert ShareBounds.model_validate({"target": "5%", "rank": 1}).steers("target")
    for wrong in ({"price": "1"}, {"hard": True}):
        with pytest.raises(ValueError, match="rank"):
            MoneyBounds.model_validate({"floor": 5, "rank": 1, **wrong})
    with pytest.raises(ValueError, match="tolerance"):
        CountBounds.model_validate({"floor": 5, "tolerance": 1})


class Staged(SmallFund):
    """A small fund whose soft rules have ranks in the place of prices."""

    def _sides(self, low: int, high: int, written: Any) -> dict[str, Any]:
        said = super()._sides(low, high, written)
        if self.draw.random() < 0.7 and ("price" in said or self.draw.random() < 0.5):
            said = {k: v for k, v in said.items() if k not in ("price", "hard")}
            said["rank"] = self.draw.choice((1, 1, 2))
            if self.unit == 10 and self.draw.random() < 0.3 and isinstance(next(iter(said.values())), int):
                said["tolerance"] = 1
        return said

    def missed(self, awards: list[Award], rank: int) -> Fraction:
        """What a plan misses of a rank by the measures, in yuan or awards."""
        total = Fraction(0)
        for own in self.rules:
            for m in own.measure(awards, self.facts):
                for side in ("floor", "target", "cap"):
                    residual = m.residual(side)
                    if m.limits.rank == rank and residual is not None and residual < 0:
                        total += Fraction(-residual, 1 if m.whole is None else 10_000)
        return total


def test_every_plan_looked_at_the_stages_are_the_lexicographic_least() -> None:
    seen: Counter[str] = Counter()
    for seed in range(9000, 9150):
        fund = Staged(seed)
        if fund.unit > 1000 or mixed(fund.program):
            continue
        own = Held(Compiled(fund.facts, table(fund.options), {r.name: r for r in fund.rules}, fund.program))
        plans = [p for p in fund.plans() if fund.worth(p) is not None]
        without = own.settle(ask, 30, None)
        if not plans:
            outcome = without or own.solve(fund.program, ask, 0, 30, None)
            assert outcome.reason == "infeasible", f"seed {seed}"
            continue
        assert without is None, f"seed {seed}"
        for stage in own.stages:
            least = min(fund.missed(p, stage.rank) for p in plans)
            assert Fraction(stage.bound, stage.parts) == least, f"seed {seed} rank {stage.rank}"
            limit = Fraction(stage.limit, stage.parts)
            assert limit == max(
                least + Fraction(stage.tolerance, stage.parts), Fraction(stage.violation, stage.parts)
            )
            plans = [p for p in plans if fund.missed(p, stage.rank) <= limit]
            seen["stages"] += 1
            seen["missed"] += least > 0
            seen["several"] += len(Ranked(fund.program, stage.rank).rows) > 1
        outcome = own.solve(fund.program, ask, 0, 30, None)
        assert outcome.chosen is not None, f"seed {seed}"
        assert fund.program.value(outcome.chosen) == max(map(fund.worth, plans)), f"seed {seed}"
        # The same rows come of the log, and the figures of the stages are borne out.
        again = Held.from_json(own.compiled, json.loads(json.dumps(own.as_json())))
        assert again.whole.program.digest == own.whole.program.digest
        assert again.doubts(outcome.chosen) == []
    assert min(seen["stages"], seen["missed"], seen["several"]) >= 15, seen


def test_a_set_of_rows_is_found_only_where_a_plan_breaks_it() -> None:
    # Four floors of one rank, each of 10 元 in its own place, money for two: 20 元 are missed, by any two.
    pool = [award(c, 10, applicant=c, merit=m) for c, m in zip("ABCD", (1, 2, 3, 4), strict=True)]
    floors = Limit.model_validate(
        {
            "name": "each",
            "money": "award",
            "each": "applicant",
            "limits": {c: {"floor": "10元", "rank": 1} for c in "ABCD"},
        }
    )
    own = held([money("cash", cap="20元"), floors], pool)
    outcome, (stage,) = settled(own)
    assert stage.violation == 20
    assert outcome.chosen is not None
    assert outcome.chosen.tolist() == [False, False, True, True]


def test_an_altered_stage_is_doubted() -> None:
    first = money("first", where={"domain": [A]}, floor="60元", rank=1)
    own = held([CASH, first], POOL)
    outcome, (stage,) = settled(own)
    data = own.as_json()
    for name, value in (("violation", 3), ("limit", 50), ("at", [])):
        forged = Held.from_json(own.compiled, [{**data[0], name: value}])
        assert forged.doubts(outcome.chosen), name
    assert Held.from_json(own.compiled, data).doubts(np.array([False, True, True])) == [stage]


SCENARIO = """
extends: {baseline}
title: ranks
rules:
  equity_pilot: {{floor: null, cap: null, target: 12%, price: null, rank: 1, tolerance: 5万元}}
  pilot_directions: {{price: null, rank: 2}}
"""


def test_a_run_with_ranks_verifies_and_an_altered_stage_does_not(tmp_path: Path) -> None:
    from allocator.audit import verify

    root = Path(__file__).resolve().parents[2]
    file = tmp_path / "ranks.yaml"
    file.write_text(
        SCENARIO.format(baseline=root / "scenarios" / "rizhao" / "baseline.yaml"), encoding="utf-8"
    )
    plan = run(file, out=tmp_path / "out", wishes=Wishes(gap=1e-3))
    assert plan.held is not None
    assert [s.rank for s in plan.held.stages] == [1, 2]
    for stage in plan.held.stages:
        assert plan.held.missed(stage, plan.chosen) <= stage.limit
    assert plan.certificate is not None
    assert plan.certificate.program == plan.compiled.program.digest
    pilot = next(r.measure for r in plan.ruled if r.measure.rule == "equity_pilot")
    assert abs(pilot.part * 10_000 - 1200 * (pilot.whole or 0)) <= 50_000 * 10_000
    assert verify(tmp_path / "out").findings == ()
    block = stages(plan)
    assert [row[0] for row in block.rows] == [1, 2]
    assert [row[4] for row in block.rows] == ["5.00", "0.00"]
    assert block.rows[1][1].zh == "股权投资投向四个重点方向"
    # What-ifs on the run's folder stand on the same program.
    assert open_case(tmp_path / "out").program.digest == plan.compiled.program.digest
    path = tmp_path / "out" / "plan.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["held"][0]["limit"] += 10**9
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    places = {f.place for f in verify(tmp_path / "out").findings}
    assert "plan.json held rank 1" in places
    assert "plan.json digest.program" in places
