"""Directed commissions, by hand: 66号文 二（二）1."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.commission import COMMISSIONED
from models.rules.commission import Commission
from tests import sample
from tests.hand import award, facts, only, program, rule, table, written

HERE = replace(facts(), own={COMMISSIONED: {"A": "会议纪要5号", "B": ""}})
POOL = [award("A", 1), award("A", 2, instrument="equity"), award("C", 1)]


def test_who_is_commissioned_is_supported_by_whichever_instrument() -> None:
    own = rule(Commission)
    assert written(own.rows(table(POOL), HERE))["A", "floor"] == ([1, 1, 0], 1, None)
    kept = only(own.measure([POOL[1]], HERE), "A")
    assert (kept.ok, kept.basis) == (True, "会议纪要5号")
    assert not only(own.measure([POOL[2]], HERE), "A").ok
    alone = replace(facts(), own={COMMISSIONED: {"A": "会议纪要5号"}})
    assert program([own], POOL, alone).broken(np.array([0, 0, 1], bool)) == ("commission · A · floor",)


def test_a_commission_without_a_basis_or_an_option_is_a_fault() -> None:
    found = rule(Commission).check(table(POOL), HERE)
    assert [what.zh for _, what, _ in found] == [
        "定向委托项目“B”没有写遴选依据",
        "定向委托项目“B”没有可用的支持方式（未达合格线或不符合条件）",
    ]


def test_records_say_who_they_are_and_on_what_basis() -> None:
    pool = [
        sample.candidate("A", 50, mode="定向委托", mode_basis="会议纪要5号"),
        sample.candidate("B", 50, mode="组阁", investigator="赵"),
        sample.candidate("C", 50),
    ]
    fund = sample.compiled({"commission": rule(Commission)}, candidates=pool)
    assert [(c.rule, c.label, c.side) for c in fund.program.clauses] == [("commission", "A", "floor")]


def test_it_says_who_and_on_what_basis() -> None:
    own = rule(Commission)
    said = own.say(only(own.measure([POOL[0]], HERE), "A"), HERE)
    assert said.zh == "定向委托 A（会议纪要5号）：已安排。"
    assert said.en == "A, commissioned directly (会议纪要5号), is supported."
