"""Why a candidate is in or out: every figure held to all plans of a small fund."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from allocator.problems import InputFaults
from allocator.studies.case import open_case
from allocator.studies.explain import explain
from allocator.studies.margins import margins
from allocator.studies.study import Effort
from tests.allocator.programs import sound_plans
from tests.models.funds import SmallFund
from tests.studies.small import SCORES, scenario

EXACT = Effort(gap=0.0)


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six of 100万元 over 300万元, by score: A 95, B 90, C 85 are in; D 80, E and F 75 are not."""
    return scenario(tmp_path_factory.mktemp("why"))


def test_a_funded_one_displaced_the_next_and_falls_out_at_its_score(fund: Path) -> None:
    found = explain(fund, "C", effort=EXACT)
    assert found.funded
    assert found.worth is not None
    assert (found.worth.low, found.worth.high) == (-5_000_000, -5_000_000)
    assert found.others == (("D",), ())
    assert (found.score, found.threshold, found.threshold_low, found.checked) == (8500, 8000, 8000, True)
    said = " ".join(t.zh for t in found.sentences())
    assert "减少 5.00" in said
    assert "低于 80.00 分时不再入选" in said


def test_an_unfunded_one_has_its_price_who_would_leave_and_the_score_that_wins(fund: Path) -> None:
    found = explain(fund, "E", effort=EXACT)
    assert not found.funded
    assert found.worth is not None
    assert (found.worth.low, found.worth.high) == (-10_000_000, -10_000_000)
    assert found.others == ((), ("C",))
    assert (found.threshold, found.checked) == (8500, True)
    assert [(x.clause[0], x.lets_in) for x in found.lifted] == [("ceiling", True)]
    # a smaller request fits only where 100万元 and less are left: the three in take all of the 300
    assert found.cut == 0
    said = " ".join(t.zh for t in found.sentences())
    assert "达到 85.00 分即入选" in said
    assert "单独放开“年度资金上限·2026·上限”，它即入选" in said


def test_at_the_score_that_wins_it_wins_and_a_hundredth_below_it_does_not(tmp_path: Path) -> None:
    for score, wins in (("85.01", True), ("84.99", False)):
        folder = tmp_path / score
        folder.mkdir()
        path = scenario(folder, {**SCORES, "E": score})  # type: ignore[dict-item]
        assert explain(path, "E", effort=EXACT).funded == wins


def test_a_cut_of_its_request_lets_it_in_where_room_is_left(tmp_path: Path) -> None:
    """380万元: A, B, C and 80 left; D at 80 or less fits."""
    path = scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("300万元", "380万元"), encoding="utf-8")
    assert explain(path, "D", effort=EXACT).cut == 20


def test_the_least_cut_is_known_to_the_percent(tmp_path: Path) -> None:
    """383万元: 83 are left, D fits at a cut of 17 %, not at 16 %."""
    path = scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("300万元", "383万元"), encoding="utf-8")
    found = explain(path, "D", effort=EXACT)
    assert found.cut == 17
    assert any("下调 17% 即可入选，下调 16% 仍不能" in t.zh for t in found.sentences())


def test_where_worth_goes_by_the_score_in_part_the_threshold_counts_that_part(tmp_path: Path) -> None:
    """Merit counts twice and private money once: every candidate draws in the same, so scores turn where they did."""
    path = scenario(tmp_path)
    two = "objective={merit: {weight: 2}, leverage: {weight: 1}}"
    for candidate, at in (("C", 8000), ("E", 8500)):
        found = explain(path, candidate, sets=[two], effort=EXACT)
        assert (found.threshold, found.threshold_low, found.checked) == (at, at, True)


def test_where_worth_does_not_go_by_the_score_the_price_is_the_threshold(tmp_path: Path) -> None:
    """Private money alone: A, with the least of its own, is not funded; B, with 50万元 more than the others, is."""
    path = scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("merit", "leverage"), encoding="utf-8")
    pool = (tmp_path / "pool.csv").read_text("utf-8").splitlines()
    pool[1] = pool[1].replace(",100,100,200,", ",100,40,140,")
    pool[2] = pool[2].replace(",100,100,200,", ",100,150,250,")
    (tmp_path / "pool.csv").write_text("\n".join(pool) + "\n", encoding="utf-8")
    for candidate, funded in (("A", False), ("B", True)):
        found = explain(path, candidate, effort=EXACT)
        assert found.funded == funded
        assert (found.score, found.threshold) == (None, None)
        told = " ".join(t.zh for t in found.sentences())
        assert "不按得分计算" in told
        assert ("60.00" if candidate == "A" else "50.00") in told


