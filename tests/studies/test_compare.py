"""Plans side by side: a fund small enough that every change and its reason is known beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from allocator.problems import InputFaults
from allocator.studies.book import write_book
from allocator.studies.case import open_case
from allocator.studies.changes import Between, bound_shown
from allocator.studies.compare import compare
from allocator.studies.decided import decided
from allocator.studies.sides import side_of
from allocator.studies.study import Effort
from allocator.words import Lang
from tests.studies.small import scenario

EXACT = Effort(gap=0.0)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scenario(tmp_path_factory.mktemp("small"))


def changed(base: Path, name: str, **rules: Any) -> Path:
    """A scenario over the same pool with other rules, as YAML."""
    import json

    path = base.parent / f"{name}.yaml"
    path.write_text(f"extends: {base.name}\ntitle: {name}\nrules: {json.dumps(rules)}\n", encoding="utf-8")
    return path


def floors(**shares: str) -> dict[str, Any]:
    """A rule on domains' shares of the fund."""
    return {"rule": "domain_share", "shares": {d: {"floor": s} for d, s in shares.items()}}


def test_the_best_three_of_six_and_a_floor_that_changes_one(base: Path) -> None:
    """300万元: A, B, C by score. With at least 100万元 for 创新主体, D replaces the lowest of them, C."""
    other = changed(base, "floored", domains=floors(创新主体培育和壮大="33%"))
    found = compare(base, other, effort=EXACT)
    assert sorted(found.sides[0].awards) == ["A", "B", "C"]
    assert sorted(found.sides[1].awards) == ["A", "B", "D"]
    (pair,) = found.pairs
    assert [(d.kind, d.candidate) for d in pair.differences] == [("out", "C"), ("in", "D")]
    assert not pair.within
    assert pair.moved.keys() == {("domains", "创新主体培育和壮大", "floor")}
    assert bound_shown(found.sides[1], ("domains", "创新主体培育和壮大", "floor")) == "33%"
    out, into = pair.differences
    assert (out.moved, into.moved) == (-1_000_000, 1_000_000)
    # C cannot join: it would break the ceiling, which all compete for; so prices speak, and name what moved
    assert "floored" in out.why.zh
    tables = found.frames("zh")
    assert tables["by_domain"]["plan_1"].sum() == tables["by_domain"]["plan_0"].sum()
    assert tables["figures"].set_index("figure").loc["支持项数"].tolist() == [3, 3]


def test_a_plan_that_is_as_good_is_tolerance_and_not_explained(base: Path) -> None:
    """E and F are equals: forced from one to the other nothing is gained, and nothing is explained."""
    e = changed(base, "with-e", pin={"candidates": {"E": {"reason": "试", "basis": "试"}}})
    f = changed(base, "with-f", pin={"candidates": {"F": {"reason": "试", "basis": "试"}}})
    pair = Between(side_of(open_case(e), EXACT), side_of(open_case(f), EXACT))
    assert {d.candidate for d in pair.differences} == {"E", "F"}
    assert not pair.within  # E's plan breaks F's pin: that is a reason
    assert "指定支持" in next(d for d in pair.differences if d.candidate == "F").why.zh
    same = Between(side_of(open_case(base), EXACT), side_of(open_case(base), EXACT))
    assert same.differences == ()


def test_a_vetoed_candidate_is_out_because_of_its_veto(base: Path) -> None:
    veto = changed(base, "vetoed", veto={"candidates": {"A": {"reason": "失信", "basis": "名单"}}})
    (pair,) = compare(base, veto, effort=EXACT).pairs
    why = {d.candidate: d.why for d in pair.differences}
    assert set(why) == {"A", "D"}
    assert "新增不予支持" in why["A"].zh


