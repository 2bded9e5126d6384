"""The general limit, by hand: any labels, any money, amounts, counts and shares."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from models.rules.limit import Limit
from tests.hand import WAN, award, facts, line, only, program, rule, table, written


def test_an_amount_is_held_between_floor_and_cap_to_the_yuan() -> None:
    own = rule(Limit, where={"kind": ["高校"]}, floor="100元", cap="300元")
    for yuan, ok, slack in (
        (100, True, 0),
        (99, False, -1),
        (300, True, 0),
        (301, False, -1),
        (180, True, 80),
    ):
        awards = [award("A", yuan, kind="高校"), award("B", 10_000, kind="企业")]
        measure = only(own.measure(awards, facts()))
        assert (measure.part, measure.ok, measure.slack) == (yuan, ok, slack)


def test_its_rows_are_the_money_that_it_names_over_the_awards_that_it_counts() -> None:
    awards = [line("W", 9, kind="高校"), award("A", 100, (60, 40), kind="高校"), award("B", 7)]
    own = rule(Limit, where={"kind": ["高校"]}, floor="10元", cap="50元")
    assert written(own.rows(table(awards), facts())) == {
        ("", "floor"): ([0, 60, 0], 10, None),
        ("", "cap"): ([0, 60, 0], None, 50),
    }


def test_fixed_lines_count_where_it_says_so() -> None:
    awards = [line("W", 9, kind="高校"), award("A", 60, kind="高校")]
    own = rule(Limit, where={"kind": ["高校"]}, with_lines=True, cap="69元")
    assert (only(own.measure(awards, facts())).part, only(own.measure(awards, facts())).ok) == (69, True)
    assert written(own.rows(table(awards), facts()))["", "cap"][0] == [9, 60]


@pytest.mark.parametrize(
    ("money", "part"),
    [
        ("award", 100),
        ("first_year", 60),
        ("outlay", 100),
        ("outlay.2027", 40),
        ("recovery", 30),
        ("recovery.2028", 30),
        ("loss", 24),
        ("private", 70),
    ],
)
def test_it_limits_any_money(money: str, part: int) -> None:
    awards = [award("A", 100, (60, 40), recovery=(0, 0, 30), money={"loss": 24, "private": 70})]
    at, under = rule(Limit, money=money, cap=f"{part}元"), rule(Limit, money=money, cap=f"{part - 1}元")
    assert only(at.measure(awards, facts())).ok
    assert not only(under.measure(awards, facts())).ok
    assert not program([at], awards, facts()).broken(np.array([True]))
    assert program([under], awards, facts()).broken(np.array([True])) == ("limit · cap",)


def test_counts_are_numbers_of_awards() -> None:
    own = rule(Limit, money="count", where={"instrument": ["equity"]}, floor=1, cap=2)
    three = [award(c, 10, instrument="equity") for c in "ABC"]
    assert [only(own.measure(three[:n], facts())).ok for n in range(4)] == [False, True, True, False]
    assert only(own.measure(three, facts())).unit == "count"
    clauses = own.rows(table(three), facts()).clauses
    assert all(c.counted and c.unit == 1 for c in clauses)


def test_a_soft_count_costs_its_price_for_each_award_that_lacks() -> None:
    # Floor 3 and one award: two short at 5万元 of merit each = 10万 yuan = 10^7 micro-units.
    own = rule(Limit, money="count", floor=3, hard=False, price=5 * WAN)
    awards = [award("A", 1)]
    assert only(own.measure(awards, facts())).penalty == 10_000_000
    assert program([own], awards, facts()).value(np.array([True])) == -10_000_000


def test_a_soft_amount_costs_its_price_for_each_yuan_and_its_row_stays_exact_when_divided() -> None:
    # Coefficients 600 and 400 share 200, the cap of 500 does not: a violation of 100 is worth exactly 100.
    own = rule(Limit, cap="500元", hard=False, price="0.25")
    awards = [award("A", 600), award("B", 400)]
    made = program([own], awards, facts())
    assert made.value(np.array([True, False])) == -100 * Fraction(25)
    assert made.value(np.array([True, True])) == -500 * Fraction(25)
    assert only(own.measure(awards[:1], facts())).penalty == 2500
    # A cap of 400 divides too: the row is 3 and 2 against 2, one unit is 200 元.
    even = program([rule(Limit, cap="400元", hard=False, price="0.25")], awards, facts())
    assert even.matrix.toarray().tolist() == [[3, 2]]
    assert (even.clauses[0].unit, even.clauses[0].price) == (200, 5000)
    assert even.value(np.array([True, False])) == -200 * 25


def test_a_hard_row_is_divided_by_its_gcd_and_its_bound_rounded_inwards() -> None:
    # 600 x + 400 y ≤ 999 is 3 x + 2 y ≤ 4; ≥ 401 is 3 x + 2 y ≥ 3.
    made = program([rule(Limit, floor="401元", cap="999元")], [award("A", 600), award("B", 400)], facts())
    assert made.matrix.toarray().tolist() == [[3, 2], [3, 2]]
    assert (int(made.lower[0]), int(made.upper[1])) == (3, 4)
    assert made.broken(np.array([True, True])) == ("limit · cap",)
    assert made.broken(np.array([False, True])) == ("limit · floor",)


def test_each_label_has_a_limit_of_its_own() -> None:
    own = rule(Limit, each="nature", limits={"产业化": {"cap": "100元"}, "基础研究": {"floor": "50元"}})
    awards = [
        award("A", 101, nature="产业化"),
        award("B", 50, nature="基础研究"),
        award("C", 9, nature="技术改造"),
    ]
    measures = own.measure(awards, facts())
    assert [(m.label, m.part, m.ok) for m in measures] == [("产业化", 101, False), ("基础研究", 50, True)]
    assert written(own.rows(table(awards), facts())) == {
        ("产业化", "cap"): ([101, 0, 0], None, 100),
        ("基础研究", "floor"): ([0, 50, 0], 50, None),
    }


def test_where_and_each_both_narrow_even_on_one_axis() -> None:
    # Enterprises only, by kind: a university's money counts under neither label.
    own = rule(
        Limit,
        where={"kind": ["企业"]},
        each="kind",
        limits={"高校": {"cap": "10元"}, "企业": {"cap": "10元"}},
    )
    awards = [award("A", 50, kind="高校"), award("B", 5, kind="企业")]
    assert [(m.label, m.part) for m in own.measure(awards, facts())] == [("高校", 0), ("企业", 5)]
    assert written(own.rows(table(awards), facts())) == {
        ("高校", "cap"): ([0, 0], None, 10),
        ("企业", "cap"): ([0, 5], None, 10),
    }


def test_a_share_of_a_filter_of_awards_is_the_directions_soft_minimum() -> None:
    # 80 % of equity money to the four directions: here 160 of 200 is exactly that.
    own = rule(
        Limit,
        what="试点方向",
        where={"instrument": ["equity"], "nature": ["产业化"]},
        of={"instrument": ["equity"]},
        floor="80%",
    )
    inside = award("A", 160, instrument="equity", nature="产业化")
    assert only(own.measure([inside, award("B", 40, instrument="equity"), award("C", 999)], facts())).ok
    assert not only(own.measure([inside, award("B", 41, instrument="equity")], facts())).ok
    rows = own.rows(table([inside, award("B", 40, instrument="equity"), award("C", 999)]), facts())
    assert written(rows) == {("", "floor"): ([320_000, -320_000, 0], 0, None)}


def test_a_share_of_a_named_base() -> None:
    fund = facts(1000, competitive=400)
    awards = [award("A", 100), line("W", 500)]
    points = {
        base: only(rule(Limit, of=base, cap="100%").measure(awards, fund)).points
        for base in ("fund", "competitive", "awarded", "enterprise")
    }
    assert points == {"fund": 1000, "competitive": 2500, "awarded": 10_000, "enterprise": 10_000}
    lined = rule(Limit, of="awarded", where={"kind": ["企业"]}, with_lines=True, cap="100%")
    # 100 of 100 + 500, to half-even basis points.
    assert only(lined.measure(awards, fund)).points == 1667
    assert written(lined.rows(table(awards), fund))["", "cap"][0] == [0, -5_000_000]


def test_a_share_of_counts() -> None:
    own = rule(Limit, money="count", where={"kind": ["高校"]}, of="awarded", floor="25%")
    awards = [award("A", 1, kind="高校"), *(award(c, 1) for c in "BCD")]
    assert only(own.measure(awards, facts())).ok
    assert not only(own.measure([*awards, award("E", 1)], facts())).ok


def test_with_nothing_to_share_it_reads_none() -> None:
    own = rule(Limit, what="高校", of="awarded", where={"kind": ["高校"]}, floor="25%")
    measure = only(own.measure([], facts()))
    assert (measure.points, measure.ok) == (None, True)
    assert own.say(measure, facts()).zh == "高校占实际安排资金 无（不低于 25%）：符合。"
    assert own.say(measure, facts()).en == "高校 : none (at least 25%): kept."


def test_it_says_amounts_in_wan() -> None:
    own = rule(Limit, what="高校资金", where={"kind": ["高校"]}, cap="30万元")
    said = own.say(only(own.measure([award("A", 40 * WAN, kind="高校")], facts())), facts())
    assert said.zh == "高校资金 40.00 万元（不高于 30.00）：未达到。"


def test_what_is_written_wrongly_is_refused() -> None:
    with pytest.raises(ValueError, match="floor, target"):
        rule(Limit, where={"kind": ["企业"]})
    with pytest.raises(ValueError, match="limits"):
        rule(Limit, each="kind", cap="1元")
    with pytest.raises(ValueError, match="each"):
        rule(Limit, limits={"企业": {"cap": "1元"}, "高校": {"cap": "2元"}})
    with pytest.raises(ValueError, match="%"):
        rule(Limit, of="fund", cap="1元")
    with pytest.raises(ValueError, match="cross"):
        rule(Limit, floor="2元", cap="1元")
    with pytest.raises(ValueError):
        rule(Limit, money="count", floor=-1)


def test_unknown_axes_labels_and_money_are_located_faults() -> None:
    options = table([award("A", 1, nature="产业化")])
    cases = [
        ({"where": {"kinds": ["企业"]}, "cap": "1元"}, ("where", "kinds"), "kinds"),
        ({"where": {"kind": ["公司"]}, "cap": "1元"}, ("where", "kind"), "公司"),
        ({"of": {"nature": ["研究"]}, "cap": "1%"}, ("of", "nature"), "研究"),
        ({"each": "nature", "limits": {"研究": {"cap": "1元"}}}, ("limits", "研究"), "研究"),
        ({"money": "profit", "cap": "1元"}, ("money",), "profit"),
        ({"money": "outlay.2099", "cap": "1元"}, ("money",), "outlay.2099"),
        ({"money": "award.2026", "cap": "1元"}, ("money",), "award.2026"),
    ]
    for settings, place, word in cases:
        ((keys, what, mend),) = rule(Limit, **settings).check(options, facts())
        assert keys == place
        assert word in what.zh
        assert word in what.en
        assert mend.zh
    assert (
        rule(Limit, where={"nature": ["产业化"]}, money="recovery.2027", cap="1元").check(options, facts())
        == []
    )
