"""Sweeps and exact walks: on funds whose every plan can be looked at."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from allocator.fan.fan import Fan
from allocator.fan.place import Here
from allocator.pipeline import Wishes, run
from allocator.problems import InputFaults
from allocator.report.charts import option
from allocator.studies.axes import parse_axis
from allocator.studies.study import Effort
from allocator.studies.sweep import sweep
from allocator.studies.walk import walk
from tests.studies.small import SCORES, scenario

EXACT = Effort(gap=0.0)
FLOOR = "rules.domains.shares.创新主体培育和壮大.floor"
RULE = """\
  domains:
    rule: domain_share
    shares: {创新主体培育和壮大: {floor: 0%}}
"""
MIXED = tuple("创新主体培育和壮大" if c in "CDF" else "重点研发专项" for c in SCORES)


@pytest.fixture(scope="module")
def fund(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six of 100万元 over 300万元, C, D and F of the domain whose floor moves."""
    path = scenario(tmp_path_factory.mktemp("sweep"), domains=MIXED)
    path.write_text(path.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    return path


def best_with(least: int) -> int:
    """The best sum of scores of three with at least `least` of the domain, from all triples."""
    ways = itertools.combinations(zip(SCORES, MIXED, strict=True), 3)
    return max(
        sum(SCORES[c] for c, _ in way)
        for way in ways
        if sum(d == "创新主体培育和壮大" for _, d in way) >= least
    )


def test_a_range_is_read_in_its_own_unit() -> None:
    axis = parse_axis("rules.a.floor=0%..2%/0.5%")
    assert axis.values == ("0%", "0.5%", "1%", "1.5%", "2%")
    assert (axis.kind, axis.number("1.5%")) == ("share", 150)
    money = parse_axis("fund.x=1,000万元..1,200万元/100万元")
    assert money.values == ("1000万元", "1100万元", "1200万元")
    assert parse_axis("a=1,000万元,2,000万元").values == ("1,000万元", "2,000万元")
    assert parse_axis('rules."a=b".x=1,2,3').path == 'rules."a=b".x'
    assert parse_axis("procedure=joint,sequential").kind == "text"


@pytest.mark.parametrize("said", ["a", "a=", "=1", "a=1%..2元/1", "a=3..1/1", "a=1..2/0"])
def test_what_is_no_axis_is_a_fault(said: str) -> None:
    with pytest.raises(InputFaults):
        parse_axis(said)


def test_a_grid_against_every_triple(fund: Path) -> None:
    found = sweep(fund, [f"{FLOOR}=0%..100%/20%"], effort=EXACT)
    # 1/3 and 2/3 of 300万元 are one and two awards
    wanted = [best_with(n) for n in (0, 1, 2, 2, 3, 3)]
    assert [
        p.case.program.value(p.chosen) / 1_000_000 for p in found.points if p.chosen is not None
    ] == wanted
    frames = found.frames("en")
    assert frames["points"]["axis_0"].tolist() == [0, 2000, 4000, 6000, 8000, 10000]
    moves = frames["moves"]
    assert moves["axis_0"].tolist() == [4000, 8000]
    assert moves["enter"].tolist() == [1, 1]
    spans = frames["spans"].set_index("candidate")["values"]
    assert spans["B 项目B"] == "0%–20%"


def test_a_finished_run_is_swept_and_walked_from_its_own_records(fund: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(fund, out=folder, wishes=Wishes(gap=0.0))
    axis = f"{FLOOR}=0%..100%/20%"
    of_run, of_file = (sweep(s, [axis], effort=EXACT).frames()["points"] for s in (folder, fund))
    assert of_run.equals(of_file)
    of_run, of_file = (walk(s, axis, effort=EXACT).frames()["stretches"] for s in (folder, fund))
    assert of_run.equals(of_file)
    with pytest.raises(InputFaults) as wrong:
        sweep(tmp_path, [axis])
    assert [p.code for p in wrong.value.problems] == ["study.no_run"]


def test_a_relaxed_floor_never_lowers_the_optimum(fund: Path) -> None:
    found = sweep(fund, [f"{FLOOR}=0%..100%/10%"], effort=EXACT)
    values = [p.case.program.value(p.chosen) for p in found.points if p.chosen is not None]
    assert values == sorted(values, reverse=True)


def test_two_axes_make_a_table(fund: Path) -> None:
    found = sweep(fund, [f"{FLOOR}=0%,70%", "fund.sources.all.amount=200万元,300万元"], effort=EXACT)
    shown = found.blocks()[1].columns
    assert [c.zh for c in shown[2:]] == ["目标值", "支持项数", "状态"]  # more would break figures in two
    pivot = found.frames()["pivot"]
    assert len(found.points) == 4
    assert pivot["at_300万元"].tolist()[0] == 270_000_000
    assert found.points[1].case.program is not found.points[0].case.program


def test_where_there_is_no_plan_its_reason_is_given(fund: Path) -> None:
    applicants = "rules.applicant={rule: applicant_cap, amount: 50万元}"
    found = sweep(fund, [f"{FLOOR}=90%,100%"], sets=[applicants], effort=EXACT)
    assert [p.why for p in found.points] == ["infeasible", "infeasible"]
    assert found.ended == "infeasible"
    assert "90% 至 100%" in found.sentences()[1].zh
    assert "下限降低" in found.sentences()[1].zh or "上限提高" in found.sentences()[1].zh


def test_past_a_fixed_cap_it_says_to_move_the_cap_too(fund: Path) -> None:
    with pytest.raises(InputFaults) as wrong:
        sweep(fund, [f"{FLOOR}=0%..40%/10%"], sets=[FLOOR.replace("floor", "cap") + "=20%"], effort=EXACT)
    (problem,) = wrong.value.problems
    assert "上限" in problem.mend.zh
    assert "30%" in problem.mend.zh


def test_the_walk_finds_every_breakpoint_and_proves_it(fund: Path) -> None:
    """The floor binds at each whole award: 1/3, 2/3 and all of 300万元."""
    found = walk(fund, f"{FLOOR}=0%..100%/1%", effort=EXACT)
    third = Fraction(10_000, 3)
    assert [(s.start, s.end) for s in found.stretches] == [
        (0, third),
        (third, 2 * third),
        (2 * third, 10_000),
    ]
    values = [found.case.program.value(s.chosen) / 1_000_000 for s in found.stretches]
    assert values == [best_with(1), best_with(2), best_with(3)]
    assert (found.proven, found.merged, found.infeasible_from) == (3, 0, None)
    assert found.frames()["stretches"]["to"].tolist() == [333_333, 666_667, 1_000_000]


def test_the_walk_stops_at_what_cannot_be_met_and_at_its_budget(fund: Path) -> None:
    short = walk(fund, f"{FLOOR}=0%..100%/1%", budget=2, effort=EXACT)
    assert (len(short.stretches), short.ended) == (2, "stopped")
    assert short.reached == Fraction(20_000, 3)
    assert "尚未推进" in short.sentences()[1].zh
    veto = "rules.veto={candidates: {F: {reason: 试, basis: 试}}}"
    less = walk(fund, f"{FLOOR}=0%..100%/1%", sets=[veto], effort=EXACT)
    assert less.infeasible_from == Fraction(20_000, 3)
    assert "没有可行方案" in less.sentences()[1].zh


def test_near_breakpoints_are_merged_and_counted(fund: Path) -> None:
    found = walk(fund, f"{FLOOR}=0%..100%/1%", within=4000, effort=EXACT)
    assert found.merged == 1
    assert [s.end for s in found.stretches] == [Fraction(10_000, 3), 10_000]


def test_a_cap_is_walked_downwards(fund: Path) -> None:
    cap = FLOOR.replace("floor", "cap")
    found = walk(fund, f"{cap}=0%..100%/1%", effort=EXACT)
    third = Fraction(10_000, 3)
    assert [(s.start, s.end) for s in found.stretches] == [(10_000, third), (third, 0)]


def test_a_priced_floor_cannot_be_walked(fund: Path) -> None:
    soft = FLOOR.replace(".floor", "") + "={hard: false, price: 1, floor: 0%}"
    with pytest.raises(InputFaults, match="grid"):
        walk(fund, f"{FLOOR}=0%..100%/1%", sets=[soft], effort=EXACT)


def test_a_stretch_that_was_broken_off_is_left_and_no_plan_of_it_is_shown(fund: Path) -> None:
    stop = threading.Event()

    class Late(Here):
        """Asked a third time, it is told to end, and comes back with what it has."""

        asked = 0

        def submit(self, call, *args, **kwargs):  # type: ignore[no-untyped-def]
            self.asked += 1
            done = super().submit(call, *args, **kwargs)
            if self.asked < 3:
                return done
            stop.set()
            cut: Future[object] = Future()
            cut.set_result(replace(done.result(), reason="interrupted"))
            return cut

    effort = Effort(gap=0.0, stop=stop, fan=Fan(Late()))
    found = walk(fund, f"{FLOOR}=0%..100%/1%", effort=effort)
    assert (len(found.stretches), found.proven, found.ended) == (2, 2, "stopped")
    assert found.reached == Fraction(20_000, 3)
    assert "66.6667% to 100.0000% is left" in found.said()[1].en
    frame = found.frames()["stretches"]
    assert frame["proven"].tolist() == ["proven", "proven", "left"]
    assert frame["from"].tolist()[2] == 666_667
    assert frame["value"].isna().tolist() == [False, False, True]


def test_its_chart_draws_steps(fund: Path) -> None:
    found = walk(fund, f"{FLOOR}=0%..100%/1%", within=4000, effort=EXACT)
    ((table, graph),) = found.charts()
    (series,) = option(table, graph)["series"]
    first, last = best_with(1), best_with(3)
    # level up to a third; what is between there and where the next solve began is not known, and not drawn
    assert series["data"] == [[0, first], [33.3333, first], [73.3333, None], [73.3333, last], [100, last]]


def test_a_rules_number_goes_by_the_rules_name_and_the_curve_says_what_it_measures(fund: Path) -> None:
    found = sweep(fund, [f"{FLOOR}=0%..30%/30%"], effort=EXACT)
    drawn = {graph.y[0]: option(table, graph, "zh") for table, graph in found.charts()}
    title = "重点领域占比·创新主体培育和壮大·下限"
    assert drawn["value"]["xAxis"]["name"] == title
    assert drawn["value"]["yAxis"]["name"] == "目标值：评审价值（万元）"
    assert drawn["award"]["yAxis"]["name"] == "立项总额（万元）"
    assert drawn["value"]["title"]["text"] == f"目标值（{title}）"
    assert f"{title}（{FLOOR}）" in found.sentences()[0].zh
    assert found.blocks()[1].columns[0].zh == title


def test_a_number_of_no_rule_goes_by_its_path(fund: Path) -> None:
    found = sweep(fund, ["solve.gap=0%,1%"])
    assert found.blocks()[1].columns[0].en == "solve.gap"
    assert "solve.gap (" not in found.sentences()[0].en


def test_a_fault_of_an_axis_is_told_by_the_option_that_it_was_typed_in(fund: Path) -> None:
    with pytest.raises(InputFaults) as faults:
        sweep(fund, ["rules.dommains.floor=1%,2%"], sets=["title=甲"])
    assert [p.place.file for p in faults.value.problems] == ["--over rules.dommains.floor=1%"]
