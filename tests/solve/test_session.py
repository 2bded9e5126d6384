"""The session answers what a cold solve answers, names the program it answers for, and keeps a plan that will do."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from allocator.change import Change, Line
from allocator.program import OPEN, Clause, Program, Rows
from allocator.solve import hot, kept, search, solve
from allocator.solve.nearest import apart, nearer
from allocator.solve.session import Session
from tests.solve import programs
from tests.solve.programs import knapsack

THREE = knapsack([60, 100, 120], [10, 20, 30], 50)


def random_change(program: Program, draw: np.random.Generator) -> Change:
    """Anything that a change can hold, each with a chance of its own."""
    rows, columns = program.shape
    lower: dict[int, int] = {}
    upper: dict[int, int] = {}
    for r in range(rows):
        if draw.random() < 0.3 and program.upper[r] < OPEN:
            upper[r] = int(program.upper[r] + draw.integers(0, 9))
        if draw.random() < 0.2 and program.lower[r] > -OPEN:
            lower[r] = int(program.lower[r] - draw.integers(0, 9))
    fixed = {int(k): int(draw.integers(-1, 2)) for k in range(columns) if draw.random() < 0.15}
    gain = program.gain + draw.integers(-3, 4, columns) if draw.random() < 0.4 else None
    added = None
    if draw.random() < 0.4:
        cut = draw.integers(-2, 3, (1, columns))
        some = int(np.abs(cut).sum()) // 2
        added = Rows(
            sparse.csr_array(cut),
            np.array([-OPEN]),
            np.array([some]),
            (Clause("cut", "", "cap", None if draw.random() < 0.6 else Fraction(7, 2)),),
        )
    replaced: dict[int, Line] = {}
    if rows and draw.random() < 0.4:
        r = int(draw.integers(rows))
        line = Line.of(program, r)
        replaced[r] = replace(line, coefficients=line.coefficients + draw.integers(0, 2, len(line.columns)))
    return Change(lower, upper, fixed, gain, added, replaced)


@pytest.mark.parametrize("seed", range(100))
def test_random_sequences_of_changes_agree_with_trying_all(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (
        seed % 4
    ):  # small programs are not worth keeping hot; what is done for large ones holds for them all the same
        monkeypatch.setattr(kept, "SMALLEST", 1)
    draw = np.random.default_rng(seed)
    base = programs.small(seed)
    shown: np.ndarray | None = None
    with Session(base) as session:
        for step in range(4):
            change = random_change(base, draw)
            program = base.with_(change)
            gap = 0.0 if step % 2 else 0.05
            best = programs.best(program)
            steps = list(session.answers(change, gap=gap, keep=shown))
            found = steps[-1]
            assert found.program == program.digest
            if best is None:
                assert (found.reason, found.chosen) == ("infeasible", None)
                continue
            for answer in steps:
                assert answer.chosen is not None
                assert not program.broken(answer.chosen)
                assert answer.bound is not None
                value, bound = program.value(answer.chosen), Fraction(answer.bound) * program.scale
                assert value <= best <= bound + abs(bound) / 10**12
                assert Fraction(answer.value or 0) * program.scale == pytest.approx(value)
            assert found.reason in ("optimal", "within_gap")
            value = program.value(found.chosen)
            assert best - value <= Fraction(gap) * abs(value) + abs(best) / 10**9
            shown = found.chosen


def test_the_plan_on_screen_stays_where_it_is_still_within_the_gap() -> None:
    screen = np.array([True, False, True])  # worth 180 of 220
    with Session(THREE) as session:
        assert session.solve(gap=0.25, keep=screen).chosen.tolist() == screen.tolist()  # type: ignore[union-attr]
        better = session.solve(gap=0.1, keep=screen)
        assert (better.value, better.chosen.tolist()) == (220, [False, True, True])  # type: ignore[union-attr]
        barred = session.solve(Change(fixed={0: 0}), gap=0.25, keep=screen)
        assert barred.value == 220


def test_an_answer_names_the_changed_program_and_the_base_is_as_it_was() -> None:
    with Session(THREE) as session:
        tight = Change(upper={0: 30})
        assert session.solve(tight, gap=0).value == 160
        assert session.solve(tight, gap=0).program == THREE.with_(tight).digest
        assert session.solve(gap=0).value == 220
        assert session.solve(gap=0).program == THREE.digest


def test_an_impossible_change_is_said_and_forgotten() -> None:
    with Session(THREE) as session:
        steps = list(session.answers(Change(fixed={0: 1, 1: 1, 2: 1})))
        assert [s.reason for s in steps] == ["infeasible"]
        assert session.solve(gap=0).value == 220


def test_a_session_is_one_threads_and_ends_when_closed() -> None:
    session = Session(THREE)
    said: list[BaseException] = []

    def other() -> None:
        try:
            session.solve()
        except RuntimeError as error:
            said.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert len(said) == 1
    session.close()
    with pytest.raises(RuntimeError, match="until it is closed"):
        session.solve()


def test_plans_of_another_length_and_negative_numbers_are_refused() -> None:
    with Session(THREE) as session:
        with pytest.raises(ValueError, match=r"shape \(2,\)"):
            session.solve(keep=[True, False])
        with pytest.raises(ValueError, match="at least 0"):
            session.solve(gap=-1.0)
        with pytest.raises(ValueError, match="at least 0"):
            session.solve(time_limit=-1.0)


def test_a_fund_hot_against_cold() -> None:
    base = programs.fund(200)  # 1,340 options
    line = Line.of(base, 17)
    wider = replace(line, coefficients=line.coefficients + 200 * (line.coefficients > 0))
    changes = (
        Change(),
        Change(fixed={5: 1}),
        Change(upper={0: int(base.upper[0]) * 98 // 100}),
        Change(replaced={17: wider}),
        Change(gain=base.gain + base.gain // 50 * (np.arange(len(base.gain)) % 3)),
        Change(upper={0: int(base.upper[0]) * 103 // 100}, fixed=dict.fromkeys(range(10), 0)),
    )
    shown: np.ndarray | None = None
    with Session(base) as session:
        for change in changes:
            program = base.with_(change)
            steps = list(session.answers(change, gap=1e-2, keep=shown))
            first, last = steps[0], steps[-1]
            cold = solve(program, gap=1e-2)
            for step in steps:
                assert step.chosen is not None
                assert not program.broken(step.chosen)
                assert step.bound >= cold.value  # type: ignore[operator]
                assert cold.bound >= step.value  # type: ignore[operator]
                assert step.gap == pytest.approx((step.bound - step.value) / step.value)  # type: ignore[operator]
            assert first.gap is not None
            assert last.gap <= 1e-2
            assert last.certificate is not None
            assert last.certificate.bound * (1 + Fraction(1, 10**9)) >= program.value(last.chosen)
            shown = last.chosen


def test_what_the_plan_does_not_hold_can_go_without_a_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    base = programs.fund(200)
    with Session(base) as session:
        plan = session.solve(gap=3e-3).chosen
        assert plan is not None

        def none(ask: object) -> None:
            raise AssertionError("the solver was asked")

        monkeypatch.setattr(search, "ask_highs", none)
        monkeypatch.setattr(hot, "ask_whichever", none)
        funded = np.isin(base.groups, base.groups[plan])
        out, taken = np.flatnonzero(~funded), np.flatnonzero(plan)
        for change in (
            Change(fixed={int(k): 0 for k in out[:5]}),
            Change(fixed={int(taken[0]): 1}),
            Change(fixed=dict.fromkeys(np.flatnonzero(funded & ~plan)[:3].tolist(), 0)),
            Change(upper={0: int(base.activity(plan)[0])}),
        ):
            (found,) = session.answers(change, gap=3e-3, keep=plan)
            assert found.reason in ("within_gap", "optimal")
            assert np.array_equal(found.chosen, plan)


def test_a_plan_that_must_change_changes_no_group_that_could_stay() -> None:
    base = programs.fund(200)
    with Session(base) as session:
        plan = session.solve(gap=3e-3).chosen
        assert plan is not None
        change = Change(fixed={int(np.flatnonzero(plan)[0]): 0})
        program = base.with_(change)
        found = session.solve(change, gap=3e-3, keep=plan)
        assert found.chosen is not None
        assert found.bound is not None
        least = Fraction(found.bound) * program.scale / (1 + Fraction(3, 1000))
        assert program.value(found.chosen) >= least
        assert np.array_equal(nearer(program, found.chosen, plan, least), found.chosen)
        without = session.solve(change, gap=3e-3)
        assert without.chosen is not None
        assert apart(program, found.chosen, plan) <= apart(program, without.chosen, plan)
