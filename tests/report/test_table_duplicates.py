"""重复申报比对表 and 形式审查情况表: what is alike is shown once, for a person's decision."""

from __future__ import annotations

from typing import Any

import pytest

from allocator.finished import Finished
from tests.report.opened import sheets, table
from tests.tiny import candidate, ran

TITLE = "高效海水淡化反渗透膜关键技术研发与应用"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A and B are one project sent twice, B excluded by a decision; C is another."""
    own = [
        candidate("A", 40, 90, title=TITLE),
        candidate("B", 40, 85, title=TITLE + "（二）", applicant="单位A"),
        candidate("C", 40, 80, title="农产品冷链物流"),
    ]
    decided: dict[str, Any] = {"B": {"decision": "exclude", "reason": "与A为同一项目", "basis": "核查意见"}}
    screening = {"duplicates": {"title": "85%"}, "decisions": decided}
    return ran(tmp_path_factory.mktemp("twice"), own, amount=48, screening=screening)


def test_duplicates_shows_each_pair_once_with_how_alike_it_is(year: Finished) -> None:
    (row,) = table(sheets(year.folder / "plan.xlsx")["重复申报比对表"], "序号")
    assert {row["申报项目"][0], row["比对项目"][0]} == {"A", "B"}
    assert row["比对范围"] == "本次申报"
    assert row["名称相似度"] >= 0.85
    assert "B" not in {a.candidate for a in year.awards}


def test_screening_says_who_passed_and_who_is_out(year: Finished) -> None:
    rows = {r["项目"][0]: r for r in table(sheets(year.folder / "plan.xlsx")["形式审查"], "序号")}
    assert set(rows) == {"A", "B", "C"}
    assert rows["B"]["依据"] == "核查意见"
