"""Prerequisites, by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from models.rules.prerequisite import Prerequisite
from tests.hand import award, facts, line, only, program, rule, table

WHY = {"reason": "依托其平台", "basis": "会议纪要2号"}


def needs(candidate: str, *others: str, **more: object) -> Prerequisite:
    return rule(Prerequisite, candidates={candidate: {"needs": list(others), **WHY, **more}})


POOL = [award("A", 1), award("A", 2, instrument="equity"), award("B", 1), award("C", 1)]


@pytest.mark.parametrize("of", ["all", "any"])
def test_rows_and_measure_agree_with_what_the_words_say_on_every_plan(of: str) -> None:
    own = needs("A", "B", "C", of=of)
    made = program([own], POOL, facts())
    for a, b, c in itertools.product((0, 1), repeat=3):
        chosen = np.array([0, a, b, c], bool)
        awards = [x for x, t in zip(POOL, chosen, strict=True) if t]
        measure = only(own.measure(awards, facts()), "A")
        allowed = not a or (b and c if of == "all" else b or c)
        assert measure.ok == bool(allowed) == (not made.broken(chosen))
        assert measure.part == sum(made.violations(chosen))


def test_its_rows_are_sparse_and_one_for_each_need() -> None:
    rows = needs("A", "B", "C").rows(table(POOL), facts())
    assert rows.matrix.toarray().tolist() == [[1, 1, -1, 0], [1, 1, 0, -1]]
    assert needs("A", "B", "C", of="any").rows(table(POOL), facts()).matrix.toarray().tolist() == [
        [1, 1, -1, -1]
    ]


def test_a_fixed_line_may_be_what_it_rests_on() -> None:
    awards = [award("A", 1), line("W", 5)]
    own = needs("A", "W")
    assert only(own.measure(awards, facts()), "A").ok
    assert not own.check(table(awards), facts())


def test_a_need_without_any_option_bars_the_candidate() -> None:
    own = program([needs("A", "F")], [award("A", 1)], facts())
    assert own.broken(np.array([True])) == ("prerequisite · A · cap",)


def test_soft_it_costs_its_price_for_each_need_that_lacks() -> None:
    own = program([needs("A", "B", "C", hard=False, price="1")], POOL, facts())
    assert own.value(np.array([1, 0, 0, 0], bool)) == -200


def test_unknown_ids_and_resting_on_itself_are_located_faults() -> None:
    found = needs("A", "A", "Z").check(table(POOL), facts())
    assert [keys for keys, _, _ in found] == [("candidates", "A", "needs")] * 2
    assert "Z" in found[0][1].zh
    assert found[1][1].en == "“A” rests on itself"


def test_it_says_what_rests_on_what_and_why() -> None:
    own = needs("A", "B", "C", of="any")
    said = own.say(only(own.measure([award("A", 1)], facts()), "A"), facts())
    assert said.zh == "安排 A 须先安排 B、C（其中之一）（依托其平台；会议纪要2号）：不符合。"
    assert said.en == "A only with B, C, one of them (依托其平台; 会议纪要2号): not met."
