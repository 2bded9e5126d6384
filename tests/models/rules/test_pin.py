"""Pins, by hand: 66号文 二（二）1 定向委托, 二（三）4."""

from __future__ import annotations

import numpy as np
import pytest

from models.rules.pin import Pin
from tests.hand import award, facts, only, program, rule, table, written

WHY = {"reason": "应急", "basis": "会议纪要〔2026〕3号"}


def test_a_pinned_candidate_must_be_supported_one_way_or_another() -> None:
    own = rule(Pin, candidates={"A": WHY})
    assert only(own.measure([award("A", 1)], facts()), "A").ok
    assert only(own.measure([award("A", 1, instrument="equity")], facts()), "A").ok
    assert not only(own.measure([award("B", 1)], facts()), "A").ok
    assert not only(own.measure([], facts()), "A").ok


def test_a_pin_may_name_the_instrument() -> None:
    own = rule(Pin, candidates={"A": {**WHY, "instrument": "equity"}})
    assert only(own.measure([award("A", 1, instrument="equity")], facts()), "A").ok
    assert not only(own.measure([award("A", 1)], facts()), "A").ok


def test_its_rows_ask_for_one_of_the_candidates_options() -> None:
    awards = [award("A", 1), award("A", 2, instrument="equity"), award("B", 3)]
    either = rule(Pin, candidates={"A": WHY})
    assert written(either.rows(table(awards), facts())) == {("A", "floor"): ([1, 1, 0], 1, None)}
    equity = rule(Pin, candidates={"B": WHY, "A": {**WHY, "instrument": "equity"}})
    assert written(equity.rows(table(awards), facts())) == {
        ("B", "floor"): ([0, 0, 1], 1, None),
        ("A", "floor"): ([0, 1, 0], 1, None),
    }


def test_a_pin_cannot_be_bought_off() -> None:
    own = program([rule(Pin, candidates={"A": WHY})], [award("A", 1), award("B", 1)], facts())
    assert own.clauses[0].price is None
    assert own.broken(np.array([False, True])) == ("pin · A · floor",)


def test_each_pin_rests_on_its_own_basis() -> None:
    own = rule(Pin, candidates={"A": WHY, "B": {"reason": "定向委托", "basis": "66号文 二（二）1"}})
    assert [m.basis for m in own.measure([], facts())] == ["会议纪要〔2026〕3号", "66号文 二（二）1"]
    said = own.say(only(own.measure([award("A", 1)], facts()), "A"), facts())
    assert said.zh == "指定支持 A（应急；会议纪要〔2026〕3号）：已安排。"
    assert own.say(only(own.measure([], facts()), "A"), facts()).zh.endswith("未安排。")


@pytest.mark.parametrize("missing", [{"reason": "应急"}, {"basis": "纪要"}, {"reason": "", "basis": "纪要"}])
def test_a_pin_without_reason_or_basis_is_refused(missing: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        rule(Pin, candidates={"A": missing})


def test_faults_name_unknown_candidates_candidates_without_options_and_unknown_instruments() -> None:
    options = table([award("A", 1)])
    own = rule(Pin, candidates={"A": WHY, "X9": WHY, "B": WHY, "C": {**WHY, "instrument": "loan"}})
    found = {keys: what.zh for keys, what, _ in own.check(options, facts())}
    assert set(found) == {("candidates", "X9"), ("candidates", "B"), ("candidates", "C", "instrument")}
    assert "X9" in found["candidates", "X9"]
    assert "没有可用的支持方式" in found["candidates", "B"]


def test_no_pins_no_rows() -> None:
    own = rule(Pin, candidates={})
    assert own.rows(table([award("A", 1)]), facts()).matrix.shape == (0, 1)
    assert own.measure([award("A", 1)], facts()) == []
