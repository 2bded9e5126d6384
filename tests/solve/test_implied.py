"""A bound carries over to a stricter program, and only to one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.change import Change, Line
from allocator.program import OPEN
from allocator.solve.implied import implied
from tests.solve import programs
from tests.solve.test_session import random_change

BASE = programs.knapsack([60, 100, 120], [10, 20, 30], 50)


def test_pins_vetoes_and_tighter_bounds_are_stricter_and_the_reverse_is_not() -> None:
    for change in (
        Change(fixed={0: 1}),
        Change(fixed={2: 0}),
        Change(upper={0: 40}),
        Change(lower={0: 20}),
        Change(replaced={0: replace(Line.of(BASE, 0), coefficients=np.array([10, 30, 30]))}),
    ):
        strict = BASE.with_(change)
        assert implied(strict, BASE)
        assert not implied(BASE, strict)


def test_what_is_not_sure_is_not_carried() -> None:
    for change in (
        Change(upper={0: 60}),
        Change(upper={0: OPEN}),
        Change(gain=BASE.gain - 1),
        Change(fixed={0: 1}, upper={0: 60}),
        Change(replaced={0: replace(Line.of(BASE, 0), coefficients=np.array([10, 30, 20]))}),
    ):
        assert not implied(BASE.with_(change), BASE)
    assert not implied(programs.priced(BASE, BASE.gain[0]), BASE)


@pytest.mark.parametrize("seed", range(30))
def test_a_stricter_program_has_no_better_plan(seed: int) -> None:
    draw = np.random.default_rng(seed)
    base = programs.small(seed)
    found = [base, *(base.with_(random_change(base, draw)) for _ in range(5))]
    found += [p.with_(Change(fixed={0: int(draw.integers(0, 2))})) for p in found if p.fixed[0] < 0]
    best = [programs.best(p) for p in found]
    for i, strict in enumerate(found):
        for j, loose in enumerate(found):
            if implied(strict, loose) and best[i] is not None:
                assert best[j] is not None
                assert best[i] <= best[j]
    assert all(implied(p, p) for p in found)
