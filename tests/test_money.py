"""Money is whole yuan, read exactly as people write it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from allocator.money import (
    Money,
    Share,
    Unreadable,
    Written,
    decimal,
    parse,
    parse_share,
    plain,
    show,
    show_share,
    split,
    whole,
)


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("350万元", 3_500_000),
        ("350 万元", 3_500_000),
        ("2.2亿元", 220_000_000),
        ("1,200,000元", 1_200_000),
        ("３５０万元", 3_500_000),
        ("１，２００．５万元", 12_005_000),
        ("3万", 30_000),
        ("1亿", 100_000_000),
        ("5千元", 5_000),
        ("2百万元", 2_000_000),
        ("1千万元", 10_000_000),
        ("12 yuan", 12),
        ("-5万元", -50_000),
        ("+0.0001万元", 1),
        ("0元", 0),
        ("  7元　", 7),
    ],
)
def test_amounts_are_read_to_the_yuan(written: str, yuan: int) -> None:
    assert parse(written) == yuan


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("350", "money.no_unit"),
        (350, "money.no_unit"),
        (Written(350), "money.no_unit"),
        (Decimal("3.5"), "money.no_unit"),
        ("三百万元", "money.not_amount"),
        ("", "money.not_amount"),
        ("万元", "money.not_amount"),
        ("1,20万元", "money.unknown_unit"),
        ("5美元", "money.unknown_unit"),
        ("5 万 元", "money.unknown_unit"),
        ("0.00001万元", "money.part_of_a_yuan"),
        ("1.5元", "money.part_of_a_yuan"),
        ("1" * 31 + "元", "money.too_long"),
        (True, "money.not_number"),
        (None, "money.not_number"),
        (float("nan"), "money.not_number"),
        (float("inf"), "money.not_number"),
    ],
)
def test_what_is_no_amount_is_refused(written: object, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(written)
    assert caught.value.code == code


def test_a_headings_unit_stands_in_and_a_cells_own_unit_wins() -> None:
    assert parse("350", "万元") == 3_500_000
    assert parse(350.5, "万元") == 3_505_000
    assert parse("350元", "万元") == 350


def test_a_fraction_too_fine_for_the_decimal_context_is_not_lost() -> None:
    # 29 digits: a product of Decimals at the usual 28 digits would round to a whole yuan.
    with pytest.raises(Unreadable):
        parse("1.0000000000000000000000000001万元")


def test_a_float_is_read_as_it_is_written() -> None:
    assert decimal(0.1) == Decimal("0.1")
    assert parse(0.1, "万元") == 1_000


def test_numbers_are_read_as_people_type_them() -> None:
    assert decimal("1,200.50") == Decimal("1200.5")
    assert decimal("１２") == 12
    assert decimal("-0.5") == Decimal("-0.5")
    assert plain("　Ａ１％ ") == "A1%"
    for wrong in ("1 200", "12,00", "1e5", "--1", "1.2.3", "٣٫٥", ""):
        with pytest.raises(Unreadable):
            decimal(wrong)


def test_whole_names_what_has_a_fraction() -> None:
    assert whole(Decimal("12.0"), "winners") == 12
    with pytest.raises(Unreadable, match=r"winners is not whole: 12\.5"):
        whole(Decimal("12.5"), "winners")


@pytest.mark.parametrize(
    ("written", "points"),
    [("12.5%", 1250), ("100%", 10_000), ("0%", 0), ("0.01%", 1), ("８％", 800), ("7.25 %", 725)],
)
def test_shares_are_read_to_the_basis_point(written: str, points: int) -> None:
    assert parse_share(written) == points


@pytest.mark.parametrize("written", ["12.5", 0.125, 12, True, None, "%", "a%", "1%%", "0.001%"])
def test_what_is_no_share_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        parse_share(written)


def test_faults_speak_both_languages() -> None:
    with pytest.raises(Unreadable) as caught:
        parse("350")
    assert caught.value.what.zh == "金额 350 没有单位"
    assert caught.value.what.en == "amount 350 has no unit"
    assert caught.value.mend.zh == "请按实际写成 350万元 或 350元"


def test_a_setting_takes_text_with_unit_or_the_programs_own_integer() -> None:
    money, share = TypeAdapter(Money), TypeAdapter(Share)
    assert money.validate_python("2万元") == 20_000
    assert money.validate_python(20_000) == 20_000
    assert share.validate_python("2%") == 200
    for file_number in (Written(20_000), Decimal("2.5"), True):
        with pytest.raises(ValidationError):
            money.validate_python(file_number)
        with pytest.raises(ValidationError):
            share.validate_python(file_number)


def test_amounts_show_in_ten_thousands_rounded_half_to_even() -> None:
    assert show(3_500_000) == "350.00"
    assert show(12_345_678_900) == "1,234,567.89"
    assert show(50) == "0.00"
    assert show(150) == "0.02"
    assert show(-1_234_567) == "-123.46"
    assert show(9_223_372_036_854_775_807) == "922,337,203,685,477.58"
    assert show(15_000, places=0) == "2"


def test_shares_show_with_no_more_digits_than_they_have() -> None:
    assert [show_share(p) for p in (1250, 10_000, 0, 1, 100, -50)] == [
        "12.5%",
        "100%",
        "0%",
        "0.01%",
        "1%",
        "-0.5%",
    ]


def test_a_split_gives_the_rest_to_the_largest_remainders() -> None:
    # 100 by 1:1:1 is 33 1/3 each; the first gets the yuan that is left.
    assert split(100, [1, 1, 1]) == (34, 33, 33)
    # 10 by 5:3:1 is 5.56, 3.33, 1.11: the one left goes to the .56.
    assert split(10, [5, 3, 1]) == (6, 3, 1)
    # Milestones 50/30/20 of 333,333: 166,666.5, 99,999.9, 66,666.6; two are left, to .9 and .6.
    assert split(333_333, [50, 30, 20]) == (166_666, 100_000, 66_667)
    assert split(0, [1, 2]) == (0, 0)
    assert split(7, [0, 1]) == (0, 7)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [3, -1]])
def test_weights_that_cannot_split_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_a_split_adds_up_and_is_nowhere_a_yuan_off(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(abs(p - Fraction(amount * w, sum(weights))) < 1 for p, w in zip(parts, weights, strict=True))


@given(st.integers(-(10**13), 10**13))
def test_what_is_shown_in_full_reads_back(amount: int) -> None:
    assert parse(show(amount, places=4) + "万元") == amount
