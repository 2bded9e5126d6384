"""The relaxation that is kept proves after every change what one built from nothing proves."""

from __future__ import annotations

import highspy
import numpy as np
import pytest

from allocator.certificate import certify
from allocator.change import Change, Line
from allocator.program import OPEN
from allocator.solve.highs import end_thread, load, lp_multipliers
from allocator.solve.kept import Kept, fits
from allocator.solve.scaled import scale
from tests.solve import programs
from tests.solve.test_session import random_change


@pytest.mark.parametrize("seed", range(40))
def test_a_sequence_of_changes_of_every_kind(seed: int) -> None:
    base = programs.small(seed)
    draw = np.random.default_rng(seed)
    kept = Kept(base.shape[0])
    for _ in range(5):
        program = base.with_(random_change(base, draw))
        if not program.shape[0]:
            continue
        y, cold = kept.multipliers(program, 10.0), lp_multipliers(program)
        if y is None:
            assert not fits(program)  # too small to matter; but it may only give up where there is no plan
            assert programs.best(program) is None
            continue
        hot, want = float(certify(program, y).bound), float(certify(program, cold).bound)
        assert hot == pytest.approx(want, rel=1e-6, abs=1e-6)


def test_bounds_pins_coefficients_and_gains_of_a_fund() -> None:
    base = programs.fund(200)
    line = Line.of(base, 16)
    other = Line(line.columns, line.coefficients + 300 * (line.coefficients > 0), line.clause)
    changes = (
        Change(upper={0: int(base.upper[0]) * 97 // 100}),
        Change(fixed={3: 1, 40: 0, 41: 0}),
        Change(replaced={16: other}),
        Change(),
        Change(gain=base.gain * 9 // 10 + np.arange(len(base.gain))),
        Change(upper={0: OPEN}, lower={3: -OPEN}),
    )
    kept = Kept(base.shape[0])
    for change in changes:
        program = base.with_(change)
        y = kept.multipliers(program, 10.0)
        assert y is not None
        want = float(certify(program, lp_multipliers(program)).bound)
        assert float(certify(program, y).bound) == pytest.approx(want, rel=1e-9)


def test_what_is_worth_keeping() -> None:
    assert fits(programs.fund(200))
    assert not fits(programs.knapsack([60, 100], [10, 20], 25))


def test_a_thread_in_which_highs_has_run_on_more_threads() -> None:
    program = programs.fund(150)
    end_thread()  # what the tests before have left in this one
    other = load(scale(program), integer=False)
    other.setOptionValue("threads", 2)
    assert other.run() == highspy.HighsStatus.kOk
    assert Kept(program.shape[0]).multipliers(program, 10.0) is not None
