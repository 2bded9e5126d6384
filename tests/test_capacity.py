"""The largest commitment that stressed years can pay, in yuan worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from allocator.capacity import Capacity, capacity
from allocator.cli import main
from allocator.compile import compile_scenario
from allocator.pipeline import read_tables
from allocator.scenario import load
from tests.tiny import candidate, line, write

FUND = {
    "year": 2026,
    "horizon": 3,
    "minimum": "0元",
    "sources": {"市级": {"amount": "60万元"}, "省级": {"amount": "40万元", "level": "省级以上"}},
    "later_ceilings": {2027: "100万元"},
}
STRESSES = {
    "cut": {"title": "减一成", "cut": "10%"},
    "late": {"title": "晚到", "late": ["省级以上"]},
}
POOL = [candidate("A", 50, 90), candidate("B", 40, 85), candidate("C", 20, 80), candidate("D", 10, 75)]
"""At full level 120 in all, of it 72 this year and 48 the next; at half 25, 20, 10 and 5."""


def call(*words: object) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], env={"LANG": "zh_CN.UTF-8", "COLUMNS": "160"})


def asked(folder: Path, **more: Any) -> list[Capacity]:
    lines = more.pop("lines", [line("W", "稳定支持", 30)])
    path = write(folder, POOL, lines, fund=FUND, stresses=STRESSES, **more)
    loaded = load(path)
    tables, _ = read_tables(loaded)
    compiled = compile_scenario(loaded, tables)
    policy = loaded.policy
    return capacity(compiled, policy.stresses(loaded.scenario, compiled.facts, compiled.options))


def test_the_most_is_what_the_tightest_year_pays(tmp_path: Path) -> None:
    """W takes 30. Without stress 70 are left: all but half of D, 115, pays 69. With a tenth gone 60: at 60 % a
    commitment of 100, A, B and D at full, pays just 60. Where the province's 40 are late 30 are left: 50."""
    free, cut, late, both = asked(tmp_path)
    assert [c.commitment for c in (free, cut, late, both)] == [1_150_000, 1_000_000, 500_000, 500_000]
    assert all(c.exact and c.bound == c.commitment and c.floors for c in (free, cut, late, both))


def test_the_binding_year_and_stress_are_named(tmp_path: Path) -> None:
    *_, both = asked(tmp_path)
    assert both.tightest is not None
    assert (both.tightest.stress, both.tightest.year, both.tightest.left) == ("late", "2026", 0)
    held = {(y.stress, y.year): (y.ceiling, y.paid) for y in both.years}
    assert held["cut", "2026"] == (900_000, 600_000)
    assert held["late", "2026"] == (600_000, 600_000)
    assert held["cut", "2027"] == (900_000, 200_000)
    assert held["late", "2027"] == (1_000_000, 200_000)


def test_a_later_year_can_be_the_one_that_binds(tmp_path: Path) -> None:
    """Of 2027's 100 only 20 % may be committed: 20, less a tenth 18. 40 % of 45 is 18: A's half and B's half."""
    rules = {"ceiling": {"rule": "cash_ceiling", "later": "20%"}}
    _, cut, *_ = asked(tmp_path, rules=rules)
    assert cut.commitment == 450_000
    assert cut.tightest is not None
    assert (cut.tightest.stress, cut.tightest.year, cut.tightest.paid) == ("cut", "2027", 180_000)


def test_lines_of_money_from_above_wait_for_it(tmp_path: Path) -> None:
    """W is earmarked, paid by the province: when its money is late, W waits, and the city's 60 pay 100."""
    *_, late, _ = asked(tmp_path, lines=[line("W", "上级指定用途", 30)])
    assert late.commitment == 1_000_000
    assert {y.year: y.paid for y in late.years}["2026"] == 600_000


def test_floors_that_stress_breaks_are_left_out_and_it_is_said(tmp_path: Path) -> None:
    """A floor of 60 % of the fund of 100 for 甲 needs 60 of cash; where money is late 30 are left."""
    floor = {"floor": {"rule": "domain_share", "of": "fund", "shares": {"甲": {"floor": "60%"}}}}
    free, cut, late, _ = asked(tmp_path, rules=floor)
    assert [c.floors for c in (free, cut, late)] == [True, True, False]
    assert late.commitment == 500_000


def test_the_command_tells_it_and_knows_its_stresses(tmp_path: Path) -> None:
    path = write(tmp_path, POOL, [line("W", "稳定支持", 30)], fund=FUND, stresses=STRESSES)
    result = call("capacity", path)
    assert result.exit_code == 0, result.output
    assert "全部压力同时" in result.output
    assert "2026 年（晚到）" in result.output
    data = json.loads(call("capacity", path, "--json", "--stress", "cut").output)
    assert [d["commitment"] for d in data] == [1_150_000, 1_000_000]
    assert data[1]["binding"] == {"stress": "cut", "year": 2026}
    unknown = call("capacity", path, "--stress", "flood")
    assert unknown.exit_code == 2
    assert "没有名为 flood 的压力" in unknown.output
