"""The table of options: columns and labels by name, sums by label, plans as filters, and no silent overflow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from allocator.options import Codes
from tests.hand import YEARS, award, line, table

AWARDS = [
    line("W", 30, (20, 10), domain="甲"),
    award("A", 100, (60, 40), domain="甲", recovery=(0, 0, 7), money={"loss": 5}, merit=9),
    award("A", 50, instrument="equity", domain="甲"),
    award("B", 80, domain="乙", call="BD1"),
]
TABLE = table(AWARDS)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("award", [30, 100, 50, 80]),
        ("first_year", [20, 60, 50, 80]),
        ("count", [1, 1, 1, 1]),
        ("outlay", [30, 100, 50, 80]),
        ("outlay.2027", [10, 40, 0, 0]),
        ("recovery", [0, 7, 0, 0]),
        ("recovery.2028", [0, 7, 0, 0]),
        ("loss", [0, 5, 0, 0]),
    ],
)
def test_a_column_and_an_award_read_one_name_alike(name: str, column: list[int]) -> None:
    assert TABLE.has(name)
    assert TABLE.column(name).tolist() == column
    assert [a.money(name, YEARS) for a in TABLE.awards(np.ones(4, bool))] == column


@pytest.mark.parametrize("name", ["awards", "outlay.2099", "outlay.x", "award.2026", "loss.2026", ""])
def test_a_name_that_is_no_column_is_known_as_none(name: str) -> None:
    assert not TABLE.has(name)
    with pytest.raises((KeyError, ValueError)):
        TABLE.column(name)
    with pytest.raises((KeyError, ValueError)):
        AWARDS[1].money(name, YEARS)


def test_the_sum_by_label_is_a_row_for_each() -> None:
    assert TABLE.by("domain", "award", ["乙", "甲"]).toarray().tolist() == [[0, 0, 0, 80], [30, 100, 50, 0]]
    assert TABLE.by("call", "count", ["BD1"]).toarray().tolist() == [[0, 0, 0, 1]]
    assert TABLE.by("domain", "award", ["丙"]).toarray().tolist() == [[0, 0, 0, 0]]
    assert TABLE.by("domain", "award", []).shape == (0, 4)


def test_masks_are_all_of_the_axes_and_any_of_the_labels() -> None:
    assert TABLE.mask({}).tolist() == [True] * 4
    assert TABLE.mask({"domain": ("甲",)}).tolist() == [True, True, True, False]
    assert TABLE.mask({"domain": ("甲", "乙"), "instrument": ("grant",)}).tolist() == [
        False,
        True,
        False,
        True,
    ]
    assert TABLE.mask({"domain": ("丙",)}).tolist() == [False] * 4
    assert TABLE.mask({"domain": ()}).tolist() == [False] * 4
    for where in (
        {"domain": ("甲",)},
        {"call": ("BD1",)},
        {"instrument": ("equity", "grant"), "kind": ("企业",)},
    ):
        assert TABLE.mask(where).tolist() == [a.fits(where) for a in AWARDS]


def test_an_axis_that_says_nothing_fits_no_label() -> None:
    assert not AWARDS[0].fits({"instrument": ("grant",)})
    assert AWARDS[0].fits({})


def test_a_plan_is_a_filter_and_gives_back_what_went_in() -> None:
    assert TABLE.awards(np.ones(4, bool)) == tuple(AWARDS)
    assert TABLE.awards(np.array([True, False, True, False])) == (AWARDS[0], AWARDS[2])
    assert TABLE.awards(np.zeros(4, bool)) == ()


def test_options_of_each_candidate_by_name() -> None:
    assert {c: rows.tolist() for c, rows in TABLE.rows_of.items()} == {"W": [0], "A": [1, 2], "B": [3]}


def test_a_candidate_without_options_has_none() -> None:
    wider = replace(TABLE, candidates=("W", "A", "B", "C"))
    assert wider.rows_of["C"].tolist() == []


def test_an_empty_table_sums_to_nothing() -> None:
    empty = table([])
    assert len(empty) == 0
    assert empty.sums([]).shape == (0, 0)
    assert empty.by("domain", "award", ["甲"]).shape == (1, 0)
    assert empty.mask({"domain": ("甲",)}).shape == (0,)
    assert empty.awards(np.zeros(0, bool)) == ()
    empty.check_room()


def test_room_is_for_ten_thousand_times_the_whole_column() -> None:
    # 10亿 × 400,000 = 4·10^14; × 10,000 = 4·10^18 < 2^62 ≈ 4.61·10^18. With 470,000 it is past it.
    def of(count: int):
        one = table([award("A", 10**9)])
        wide = {f: np.repeat(getattr(one, f), count, axis=0) for f in ("award", "outlay", "recovery")}
        return replace(one, **wide, money={m: np.repeat(c, count) for m, c in one.money.items()})

    of(400_000).check_room()
    with pytest.raises(OverflowError, match="award"):
        of(470_000).check_room()


def test_room_is_asked_of_every_money_column() -> None:
    with pytest.raises(OverflowError, match="private"):
        table([award("A", 1, money={"private": 10**15})]).check_room()


def test_codes_are_in_order_of_first_sight_and_absent_is_no_label() -> None:
    codes = Codes.of(["乙", None, "甲", "乙"])
    assert (codes.codes.tolist(), codes.values) == ([0, -1, 1, 0], ("乙", "甲"))
    assert [codes.label(i) for i in range(4)] == ["乙", None, "甲", "乙"]
    assert codes.take(np.array([2, 1])).codes.tolist() == [1, -1]
