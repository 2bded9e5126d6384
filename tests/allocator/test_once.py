"""What is worked out once: the same objects, nothing new; other objects, anew; nothing kept when they are gone."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

from allocator.once import once
from allocator.problems import Place
from allocator.records import Field, Records, Sheet
from allocator.words import same


def records(*ids: str) -> Records:
    sheet = Sheet("candidates", same("s"), (Field("id", same("id")),))
    return Records(sheet, {"id": ids}, lambda row, key: Place("f"))


class Scenario:
    def __init__(self, plus: int) -> None:
        self.plus = plus


def test_it_is_worked_out_again_only_for_another_scenario_or_other_tables() -> None:
    asked: list[int] = []

    @once
    def count(scenario: Scenario, tables: dict[str, Records]) -> int:
        asked.append(scenario.plus)
        return sum(len(t) for t in tables.values()) + scenario.plus

    first, second, lines = Scenario(0), Scenario(10), records("L")
    tables = {"candidates": records("A", "B")}
    assert [count(first, tables), count(first, dict(tables))] == [2, 2]
    assert len(asked) == 1
    assert count(second, tables) == 12
    assert count(second, {**tables, "lines": lines}) == 13
    assert count(second, {**tables, "lines": replace(lines)}) == 13
    assert len(asked) == 4


def test_it_is_let_go_with_the_candidates() -> None:
    class Made:
        pass

    @once
    def make(scenario: Scenario, tables: dict[str, Records]) -> Made:
        return Made()

    tables = {"candidates": records("A")}
    made = ref(make(Scenario(0), tables))
    assert made() is not None
    tables.clear()
    gc.collect()
    assert made() is None


def test_a_scenario_without_weak_references_is_asked_each_time() -> None:
    asked: list[object] = []

    @once
    def make(scenario: tuple[int, ...], tables: dict[str, Records]) -> int:
        asked.append(scenario)
        return len(asked)

    tables = {"candidates": records("A")}
    assert [make((1,), tables), make((1,), tables)] == [1, 2]
