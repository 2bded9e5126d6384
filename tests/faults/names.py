"""Damage to ids, codes, labels, years and texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.case import Corpus, Must, fault, reads
from tests.faults.sound import CALLS, CANDIDATES, ENTITLEMENTS, LINES, REVIEWS, ROWS, Draft, cell
from tests.intake.tables import patched

CORPUS = Corpus()


# -- ids --------------------------------------------------------------------------------------


@CORPUS.damage(3)
def _an_id_twice(draw: Random, draft: Draft) -> Must:
    sheet = draw.choice((CANDIDATES, LINES, ENTITLEMENTS))
    key = "id"
    first, second = sorted(draw.sample(range(len(ROWS[sheet])), 2))
    lost = draft.get(sheet, second, key)
    same = str(draft.get(sheet, first, key))
    draft.put(sheet, second, key, draw.choice((same, same.lower(), f" {same} ", same.replace("P", "Ｐ"))))
    found = [("intake.repeated", sheet, cell(sheet, second, key))]
    if sheet == CANDIDATES:  # its reviews are now of nobody
        found += [
            ("review.unknown", REVIEWS, cell(REVIEWS, r, "candidate"))
            for r in range(len(ROWS[REVIEWS]))
            if draft.get(REVIEWS, r, "candidate") == lost
        ]
    return Must(tuple(found))


@CORPUS.damage(2)
def _a_whole_row_pasted_twice(draw: Random, draft: Draft) -> Must:
    sheet = draw.choice((CANDIDATES, REVIEWS, CALLS))
    row = draw.randrange(len(ROWS[sheet]))
    draft.rows[sheet].append(list(draft.rows[sheet][row]))
    key = "expert" if sheet == REVIEWS else "id"
    return fault("intake.repeated", sheet, cell(sheet, len(ROWS[sheet]), key))


@CORPUS.damage(2)
def _an_id_missing(draw: Random, draft: Draft) -> Must:
    sheet = draw.choice((LINES, ENTITLEMENTS))
    row = draw.randrange(len(ROWS[sheet]) - 1)
    return fault("intake.missing", sheet, draft.put(sheet, row, "id", draw.choice((None, " ", "—"))))


@CORPUS.damage(2)
def _a_candidate_without_an_id(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6)
    lost = draft.get(CANDIDATES, row, "id")
    name = draft.put(CANDIDATES, row, "id", None)
    orphans = [r for r in range(18) if draft.get(REVIEWS, r, "candidate") == lost]
    return Must(
        (
            ("intake.missing", CANDIDATES, name),
            *(("review.unknown", REVIEWS, cell(REVIEWS, r, "candidate")) for r in orphans),
        )
    )


@CORPUS.each(
    lower="p02", wide="Ｐ０２", spaced="P 02", apostrophe="'P02", line_break="P\n02", invisible="P02\u200b"
)
def _an_id_written_otherwise(draw: Random, draft: Draft, said: str) -> Must:
    draft.put(*draw.choice(((CANDIDATES, 1, "id"), (REVIEWS, 4, "candidate"))), said)
    return reads()


@CORPUS.damage(2)
def _numbers_for_ids(draw: Random, draft: Draft) -> Must:
    """A running number typed as a number in one sheet and as text in the other is one id."""
    row = draw.randrange(6)
    old = draft.get(CANDIDATES, row, "id")
    draft.put(CANDIDATES, row, "id", draw.choice((1001, 1001.0, "1001")))
    values: dict[tuple[str, int, str], Any] = {("candidates", row, "id"): "1001"}
    for r in range(18):
        if draft.get(REVIEWS, r, "candidate") == old:
            draft.put(REVIEWS, r, "candidate", draw.choice((1001, "1001", "１００１")))
            values["reviews", r, "candidate"] = "1001"
    return reads(values=values)


@CORPUS.damage(2)
def _an_id_that_became_a_date(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(3)
    return fault("intake.code_date", LINES, draft.put(LINES, row, "id", date(2026, draw.randint(1, 12), 1)))


@CORPUS.damage(1)
def _a_line_with_the_id_of_a_candidate(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6)
    draft.put(LINES, draw.randrange(3), "id", draft.get(CANDIDATES, row, "id"))
    return fault("candidate.twice", CANDIDATES, cell(CANDIDATES, row, "id"))


@CORPUS.damage(1)
def _a_line_with_the_id_of_an_entitlement(draw: Random, draft: Draft) -> Must:
    draft.put(ENTITLEMENTS, 1, "id", "W1")
    return fault("line.twice", ENTITLEMENTS, cell(ENTITLEMENTS, 1, "id"))


# -- credit codes -----------------------------------------------------------------------------


def _other_digit(code: str, draw: Random) -> str:
    at = draw.randrange(8, 17)
    return (
        code[:at]
        + str((int(code[at]) + draw.randint(1, 9)) % 10 if code[at].isdigit() else 7)
        + code[at + 1 :]
    )


@CORPUS.each(
    digit=_other_digit,
    short=lambda c, d: c[:17],
    long=lambda c, d: c + "1",
    letter=lambda c, d: c.replace("0", "O", 1),
    swapped=lambda c, d: c[:9] + c[10] + c[9] + c[11:],
    fifteen=lambda c, d: "371100200012345",
    name=lambda c, d: "日照甲公司",
)
def _a_bad_credit_code(draw: Random, draft: Draft, write: Any) -> Must:
    row = draw.choice((0, 1, 4, 5))
    code = draft.get(CANDIDATES, row, "credit_code")
    return fault("candidate.code", CANDIDATES, draft.put(CANDIDATES, row, "credit_code", write(code, draw)))


@CORPUS.each(number=(911101080000000123, "code_digits"), scientific=("9.1E+17", "code_digits"))
def _a_credit_code_that_became_a_number(draw: Random, draft: Draft, what: Any) -> Must:
    row = draw.choice((0, 1, 4, 5))
    return fault(f"intake.{what[1]}", CANDIDATES, draft.put(CANDIDATES, row, "credit_code", what[0]))


@CORPUS.each(
    lower=str.lower,
    spaced=lambda c: f"{c[:8]} {c[8:]}",
    wide=lambda c: "".join(chr(ord(x) + 0xFEE0) for x in c),
    line_end=lambda c: c + "\n",
)
def _a_credit_code_written_otherwise(draw: Random, draft: Draft, write: Any) -> Must:
    row = draw.choice((0, 1, 4, 5))
    draft.put(CANDIDATES, row, "credit_code", write(draft.get(CANDIDATES, row, "credit_code")))
    return reads()


# -- labels -----------------------------------------------------------------------------------


@CORPUS.each(
    misspelt=("domain", "重点研发专向", "label_near"),
    short=("domain", "重点研发", "label_near"),
    two=("domain", "重点研发专项、重大科技创新专项", "label_near"),
    other=("domain", "其他", "label"),
    number=("domain", 2, "label"),
    kind=("kind", "公司", "label"),
    kind_blank=("kind", None, "missing_choice"),
    kind_error=("kind", "#N/A", "cell_error"),
    nature=("nature", "产业化类", "label_near"),
    domain_blank=("domain", "", "missing_choice"),
    domain_date=("domain", date(2026, 2, 1), "label"),
    domain_flag=("domain", True, "label"),
)
def _an_unknown_label(draw: Random, draft: Draft, what: Any) -> Must:
    key, value, code = what
    row = draw.randrange(6)
    if draft.get(CANDIDATES, row, key) is None:
        row = 0
    return fault(f"intake.{code}", CANDIDATES, draft.put(CANDIDATES, row, key, value))


@CORPUS.each(
    line=(LINES, "line", "稳定性支持"),
    mode=(CALLS, "mode", "挂帅"),
    domain=(ENTITLEMENTS, "domain", "重点专项"),
)
def _an_unknown_label_elsewhere(draw: Random, draft: Draft, what: Any) -> Must:
    sheet, key, value = what
    name = draft.put(sheet, 0, key, value)
    near = "intake.label_near" if sheet != CALLS else "intake.label"
    return fault(near, sheet, name)


@CORPUS.each(
    spaced="重点 研发 专项",
    trailing="重点研发专项 ",
    line_break="重点研发\n专项",
    dotted="重点研发·专项",
    quoted="“重点研发专项”",
)
def _a_label_written_otherwise(draw: Random, draft: Draft, said: str) -> Must:
    row = draw.choice((0, 3, 4, 5))
    draft.put(CANDIDATES, row, "domain", said)
    return reads()


@CORPUS.damage(2)
def _a_call_that_is_not_there(draw: Random, draft: Draft) -> Must:
    row = draw.choice((4, 5))
    said = draw.choice(("BD2", "BDI", "榜1"))
    return fault("candidate.call", CANDIDATES, draft.put(CANDIDATES, row, "call", said))


# -- years ------------------------------------------------------------------------------------


@CORPUS.each(
    text="2026年",
    text_wide="２０２６",
    month="2026年3月",
    day="2026-03-01",
    dot="2026.3",
    number=2026.5,
    date=date(2026, 3, 1),
    annual="2026年度",
)
def _a_year_written_otherwise(draw: Random, draft: Draft, said: Any) -> Must:
    draft.put(CANDIDATES, draw.randrange(6), "start", said)
    return reads()


@CORPUS.each(
    two_digits=(26, "year"),
    span=("2026-2028", "year"),
    serial=(46023, "year"),
    unclear=("今年", "year"),
    far=(3026, "above"),
    swapped=(6202, "above"),
    numeral=("二〇二六", "year"),
)
def _no_year(draw: Random, draft: Draft, what: Any) -> Must:
    value, code = what
    return fault(f"intake.{code}", CANDIDATES, draft.put(CANDIDATES, draw.randrange(6), "start", value))


@CORPUS.damage(2)
def _an_end_before_its_start(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6)
    return fault("candidate.years", CANDIDATES, draft.put(CANDIDATES, row, "end", 2025 - draw.randrange(3)))


# -- texts ------------------------------------------------------------------------------------


@CORPUS.each(
    formula="=1+1项目",
    plus="+绿色",
    minus="-低温泵",
    at="@平台",
    quote='他说"好"',
    markup="<b>&amp;",
    brace="{title}",
    percent="100%达标",
    tab="甲\t乙",
    emoji="海藻🌊",
    rare="𠮷野",
    rtl="\u202e倒写",
    long="长" * 2000,
)
def _a_title_with_odd_signs(draw: Random, draft: Draft, said: str) -> Must:
    row = draw.randrange(6)
    name = draft.put(CANDIDATES, row, "title", said)

    def as_text(book: Any) -> None:
        book[CANDIDATES][name].data_type = "s"

    draft.style.append(as_text)
    expected = {"甲\t乙": "甲 乙", "\u202e倒写": "倒写"}.get(said, said)
    return reads(values={("candidates", row, "title"): expected})


@CORPUS.damage(2)
def _a_title_with_a_line_break(draw: Random, draft: Draft) -> Must:
    row = draw.randrange(6)
    draft.put(CANDIDATES, row, "title", draw.choice(("上行\n下行", "上行\r\n下行", " 上行 \n\n 下行 ")))
    return reads(values={("candidates", row, "title"): "上行\n下行"})


@CORPUS.each(
    break_="日照\n甲公司",
    space="日照 甲公司",
    wide_space="日照\u3000甲公司",
    tail="日照甲公司\n",
    invisible="日照\u200b甲公司",
)
def _a_unit_written_otherwise(draw: Random, draft: Draft, said: str) -> Must:
    """Limits count by unit: a line break in its name must not make two of it."""
    draft.put(CANDIDATES, 1, "applicant", said)
    draft.put(CANDIDATES, 1, "credit_code", draft.get(CANDIDATES, 0, "credit_code"))
    code = ROWS[CANDIDATES][0][4]
    return reads(
        values={("candidates", 1, "applicant"): "日照甲公司", ("candidates", 1, "credit_code"): code}
    )


@CORPUS.damage(1)
def _one_code_for_two_units(draw: Random, draft: Draft) -> Must:
    draft.put(CANDIDATES, 1, "credit_code", draft.get(CANDIDATES, 0, "credit_code"))
    return reads("candidate.names", values={("candidates", 1, "credit_code"): ROWS[CANDIDATES][0][4]})


@CORPUS.damage(1)
def _two_codes_for_one_unit(draw: Random, draft: Draft) -> Must:
    draft.put(CANDIDATES, 1, "applicant", "日照甲公司")
    return reads("candidate.codes", values={("candidates", 1, "applicant"): "日照甲公司"})


@CORPUS.each(bell="_x0007_", null="_x0000_", escape="_x001B_", unit="_x001F_")
def _a_control_character(draw: Random, draft: Draft, sign: str) -> Must:
    """Excel writes what no XML can hold as _xHHHH_: it is no part of a name."""
    row = draw.randrange(6)
    title = draft.get(CANDIDATES, row, "title")
    draft.put(CANDIDATES, row, "title", f"{title[:2]}CTRL{title[2:]}")

    def write(path: Path) -> Path:
        return patched(path, "xl/worksheets/sheet1.xml", "CTRL", sign)

    draft.after.append(write)
    return reads()


@CORPUS.damage(2)
def _a_needed_text_missing(draw: Random, draft: Draft) -> Must:
    key = draw.choice(("title", "applicant"))
    return fault(
        "intake.missing",
        CANDIDATES,
        draft.put(CANDIDATES, draw.randrange(6), key, draw.choice((None, " ", "—"))),
    )
