"""Exclusions, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.rules.exclusion import Exclusion
from tests.hand import award, facts, line, only, program, rule, table, written

WHY = {"reason": "内容重复", "basis": "查重结果"}


def among(*candidates: str, **more: object) -> Exclusion:
    return rule(Exclusion, among={"同一成果": {"candidates": list(candidates), **WHY, **more}})


POOL = [award("A", 1), award("A", 2, instrument="equity"), award("B", 1), award("C", 1)]


def test_not_both() -> None:
    own = among("A", "B")
    assert written(own.rows(table(POOL), facts())) == {("同一成果", "cap"): ([1, 1, 1, 0], None, 1)}
    both = only(own.measure([POOL[1], POOL[2]], facts()), "同一成果")
    assert (both.part, both.ok, both.basis) == (2, False, "查重结果")
    assert only(own.measure([POOL[1], POOL[3]], facts()), "同一成果").ok
    assert program([own], POOL, facts()).broken(np.array([1, 0, 1, 0], bool)) == (
        "exclusion · 同一成果 · cap",
    )


def test_what_is_supported_already_by_a_fixed_line_excludes_the_rest() -> None:
    awards = [line("W", 5), award("A", 1)]
    own = program([among("W", "A")], awards, facts())
    assert own.broken(np.array([True, True])) == ("exclusion · 同一成果 · cap",)
    assert not own.broken(np.array([True, False]))


def test_two_fixed_lines_an_unknown_id_and_a_repeated_one_are_located_faults() -> None:
    awards = [line("W1", 5), line("W2", 5), award("A", 1)]
    found = among("W1", "W2", "Z", "Z").check(table(awards), facts())
    assert {keys for keys, _, _ in found} == {("among", "同一成果", "candidates")}
    words = [what.zh for _, what, _ in found]
    assert any("Z" in w for w in words)
    assert "同一项目列了两次" in words
    assert "W1、W2 都已固定安排，无法互斥" in words


def test_one_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        among("A")


def test_it_says_who_and_why() -> None:
    own = among("A", "B")
    said = own.say(only(own.measure([award("A", 1)], facts()), "同一成果"), facts())
    assert said.zh == "A、B 最多安排其中 1 项（内容重复；查重结果），安排 1 项：符合。"
    assert said.en == "At most one of A, B (内容重复; 查重结果), 1 taken: kept."
