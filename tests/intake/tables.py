"""Small tables for the tests of reading: one sheet with a column of every kind, and workbooks made in one line."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from allocator.data import DataSettings, TableSource
from allocator.intake import read
from allocator.problems import Problems
from allocator.records import Field, Records, Sheet
from allocator.words import Text

PROJECTS = Sheet(
    key="projects",
    title=Text("项目申报表", "Projects"),
    fields=(
        Field("id", Text("项目编号", "Project ID"), "code", required=True, aliases=("序号", "编号", "No.")),
        Field("title", Text("项目名称", "Title"), required=True, aliases=("名称",)),
        Field("kind", Text("单位性质", "Kind"), "label", required=True, choices=("企业", "高校", "科研院所")),
        Field("domain", Text("技术领域", "Domain"), "label"),
        Field(
            "request", Text("申请财政资金", "Requested"), "money", required=True, aliases=("申请资金",), low=1
        ),
        Field("own", Text("自筹资金", "Own funds"), "money", low=0),
        Field("rate", Text("补助比例", "Rate"), "share", low=0, high=10_000),
        Field("staff", Text("研发人数", "Staff"), "count", low=1),
        Field("year", Text("开始年度", "Start year"), "year", low=1990, high=2100),
        Field("score", Text("专家评分", "Score"), "score", low=0, high=10_000),
        Field("recused", Text("回避", "Recused"), "flag", aliases=("是否回避",)),
        Field("note", Text("备注", "Note")),
    ),
    aliases=("项目清单",),
    unique=("id",),
)

PANEL = Sheet(
    key="panel",
    title=Text("专家评审打分", "Panel"),
    fields=(
        Field("candidate", Text("项目编号", "Project ID"), "code", required=True),
        Field("expert", Text("专家", "Expert"), "code", required=True),
        Field("merit", Text("合理性", "Merit"), "score", low=0, high=10_000),
    ),
    unique=("candidate", "expert"),
    required=False,
)

HEADINGS = (
    "项目编号",
    "项目名称",
    "单位性质",
    "技术领域",
    "申请财政资金（万元）",
    "自筹资金（万元）",
    "补助比例（%）",
    "研发人数",
    "开始年度",
    "专家评分",
    "回避",
    "备注",
)
ROW = ("P1", "钢渣利用", "企业", "钢铁", 300, 100, 12.5, 8, 2026, 85.5, "否", "无")
KEYS = tuple(f.key for f in PROJECTS.fields)


def row(**cells: Any) -> list[Any]:
    """The plain row, with some of its cells (by field key) replaced."""
    return [cells.get(key, value) for key, value in zip(KEYS, ROW, strict=True)]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook of those sheets, row by row."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for cells in rows:
            page.append(list(cells))
    book.save(path)
    return path


def patched(path: Path, part: str, old: str, new: str) -> Path:
    """`path` with `old` replaced by `new` in one part of the workbook's archive: what only Excel itself writes."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], f"{part} has no {old}"
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def load(path: Path, *sheets: Sheet, **source: Any) -> tuple[dict[str, Records], Problems]:
    """The tables of the file at `path`; `source` is what a scenario says of the first of them."""
    sheets = sheets or (PROJECTS,)
    problems = Problems()
    data = DataSettings(workbook=Path(path.name))
    if source:
        data = DataSettings(**{sheets[0].key: TableSource(file=Path(path.name), **source)})
    return read(data, sheets, problems, path.parent), problems


def found(problems: Problems, level: str = "error") -> list[tuple[str, str | None]]:
    """The faults as (code, cell), in the order in which they are told."""
    return [(p.code.removeprefix("intake."), p.place.cell) for p in problems if p.level == level]