@pytest.mark.parametrize("seed", range(6))
def test_the_score_that_turns_a_decision_against_every_plan(tmp_path: Path, seed: int) -> None:
    """Six of random scores and 100万元 over 300: the threshold is the third best score of the others."""
    marks = [int(n) for n in np.random.default_rng(seed).choice(np.arange(61, 99), 6, replace=False)]
    path = scenario(tmp_path, dict(zip("ABCDEF", marks, strict=True)))
    for candidate, own in zip("ABCDEF", marks, strict=True):
        third = sorted(m for m in marks if m != own)[-3]
        found = explain(path, candidate, effort=EXACT)
        assert (found.threshold, found.checked) == (100 * third, True)
        assert found.funded == (own > third)


def test_the_price_of_forcing_in_what_is_funded_is_nothing(fund: Path) -> None:
    for candidate in "ABC":
        found = explain(fund, candidate, effort=EXACT)
        own = [f for f in found.forced if f.chosen is found.plan]
        assert len(own) == 1
        assert own[0].value == found.case.program.value(found.plan)


def test_one_that_may_not_be_chosen_says_why(tmp_path: Path) -> None:
    path = scenario(tmp_path, {**SCORES, "F": 50})
    found = explain(path, "F", effort=EXACT)
    assert found.barred is not None
    assert "合格线" in found.sentences()[0].zh


def test_an_unknown_id_is_a_fault(fund: Path) -> None:
    with pytest.raises(InputFaults, match="NOBODY"):
        explain(fund, "NOBODY", effort=EXACT)


def test_vetoed_it_cannot_be_and_says_so(fund: Path) -> None:
    veto = "rules.veto={candidates: {A: {reason: 试, basis: 试}}}"
    found = explain(fund, "A", sets=[veto], effort=EXACT)
    assert found.worth is not None
    assert found.worth.gone
    assert "不能列入" in found.sentences()[0].zh
    assert ("veto", True) in [(x.clause[0], x.lets_in) for x in found.lifted]


@pytest.mark.parametrize("seed", range(30))
def test_forced_prices_against_every_plan(seed: int) -> None:
    fund = SmallFund(seed)
    top = fund.best()
    if top is None or fund.unit != 10:
        return
    program, case = fund.program, open_case(fund.program)
    sound = sound_plans(program) if len(program.gain) <= 12 else []
    for who in itertools.islice(case.columns_of, 3 if sound else 0):
        columns = case.columns_of[who]
        found = explain(program, case.candidate(who), effort=EXACT)
        with_it = [program.value(p) for p in sound if p[columns].any()]
        without = [program.value(p) for p in sound if not p[columns].any()]
        wanted = without if found.funded else with_it
        assert found.worth is not None
        assert found.worth.gone == (not wanted)
        if wanted:
            assert (found.worth.low, found.worth.high) == (max(wanted) - top, max(wanted) - top)


def test_margins_are_estimates_that_sort_the_line(fund: Path) -> None:
    found = margins(fund, effort=EXACT)
    frames = found.frames("zh")
    assert frames["funded"]["candidate"].tolist()[0] == "C 项目C"
    assert frames["unfunded"]["candidate"].tolist()[0] == "D 项目D"
    assert "估算" in found.sentences()[0].zh
    assert all(Fraction(v) >= 0 for w, v in found.margin.items() if found.case.candidate(w) in "ABC")


def test_whose_amount_changes_is_told_and_the_money_adds_up(tmp_path: Path) -> None:
    """Half of D's 100万元 costs half of the 5 points by which C is better: C keeps the other half."""
    path = scenario(tmp_path)
    path.write_text(path.read_text("utf-8").replace("levels: [100%]", "levels: [100%, 50%]"), "utf-8")
    found = explain(path, "D", effort=EXACT)
    assert found.others == ((), ())
    assert found.changed == ("C",)
    assert any("支持方式或金额随之调整的项目：C 项目C" in t.zh for t in found.sentences())
    frame = found.frames("zh")["changes"]
    assert frame[["kind", "moved"]].values.tolist() == [["新增", 500_000], ["改金额", -500_000]]
    assert frame["before"].fillna("").tolist() == ["", "无偿资助 100 万元"]
    assert frame["after"].tolist() == ["无偿资助 50 万元", "无偿资助 50 万元"]
