"""Years ahead, where chance is taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from allocator.cli import main
from allocator.problems import InputFaults
from allocator.studies.horizon import horizon
from models import ahead

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "scenarios" / "rizhao" / "baseline.yaml"
SURE = (
    "instruments.equity.survival=100%",
    "instruments.equity.multiple=150%",
    "instruments.equity.exit_year=2",
)


def test_equity_that_never_fails_comes_back_whole_in_its_exit_year() -> None:
    found = horizon(BASELINE, years=5, draws=3, sets=SURE).found[0]
    assert (found["lost"] == 0).all()
    assert (found["back"][:, :2] == 0).all()
    assert np.allclose(found["back"][:, 2:], 1.5 * found["capital"][:, :3])
    assert np.allclose(found["fund"], 220_000_000 + found["back"])


def test_only_the_returned_share_enters_the_ceiling() -> None:
    found = horizon(BASELINE, years=4, draws=2, sets=(*SURE, "years.returned=40%")).found[0]
    assert np.allclose(found["back"][:, 2:], 0.4 * 1.5 * found["capital"][:, :2])


def test_equity_that_always_fails_is_lost() -> None:
    sets = ("instruments.equity.survival=0%", "instruments.equity.exit_year=2")
    found = horizon(BASELINE, years=4, draws=2, sets=sets).found[0]
    assert (found["back"] == 0).all()
    assert np.allclose(found["lost"][:, 2:], found["capital"][:, :2])


def test_capital_stays_within_its_share_and_all_within_the_ceiling() -> None:
    found = horizon(BASELINE, years=6, draws=4).found[0]
    assert (found["capital"] <= 0.12 * found["fund"]).all()
    assert (found["capital"] > 0.08 * found["fund"]).all()
    assert (found["count"] > 0).all()


def test_settings_meet_the_same_chances() -> None:
    twice = horizon(BASELINE, over="rules.equity_pilot.target=12%,12%,8%", years=6, draws=8)
    for name, series in twice.found[0].items():
        assert (series == twice.found[1][name]).all()
        assert twice.advantage(1, name) == (0.0, 0.0, 0.0)
    mean, low, high = twice.advantage(2, "capital")
    assert low <= mean <= high < 0
    assert [t.key for t in twice.tables()] == ["advantage", *ahead.SERIES]
    alone = horizon(BASELINE, years=6, draws=8)
    assert (alone.found[0]["merit"] == twice.found[0]["merit"]).all()


def test_more_draws_go_on_from_fewer() -> None:
    few, more = (horizon(BASELINE, years=2, draws=d).found[0]["merit"] for d in (50, 100))
    assert (few == more[:50]).all()


def test_grades_move_what_a_domain_counts_for() -> None:
    # one domain of two, at 85 and 95 points without scatter: 100 % and 105 % of what they counted for
    class Rule:
        grades = ((90, 10_500), (80, 10_000), (60, 9_000), (0, 8_000))
        spread = 0

    domain, scores = np.array([[0, 0, 1]]), np.array([[80.0, 90.0, 95.0]])
    funded = np.array([[True, True, True]])
    moved = ahead._graded(Rule, domain, scores, funded, np.zeros((1, 3)), np.ones((1, 3)))
    assert moved.tolist() == [[1.0, 1.05, 1.0]]  # the third domain was given nothing, and keeps its own


def test_settings_that_name_no_values_are_a_fault() -> None:
    with pytest.raises(InputFaults):
        horizon(BASELINE, over="rules.equity_pilot.target")


def test_a_study_that_solves_nothing_has_no_word_on_solving() -> None:
    runner = CliRunner()
    asked = ["horizon", str(BASELINE), "--years", "1", "--draws", "2", "--lang", "zh"]
    done = runner.invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert "推演 1 年，抽样 2 次" in done.stdout
    for option in ("--gap=1%", "--time-limit=1", "--on=here", "--resume"):
        assert runner.invoke(main, [*asked, option]).exit_code == 2


def test_what_was_drawn_when_the_time_is_over_is_handed_over() -> None:
    done = CliRunner().invoke(
        main, ["horizon", str(BASELINE), "--draws", "1000000", "--for", "0.2", "--lang", "en"]
    )
    assert done.exit_code == 4, done.output
    assert "--resume" not in done.output
