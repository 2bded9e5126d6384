"""The year's fund, by hand, with the figures of FIELD.md's example year: 66号文 二（一）."""

from __future__ import annotations

import pytest

from models.fund import Domain, Domains, Fund, first_calls, fund_facts, line_rows
from tests import sample
from tests.sample import WAN, line

YEAR = Fund.model_validate(
    {
        "year": 2026,
        "sources": {
            "科技": {"amount": "6200万元"},
            "人才": {"amount": "1800万元"},
            "技改": {"amount": "4000万元"},
            "海洋": {"amount": "1300万元"},
            "农业": {"amount": "700万元"},
            "院所": {"amount": "900万元"},
            "科普": {"amount": "300万元"},
            "省级以上": {"amount": "6800万元", "level": "省级"},
        },
        "later_ceilings": {2027: "2亿元", 2099: "9亿元"},
    }
)
LINES = (
    line("W1", "稳定支持", 900),
    line("W2", "稳定支持", 300),
    line("W3", "稳定支持", 400),
    line("W4", "人才资金", 1800),
    line("W5", "上级指定用途", 4600),
    line("W6", "以前年度续拨", 3600, 1900),
    line("W7", "一事一议预留", 1000),
)
ENTITLED = tuple(
    {"id": f"P{i}", "title": "普惠", "applicant": f"firm {i}", "year1": amount * WAN}
    for i, amount in enumerate((1000, 1500, 500))
)


def test_the_sources_add_up_to_the_years_ceiling() -> None:
    # 6200 + 1800 + 4000 + 1300 + 700 + 900 + 300 + 6800 = 22,000万.
    assert YEAR.ceiling == 220_000_000
    assert YEAR.minimum == 200_000_000


def test_money_first_spoken_for_is_listed_in_the_order_of_the_table() -> None:
    calls = first_calls(sample.tables(lines=LINES, entitlements=ENTITLED))
    assert {k: v // WAN for k, v in calls.items()} == {
        "稳定支持": 1600,
        "人才资金": 1800,
        "上级指定用途": 4600,
        "以前年度续拨": 3600,
        "一事一议预留": 1000,
        "普惠后补助": 3000,
    }
    assert list(calls) == [
        "稳定支持",
        "人才资金",
        "上级指定用途",
        "以前年度续拨",
        "一事一议预留",
        "普惠后补助",
    ]


def test_what_is_left_to_compete_for_and_what_can_be_coordinated() -> None:
    # 22,000 − 1,600 − 1,800 − 4,600 − 3,600 − 1,000 − 3,000 = 6,400万 for this batch.
    # 可统筹: less 稳定支持, 人才, 指定用途 and 续拨 only: 22,000 − 11,600 = 10,400万.
    facts = fund_facts(YEAR, sample.tables(lines=LINES, entitlements=ENTITLED), {})
    assert facts.amounts["fund"] == 22_000 * WAN
    assert facts.amounts["competitive"] == 6_400 * WAN
    assert facts.amounts["discretionary"] == 10_400 * WAN
    assert facts.first_calls["以前年度续拨"] == 3_600 * WAN


def test_without_lines_all_of_it_is_open() -> None:
    facts = fund_facts(YEAR, {"candidates": sample.tables()["candidates"]}, {})
    assert facts.amounts["competitive"] == facts.amounts["discretionary"] == YEAR.ceiling
    assert facts.numbers == {"winners": {}}


def test_an_entitlement_is_a_line_of_an_enterprise() -> None:
    (row,) = line_rows(sample.tables(lines=(), entitlements=ENTITLED[:1]))
    assert (row["line"], row["kind"], row["applicant"]) == ("普惠后补助", "企业", "firm 0")


def test_ceilings_are_of_this_year_and_of_later_ones_that_are_planned() -> None:
    facts = fund_facts(YEAR, sample.tables(), {})
    assert facts.years == (2026, 2027, 2028, 2029, 2030, 2031)
    assert facts.ceilings == {2026: 220_000_000, 2027: 200_000_000}


def test_calls_and_domains_give_labels_titles_and_winners() -> None:
    calls = [{"id": "BD2", "title": "深海缆", "mode": "赛马", "winners": 2}]
    facts = fund_facts(YEAR, sample.tables(calls=calls), {"重点研发专项": Domain(en="Key R&D")})
    assert facts.numbers["winners"] == {"BD2": 2}
    assert facts.labels == {"domain": ("重点研发专项",), "sub_area": (), "call": ("BD2",)}
    assert facts.title("重点研发专项").en == "Key R&D"
    assert facts.title("BD2").zh == "BD2 深海缆"
    assert facts.title("别的").zh == "别的"


def test_domains_keep_the_notices_order() -> None:
    domains = Domains.model_validate({"乙": {"en": "B"}, "甲": {"sub_areas": ["丙"]}})
    assert list(domains.named) == ["乙", "甲"]
    assert domains.named["甲"].sub_areas == ("丙",)
    with pytest.raises(ValueError, match="extra"):
        Domains.model_validate({"甲": {"english": "A"}})


@pytest.mark.parametrize(
    "settings",
    [
        {"sources": {"a": {"amount": 220.5}}},
        {"sources": {"a": {"amount": "2亿"}}, "horizon": 0},
        {"sources": {"a": {}}},
        {"sources": {"a": {"amount": "2亿元", "amounts": 1}}},
    ],
)
def test_a_fund_that_does_not_say_its_money_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Fund.model_validate({"year": 2026, **settings})