def test_what_was_decided_is_held_against_the_plan(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "approved.csv"
    path.write_text(
        "项目编号,支持方式,拟安排资金（万元）\nA,无偿资助,100\nD,,90\nZ,无偿资助,50\n,,240\n",
        encoding="utf-8",
    )
    side = decided(open_case(base), path)
    assert sorted(side.awards) == ["A", "D"]
    assert side.outside == (("Z", 500_000),)
    assert side.nearest == ("D",)
    assert side.unnamed == 1  # the row of the sum
    found = compare(base, decided_list=path, effort=EXACT)
    assert len(found.sides) == 2
    assert any("Z" in t.zh for t in found.sentences())


def test_a_decided_list_with_an_unknown_instrument_is_a_fault(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "approved.csv"
    path.write_text("项目编号,支持方式\nA,捐赠\nB,\nB,\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="捐赠") as wrong:
        compare(base, decided_list=path, effort=EXACT)
    assert [p.code for p in wrong.value.problems] == ["compare.instrument", "compare.twice"]


def test_the_list_that_a_run_writes_goes_in_as_it_is(tmp_path: Path) -> None:
    """Amounts in yuan and levels, as the run had them; so does the list in the workbook, in either language."""
    from allocator import rundir
    from allocator.pipeline import Wishes, run

    levels = "instruments.grant.levels=[100%, 85%, 70%]"
    base = scenario(tmp_path)
    plan = run(base, out=tmp_path / "run", sets=[levels], wishes=Wishes(gap=0.0))
    case = open_case(base, [levels])
    back = decided(case, tmp_path / "run" / "awards.csv")
    assert back.chosen is not None
    assert (back.chosen == plan.chosen).all()
    assert (back.outside, back.nearest, back.unnamed) == ((), (), 0)
    for lang in ("zh", "en"):
        rundir.write(plan, tmp_path / lang, lang)
        listed = decided(case, tmp_path / lang / "plan.xlsx")
        own = {c: a.amount for c, a in side_of(case, EXACT).awards.items()}
        assert {c: a.amount for c, a in listed.awards.items()} == own


def test_a_decided_list_without_ids_is_a_fault(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "approved.csv"
    path.write_text("项目,支持方式,拟安排资金（万元）\n甲,无偿资助,100\n乙,无偿资助,90\n", encoding="utf-8")
    with pytest.raises(InputFaults) as wrong:
        decided(open_case(base), path)
    assert [p.code for p in wrong.value.problems] == ["decided.ids"]


def test_in_the_list_that_a_run_writes_a_level_that_is_not_offered_is_the_nearest(
    base: Path, tmp_path: Path
) -> None:
    path = tmp_path / "awards.csv"
    path.write_text(
        "candidate,title,applicant,instrument,level,amount,merit\nA,项目A,单位A,grant,8500,850000,80.75\n"
        "Z,项目Z,单位Z,grant,10000,500000,40\n",
        encoding="utf-8-sig",
    )
    side = decided(open_case(base), path)
    assert (sorted(side.awards), side.nearest, side.outside) == (["A"], ("A",), (("Z", 500_000),))


def test_todays_practice_stands_beside_it(base: Path) -> None:
    found = compare(base, practice=True, effort=EXACT)
    assert len(found.sides) == 3
    assert all(s.bound is None for s in found.sides[1:])


def test_what_has_no_plan_is_left_out_and_said(base: Path) -> None:
    impossible = changed(base, "impossible", domains=floors(创新主体培育和壮大="100%", 重点研发专项="50%"))
    found = compare(base, impossible, effort=EXACT)
    assert [s.name.en for s in found.planned] == ["small"]
    assert any("impossible" in t.en for t in found.sentences())
    assert compare(impossible, effort=EXACT).ended == "infeasible"


def test_a_run_is_read_back_from_its_folder(base: Path, tmp_path: Path) -> None:
    from allocator.pipeline import Wishes, run

    plan = run(base, out=tmp_path / "run", wishes=Wishes(gap=0.0))
    case = open_case(tmp_path / "run")
    assert case.chosen is not None
    assert (case.chosen == plan.chosen).all()
    found = compare(tmp_path / "run", base, effort=EXACT)
    assert found.pairs[0].differences == ()


def test_a_run_that_was_held_to_its_ranks_is_read_back_with_them(base: Path, tmp_path: Path) -> None:
    """The floor is missed by as little as can be, before worth is looked at; the run's program has that row."""
    from allocator.pipeline import Wishes, run

    share = {"floor": "67%", "hard": False, "rank": 1}
    ranked = changed(
        base, "ranked", domains={"rule": "domain_share", "shares": {"创新主体培育和壮大": share}}
    )
    run(ranked, out=tmp_path / "run", wishes=Wishes(gap=0.0))
    case = open_case(tmp_path / "run")
    assert case.chosen is not None
    assert "D" in {case.candidate(w) for w in case.taken(case.chosen)}


def with_departments(folder: Path) -> Path:
    """The small scenario, A and B of the 科技局 and the others of the 工信局."""
    path = scenario(folder)
    pool = folder / "pool.csv"
    head, *rows = pool.read_text(encoding="utf-8").splitlines()
    of = ["推荐单位", *("科技局" if row[0] in "AB" else "工信局" for row in rows)]
    lines = [f"{line},{own}" for line, own in zip([head, *rows], of, strict=True)]
    pool.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_departments_had_before_stands_beside_each_plan(tmp_path: Path) -> None:
    """A, B, C are funded at 100万元 each: 科技局 200 after 150, 工信局 100 after 130, 海洋局 nothing after 20."""
    base = with_departments(tmp_path)
    had = tmp_path / "归并前.csv"
    had.write_text("主管部门,预算数（万元）\n科技局,150\n工信局,130\n海洋局,20\n", encoding="utf-8")
    found = compare(base, before=had, effort=EXACT)
    frame = found.frames("zh")["before_department"].set_index("department")
    assert frame["before"].to_dict() == {"科技局": 1_500_000, "工信局": 1_300_000, "海洋局": 200_000}
    assert frame["plan_0"].to_dict() == {"科技局": 2_000_000, "工信局": 1_000_000, "海洋局": 0}
    assert frame["change"].to_dict() == {"科技局": 500_000, "工信局": -300_000, "海洋局": -200_000}
    # the sheet names no county: everything is of none
    (row,) = found.frames("zh")["before_county"].to_dict("records")
    assert (row["county"], row["before"], row["plan_0"]) == ("未注明", 3_000_000, 3_000_000)


def test_a_department_that_only_the_earlier_budget_names_is_told(tmp_path: Path) -> None:
    had = tmp_path / "归并前.csv"
    had.write_text("主管部门,预算数（万元）\n市科技局,150\n工信局,130\n", encoding="utf-8")
    found = compare(with_departments(tmp_path), before=had, effort=EXACT)
    notes = {t.key: t.notes for t in found.tables()}
    assert [n.zh for n in notes["before_department"] if "市科技局" in n.zh and "工信局" not in n.zh]
    assert len(notes["before_county"]) == 1  # nobody names a county, so no name is written otherwise


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_holds_what_was_before_in_either_language(tmp_path: Path, lang: Lang) -> None:
    had = tmp_path / "归并前.csv"
    had.write_text("主管部门,区县,预算数（万元）\n科技局,莒县,150\n", encoding="utf-8")
    found = compare(with_departments(tmp_path), before=had, effort=EXACT)
    write_book(found, tmp_path / "a.xlsx", lang)
    wanted = [t.title.to(lang).replace(":", " ") for t in found.tables() if t.key.startswith("before_")]
    assert [n for n in load_workbook(tmp_path / "a.xlsx").sheetnames if n in wanted] == wanted


def test_of_other_sheets_beside_that_one_nothing_is_said(base: Path, tmp_path: Path) -> None:
    """The office's own workbook has a dozen others: that they are not read is no word for who gave it for one sheet."""
    book = Workbook()
    for name in ("申报汇总表", "榜单"):
        book.create_sheet(name).append(["甲", "乙"])
    book.save(tmp_path / "own.xlsx")
    with pytest.raises(InputFaults) as faults:
        compare(base, before=tmp_path / "own.xlsx", effort=EXACT)
    (one,) = faults.value.problems
    assert "归并前预算" in one.what.zh


def test_without_such_a_sheet_nothing_is_said_of_before(base: Path) -> None:
    assert not [t.key for t in compare(base, effort=EXACT).tables() if t.key.startswith("before_")]


def test_a_workbook_without_that_sheet_is_a_fault_that_names_it(base: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(InputFaults) as faults:
        compare(base, before=wrong, effort=EXACT)
    assert all(p.place.file == "wrong.csv" for p in faults.value.problems)


@pytest.fixture
def unsolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be solved."""
    monkeypatch.setattr("allocator.studies.compare.side_of", lambda *asked: pytest.fail("it was solved"))


@pytest.mark.usefixtures("unsolved")
def test_a_workbook_without_the_sheet_of_before_is_told_before_anything_is_solved(tmp_path: Path) -> None:
    path = scenario(tmp_path)
    with pytest.raises(InputFaults, match="预算数"):
        compare(path, before=tmp_path / "pool.csv")


@pytest.mark.usefixtures("unsolved")
def test_faults_of_a_decided_list_are_told_before_anything_is_solved(base: Path, tmp_path: Path) -> None:
    path = tmp_path / "approved.csv"
    path.write_text("项目编号,支持方式\nA,捐赠\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="捐赠"):
        compare(base, decided_list=path)


@pytest.mark.usefixtures("unsolved")
def test_faults_of_the_last_scenario_are_told_before_the_first_is_solved(base: Path, tmp_path: Path) -> None:
    wrong = changed(base, "wrong", no_such_rule={})
    with pytest.raises(InputFaults, match="no_such_rule"):
        compare(base, wrong)
