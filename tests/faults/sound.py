"""A small sound office: its workbook as an office types it, its scenario, and what reading them gives.

Every damaged case is this office with one thing wrong, so that what comes of it can be held to what came before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

SCENARIO = """\
policy: science-fund
title: 小型示例
data:
  workbook: pool.xlsx
fund:
  year: 2026
  horizon: 6
  minimum: 100万元
  sources:
    科技创新类资金: {amount: 600万元, document: 示例一号}
    省级以上科技资金: {amount: 400万元, level: 省级以上}
  later_ceilings: {2027: 800万元}
domains:
  重大科技创新专项: {en: Major projects}
  重点研发专项: {en: Key R&D}
reviews:
  criteria:
    合理性: {weight: 60%}
    可行性: {weight: 40%}
  pass_mark: 60
  experts_min: 2
  experts_max: 9
instruments:
  grant:
    levels: [100%, 70%]
    milestones: [60%, 40%]
    cap: 1000万元
  equity:
    levels: [100%]
    minimum: 50万元
    stake_cap: 30%
merit:
  least_met: 3%
  suitability:
    产业化: {instruments: {grant: 60%}}
objective:
  merit: {}
rules:
  ceiling: {rule: cash_ceiling, later: 40%}
  domains:
    rule: domain_share
    of: fund
    shares:
      重大科技创新专项: {floor: 10%, cap: 60%}
      重点研发专项: {cap: 70%}
  calls: {rule: call}
  per_unit: {rule: applicant_cap, count: 2}
solve: {gap: 0.01%, time_limit: 10s}
"""

CANDIDATES = "申报汇总表"
REVIEWS = "专家评审打分"
LINES = "先行安排"
ENTITLEMENTS = "普惠后补助"
CALLS = "榜单"

FIELDS = {
    CANDIDATES: "id title department applicant credit_code kind county domain nature call"
    " total request own other valuation start end note",
    REVIEWS: "candidate expert 合理性 可行性 recused",
    LINES: "id line title domain year1 year2",
    ENTITLEMENTS: "id title applicant domain year1",
    CALLS: "id title mode winners contract",
}
SAID = {
    CANDIDATES: "项目编号 项目名称 推荐单位 申报单位 统一社会信用代码 单位性质 所属区县 技术领域 项目性质 榜单编号"
    " 总投资（万元） 申请财政资金（万元） 自筹资金（万元） 其他资金（万元） 投前估值（万元） 开始年度 结束年度 备注",
    REVIEWS: "项目编号 专家 合理性 可行性 回避",
    LINES: "编号 类别 事项名称 技术领域 本年安排（万元） 下一年度（万元）",
    ENTITLEMENTS: "编号 事项名称 承担单位 技术领域 本年安排（万元）",
    CALLS: "榜单编号 榜单名称 组织方式 最多立项数 榜单金额（万元）",
}
HEADINGS = {sheet: dict(zip(FIELDS[sheet].split(), SAID[sheet].split(), strict=True)) for sheet in FIELDS}
"""Field -> heading of each sheet, in the order of its columns."""

FIRST = 4
"""The row (from 1) of a sheet's first record: title, unit line and headings stand above it."""


def _rows(text: str) -> list[list[Any]]:
    """A table of cells parted by spaces; - is blank, and what looks like a number is one."""

    def cell_of(said: str) -> Any:
        if said == "-":
            return None
        return float(said) if "." in said else int(said) if said.isdigit() else said

    return [[cell_of(said) for said in line.split()] for line in text.strip().splitlines()]


