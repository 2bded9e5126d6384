"""Credit codes by the arithmetic of GB 32100-2015, and what the 申报汇总表 holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.candidate import CANDIDATES, DIRECTIONS, check_character, credit_code_ok

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""The standard's table 2: 3^(i−1) mod 31 for places 1 to 17."""


def test_the_check_character_by_hand() -> None:
    # 91350100M000100Y43, the example that explanations of GB 32100 use. M is 21 and Y is 30:
    # 9·1 + 1·3 + 3·9 + 5·27 + 1·26 + 21·20 + 1·8 + 30·30 + 4·28
    #   = 9 + 3 + 27 + 135 + 26 + 420 + 8 + 900 + 112 = 1640 = 52·31 + 28, and 31 − 28 = 3.
    assert check_character("91350100M000100Y4") == "3"
    assert credit_code_ok("91350100M000100Y43")


def test_a_sum_that_31_divides_gives_0() -> None:
    # 31 = 1·1 + 1·30: a 1 in the first place and a 1 in the sixteenth.
    assert check_character("1" + "0" * 14 + "10") == "0"
    assert credit_code_ok("1" + "0" * 14 + "100")


def test_a_remainder_above_nine_is_a_letter() -> None:
    # 1·1 alone: 31 − 1 = 30, the last of the alphabet. 21·1: 31 − 21 = 10.
    assert check_character("1" + "0" * 16) == "Y"
    assert check_character("M" + "0" * 16) == "A"


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_it_is_the_standards_weighted_sum(stem: str) -> None:
    total = sum(ALPHABET.index(c) * w for c, w in zip(stem, WEIGHTS, strict=True))
    assert ALPHABET.index(check_character(stem)) == (31 - total % 31) % 31


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(stem: str, place: int, wrong: str) -> None:
    code = stem + check_character(stem)
    altered = code[:place] + wrong + code[place + 1 :]
    assert credit_code_ok(altered) == (altered == code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 15))
def test_two_neighbours_in_the_wrong_order_are_always_found(stem: str, place: int) -> None:
    code = stem + check_character(stem)
    altered = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert credit_code_ok(altered) == (altered == code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",  # 17 characters
        "91350100M000100Y433",  # 19
        "91350100M000100Y44",
        "9135010OM000100Y43",  # the letter O for a zero
        "91350100m000100y43",
        "91350100I000100Y43",
        "９1350100M000100Y43",
    ],
)
def test_what_is_no_code_is_refused(code: str) -> None:
    assert not credit_code_ok(code)


def test_the_pilots_directions_are_the_four_of_the_notice() -> None:
    assert DIRECTIONS == (
        "重大技术创新成果产业化",
        "产业链关键环节提升",
        "制造业与互联网融合",
        "产业区域布局调整",
    )


def test_the_headings_are_those_of_the_field() -> None:
    titles = {f.title.zh for f in CANDIDATES.fields}
    asked = {
        *("项目名称", "申报单位", "统一社会信用代码", "推荐单位", "所属区县", "技术领域", "支持方式"),
        *("总投资", "申请财政资金", "自筹资金", "其他资金", "专家评分", "备注"),
    }
    assert asked <= titles
    assert "序号" in CANDIDATES.field("id").aliases


def test_no_two_columns_share_a_heading() -> None:
    for lang in ("zh", "en"):
        headings = [h for f in CANDIDATES.fields for h in {f.title.to(lang), *f.aliases}]
        assert len(headings) == len(set(headings))
