"""Damage to amounts: what a tired clerk types into a cell of 万元."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random
from typing import Any

from tests.faults.case import Corpus, Must, fault, reads
from tests.faults.sound import CALLS, CANDIDATES, ENTITLEMENTS, LINES, ROWS, Draft, cell

CORPUS = Corpus()

MONEY = (
    *((CANDIDATES, key) for key in ("total", "request", "own", "valuation")),
    (LINES, "year1"),
    (ENTITLEMENTS, "year1"),
    (CALLS, "contract"),
)
NEEDED = ((CANDIDATES, "request"), (LINES, "year1"), (ENTITLEMENTS, "year1"))


def _cell(draw: Random, draft: Draft, among: Any = MONEY) -> tuple[str, int, str, float]:
    """A cell of money that holds something: sheet, row, field, and its 万元."""
    found = [
        (sheet, row, key, draft.get(sheet, row, key))
        for sheet, key in among
        for row in range(len(ROWS[sheet]))
        if draft.get(sheet, row, key)
    ]
    return draw.choice(found)


def _wan(value: float) -> str:
    return f"{value:g}"


def _full(text: str) -> str:
    return text.translate({**{ord(d): ord(d) + 0xFEE0 for d in "0123456789"}, ord("."): "．", ord(","): "，"})


# -- read right -------------------------------------------------------------------------------


@CORPUS.each(
    text=lambda v: _wan(v),
    decimals=lambda v: f"{v:.2f}",
    apostrophe=lambda v: f"'{_wan(v)}",
    full_width=lambda v: _full(_wan(v)),
    full_width_decimals=lambda v: _full(f"{v:.2f}"),
    unit=lambda v: f"{_wan(v)}万元",
    unit_apart=lambda v: f"{_wan(v)} 万元",
    unit_short=lambda v: f"{_wan(v)}万",
    unit_line_break=lambda v: f"{_wan(v)}\n万元",
    yuan=lambda v: f"{v * 10_000:,.0f}元",
    yuan_full_width=lambda v: _full(f"{v * 10_000:,.0f}") + "元",
    yi=lambda v: f"{v / 10_000:.8f}".rstrip("0") + "亿元",
    sign=lambda v: f"￥{_wan(v)}",
    rmb=lambda v: f"人民币{_wan(v)}万元",
    plus=lambda v: f"+{_wan(v)}",
    space_before=lambda v: f"  {_wan(v)}",
    no_break_space=lambda v: f"{_wan(v)}\xa0",
    ideographic_space=lambda v: f"\u3000{_wan(v)}\u3000",
    zero_width=lambda v: f"\u200b{_wan(v)}\ufeff",
    line_end=lambda v: f"{_wan(v)}\n",
    tabulator=lambda v: f"\t{_wan(v)}",
    carriage_return=lambda v: f"{_wan(v)}_x000D_\n",
    formula_noise=lambda v: v + 1e-13 * v,
)
def _an_amount_written_otherwise(draw: Random, draft: Draft, write: Any) -> Must:
    sheet, row, key, value = _cell(draw, draft)
    draft.put(sheet, row, key, write(value))
    return reads()


@CORPUS.damage(3)
def _thousands_separators(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(2)
    draft.put(CANDIDATES, row, "valuation", draw.choice(("1,250.00", "１，２５０", "1 250", "1，250.0万元")))
    return reads(values={("candidates", row, "valuation"): 12_500_000})


@CORPUS.each(
    dash="—", hyphen="-", slash="/", none="无", blank="  ", full_width_dash="－", na="N/A", nil="暂无"
)
def _nothing_to_say_in_an_optional_amount(draw: Random, draft: Draft, sign: str) -> Must:
    row = draw.randrange(6)
    draft.put(CANDIDATES, row, "valuation", sign)
    return reads(values={("candidates", row, "valuation"): None})


# -- faults -----------------------------------------------------------------------------------


@CORPUS.each(
    numeral=("三百", "amount"),
    formal=("叁佰万元整", "amount"),
    about=("约120", "amount"),
    around=("120左右", "amount_unit"),
    at_most=("≤120", "amount"),
    span=("100-120", "amount"),
    span_wave=("100～120", "amount"),
    sum_=("100+20", "amount"),
    remark=("120（含设备）", "amount_unit"),
    remark_after_unit=("120万元（其中设备30万元）", "amount"),
    letter_o=("12O", "amount_unit"),
    letter_l=("l20", "amount"),
    chinese_stop=("12。5", "amount"),
    two_stops=("12.5.1", "amount"),
    brackets=("(120)", "amount"),
    european=("1.200,50", "amount"),
    bad_group=("12,00", "amount"),
    apostrophe_group=("1'200", "amount"),
    percent=("120%", "amount_unit"),
    dollars=("120美元", "amount_unit"),
    dollar_sign=("$120", "amount"),
    scientific=("1.2E+02", "number_scientific"),
    scientific_full_width=("１．２ｅ２", "number_scientific"),
    question=("120?", "amount_unit"),
    pending=("待定", "amount"),
    error_text=("#DIV/0!", "cell_error"),
    error_full_width=("＃REF！", "cell_error"),
    ditto=("同上", "amount"),
    formula_text=("'=A1*2", "amount"),
    hashes=("######", "amount"),
    two=("100/120", "amount"),
    boolean=(True, "amount"),
    date_=(date(2026, 1, 20), "number_date"),
    moment=(datetime(2026, 1, 20, 8, 30), "number_date"),
    hour=(time(12, 0), "number_date"),
    fraction=(120.00001234, "amount_fraction"),
    huge=(1e300, "number_huge"),
    long=("9" * 40, "number_huge"),
    infinite=("inf", "amount"),
    nan=("NaN", "amount"),
    hexadecimal=("0x78", "amount"),
    circled=("①②⑩", "amount"),
    superscript=("12²", "amount_unit"),
)
def _no_amount(draw: Random, draft: Draft, what: tuple[Any, str]) -> Must:
    value, code = what
    sheet, row, key, _ = _cell(draw, draft)
    return fault(f"intake.{code}", sheet, draft.put(sheet, row, key, value))


@CORPUS.damage(3)
def _a_needed_amount_is_missing(draw: Random, draft: Draft) -> Must:
    sheet, row, key, _ = _cell(draw, draft, NEEDED)
    value = draw.choice((None, "—", " ", "\u3000", "/"))
    return fault("intake.missing", sheet, draft.put(sheet, row, key, value))


@CORPUS.damage(4)
def _a_negative_amount(draw: Random, draft: Draft) -> Must:
    sheet, row, key, value = _cell(draw, draft)
    code = "below" if (sheet, key) in NEEDED else "below_optional"
    said = draw.choice((-value, f"-{value:g}", f"−{value:g}", f"－{value:g}"))
    return fault(f"intake.{code}", sheet, draft.put(sheet, row, key, said))


@CORPUS.damage(2)
def _a_request_of_nothing(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6)
    return fault(
        "intake.below", CANDIDATES, draft.put(CANDIDATES, row, "request", draw.choice((0, "0", "０.00")))
    )


@CORPUS.each(
    division="#DIV/0!", value="#VALUE!", reference="#REF!", name="#NAME?", absent="#N/A", number="#NUM!"
)
def _an_error_cell(draw: Random, draft: Draft, error: str) -> Must:
    sheet, row, key, _ = _cell(draw, draft)
    name = draft.put(sheet, row, key, error)

    def typed(book: Any) -> None:
        book[sheet][name].data_type = "e"

    draft.style.append(typed)
    return fault("intake.cell_error", sheet, name)


@CORPUS.damage(3)
def _the_parts_do_not_make_the_whole(draw: Random, draft: Draft) -> Must:
    row, key = draw.randrange(4), draw.choice(("total", "request", "own", "other"))
    draft.put(CANDIDATES, row, key, draft.get(CANDIDATES, row, key) + draw.choice((0.5, 1, 7)))
    return fault("candidate.sum", CANDIDATES, cell(CANDIDATES, row, "total"))


@CORPUS.damage(2)
def _parts_above_the_whole_though_one_is_blank(draw: Random, draft: Draft) -> Must:
    row = draw.choice((4, 5))
    return fault(
        "candidate.parts", CANDIDATES, draft.put(CANDIDATES, row, "total", draft.get(CANDIDATES, row, "own"))
    )


@CORPUS.damage(2)
def _yuan_in_a_column_of_wan(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6)
    for key in ("total", "request", "own", "other"):
        value = draft.get(CANDIDATES, row, key)
        if value:
            draft.put(CANDIDATES, row, key, value * 10_000)
    values = {("candidates", row, k): v for k in ("total", "request", "own", "other")
              if (v := (draft.get(CANDIDATES, row, k) or 0) * 10_000)}  # fmt: skip
    return reads("candidate.above_fund", values=values)


@CORPUS.each(percent="0%", percent_two="0.00%")
def _an_amount_shown_as_a_percentage(draw: Random, draft: Draft, shown: str) -> Must:
    sheet, row, key, value = _cell(draw, draft)
    return _shown(draft, sheet, row, key, value, shown)


@CORPUS.each(
    thousands="#,##0,", wan='0!.0,"万"', wan_escaped="0\\.0,", wan_plain="0!.0000", millions="0.00,,"
)
def _an_amount_shown_scaled(draw: Random, draft: Draft, shown: str) -> Must:
    """WPS offers 以万元显示: the cell holds 1000000 and shows 100.0."""
    sheet, row, key, value = _cell(draw, draft)
    return _shown(draft, sheet, row, key, value * 10_000, shown)


@CORPUS.each(yuan='#,##0.00"元"', yi='0.0000"亿元"', bare="0.00元")
def _an_amount_shown_with_another_unit(draw: Random, draft: Draft, shown: str) -> Must:
    sheet, row, key, value = _cell(draw, draft)
    return _shown(draft, sheet, row, key, value, shown)


def _shown(draft: Draft, sheet: str, row: int, key: str, value: float, shown: str) -> Must:
    name = draft.put(sheet, row, key, value)

    def look(book: Any) -> None:
        book[sheet][name].number_format = shown

    draft.style.append(look)
    return fault("intake.number_shown", sheet, name)


@CORPUS.each(
    unit='#,##0.00"万元"',
    plain="#,##0.00",
    colours="0.00;[Red]-0.00",
    accounting="_ * #,##0.00_ ",
    sign='"¥"#,##0.00',
)
def _an_amount_shown_as_it_is(draw: Random, draft: Draft, shown: str) -> Must:
    sheet, row, key, value = _cell(draw, draft)
    _shown(draft, sheet, row, key, value, shown)
    return reads()