ROWS: dict[str, list[list[Any]]] = {
    CANDIDATES: _rows("""
P01 海藻多糖 科技局 日照甲公司 91990100MA0000001G 企业 东港 重点研发专项 产业化 - 300 100 150 50 900 2026 2027 -
P02 钢渣固碳 市工信局 日照乙公司 91990100MA0000002K 企业 岚山区 重大科技创新专项 产业化 - 500 200 300 0 1200 2026 2028 -
P03 近海观测网 市海洋局 日照丙研究院 - 科研院所 东港区 重大科技创新专项 平台建设 - 160 120 40 0 - 2026 2027 -
P04 茶树育种 市农业局 日照丁学院 - 高校 五莲县 重点研发专项 基础研究 - 60 60 0 0 - 2026 2026 -
P05 低温泵叶轮 市工信局 日照戊公司 91990100MA0000003N 企业 莒县 重点研发专项 共性技术 BD1 220 80 140 - - 2026 2027 -
P06 低温泵密封 市工信局 日照己公司 91990100MA0000004R 企业 莒县 重点研发专项 共性技术 BD1 240 90 150 - - 2026 2027 -
"""),
    REVIEWS: _rows("""
P01 E1 85 80 -
P01 E2 88 84 -
P01 E3 - - 是
P02 E1 90 86.5 -
P02 E2 84 88 -
P02 E3 - - 是
P03 E1 75 78 -
P03 E2 80 72 -
P03 E3 - - 是
P04 E1 92 90 -
P04 E2 86 89 -
P04 E3 - - 是
P05 E1 70 74 -
P05 E2 76 71 -
P05 E3 - - 是
P06 E1 81 79 -
P06 E2 77 83 -
P06 E3 - - 是
"""),
    LINES: _rows("""
W1 稳定支持 院所稳定支持 重大科技创新专项 90 0
W2 以前年度续拨 滩涂修复（二期） 重点研发专项 50 30
W3 一事一议预留 预留 - 60 0
"""),
    ENTITLEMENTS: _rows("""
H1 研发奖补 日照庚公司 重点研发专项 12.5
H2 研发奖补 日照辛公司 重点研发专项 7.5
"""),
    CALLS: _rows("BD1 低温泵关键件 揭榜 1 80"),
}


@dataclass
class Draft:
    """The sound workbook while it is being damaged: rows by sheet (without what stands above them), and what follows.

    style  is done to the workbook before it is saved; bytes to the finished file, which it may rename
    """

    rows: dict[str, list[list[Any]]]
    heads: dict[str, list[Any]]
    style: list[Callable[[openpyxl.Workbook], None]] = field(default_factory=list)
    after: list[Callable[[Path], Path]] = field(default_factory=list)
    above: dict[str, list[list[Any]]] = field(default_factory=dict)

    @classmethod
    def sound(cls) -> Draft:
        """A fresh copy of it."""
        rows = {sheet: [list(row) for row in own] for sheet, own in ROWS.items()}
        heads = {sheet: list(fields.values()) for sheet, fields in HEADINGS.items()}
        above = {s: [[s], [*[None] * (len(h) - 1), "单位：万元"]] for s, h in heads.items()}
        return cls(rows, heads, above=above)

    def put(self, sheet: str, row: int, key: str, value: Any) -> str:
        """Write `value` into record `row` (from 0); the cell's name is returned."""
        self.rows[sheet][row][list(HEADINGS[sheet]).index(key)] = value
        return cell(sheet, row, key)

    def get(self, sheet: str, row: int, key: str) -> Any:
        """What stands there."""
        return self.rows[sheet][row][list(HEADINGS[sheet]).index(key)]

    def save(self, folder: Path) -> Path:
        """Write it to `folder`; its path."""
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet, own in self.rows.items():
            page = book.create_sheet(sheet)
            lines = [*self.above[sheet], self.heads[sheet], *own]
            for r, values in enumerate(lines, 1):
                for c, value in enumerate(values, 1):
                    if value is not None:
                        target = page.cell(r, c)
                        target.value = value
                        if isinstance(value, str) and value.startswith("=") and value[1:2] != "\\":
                            target.data_type = "f"
        for change in self.style:
            change(book)
        path = folder / "pool.xlsx"
        book.save(path)
        for work in self.after:
            path = work(path)
        return path


def cell(sheet: str, row: int, key: str) -> str:
    """The name of the cell of record `row` (from 0) and field `key`."""
    return f"{get_column_letter(list(HEADINGS[sheet]).index(key) + 1)}{FIRST + row}"
