"""The terminal: on a narrow screen texts fold, and not a character of them is lost."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import pytest
from rich.console import Console

from allocator.problems import Place, Problem
from allocator.report.block import Block
from allocator.report.screen import faults, show
from allocator.words import Text, same

FAULT = Problem(
    Place("--set fund.sources.工业技改资金.amount=1000"),
    Text("金额 1000 没有单位", "amount 1000 has no unit"),
    Text("请按实际写成 1000万元 或 1000元", "write 1000万元 or 1000元, whichever is meant"),
    "unit",
)
ROWS = (
    (
        "KJ2026-256 轻量化底盘产业化项目",
        "股权投资 225 万元",
        "-12,345.67",
        "1,234,567.89",
        "按单位资金评审价值从高到低安排",
    ),
    ("KJ2026-336 蓝莓设施栽培装备更新与数字化升级", "", "0.00", "12.00", "年度资金上限"),
)
BLOCK = Block(
    same("表"),
    tuple(same(t) for t in ("项目", "支持方式", "变动", "评审价值", "原因")),
    ROWS,
    (),
    right=(2, 3),
    wraps=(0, 1, 4),
)


def lost(wanted: str, told: str) -> Counter[str]:
    """Which characters of `wanted` are missing, blanks aside."""
    return Counter("".join(wanted.split())) - Counter("".join(told.split()))


@pytest.mark.parametrize("width", [60, 72, 80, 81, 90, 100, 120, 200])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_character_of_a_fault_is_lost(width: int, lang: str) -> None:
    out = io.StringIO()
    faults(Console(file=out, width=width), [FAULT], lang)
    wanted = f"{FAULT.place}{FAULT.what.to(lang)}{FAULT.mend.to(lang)}"
    assert not lost(wanted, out.getvalue())
    assert all(len(line) <= width for line in out.getvalue().splitlines())


def test_notices_stand_apart_from_faults_and_are_counted() -> None:
    out = io.StringIO()
    notice = replace(FAULT, what=same("只是提示"), level="notice")
    faults(Console(file=out, width=120), [notice, FAULT], "zh")
    lines = out.getvalue().splitlines()
    assert lines[0] == "错误 1 处（须改正）"
    assert lines.index("提示 1 条（不妨碍运行，请核对）") > next(
        i for i, line in enumerate(lines) if "没有单位" in line
    )
    assert any("只是提示" in line for line in lines[lines.index("提示 1 条（不妨碍运行，请核对）") :])


@pytest.mark.parametrize("width", [68, 80, 90, 100, 140])
def test_no_character_of_a_table_is_lost(width: int) -> None:
    out = io.StringIO()
    show(Console(file=out, width=width), [BLOCK], "zh")
    assert not lost("".join(cell for row in ROWS for cell in row), out.getvalue())
    for number in ("-12,345.67", "1,234,567.89"):
        assert number in out.getvalue()
