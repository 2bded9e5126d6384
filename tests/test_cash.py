"""A year month by month: who is paid when, and who waits, in yuan worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from allocator.calendar import Calendar, Due, settle, whole
from allocator.cli import main
from allocator.words import same
from models.calendar import Payments
from tests.report.opened import sheets, table, yuan
from tests.tiny import candidate, line, ran


def due(name: str, month: int, amount: int, order: int, account: str = "市") -> Due:
    return Due(account, month, name, same(name), amount, order)


def flow(**months: int) -> tuple[int, ...]:
    return tuple(months.get(f"m{m}", 0) for m in range(1, 13))


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], env={"LANG": "zh_CN.UTF-8", "COLUMNS": "160"})


def test_the_lower_rank_waits_until_money_comes() -> None:
    """10 in January, 6 in May. A and B are due 6 each in March: A is paid, B waits until May."""
    year = Calendar(2026, {"市": flow(m1=10, m5=6)}, (due("B", 3, 6, 2), due("A", 3, 6, 1)))
    settled = settle(year)
    assert [(w.due.name, w.paid) for w in settled.waits] == [("B", 5)]
    assert settled.short == (3, 4)
    march, may = settled.months[2], settled.months[4]
    assert (march.due, march.paid, march.waiting, march.balance) == (12, 6, 6, 4)
    assert (may.arrived, may.paid, may.waiting, may.balance) == (6, 6, 0, 4)


def test_nobody_overtakes_whoever_waits() -> None:
    """B's 9 cannot be paid of 4; C's 2 could be, and waits its turn. Neither is paid this year."""
    dues = (due("A", 2, 6, 1), due("B", 2, 9, 2), due("C", 2, 2, 3))
    settled = settle(Calendar(2026, {"市": flow(m1=10)}, dues))
    assert [(w.due.name, w.paid) for w in settled.waits] == [("B", None), ("C", None)]
    assert settled.months[-1].balance == 4


def test_accounts_lend_each_other_nothing() -> None:
    dues = (due("A", 1, 5, 1, "省"), due("B", 1, 5, 2))
    settled = settle(Calendar(2026, {"市": flow(m1=10), "省": flow(m6=5)}, dues))
    assert [(w.due.name, w.paid) for w in settled.waits] == [("A", 6)]


def test_every_yuan_is_accounted_for_in_every_month() -> None:
    dues = tuple(due(str(i), 1 + i % 12, 7 * i + 1, i) for i in range(40))
    year = Calendar(2026, {"市": flow(m1=900, m4=1500, m9=3000)}, dues)
    settled = settle(year)
    arrived, owed = whole(year)
    assert sum(m.arrived for m in settled.months) == arrived
    assert sum(m.due for m in settled.months) == owed
    assert settled.months[-1].balance == arrived - sum(m.paid for m in settled.months)
    assert settled.months[-1].waiting == owed - sum(m.paid for m in settled.months)


def test_shares_of_months_add_up_to_the_whole() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Payments.model_validate({"other": {7: "60%", 11: "30%"}})


FUND = {
    "year": 2026,
    "minimum": "0元",
    "sources": {"市级": {"amount": "60万元", "arrives": {1: "50%", 10: "50%"}}},
}
PAYMENTS = {"instruments": {"grant": {3: "50%", 8: "50%"}}, "lines": {"稳定支持": {2: "100%"}}}


def test_a_run_waits_by_rank_and_the_table_says_the_same(tmp_path: Path) -> None:
    """30 in January, 30 in October. W takes 12 in February; A (90) and B (80) are due 12 in March, 12 in August each.

    The 18 that are left pay A's first 12 in March; B's 12 wait, so does all of August's, until October: 30 + 6 = 36.
    """
    pool = [candidate("A", 40, 90), candidate("B", 40, 80)]
    run = ran(tmp_path, pool, [line("W", "稳定支持", 12)], fund=FUND, payments=PAYMENTS)
    result = call("cash", run.folder, "--json", "--xlsx", tmp_path / "cash.xlsx")
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert said["short"] == [3, 4, 5, 6, 7, 8, 9]
    assert [(w["name"], w["amount"], w["due"], w["paid"]) for w in said["waits"]] == [
        ("A", 120_000, 8, 10),
        ("B", 120_000, 3, 10),
        ("B", 120_000, 8, 10),
    ]
    book = sheets(tmp_path / "cash.xlsx")
    months = table(book["分月资金"], "月份")
    assert [yuan(r["支付"]) for r in months] == [0, 120_000, 120_000, *[0] * 6, 360_000, 0, 0, 600_000]
    assert len(book) == 3
    shown = call("cash", run.folder)
    assert "单位：万元" in shown.output
    assert "3、4、5、6、7、8、9 月月末有应付未付" in shown.output
    assert "end of months 3, 4, 5, 6, 7, 8, 9." in call("cash", run.folder, "--lang", "en").output
    again = call("cash", tmp_path / "in" / "year.yaml", "--json")
    assert json.loads(again.output) == said


def test_a_year_with_enough_says_so(tmp_path: Path) -> None:
    run = ran(tmp_path, [candidate("A", 40, 90)], amount=100)
    assert "无须等待" in call("cash", run.folder).output
    assert call("cash", run.folder, "--xlsx", tmp_path / "cash.txt").exit_code == 2
