"""递补情况表: who follows whom, with whose money, and who was passed over."""

from __future__ import annotations

from pathlib import Path

from allocator.contract import Reason
from allocator.substitution import substitute
from allocator.words import same
from tests.report.opened import saved, sheets, table, yuan
from tests.tiny import candidate, ran


def test_substituted_says_who_follows_whom_and_with_whose_money(tmp_path: Path) -> None:
    pool = [candidate("D", 40, 85), candidate("C", 90, 80), candidate("B", 20, 75)]
    made = substitute(ran(tmp_path, pool, amount=24), {"D": Reason(same("公示期内放弃"), "公示结果")})
    assert made.plan is not None
    book = sheets(saved(made.plan, tmp_path))
    assert list(book)[:2] == ["汇总", "递补情况表"]
    first, total = table(book["递补情况表"], "退出项目")
    assert (first["退出理由"], first["结果"]) == ("公示期内放弃（公示结果）", "由 B 递补")
    assert (yuan(total["腾出立项总额"]), yuan(total["递补立项总额"])) == (400_000, 200_000)
    assert (yuan(total["腾出本年安排"]), yuan(total["递补本年安排"])) == (240_000, 120_000)
    (skipped,) = table(book["递补情况表"], "项目")
    assert skipped["项目"] == "C 项目C（单位C）"
