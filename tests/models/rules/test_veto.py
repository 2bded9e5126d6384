"""Vetoes, by hand: 66号文 二（三）4, 三（三）."""

from __future__ import annotations

import numpy as np

from models.rules.veto import Veto
from tests.hand import award, facts, only, program, rule, table, written

WHY = {"reason": "失信被执行人", "basis": "信用中国 2026-03-01"}


def test_a_vetoed_candidate_is_not_supported_in_any_way() -> None:
    own = rule(Veto, candidates={"A": WHY})
    assert only(own.measure([award("B", 1)], facts()), "A").ok
    for instrument in ("grant", "equity"):
        assert not only(own.measure([award("A", 1, instrument=instrument)], facts()), "A").ok


def test_a_veto_of_one_way_leaves_the_others_open() -> None:
    own = rule(Veto, candidates={"A": {**WHY, "instrument": "equity"}})
    assert not only(own.measure([award("A", 1, instrument="equity")], facts()), "A").ok
    assert only(own.measure([award("A", 1)], facts()), "A").ok
    awards = [award("A", 1), award("A", 2, instrument="equity")]
    assert written(own.rows(table(awards), facts())) == {("A", "cap"): ([0, 1], None, 0)}


def test_a_veto_cannot_be_bought_off() -> None:
    own = program([rule(Veto, candidates={"A": WHY})], [award("A", 1, merit=10**15), award("B", 1)], facts())
    assert own.broken(np.array([True, True])) == ("veto · A · cap",)
    assert not own.broken(np.array([False, True]))


def test_a_veto_of_a_candidate_without_options_holds_by_itself() -> None:
    options = table([award("B", 1)])
    own = rule(Veto, candidates={"A": WHY})
    assert own.check(options, facts()) == []
    assert written(own.rows(options, facts())) == {("A", "cap"): ([0], None, 0)}


def test_faults_name_unknown_candidates_and_unknown_instruments() -> None:
    own = rule(Veto, candidates={"X9": WHY, "A": {**WHY, "instrument": "equities"}})
    found = {keys: (what.zh, mend.zh) for keys, what, mend in own.check(table([award("A", 1)]), facts())}
    assert set(found) == {("candidates", "X9"), ("candidates", "A", "instrument")}
    assert "equities" in found["candidates", "A", "instrument"][0]
    assert "equity" in found["candidates", "A", "instrument"][1]


def test_it_says_reason_basis_and_whether_it_is_kept() -> None:
    own = rule(Veto, candidates={"A": WHY})
    kept = own.say(only(own.measure([], facts()), "A"), facts())
    assert kept.zh == "不予支持 A（失信被执行人；信用中国 2026-03-01）：未安排。"
    broken = own.say(only(own.measure([award("A", 1)], facts()), "A"), facts())
    assert broken.zh.endswith("却被安排。")
