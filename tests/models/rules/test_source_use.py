"""Uses of the sources, by hand: 66号文 二（一）. Money from above is earmarked, the city's is spent as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from allocator.contract import Facts
from allocator.options import Award
from models.rules.source_use import SourceUse
from models.sources import MOST_CUTS, Sources, sources_of
from tests.hand import award, facts, line, only, program, rule, table, written

PLAIN: Mapping[str, tuple[str, ...]] = {}


def known(awards: Sequence[Award], **sources: tuple[int, Mapping[str, tuple[str, ...]]]) -> Facts:
    """Facts of sources (amount, uses) whose payers are those of these options."""
    money = Sources({s: a for s, (a, _) in sources.items()}, {s: u for s, (_, u) in sources.items()}, {})
    labels = [dict(a.labels) for a in awards]
    own = money.knowing((), labels, ())
    return replace(facts(sum(money.amounts.values())), own={"sources": own})


def held(awards: Sequence[Award], own: Facts) -> dict[str, tuple[int, int | None, bool]]:
    return {m.label: (m.part, m.limits.bound("cap"), m.ok) for m in rule(SourceUse).measure(awards, own)}


def test_what_earmarked_money_may_not_pay_must_fit_the_rest() -> None:
    # 400 of the city's, 600 from above for 甲领域 only: 乙领域 may take 400 in all, although 1,000 are there.
    awards = [award("A", 300, domain="甲领域"), award("B", 400, domain="乙领域")]
    own = known(awards, 市级=(400, PLAIN), 省级=(600, {"domain": ("甲领域",)}))
    assert held(awards, own) == {"市级": (400, 400, True)}
    assert held([*awards, award("C", 1, domain="乙领域")], own) == {"市级": (401, 400, False)}


def test_two_earmarks_are_held_each_alone_and_the_rest_alone() -> None:
    awards = [award(c, 1, domain=d) for c, d in (("A", "甲领域"), ("B", "乙领域"), ("C", "丙"))]
    own = known(
        awards, 市级=(10, PLAIN), 省甲=(5, {"domain": ("甲领域",)}), 省乙=(7, {"domain": ("乙领域",)})
    )
    # 丙 from 10; 丙 and 甲领域 from 15; 丙 and 乙领域 from 17; all three: the year's ceiling of 22.
    assert held(awards, own) == {
        "市级": (1, 10, True),
        "除省乙外各来源": (2, 15, True),
        "除省甲外各来源": (2, 17, True),
    }


def test_a_set_of_sources_reads_in_english_with_the_names_as_they_were_written() -> None:
    awards = [award(c, 1, domain=d) for c, d in (("A", "甲领域"), ("B", "乙领域"), ("C", "丙"))]
    own = known(
        awards, 市级=(10, PLAIN), 省甲=(5, {"domain": ("甲领域",)}), 省乙=(7, {"domain": ("乙领域",)})
    )
    sources = sources_of(own)
    assert sources is not None
    assert [t.en for t in sources.titles.values()] == ["市级", "all sources but 省乙", "all sources but 省甲"]
    assert sources.reads(frozenset()).en == "no source that may pay"
    use = rule(SourceUse)
    said = [use.say(m, own) for m in use.measure(awards, own)]
    assert ["all sources but 省甲 alone" in t.en for t in said] == [False, False, True]
    assert "除省甲外各来源" in said[2].zh


def test_sources_that_share_no_award_are_held_apart_and_not_together() -> None:
    awards = [award("A", 3, domain="甲领域"), award("B", 4, domain="乙领域")]
    own = known(awards, 省甲=(3, {"domain": ("甲领域",)}), 省乙=(4, {"domain": ("乙领域",)}))
    assert held(awards, own) == {"省甲": (3, 3, True), "省乙": (4, 4, True)}


def test_a_use_on_two_axes_asks_for_both() -> None:
    awards = [
        award("A", 1, domain="甲领域", kind="高校"),
        award("B", 2, domain="甲领域", kind="企业"),
        award("C", 4, domain="乙领域", kind="高校"),
    ]
    own = known(awards, 市级=(6, PLAIN), 省级=(9, {"domain": ("甲领域",), "kind": ("高校",)}))
    assert held(awards, own) == {"市级": (6, 6, True)}


def test_an_award_without_the_label_is_not_of_that_use() -> None:
    awards = [award("A", 5)]
    own = known(awards, 市级=(4, PLAIN), 省级=(9, {"domain": ("甲领域",)}))
    assert held(awards, own) == {"市级": (5, 4, False)}


def test_a_line_that_names_its_source_is_paid_by_it_alone() -> None:
    awards = [line("W", 6, source="院所"), award("A", 10)]
    own = known(awards, 市级=(8, PLAIN), 院所=(5, PLAIN))
    assert held(awards, own) == {"院所": (6, 5, False)}
    # Without the name both may pay it, and only the year's ceiling binds.
    assert held([line("W", 6), awards[1]], known([line("W", 6)], 市级=(8, PLAIN), 院所=(5, PLAIN))) == {}


def test_what_no_source_may_pay_is_never_paid() -> None:
    awards = [award("A", 1, domain="丙")]
    own = known(awards, 省级=(9, {"domain": ("甲领域",)}))
    assert held(awards, own) == {"无可用来源": (1, 0, False)}
    assert program([rule(SourceUse)], awards, own).broken(np.array([True]))


def test_only_this_years_cash_is_held() -> None:
    awards = [award("A", 100, (40, 60), domain="乙领域")]
    own = known(awards, 市级=(40, PLAIN), 省级=(1, {"domain": ("甲领域",)}))
    assert held(awards, own) == {"市级": (40, 40, True)}


def test_its_rows_are_this_years_outlay_of_what_no_other_source_pays() -> None:
    awards = [
        line("W", 30, domain="乙领域"),
        award("A", 100, (60, 40), domain="乙领域"),
        award("B", 90, domain="甲领域"),
        award("B", 50, domain="乙领域"),
    ]
    own = known(awards, 市级=(80, PLAIN), 省级=(600, {"domain": ("甲领域",)}))
    assert written(rule(SourceUse).rows(table(awards), own)) == {("市级", "cap"): ([30, 60, 0, 50], None, 80)}


def test_a_row_that_no_plan_could_break_is_left_out_and_still_measured() -> None:
    # B's two options are one candidate: 30 + 60 + 50 is the most that can be asked of 140.
    awards = [line("W", 30), award("A", 60), award("B", 50), award("B", 20), award("C", 9, domain="甲领域")]
    own = known(awards, 市级=(140, PLAIN), 省级=(1, {"domain": ("甲领域",)}))
    assert written(rule(SourceUse).rows(table(awards), own)) == {}
    assert held(awards[:3], own) == {"市级": (140, 140, True)}


def test_what_follows_from_the_ceiling_is_no_row() -> None:
    # W takes all of 院所, so the city's 100 are what the ceiling of 120 leaves to A and B together.
    whole = line("W", 20, source="院所", line="稳定支持")
    awards = [whole, award("A", 70), award("B", 60)]
    own = known(awards, 市级=(100, PLAIN), 院所=(20, {"line": ("稳定支持",)}))
    assert written(rule(SourceUse).rows(table(awards), own)) == {}
    assert [m.label for m in rule(SourceUse).measure(awards, own)] == ["市级", "院所"]
    # With 19 on the line one yuan of 院所 is nobody's, and the city's 100 bind before the ceiling does.
    less = [line("W", 19, source="院所", line="稳定支持"), *awards[1:]]
    assert written(rule(SourceUse).rows(table(less), own)) == {("市级", "cap"): ([0, 70, 60], None, 100)}


def test_a_larger_set_that_holds_nothing_more_is_left_out() -> None:
    # Nothing on the list is of 丙, which only lines known to the records are.
    seen = [award("A", 50), award("B", 90, domain="甲领域"), award("C", 1, domain="丙")]
    own = known(seen, 市级=(20, PLAIN), 省甲=(5, {"domain": ("甲领域",)}), 省丙=(7, {"domain": ("丙",)}))
    rows = written(rule(SourceUse).rows(table(seen[:2]), own))
    assert list(rows) == [("市级", "cap"), ("除省丙外各来源", "cap")]


def test_one_unrestricted_fund_has_no_rows() -> None:
    awards = [award("A", 5)]
    own = known(awards, 市级=(4, PLAIN))
    assert held(awards, own) == {}
    assert rule(SourceUse).rows(table(awards), own).matrix.shape == (0, 1)
    assert rule(SourceUse).measure(awards, facts()) == []


def test_an_award_whose_payers_the_records_do_not_know_is_measured_all_the_same() -> None:
    own = known([], 市级=(4, PLAIN), 省级=(9, {"domain": ("甲领域",)}))
    assert held([award("A", 5)], own) == {"市级": (5, 4, False)}


def test_it_says_whose_money_it_is_and_what_is_left() -> None:
    awards = [award("A", 300_000, domain="乙领域")]
    own = known(awards, 市级=(400_000, PLAIN), 省级=(9, {"domain": ("甲领域",)}))
    said = rule(SourceUse).say(only(rule(SourceUse).measure(awards, own), "市级"), own)
    assert said.zh == "只能由市级支付的本年安排 30.00 万元，这些来源共有 40.00 万元，尚余 10.00 万元。"
    more = rule(SourceUse).measure([*awards, award("B", 200_000, domain="乙领域")], own)
    assert rule(SourceUse).say(only(more, "市级"), own).en.endswith("10.00 too much.")


def test_uses_too_tangled_for_rows_are_refused() -> None:
    # Twelve sources, each of its own label beside one that all share: 2^12 unions.
    names = [f"S{i}" for i in range(12)]
    awards: list[Any] = [award(n, 1, domain=n) for n in names]
    own = known(awards, 市级=(9, PLAIN), **{n: (1, {"domain": (n,)}) for n in names})
    assert len(own.own["sources"].cuts) > MOST_CUTS
    assert rule(SourceUse).check(table(awards), own)
