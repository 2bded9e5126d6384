"""Damage to the rows below a heading: totals, footers, hidden and shifted rows, merged cells, formulas."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.faults.case import Corpus, Must, fault, reads
from tests.faults.sound import (
    CANDIDATES,
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


# -- rows -------------------------------------------------------------------------------------


@CORPUS.damage(3)
def _blank_rows_between(draw: Random, draft: Draft) -> Must:
    for sheet in BIG:
        for _ in range(draw.randint(1, 3)):
            draft.rows[sheet].insert(
                draw.randrange(len(draft.rows[sheet])), draw.choice(([], [" "], [None, "\u3000"]))
            )
    return reads()


@CORPUS.each(
    total="合计",
    spaced="合  计",
    grand="总计",
    in_title="合计（6项）",
    english="Total",
    sub="小计",
    colon="合计：",
)
def _a_total_below(draw: Random, draft: Draft, word: str) -> Must:
    width = len(HEADINGS[CANDIDATES])
    row: list[Any] = [None] * width
    row[draw.choice((0, 1))] = word
    row[_column(CANDIDATES, "request")] = 650
    draft.rows[CANDIDATES].append(row)
    return reads("intake.row_total")


@CORPUS.damage(2)
def _subtotals_between(draw: Random, draft: Draft) -> Must:
    row: list[Any] = [None] * len(HEADINGS[LINES])
    row[0], row[4] = draw.choice(("小计", "市科技局小计")), 140
    draft.rows[LINES].insert(2, row)
    return reads("intake.row_total")


@CORPUS.each(
    signed="填报人：张三　审核人：李四",
    note="注：金额为含税金额",
    date="填表日期：2026年3月",
    unit="单位（盖章）",
)
def _a_footer(draw: Random, draft: Draft, text: str) -> Must:
    draft.rows[CANDIDATES] += [[], [text]]
    return reads("intake.row_footer")


@CORPUS.damage(1)
def _the_heading_again_on_the_next_page(draw: Random, draft: Draft) -> Must:
    draft.rows[CANDIDATES].insert(3, list(draft.heads[CANDIDATES]))
    return reads("intake.row_heading")


@CORPUS.damage(1)
def _columns_numbered_below_the_heading(draw: Random, draft: Draft) -> Must:
    draft.rows[CANDIDATES].insert(0, list(range(1, len(HEADINGS[CANDIDATES]) + 1)))
    return reads("intake.row_numbers")


@CORPUS.damage(1)
def _a_row_shifted_by_one_cell(draw: Random, draft: Draft) -> Must:
    """One cell was deleted with 右侧单元格左移: labels, codes and amounts stand one column too far left."""
    row = draw.choice((0, 1))  # candidates of no call: their nature has moved into the domain
    del draft.rows[CANDIDATES][row][_column(CANDIDATES, "department")]
    r = FIRST + row
    return Must(
        (
            ("candidate.code", CANDIDATES, f"E{r}"),
            ("intake.label", CANDIDATES, f"F{r}"),
            ("intake.label", CANDIDATES, f"H{r}"),
            ("intake.missing_choice", CANDIDATES, f"I{r}"),
            ("candidate.call", CANDIDATES, f"J{r}"),
            ("candidate.sum", CANDIDATES, f"K{r}"),
        )
    )


@CORPUS.damage(2)
def _hidden_rows(draw: Random, draft: Draft) -> Must:
    """A filter that was left on: the rows are read all the same, and it is said which are not seen."""
    sheet = draw.choice(BIG)
    hidden = FIRST + draw.randrange(len(ROWS[sheet]))

    def hide(book: Any) -> None:
        book[sheet].row_dimensions[hidden].hidden = True

    draft.style.append(hide)
    return reads("intake.row_hidden")


@CORPUS.damage(1)
def _a_hidden_column(draw: Random, draft: Draft) -> Must:
    def hide(book: Any) -> None:
        book[CANDIDATES].column_dimensions["M"].hidden = True

    draft.style.append(hide)
    return reads("intake.column_hidden")


@CORPUS.damage(2)
def _a_row_struck_out(draw: Random, draft: Draft) -> Must:
    """A clerk strikes a project out instead of deleting it: nobody but the clerk can say what is meant."""
    row = draw.randrange(6)
    name = cell(CANDIDATES, row, draw.choice(("id", "title")))

    def strike(book: Any) -> None:
        from openpyxl.styles import Font

        book[CANDIDATES][name].font = Font(strike=True)

    draft.style.append(strike)
    return reads("intake.row_struck")


# -- merged cells in the body -----------------------------------------------------------------


@CORPUS.damage(2)
def _a_name_merged_over_rows(draw: Random, draft: Draft) -> Must:
    """The two teams of one call share a merged county and call."""
    key = draw.choice(("county", "call", "domain"))
    draft.put(CANDIDATES, 5, key, None)
    span = f"{cell(CANDIDATES, 4, key)}:{cell(CANDIDATES, 5, key)}"
    draft.style.append(lambda book: book[CANDIDATES].merge_cells(span))
    return reads()


@CORPUS.damage(2)
def _an_amount_merged_over_rows(draw: Random, draft: Draft) -> Must:
    key = draw.choice(("request", "own"))
    draft.put(CANDIDATES, 5, key, None)
    span = f"{cell(CANDIDATES, 4, key)}:{cell(CANDIDATES, 5, key)}"
    draft.style.append(lambda book: book[CANDIDATES].merge_cells(span))
    return fault("intake.cell_merged", CANDIDATES, cell(CANDIDATES, 5, key))


@CORPUS.damage(1)
def _two_cells_merged_across(draw: Random, draft: Draft) -> Must:
    """其他资金 swallowed by 自筹资金: blank, not zero."""
    draft.put(CANDIDATES, 3, "other", None)
    draft.style.append(
        lambda book: book[CANDIDATES].merge_cells(
            f"{cell(CANDIDATES, 3, 'own')}:{cell(CANDIDATES, 3, 'other')}"
        )
    )
    return reads(values={("candidates", 3, "other"): None})


# -- formulas ---------------------------------------------------------------------------------


@CORPUS.damage(3)
def _a_formula_that_was_never_calculated(draw: Random, draft: Draft) -> Must:
    row, key = draw.randrange(4), draw.choice(("total", "request"))
    name = draft.put(CANDIDATES, row, key, f"=SUM(L{FIRST + row}:N{FIRST + row})")
    return fault("intake.cell_stale", CANDIDATES, name)


@CORPUS.each(number=("n", "300"), text=("str", "300"), text_unit=("str", "300万元"))
def _a_formula_with_its_value(draw: Random, draft: Draft, what: tuple[str, str]) -> Must:
    kind, value = what
    draft.put(CANDIDATES, 0, "total", 987654)
    new = f't="{kind}"><f>SUM(L4:N4)</f><v>{value}</v></c>'
    draft.after.append(lambda path: patched(path, "xl/worksheets/sheet1.xml", 't="n"><v>987654</v></c>', new))
    return reads()


@CORPUS.each(error=("e", "#DIV/0!", "cell_error"), blank=("str", "", "none"), text=("str", "超支", "amount"))
def _a_formula_with_a_bad_value(draw: Random, draft: Draft, what: tuple[str, str, str]) -> Must:
    kind, value, code = what
    name = draft.put(CANDIDATES, 0, "total", 987654)
    new = f't="{kind}"><f>SUM(L4:N4)</f><v>{value}</v></c>'
    draft.after.append(lambda path: patched(path, "xl/worksheets/sheet1.xml", 't="n"><v>987654</v></c>', new))
    if code == "none":
        return reads(values={("candidates", 0, "total"): None})
    return fault(f"intake.{code}", CANDIDATES, name)
