"""Chance in the policy: panels drawn anew, an expert left out, worth by criterion, losses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from allocator.studies.case import Case, open_case
from allocator.studies.robust import robust
from allocator.studies.study import Effort
from models import chance

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case(ROOT / "scenarios" / "rizhao" / "baseline.yaml")


def test_a_panel_drawn_anew_keeps_its_size_and_its_own_experts(case: Case) -> None:
    assert case.tables is not None
    before, after = case.tables["reviews"], chance.redrawn(case.tables, 7)["reviews"]
    assert sorted(before["candidate"]) == sorted(after["candidate"])
    own = set(zip(before["candidate"], before["expert"], strict=True))
    drawn = list(zip(after["candidate"], after["expert"], strict=True))
    assert set(drawn) < own
    assert list(after["expert"]) == list(chance.redrawn(case.tables, 7)["reviews"]["expert"])
    assert list(after["expert"]) != list(chance.redrawn(case.tables, 8)["reviews"]["expert"])


def test_an_expert_left_out_has_no_row_left(case: Case) -> None:
    assert case.tables is not None
    names = chance.experts(case.tables)
    left = chance.without_expert(case.tables, names[0])["reviews"]
    assert names[0] not in left["expert"]
    assert len(left) == sum(e != names[0] for e in case.tables["reviews"]["expert"])


def test_losses_come_to_what_is_expected(case: Case) -> None:
    assert case.compiled is not None
    options = case.compiled.options
    lost = chance.losses(case.scenario.scenario, options, 4000, 3)
    risky = np.flatnonzero(options.money["loss"] > 0)
    assert lost[:, options.money["loss"] == 0].sum() == 0
    ratio = lost[:, risky].mean(axis=0).sum() / options.money["loss"][risky].sum()
    assert 0.95 < ratio < 1.05  # a fixed seed: 4000 draws, one common factor
    k = int(risky[0])
    assert set(np.unique(lost[:, k]).tolist()) <= {
        0,
        max(int(options.award[k]), int(options.money["loss"][k])),
    }


def test_worth_by_criterion_leans_the_heaviest_first(case: Case) -> None:
    assert case.compiled is not None
    assert case.tables is not None
    found = chance.by_criterion(case.scenario.scenario, case.tables, case.compiled.options)
    assert next(iter(found)) == "技术先进性"
    merit = case.compiled.options.merit
    for gain in found.values():
        assert (gain[merit == 0] == 0).all()
        assert 0.8 < gain.sum() / merit.sum() < 1.25


def test_a_study_of_few_draws_says_what_it_rests_on(case: Case) -> None:
    found = robust(
        ROOT / "scenarios" / "rizhao" / "baseline.yaml",
        parts=("panels", "loss"),
        draws=2,
        effort=Effort(gap=0.05, time_limit=20),
    )
    assert found.ended == "whole"
    assert found.panels is not None
    assert found.panels.count + found.panels.failed == 2
    frame = found.frames()["panels"]
    assert ((frame["low"] <= frame["share"]) & (frame["share"] <= frame["high"])).all()
    assert found.risk is not None
    assert found.expected is not None
    assert found.risk >= found.expected > 0
    assert any("15%" in text.en for text in found.sentences())
