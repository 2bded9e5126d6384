"""A fund whose worst outcomes are limited: the limit holds in every plan of every what-if, not the base's alone."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.change import Change
from allocator.program import Bools
from allocator.studies.alternatives import alternatives
from allocator.studies.case import Case, open_case
from allocator.studies.framework import without
from allocator.studies.prices import prices
from allocator.studies.solves import Question, Solves
from allocator.studies.study import Effort
from allocator.studies.sweep import sweep
from tests.tiny import candidate, write

EXACT = Effort(gap=0.0)
AMOUNT = "rules.losses.worst.amount"
EQUITY = {
    "levels": ["100%"],
    "round_to": "1万元",
    "minimum": "1万元",
    "cap": "1000万元",
    "stake_cap": "90%",
    "survival": "60%",
    "multiple": "150%",
    "exit_year": 5,
    "equivalent": "100%",
}


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight stakes, of 10 to 17万元."""
    return stakes(tmp_path_factory.mktemp("worst"), "ABCDEFGH")


def stakes(folder: Path, names: str) -> Path:
    """Stakes of 10万元, 11 and so on over 100万元; the worst 4 of 20 outcomes may cost 40万元 on average."""
    everyone = [candidate(c, 10 + i, 90 - i, nature="产业化", valuation=1000) for i, c in enumerate(names)]
    worst = {"amount": "40万元", "level": "80%", "outcomes": 20, "seed": 5}
    return write(
        folder,
        everyone,
        instruments={"equity": EQUITY},
        rules={"losses": {"rule": "loss_limit", "worst": worst}},
    )


def every(case: Case) -> list[Bools]:
    """Every plan that keeps each row and whose awards measure up to the limit."""
    assert case.compiled is not None
    rule, program = case.compiled.rules["losses"], case.program
    found = []
    for bits in itertools.product((False, True), repeat=program.shape[1]):
        chosen = np.array(bits)
        if not program.broken(chosen):
            awards = case.compiled.options.awards(chosen)
            if all(m.ok for m in rule.measure(awards, case.compiled.facts)):
                found.append(chosen)
    return found


def best(case: Case, change: Change | None = None) -> Fraction:
    """The best value of all of these, after a change that moves gains alone."""
    program = case.program if change is None else case.program.with_(change)
    return max(program.value(p) for p in every(case))


def test_a_re_solve_for_other_gains_keeps_the_limit(fund: Path) -> None:
    case = open_case(fund)
    solves, draw = Solves(case, EXACT), np.random.default_rng(3)
    changes = [Change(gain=draw.permutation(case.program.gain)) for _ in range(12)]
    found = dict(solves.many([Question(c) for c in changes]))
    sound = [p.tobytes() for p in every(case)]
    for k, change in enumerate(changes):
        chosen = found[k].chosen
        assert chosen is not None
        assert chosen.tobytes() in sound
        assert case.program.with_(change).value(chosen) == best(case, change)
        assert found[k].gap == 0
    assert solves.done > 2 * len(changes)  # rows had to be found on the way


def test_each_value_of_the_limit_has_its_own_rows(fund: Path) -> None:
    found = sweep(fund, [f"{AMOUNT}=20万元..60万元/10万元"], effort=EXACT)
    for point in found.points:
        assert point.chosen is not None
        assert point.case.program.value(point.chosen) == best(point.case)


def test_a_price_is_that_of_the_limit_moved(fund: Path) -> None:
    (price,) = [p for p in prices(fund, effort=EXACT).prices if p.move.path == AMOUNT]
    assert price.down is None  # 40万元 less 100万元 is no limit
    assert price.up is not None
    wanted = best(open_case(fund, (f"{AMOUNT}=140万元",))) - best(open_case(fund))
    assert (price.up.low, price.up.high) == (wanted, wanted)
    assert wanted > 0


def test_alternatives_keep_it_too(fund: Path) -> None:
    found = alternatives(fund, within=0.5, count=4, differ=1, effort=EXACT)
    sound = [p.tobytes() for p in every(found.case)]
    assert len(found.plans) == 5
    assert all(p.tobytes() in sound for p in found.plans)


def test_a_clause_that_is_lifted_is_not_brought_back(fund: Path) -> None:
    case = open_case(fund)
    free = without(case.program, {("losses", "最坏情形损失", "cap")})
    outcome = Solves(case, EXACT)(free)
    assert outcome.chosen is not None
    assert free.value(outcome.chosen) > best(case)
    assert outcome.chosen.tobytes() not in [p.tobytes() for p in every(case)]
