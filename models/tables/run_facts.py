"""运行信息: how the plan was calculated and what was proved of it, in words. Merit, gap and bound stand here only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from allocator.compile import SCALE
from allocator.report.cells import Cell, Column
from allocator.report.page import Page
from allocator.words import Text, same
from models.tables._table import Table, say
from models.tables._view import View

Row = tuple[Text, Cell, Text | None]


class RunFacts(Table):
    """运行信息."""

    key: ClassVar[str] = "run_facts"
    order: ClassVar[int] = 110
    in_wan: ClassVar[bool] = False

    def write(self, page: Page, view: View) -> None:
        grid = page.grid(
            [
                Column(say("sheet.col.item"), "text", widest=30),
                Column(say("sheet.run.value"), "text", widest=70),
                Column(say("sheet.run.meaning"), "text", widest=70),
            ]
        )
        grid.rows([name, value, meaning] for name, value, meaning in _rows(view))
        page.keep_heading(grid)


def _rows(view: View) -> Iterator[Row]:
    plan = view.plan
    outcome = plan.outcome

    def entry(key: str, value: Cell, **more: object) -> Row:
        return say(f"sheet.run.{key}"), value, say(f"sheet.run.{key}_means", **more)

    yield entry("status", say(f"sheet.status.{plan.status}"))
    yield entry("objective", None if plan.value is None else f"{float(plan.value) / SCALE:,.4f}")
    yield entry("bound", None if outcome.bound is None else f"{outcome.bound:,.4f}")
    yield entry("gap", _percent(outcome.gap))
    yield entry("certified_bound", None if plan.certified_bound is None else f"{plan.certified_bound:,.4f}")
    yield entry("certified_gap", _percent(plan.certified_gap))
    if plan.sequential is not None and plan.sequential.forgone is not None:
        yield entry("forgone", f"{float(plan.sequential.forgone):,.4f}")
    yield entry("solver", outcome.solver or None)
    yield entry("scenario", plan.loaded.resolved.file.name)
    for name, digest in plan.digest["inputs"].items():
        yield entry("input", f"{name}  {digest}")
    yield entry("scenario_digest", str(plan.digest["scenario"]))
    yield entry("program_digest", str(plan.digest["program"]))
    rows, columns = plan.compiled.program.shape
    yield entry("size", say("sheet.run.size_is", candidates=len(view.records), options=columns, rows=rows))
    for stage, seconds in plan.seconds.items():
        yield say("sheet.run.seconds", stage=say(f"sheet.stage.{stage}")), f"{seconds:.3f}", None
    for name, version in plan.versions.items():
        yield say("sheet.run.version", name=name), same(version), None


def _percent(gap: float | None) -> str | None:
    return None if gap is None else f"{gap * 100:.4f} %"
