"""Money held back, by hand: 66号文 二（三）1、二（三）末."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.batch import BATCH, Batch
from models.rules.cash_ceiling import CashCeiling
from models.rules.reserve import Reserve
from tests.hand import WAN, award, facts, line, only, program, rule, table, written
from tests.planned import choose


def test_lines_and_awards_leave_what_is_held_to_the_last_yuan() -> None:
    # Of 1,000万, 100万 + 200万 are held: lines of 300万 and awards of 400万 leave just that.
    own = rule(Reserve, held={"应急": "100万元", "成果转化专项": "200万元"})
    fund = facts(1000 * WAN)
    for extra, ok in ((0, True), (1, False)):
        awards = [line("W", 300 * WAN), award("A", 400 * WAN + extra, (400 * WAN + extra, 5))]
        measure = only(own.measure(awards, fund))
        assert (measure.part, measure.ok, measure.slack) == (700 * WAN + extra, ok, -extra)
    assert written(own.rows(table(awards), fund)) == {("", "cap"): ([3_000_000, 4_000_001], None, 7_000_000)}


def test_the_batchs_money_for_later_ones_is_held_without_being_named_twice() -> None:
    fund = replace(facts(1000 * WAN), own={BATCH: Batch(now="第一批", later=250 * WAN)})
    own = rule(Reserve)
    measure = only(own.measure([award("A", 750 * WAN)], fund))
    assert (measure.ok, measure.slack) == (True, 0)
    assert (
        own.say(measure, fund).zh == "本年预留 250.00 万元（后续批次 250.00），安排后尚余 250.00 万元：留足。"
    )


def test_a_soft_reserve_costs_its_price_for_each_yuan_that_is_taken_of_it() -> None:
    own = rule(Reserve, held={"应急": "10万元"}, hard=False, price="0.5")
    made = program([own], [award("A", 95 * WAN)], facts(100 * WAN))
    # 5万 of the 10万 are taken: 50,000 × 0.5 yuan of merit, 100 micro-units each.
    assert made.value(np.array([True])) == -2_500_000


def test_more_than_there_is_cannot_be_held_and_is_a_located_fault() -> None:
    own = rule(Reserve, held={"应急": "80万元"})
    ((keys, what, _),) = own.check(table([line("W", 30 * WAN), award("A", 1)]), facts(100 * WAN))
    assert keys == ("held",)
    assert what.zh == "预留与先行安排合计超出年度规模 10.00 万元"


def test_later_years_money_is_not_held_here() -> None:
    own = rule(Reserve, held={"应急": "50万元"})
    assert only(own.measure([award("A", 90 * WAN, (50 * WAN, 40 * WAN))], facts(100 * WAN))).ok


def test_who_is_not_supported_for_what_is_held_back_lost_in_competition_for_what_is_left() -> None:
    """Of 500万, 50 go to lines and 300 are held: B has its 120 this year, and the 30 left do not buy A."""
    from models.reasons import Reasons
    from models.selection import Selection
    from models.standing import standings
    from tests import sample

    own = {"ceiling": CashCeiling(name="ceiling"), "reserve": rule(Reserve, held={"应急": "300万元"})}
    fund = sample.compiled(own)
    chosen = choose(fund.options, ("B", "grant", 10_000))
    settings, tables = sample.scenario(own), sample.tables()
    selection = Selection(settings, tables, fund, chosen, standings(settings, tables, fund.facts))
    assert selection.left == 30 * WAN
    why = Reasons(selection).unfunded["A"]
    assert why.code == "competition"
    assert "本年资金仅余 30.00 万元" in why.text.zh
