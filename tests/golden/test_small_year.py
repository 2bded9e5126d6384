"""The small year worked by hand in `docs/small-year.md`, run as offices run theirs and held to it to the yuan."""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from allocator.audit import verify
from allocator.contract import Reason
from allocator.finished import Finished, reopen
from allocator.options import Award
from allocator.pipeline import Wishes, run
from allocator.substitution import substitute
from allocator.words import same
from models.payers import split
from tests.golden.page import SECTIONS, fund, lines, pool, table, yuan
from tests.report.opened import sheets
from tests.report.opened import table as sheet_table
from tests.report.opened import yuan as cell
from tests.tiny import write

YEARS = ("2026", "2027", "2028")


def batch(folder: Path, name: str, later: str, **more: Any) -> Finished:
    scenario = write(
        folder / "in", pool(), lines(), fund=fund(), batch={"now": name, "later": later}, **SECTIONS, **more
    )
    run(scenario, out=folder / "run", wishes=Wishes(gap=0))
    return reopen(folder / "run")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return batch(tmp_path_factory.mktemp("first"), "第一批", "40万元")


@pytest.fixture(scope="module")
def second(first: Finished, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The second batch: what the first decided comes from that run's own awards.csv."""
    folder = tmp_path_factory.mktemp("second")
    (folder / "in").mkdir()
    shutil.copy(first.folder / "awards.csv", folder / "in" / "earlier.csv")
    data = {k: {"file": f"{k}.csv"} for k in ("candidates", "lines", "earlier")}
    return batch(folder, "第二批", "0元", data=data)


def figures(run: Finished, award: Award) -> tuple[str, int, tuple[int, ...]]:
    title = run.compiled.facts.title(award.instrument).zh
    return title, award.amount, award.outlay[:3]


def rows(name: str) -> dict[str, tuple[str, int, tuple[int, ...]]]:
    return {
        r["编号"]: (r["支持方式"], yuan(r["立项总额"]), tuple(yuan(r[y]) for y in YEARS)) for r in table(name)
    }


@pytest.mark.parametrize(("which", "name"), [("first", "第一批"), ("second", "第二批")])
def test_each_batch_supports_whom_the_page_supports_to_the_yuan(
    which: str, name: str, request: pytest.FixtureRequest
) -> None:
    own: Finished = request.getfixturevalue(which)
    assert own.said["status"] == "optimal"
    assert {a.candidate: figures(own, a) for a in own.awards if not a.fixed} == rows(name)
    assert verify(own.folder).findings == ()


def test_every_option_is_priced_as_the_page_works_it_out(first: Finished, second: Finished) -> None:
    """Each row of 逐项测算 is an option of its batch, and no batch has another one."""
    said = {
        (r["编号"], int(r["档次"]) * 100): (
            (r["支持方式"], yuan(r["立项总额"]), tuple(yuan(r[y]) for y in YEARS)),
            Decimal(r["价值"]),
        )
        for r in table("逐项测算")
    }
    found = {}
    for own in (first, second):
        options = own.compiled.options
        for k in range(len(options)):
            award = options.award_of(k)
            if not award.fixed:
                worth = Decimal(award.merit) / 1_000_000
                found[award.candidate, award.level] = (figures(own, award), worth)
    assert found == said


@pytest.mark.parametrize(("which", "name"), [("first", "第一批"), ("second", "第二批")])
def test_the_totals_are_those_of_the_page(which: str, name: str, request: pytest.FixtureRequest) -> None:
    own: Finished = request.getfixturevalue(which)
    said = {r["项目"]: r["金额"] for r in table(f"{name}合计")}
    totals = own.said["totals"]
    used = split(own.compiled.facts, own.awards).used
    paid: Counter[str] = Counter()
    for a in own.awards:
        paid[a.labels.get("domain", "")] += a.outlay[0]
    found = {
        "年度规模": totals["ceiling"],
        "先行安排": totals["ceiling"] - totals["competitive"],
        "立项总额": totals["award"],
        "本年安排": totals["first_year"],
        "未用": totals["unused"],
        "2027 年支付": totals["outlay"]["2027"],
        "2028 年支付": totals["outlay"]["2028"],
        "预计损失": totals["loss"],
        "预计回收": sum(totals["recovery"].values()),
        "甲领域本年": paid["甲"],
        "乙领域本年": paid["乙"],
        **used,
    }
    assert {k: found[k] for k in said if k in found} == {k: yuan(v) for k, v in said.items() if k in found}
    assert set(said) - set(found) == {"项数", "价值"}
    assert totals["count"] == int(said["项数"])
    assert Decimal(str(own.said["objective"])) == Decimal(said["价值"])


@pytest.mark.parametrize(("which", "name"), [("first", "第一批"), ("second", "第二批")])
def test_the_sources_pay_whom_the_page_says(which: str, name: str, request: pytest.FixtureRequest) -> None:
    own: Finished = request.getfixturevalue(which)
    parts = split(own.compiled.facts, own.awards).parts
    for row in table(name):
        assert parts[row["编号"]] == {row["来源"]: yuan(row["2026"])}


def test_the_workbook_says_the_same(second: Finished) -> None:
    """预算安排建议表 and 直通车拨付表 hold both batches and the fixed lines: 180 less the 10.7 that are left."""
    book = sheets(second.folder / "plan.xlsx")
    paid = yuan("180") - yuan("10.7")
    for name, head, column in (
        ("预算安排建议表", "序号", "本年安排"),
        ("资金安排表", "项目名称", "安排金额(万元)"),
        ("直通车拨付表", "收款单位", "2026 年"),
    ):
        (total,) = (r for r in sheet_table(book[name], head) if "合计" in r.values())
        assert cell(total[column]) == paid


def test_nobody_follows_b_as_the_page_says(first: Finished) -> None:
    made = substitute(first, {"B": Reason(same("放弃"), "公示结果")})
    (vacancy,) = made.record.vacancies
    assert (vacancy.leaving.amount, vacancy.leaving.outlay[0]) == (yuan("30"), yuan("18"))
    assert vacancy.follower is None
    assert vacancy.passed == ()
    assert made.plan is not None
    assert made.plan.totals["unused"] == yuan("40.3") + yuan("18")
