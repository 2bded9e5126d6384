"""Which source pays what, by hand and against another solver: the cuts hold exactly where a split exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from allocator.contract import Facts
from allocator.options import Award
from allocator.problems import Problem, Problems
from models import money_checks
from models.fund import Fund, Source
from models.payers import split, transport
from models.rules.source_use import SourceUse
from models.sources import Payers, Sources, cuts
from tests import sample
from tests.hand import award, facts, line
from tests.sample import WAN

YEAR = Fund.model_validate(
    {
        "year": 2026,
        "sources": {
            "市级": {"amount": "100元"},
            "院所": {"amount": "20元"},
            "省级": {"amount": "50元", "uses": {"domain": ["甲领域"]}, "expires": 2027},
            "上年": {"amount": "10元", "uses": {"domain": ["甲领域"]}, "expires": 2026},
        },
    }
)


def with_money(fund: Fund = YEAR) -> Facts:
    return replace(facts(fund.ceiling), own={"sources": fund.money})


def flow(amounts: Mapping[str, int], demands: Mapping[Payers, int], usable: Sequence[str]) -> int:
    """The most that `usable` sources can pay of the demands, by SciPy's own maximum flow."""
    names, groups = list(amounts), list(demands)
    size = len(names) + len(groups) + 2
    capacity = np.zeros((size, size), np.int32)
    for i, s in enumerate(names):
        capacity[0, 1 + i] = amounts[s] if s in usable else 0
        for j, g in enumerate(groups):
            capacity[1 + i, 1 + len(names) + j] = 10_000 if s in g else 0
    for j, g in enumerate(groups):
        capacity[1 + len(names) + j, size - 1] = demands[g]
    return int(maximum_flow(sparse.csr_matrix(capacity), 0, size - 1).flow_value)


def drawn(seed: int) -> tuple[Sources, list[Award]]:
    """Up to five sources, some earmarked, some expiring, and up to nine awards and lines."""
    draw = Random(seed)
    names = [f"S{i}" for i in range(draw.randint(1, 5))]
    domains, kinds = ("甲", "乙", "丙"), ("企业", "高校")
    uses: dict[str, dict[str, tuple[str, ...]]] = {}
    for s in names:
        uses[s] = {"domain": tuple(draw.sample(domains, draw.randint(1, 2)))} if draw.random() < 0.6 else {}
        if draw.random() < 0.2:
            uses[s]["kind"] = (draw.choice(kinds),)
    awards = []
    for i in range(draw.randint(1, 9)):
        labels = {"domain": draw.choice(domains), "kind": draw.choice(kinds)}
        if draw.random() < 0.2:
            awards.append(line(f"W{i}", draw.randint(0, 6), source=draw.choice(names), **labels))
        else:
            awards.append(award(f"A{i}", draw.randint(0, 9), **labels))
    expires = {s: draw.choice((2026, 2027)) for s in names if draw.random() < 0.3}
    money = Sources({s: draw.randint(0, 14) for s in names}, uses, expires)
    return money.knowing((), [a.labels for a in awards], ()), awards


@pytest.mark.parametrize("part", range(8))
def test_the_cuts_and_the_ceiling_hold_exactly_where_a_split_exists(part: int) -> None:
    """And the split pays every yuan from money that may pay it, of each source in turn the most that can be."""
    both = set()
    for seed in range(part * 100, part * 100 + 100):
        money, awards = drawn(seed)
        own = replace(facts(sum(money.amounts.values())), own={"sources": money})
        demands: dict[Payers, int] = {}
        for a in awards:
            payers = money.payers(a.labels)
            demands[payers] = demands.get(payers, 0) + a.outlay[0]
        total = sum(demands.values())
        exists = flow(money.amounts, demands, money.names) == total
        held = all(m.ok for m in SourceUse(name="s").measure(awards, own))
        assert (held and total <= own.amounts["fund"]) == exists, seed
        both.add(exists)
        found = split(own, awards)
        assert exists == (not found.unpaid)
        for a in awards:
            mine = found.parts.get(a.candidate, {})
            assert sum(mine.values()) + found.unpaid.get(a.candidate, 0) == a.outlay[0]
            assert mine.keys() <= money.payers(a.labels)
            assert all(v > 0 for v in mine.values())
        for s, used in found.used.items():
            assert used == sum(mine.get(s, 0) for mine in found.parts.values()) <= money.amounts[s]
        for k in range(1, len(money.names) + 1):
            first = money.in_turn[:k]
            assert sum(found.used[s] for s in first) == flow(money.amounts, demands, first), (seed, k)
        groups = len([g for g in demands if demands[g]])
        pieces = sum(len(mine) for mine in found.parts.values())
        paid = sum(1 for a in awards if a.outlay[0])
        assert pieces <= paid + groups * max(len(money.names) - 1, 0)
    assert both == {True, False}


def test_earmarked_money_goes_first_and_what_expires_soonest_before_the_rest() -> None:
    assert YEAR.money.in_turn == ("上年", "省级", "市级", "院所")
    # 甲领域's 45: 10 of last year's, 35 of the province's; 乙领域's 110: 100 of the city's, then 10 of 院所.
    found = split(with_money(), [award("A", 45, domain="甲领域"), award("B", 110, domain="乙领域")])
    assert found.parts == {"A": {"上年": 10, "省级": 35}, "B": {"市级": 100, "院所": 10}}
    assert found.used == {"市级": 100, "院所": 10, "省级": 35, "上年": 10}
    assert found.unpaid == {}


