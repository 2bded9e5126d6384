"""Value less a price on the worst losses: the plan and its bound, held to every plan that there is."""

from __future__ import annotations

import threading
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import CliRunner

from allocator.chance import uncertain
from allocator.cli import main
from allocator.studies.case import open_case
from allocator.studies.panels import COARSE
from allocator.studies.regret import cvar
from allocator.studies.robust import robust
from allocator.studies.solves import Solves
from allocator.studies.study import Effort
from allocator.studies.weighed import weighed
from tests.allocator.programs import made, sound_plans
from tests.conftest import ROOT
from tests.studies.test_worst_outcomes import every, stakes


def solves(program: object, stop: threading.Event | None = None) -> Solves:
    return Solves(open_case(program), Effort(gap=0.0, stop=stop))  # type: ignore[arg-type]


def test_a_price_decides_between_the_bold_and_the_safe() -> None:
    """A is worth 10 and loses 8 in one draw of two; B is worth 6 and loses nothing: at 1/2 they tie."""
    program = made([10, 6], [([1, 1], None, 1)])
    losses = np.array([[8, 0], [0, 0]])
    for rate, best, total in ((Fraction(1, 4), 0, 8), (Fraction(3, 4), 1, 6), (Fraction(0), 0, 10)):
        found = weighed(solves(program), losses, rate, Fraction(1, 2))
        assert found is not None
        assert np.flatnonzero(found.chosen).tolist() == [best]
        assert (found.total, found.bound) == (total, total)


@pytest.mark.parametrize("seed", range(25))
def test_against_every_plan(seed: int) -> None:
    draw = Random(seed)
    n = draw.randint(3, 7)
    cost = [draw.randint(1, 9) for _ in range(n)]
    program = made([draw.randint(1, 30) for _ in range(n)], [(cost, None, draw.randint(3, sum(cost)))])
    losses = np.array([[draw.choice((0, 0, draw.randint(1, 9))) for _ in range(n)] for _ in range(10)])
    alpha, rate = Fraction(7, 10), Fraction(draw.randint(1, 30), 10)
    found = weighed(solves(program), losses, rate, alpha)
    sound = sound_plans(program)
    best = max(program.value(p) - rate * cvar(losses, p, alpha) for p in sound)
    assert found is not None
    assert found.total == best
    assert found.value - rate * found.cvar == best
    assert found.cvar == cvar(losses, found.chosen, alpha)
    assert found.bound == best


def test_without_a_plan_there_is_none() -> None:
    program = made([1, 1], [([1, 1], 3, None)])
    assert weighed(solves(program), np.array([[1, 1]]), Fraction(1)) is None


def test_a_scenario_or_the_command_sets_the_price(tmp_path: Path) -> None:
    """Against every plan that keeps the fund's own rules, its limit on the worst outcomes among them.

    Six stakes and the worst 5 draws of 500: with eight and 25, the cuts are ten times as many and prove no more.
    """
    fund = stakes(tmp_path, "ABCDEF")
    case = open_case(fund)
    assert case.compiled is not None
    losses = uncertain(case.scenario.policy).losses(case.scenario.scenario, case.compiled.options, 500, 1)
    price = Fraction(1, 2)
    rate, alpha = price * case.program.scale / 10_000, Fraction(99, 100)
    best = max(case.program.value(p) - rate * cvar(losses, p, alpha) for p in every(case))
    given = robust(fund, parts=["loss"], alpha=alpha, loss_price=price, effort=Effort(gap=0.0))
    own = robust(fund, parts=["loss"], alpha=alpha, sets=["robust.loss_price=0.5"], effort=Effort(gap=0.0))
    for found in (given, own):
        assert found.weighed is not None
        slack = Fraction(COARSE) * abs(best)
        assert best - slack <= found.weighed.total <= best <= found.weighed.bound <= best + slack
        assert any("0.5" in text.zh for text in found.sentences())


def test_a_price_is_a_number() -> None:
    scenario = str(ROOT / "scenarios" / "rizhao" / "baseline.yaml")
    done = CliRunner().invoke(main, ["robust", scenario, "--loss-price", "-1"])
    assert done.exit_code == 2
    assert "-1" in done.output
