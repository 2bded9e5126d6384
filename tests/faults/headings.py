"""Damage to what stands around the records: titles, headings, units, and which sheets there are."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from allocator.intake.grid import letters
from tests.faults.case import Corpus, Must, fault, reads
from tests.faults.sound import (
    CALLS,
    CANDIDATES,
    ENTITLEMENTS,
    FIRST,
    HEADINGS,
    LINES,
    REVIEWS,
    ROWS,
    Draft,
    cell,
)
from tests.intake.tables import patched

CORPUS = Corpus()
BIG = (CANDIDATES, REVIEWS, LINES)


def _column(sheet: str, key: str) -> int:
    return list(HEADINGS[sheet]).index(key)


# -- what stands above ------------------------------------------------------------------------


@CORPUS.each(none=0, one=1, five=5, seven=7)
def _rows_above_the_heading(draw: Random, draft: Draft, count: int) -> Must:
    for sheet in ROWS:
        draft.above[sheet] = [[f"说明 {i}"] for i in range(count)]
    return reads()


@CORPUS.damage(1)
def _a_heading_far_down(draw: Random, draft: Draft) -> Must:
    draft.above[CANDIDATES] = [["情况介绍"]] * 14
    return fault("intake.heading_absent", CANDIDATES, "A1")


@CORPUS.damage(2)
def _a_merged_title(draw: Random, draft: Draft) -> Must:
    sheet = draw.choice(BIG)
    draft.style.append(lambda book: book[sheet].merge_cells("A1:D1"))
    return reads()


@CORPUS.damage(2)
def _headings_over_two_rows(draw: Random, draft: Draft) -> Must:
    """资金（万元） merged above 申请财政资金, 自筹资金 and 其他资金; the other headings merged downwards."""
    own = draft.heads[CANDIDATES]
    first, last = _column(CANDIDATES, "total"), _column(CANDIDATES, "other")
    lower: list[Any] = [None] * len(own)
    lower[first : last + 1] = ["总投资", "申请财政资金", "自筹资金", "其他资金"]
    upper = [*own[:first], "资金情况（万元）", None, None, None, *own[last + 1 :]]
    draft.above[CANDIDATES], draft.heads[CANDIDATES] = [[CANDIDATES], upper], lower

    def merge(book: Any) -> None:
        page = book[CANDIDATES]
        page.merge_cells(start_row=2, end_row=2, start_column=first + 1, end_column=last + 1)
        for c in range(1, len(own) + 1):
            if not first <= c - 1 <= last:
                page.merge_cells(start_row=2, end_row=3, start_column=c, end_column=c)

    if draw.random() < 0.7:
        draft.style.append(merge)
    else:  # not merged, only written above the first of them: 总投资 has its unit, and so has all that stands below
        draft.above[CANDIDATES][0] = ["单位：万元"]
    return reads()


@CORPUS.each(
    spaces=lambda h: " ".join(h),
    star=lambda h: f"*{h}",
    breaks=lambda h: h.replace("（", "\n（"),
    half_width=lambda h: h.replace("（", "(").replace("）", ")"),
    square=lambda h: h.replace("（", "【").replace("）", "】"),
    slash=lambda h: h.replace("（万元）", "/万元"),
    numbered=lambda h: f"1.{h}",
    colon=lambda h: f"{h}：",
    bare=lambda h: h.replace("（万元）", ""),
)
def _headings_written_otherwise(draw: Random, draft: Draft, write: Any) -> Must:
    for sheet in BIG:
        draft.heads[sheet] = [write(h) for h in draft.heads[sheet]]
    return reads()


@CORPUS.each(
    yuan=("（万元）", "（元）", 10_000),
    thousand=("（万元）", "（千元）", 10),
    yi=("（万元）", "（亿元）", 0.0001),
)
def _another_unit_in_every_heading(draw: Random, draft: Draft, what: Any) -> Must:
    old, new, factor = what
    for sheet, fields in HEADINGS.items():
        draft.heads[sheet] = [h.replace(old, new) for h in draft.heads[sheet]]
        draft.above[sheet][1] = [None, None, None, None, new.replace("（", "单位：").replace("）", "")]
        for c, h in enumerate(fields.values()):
            if old in h:
                for row in draft.rows[sheet]:
                    row[c] = None if row[c] is None else round(row[c] * factor, 8)
    return reads()


@CORPUS.damage(1)
def _two_units_announced(draw: Random, draft: Draft) -> Must:
    draft.heads[LINES] = [h.replace("（万元）", "") for h in draft.heads[LINES]]
    draft.above[LINES] = [["单位：万元"], ["单位：元"]]
    return fault("intake.units_conflict", LINES, "E3")


@CORPUS.damage(1)
def _no_unit_at_all(draw: Random, draft: Draft) -> Must:
    for sheet in (LINES,):
        draft.heads[sheet] = [h.replace("（万元）", "") for h in draft.heads[sheet]]
        draft.above[sheet] = [[sheet], [None]]
    return Must((("intake.amount_bare", LINES, "E4"), ("intake.amount_bare", LINES, "F4")))


@CORPUS.damage(3)
def _columns_in_another_order(draw: Random, draft: Draft) -> Must:
    sheet = draw.choice(BIG)
    order = list(range(len(draft.heads[sheet])))
    draw.shuffle(order)
    draft.heads[sheet] = [draft.heads[sheet][c] for c in order]
    draft.rows[sheet] = [[row[c] for c in order] for row in draft.rows[sheet]]
    return reads()


@CORPUS.damage(1)
def _headings_of_two_amounts_swapped(draw: Random, draft: Draft) -> Must:
    """总投资 and 申请财政资金 changed places in the heading: every row whose parts no longer make the whole says so."""
    a, b = _column(CANDIDATES, "total"), _column(CANDIDATES, "request")
    heads = draft.heads[CANDIDATES]
    heads[a], heads[b] = heads[b], heads[a]
    wrong = [r for r in range(6) if draft.get(CANDIDATES, r, "total") != draft.get(CANDIDATES, r, "request")]
    at = [f"L{FIRST + r}" for r in wrong]
    return Must(
        tuple(
            ("candidate.sum" if r < 4 else "candidate.parts", CANDIDATES, c)
            for r, c in zip(wrong, at, strict=True)
        )
    )


@CORPUS.damage(1)
def _headings_of_a_name_and_an_amount_swapped(draw: Random, draft: Draft) -> Must:
    a, b = _column(CANDIDATES, "county"), _column(CANDIDATES, "request")
    heads = draft.heads[CANDIDATES]
    heads[a], heads[b] = heads[b], heads[a]
    return Must(tuple(("intake.amount", CANDIDATES, f"G{FIRST + r}") for r in range(6)))


@CORPUS.each(
    request=(CANDIDATES, "request"),
    kind=(CANDIDATES, "kind"),
    expert=(REVIEWS, "expert"),
    year1=(LINES, "year1"),
    winners=(CALLS, "winners"),
    title=(ENTITLEMENTS, "title"),
)
def _a_needed_column_left_out(draw: Random, draft: Draft, what: Any) -> Must:
    sheet, key = what
    c = _column(sheet, key)
    for row in (draft.heads[sheet], *draft.rows[sheet]):
        del row[c]
    return fault("intake.column_missing", sheet, "A3")


@CORPUS.each(misspelt="申请财政资金额度", short="申请财资")
def _a_needed_heading_misspelt(draw: Random, draft: Draft, said: str) -> Must:
    draft.heads[CANDIDATES][_column(CANDIDATES, "request")] = said
    return fault("intake.column_missing_near", CANDIDATES, f"{letters(_column(CANDIDATES, 'request'))}3")


@CORPUS.damage(1)
def _an_optional_heading_misspelt(draw: Random, draft: Draft) -> Must:
    draft.heads[CANDIDATES][_column(CANDIDATES, "county")] = "所属县区名"
    values = {("candidates", r, "county"): None for r in range(6)}
    return reads("intake.column_unknown_near", values=values)


@CORPUS.damage(2)
def _a_heading_twice(draw: Random, draft: Draft) -> Must:
    key = draw.choice(("request", "domain", "own"))
    draft.heads[CANDIDATES].append(HEADINGS[CANDIDATES][key])
    for row in draft.rows[CANDIDATES]:
        row.append(draw.choice((None, 1)))
    return fault("intake.field_twice", CANDIDATES, "S3")


@CORPUS.damage(1)
def _a_column_without_a_heading(draw: Random, draft: Draft) -> Must:
    for row in draft.rows[CANDIDATES]:
        row.append("私注")
    return reads("intake.column_unnamed")


# -- sheets -----------------------------------------------------------------------------------


@CORPUS.damage(1)
def _the_main_sheet_missing(draw: Random, draft: Draft) -> Must:
    del draft.rows[CANDIDATES]
    return Must((("intake.sheet_absent", None, None),))


@CORPUS.each(lines=(LINES, "lines"), entitlements=(ENTITLEMENTS, "entitlements"))
def _an_optional_sheet_missing(draw: Random, draft: Draft, what: tuple[str, str]) -> Must:
    sheet, key = what
    count = len(draft.rows.pop(sheet))
    return Must(notices=("intake.sheet_left_out",), gone={key: tuple(range(count))})


@CORPUS.each(
    year="2026年申报汇总表",
    spaced=" 申报汇总表 ",
    english="Candidates",
    alias="项目清单",
    other="Sheet1",
    copy="申报汇总表 (2)",
)
def _a_sheet_under_another_name(draw: Random, draft: Draft, name: str) -> Must:
    def rename(book: Any) -> None:
        book[CANDIDATES].title = name

    draft.style.append(rename)
    return reads()


@CORPUS.damage(1)
def _two_sheets_of_one_kind(draw: Random, draft: Draft) -> Must:
    def copy(book: Any) -> None:
        page = book.copy_worksheet(book[CANDIDATES])
        page.title = "项目申报汇总表"

    draft.style.append(copy)
    return fault("intake.sheet_twice", "项目申报汇总表", None)


@CORPUS.damage(1)
def _a_hidden_sheet(draw: Random, draft: Draft) -> Must:
    """A sheet of last year's candidates that is hidden is not taken for this year's."""

    def copy(book: Any) -> None:
        page = book.copy_worksheet(book[CANDIDATES])
        page.title, page.sheet_state = "上年度数据", "hidden"

    draft.style.append(copy)
    return reads()


@CORPUS.damage(1)
def _only_headings(draw: Random, draft: Draft) -> Must:
    draft.rows[CANDIDATES] = []
    orphans = [("review.unknown", REVIEWS, cell(REVIEWS, r, "candidate")) for r in range(18)]
    return Must((("intake.table_empty", CANDIDATES, "A3"), *orphans))


@CORPUS.damage(1)
def _a_sheet_with_nothing_in_it(draw: Random, draft: Draft) -> Must:
    draft.rows[LINES], draft.heads[LINES], draft.above[LINES] = [], [], []
    return fault("intake.heading_absent", LINES, "A1")


@CORPUS.damage(1)
def _a_stray_entry_far_out(draw: Random, draft: Draft) -> Must:
    sheet1 = "xl/worksheets/sheet1.xml"
    far = '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    draft.after.append(lambda path: patched(path, sheet1, "</sheetData>", far))
    return fault("intake.sheet_huge", CANDIDATES, "XFD1048576")


@CORPUS.damage(1)
def _a_lying_dimension(draw: Random, draft: Draft) -> Must:
    """A sheet that says it goes from A1 to XFD1048576 and holds six rows."""

    def lie(path: Path) -> Path:
        import re
        import zipfile

        with zipfile.ZipFile(path) as archive:
            text = archive.read("xl/worksheets/sheet1.xml").decode()
        said = re.search(r'<dimension ref="[^"]*"', text)
        assert said is not None
        return patched(path, "xl/worksheets/sheet1.xml", said[0], '<dimension ref="A1:XFD1048576"')

    draft.after.append(lie)
    return reads()


@CORPUS.damage(1)
def _formats_down_to_the_last_row(draw: Random, draft: Draft) -> Must:
    def paint(book: Any) -> None:
        from openpyxl.styles import PatternFill

        for row in (200, 3000, 60_000):
            book[LINES].cell(row, 3).fill = PatternFill("solid", fgColor="FFFF00")

    draft.style.append(paint)
    return reads()