def test_money_is_re_routed_where_a_later_award_can_be_paid_by_nothing_else() -> None:
    # 甲领域 takes all 60 that are earmarked for it and 15 of the city's; W names 院所 and is paid by it.
    awards = [line("W", 20, source="院所"), award("A", 75, domain="甲领域"), award("B", 85, domain="乙领域")]
    found = split(with_money(), awards)
    assert found.parts == {
        "W": {"院所": 20},
        "A": {"上年": 10, "省级": 50, "市级": 15},
        "B": {"市级": 85},
    }
    assert found.unpaid == {}


def test_at_most_one_award_stands_between_two_sources() -> None:
    # 甲领域: 10 of last year's, then 省级's 50, then the city's: A3 and A9 alone are paid by two.
    awards = [award(f"A{i}", 7, domain="甲领域") for i in range(12)]
    parts = split(with_money(), awards).parts
    assert [len(parts[f"A{i}"]) for i in range(12)] == [1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1]


def test_what_is_paid_in_later_years_is_of_no_source_yet() -> None:
    assert split(with_money(), [award("A", 90, (30, 60), domain="乙领域")]).parts == {"A": {"市级": 30}}
    assert split(with_money(), [award("A", 90, (0, 90), domain="乙领域")]).parts == {}


def test_more_than_there_is_stays_unpaid_and_is_said() -> None:
    found = split(with_money(), [award("B", 130, domain="乙领域"), line("W", 21, source="院所")])
    assert sum(found.unpaid.values()) == 31
    assert found.used["市级"] + found.used["院所"] == 120


def test_amounts_beyond_64_bits_are_exact() -> None:
    big = 10**30
    payers = frozenset({"甲", "乙"})
    assert transport({payers: 2 * big + 1}, {"甲": big, "乙": big + 5}, ("甲", "乙")) == {
        payers: {"甲": big, "乙": big + 1}
    }


def test_without_sources_there_is_nothing_to_split() -> None:
    assert split(facts(), [award("A", 5)]).parts == {}


def test_cuts_are_unions_of_overlapping_payers() -> None:
    a, b, c = frozenset("A"), frozenset("AB"), frozenset("C")
    assert cuts([a, b, c], "ABCD") == (a, c, b)
    assert cuts([frozenset("AB"), frozenset("BC")], "ABC") == (frozenset("AB"), frozenset("BC"))


def test_the_plan_of_a_run_is_split_by_the_records_labels() -> None:
    # 省级 has 200万 for 重大科技创新专项: W2's 20万 and A's 60万 (the first of two instalments of 100万).
    fund = sample.compiled()
    chosen = fund.options.fixed.copy()
    chosen[fund.options.rows_of["A"][0]] = chosen[fund.options.rows_of["D"][0]] = True
    found = split(fund.facts, fund.options.awards(chosen))
    assert found.parts == {
        "W1": {"市级": 30 * WAN},
        "W2": {"省级": 20 * WAN},
        "A": {"省级": 60 * WAN},
        "D": {"市级": 48 * WAN},
    }


def test_arrivals_by_month_add_up_to_the_amount() -> None:
    source = Source.model_validate({"amount": "1000001元", "arrives": {3: "50%", 9: "50%"}})
    # 500,000.5 each: the first takes the odd yuan.
    assert source.by_month() == (0, 0, 500_001, 0, 0, 0, 0, 0, 500_000, 0, 0, 0)
    assert Source(amount=7).by_month() == (7, *(0,) * 11)


@pytest.mark.parametrize(
    "wrong",
    [{"arrives": {3: "50%"}}, {"arrives": {13: "100%"}}, {"uses": {"domain": []}}, {"expires": 26}],
)
def test_a_source_that_does_not_add_up_is_refused(wrong: Mapping[str, object]) -> None:
    with pytest.raises(ValueError):
        Source.model_validate({"amount": "1元", **wrong})


def faults(sources: Mapping[str, object], rules: bool = True, **tables: object) -> list[Problem]:
    fund = Fund.model_validate({"year": 2026, "minimum": 0, "sources": sources})
    settings = sample.scenario({"s": SourceUse()} if rules else {}, fund=fund)
    problems = Problems()
    money_checks.check(settings, sample.tables(**tables), problems)  # type: ignore[arg-type]
    return list(problems)


def test_uses_name_what_there_is() -> None:
    def of(axis: str, label: str) -> list[str]:
        return [p.code for p in faults({"省级": {"amount": "1元", "uses": {axis: [label]}}})]

    assert of("domain", "重点研发专项") == of("line", "人才资金") == of("instrument", "equity") == []
    assert of("applicant", "乙") == []
    assert of("domain", "重点研发专向") == of("instrument", "股权") == ["source.label"]
    assert of("colour", "红") == ["source.axis"]


def test_uses_without_the_rule_that_holds_them_are_a_fault() -> None:
    uses = {"省级": {"amount": "1元", "uses": {"line": ["人才资金"]}}}
    assert [p.code for p in faults(uses, rules=False)] == ["source.unbound"]
    assert faults({"市级": {"amount": "1元"}}, rules=False) == []


def test_money_that_expired_before_the_year_is_no_source() -> None:
    assert [p.code for p in faults({"上年": {"amount": "1元", "expires": 2025}})] == ["source.expired"]
    assert faults({"上年": {"amount": "1元", "expires": 2026}}) == []


def test_a_line_whose_source_may_not_pay_it_is_shown_by_its_cell() -> None:
    sources = {"市级": {"amount": "1元"}, "省级": {"amount": "1元", "uses": {"line": ["人才资金"]}}}
    rows = [
        sample.line("W1", "人才资金", 1, source="省级"),
        sample.line("W2", "稳定支持", 1, source="省级"),
        sample.line("W3", "稳定支持", 1, source="市级"),
    ]
    (problem,) = faults(sources, lines=rows)
    assert (problem.code, problem.place.cell) == ("source.line", "source1")
