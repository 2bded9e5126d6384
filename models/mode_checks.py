"""Faults of batches and modes of selection: what is decided one by one, what waits, who needs a basis or a chief."""

from __future__ import annotations

from typing import Any

from allocator.money import show
from allocator.problems import Place, Problems
from allocator.records import Tables
from allocator.words import catalogue
from models.batch import overdrawn
from models.candidate import CHIEF
from models.commission import commissioned
from models.line import RESERVE, SPECIAL
from models.modes import ABREAST, RACE
from models.rules.commission import Commission
from models.rules.reserve import Reserve

WORDS = catalogue("models.words")


def check(scenario: Any, tables: Tables, problems: Problems) -> None:
    """Note every such fault."""
    batch, records, rules = scenario.batch, tables["candidates"], list(scenario.rules.values())
    if batch.later and not any(isinstance(rule, Reserve) for rule in rules):
        problems.add(Place(file="scenario", key="batch.later"), "batch.later", words=WORDS)
    named = sorted({b for b in records["batch"] if b is not None})
    if batch.now and named and batch.now not in named:
        known = "、".join(named)
        problems.add(
            Place(file="scenario", key="batch.now"), "batch.now", words=WORDS, now=batch.now, known=known
        )
    if "lines" in tables:
        lines = tables["lines"]
        rows = [lines.row(i) for i in range(len(lines))]
        over = overdrawn(rows, SPECIAL, RESERVE)
        if over:
            first = list(lines["line"]).index(SPECIAL)
            problems.add(lines.locate(first, "year1"), "batch.overdrawn", words=WORDS, over=show(over))
    for i, (mode, lead) in enumerate(zip(records["mode"], records["investigator"], strict=True)):
        if mode == CHIEF and lead is None:
            problems.add(records.locate(i, "investigator"), "mode.chief", words=WORDS)
    if commissioned(tables, batch) and not any(isinstance(rule, Commission) for rule in rules):
        first = records.index[next(iter(commissioned(tables, batch)))]
        problems.add(records.locate(first, "mode"), "mode.commission", words=WORDS)
    if "calls" in tables:
        calls = tables["calls"]
        for i, (mode, winners) in enumerate(zip(calls["mode"], calls["winners"], strict=True)):
            if mode == RACE and winners is not None and winners < ABREAST:
                problems.add(
                    calls.locate(i, "winners"), "mode.race", words=WORDS, call=calls["id"][i], winners=winners
                )
