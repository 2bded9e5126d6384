"""A table on a page: headings, rows, subtotals and totals that are formulas with their value beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from allocator.report.cells import (
    LONGEST_CELL,
    LOOKS,
    RISKY,
    Cell,
    Column,
    Figure,
    Kind,
    Range,
    Role,
    longest_word,
    width_of,
)
from allocator.report.sheet import Blank, Formula, Number
from allocator.words import Text, say

if TYPE_CHECKING:
    from allocator.report.page import Page

WIDEST = 2
"""Half-width characters that any character takes at most."""

_Slot = tuple[int, int, Any, Any, dict[str | Text | int, tuple[Any, int]] | None]
"""Where a column stands, its divisor, format, blank cell, texts made so far: None where it spans several."""


class Grid:
    """A table being written at the page's next row.

    head, first, last  rows of the headings, of the first and of the last entry; width: how many columns of the sheet
    label_at  the column that subtotals and totals are named in
    split_by  a text column by whose values `parts` gives sums
    """

    def __init__(
        self, page: Page, columns: Sequence[Column], label_at: int = 0, split_by: int | None = None
    ) -> None:
        self.page, self.columns, self.label_at, self.split_by = page, columns, label_at, split_by
        self.starts = [sum(c.span for c in columns[:i]) for i in range(len(columns))]
        self.width = sum(c.span for c in columns)
        page.columns = max(page.columns, self.width)
        self.head = page.row
        self.first, self.last = page.row + 1, page.row
        self.count = 0
        self._summed = [i for i, c in enumerate(columns) if c.sums]
        self._group_first, self._group_count = self.first, 0
        self._group = dict.fromkeys(self._summed, 0)
        self._whole = dict.fromkeys(self._summed, 0)
        self._split: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(columns) + 1))
        self._largest: defaultdict[int, int] = defaultdict(int)
        book = page.book
        self._forms = [book.format(c.kind) for c in columns]
        self._wraps = [c.wraps_at for c in columns]
        self._slots: list[_Slot] = [
            (start, LOOKS[c.kind].divisor, form, Blank(form), {} if c.span == 1 else None)
            for start, c, form in zip(self.starts, columns, self._forms, strict=True)
        ]
        self._heading()

    def rows(self, rows: Iterable[Sequence[Cell]]) -> Grid:
        """Write entries; money in yuan, shares in basis points, scores in hundredths, None where nothing is known."""
        for values in rows:
            if len(values) != len(self.columns):
                raise ValueError(f"a row of {len(values)} cells in a table of {len(self.columns)} columns")
            self._entry(values)
            self._add(values)
        return self

    def subtotal(self, label: Text, counted: bool = True) -> None:
        """The sums of the entries since the last subtotal, by its name and, where `counted`, how many they are."""
        text = say("book.subtotal_of" if counted else "book.subtotal", label=label, count=self._group_count)
        self._sums(text, "subtotal", self._group_first, self._group)
        self._group = dict.fromkeys(self._summed, 0)
        self._group_first, self._group_count = self.page.row, 0

    def total(self, counted: bool = False, also: Mapping[int, Cell] | None = None) -> Range:
        """The sums of all entries, and where they stand; `also` puts further cells into that row, by column."""
        label = say("book.total_of", count=self.count) if counted else say("book.total")
        row = self._sums(label, "total", self.first, self._whole, also)
        return Range(self.page.name, row, 0, row, self.width - 1)

    def parts(self, labels: Mapping[str, Text]) -> None:
        """The sums of the entries that have each text in the `split_by` column: text as it stands -> its name."""
        assert self.split_by is not None
        key = self.starts[self.split_by]
        where = xl_range_abs(self.first, key, self.last, key)
        for text, name in labels.items():
            own = self._split[text]
            values: list[Cell] = [None] * len(self.columns)
            values[self.label_at] = say("book.part", label=name, count=own[-1])
            row = self._row(values, "subtotal")
            for i in self._summed:
                wanted = text.replace('"', '""')
                column = xl_range_abs(self.first, self.starts[i], self.last, self.starts[i])
                self._formula(row, i, f'=SUMIF({where},"{wanted}",{column})', own[i], "subtotal")

    def difference(self, column: int, whole: int, less: tuple[int, int], value: int) -> None:
        """In the last entry, put into `column` what is left of `whole` after the columns `less` (first and last)."""
        row = self.last
        parts = xl_range(row, self.starts[less[0]], row, self.starts[less[1]])
        of = xl_rowcol_to_cell(row, self.starts[whole])
        self._formula(row, column, f"={of}-SUM({parts})", value, "body")

    def across(self, column: int, add: tuple[int, int], value: int, role: Role = "body") -> None:
        """In the row written last, put into `column` the sum of the columns `add` (first and last)."""
        row = self.page.row - 1
        cells = xl_range(row, self.starts[add[0]], row, self.starts[add[1]])
        self._formula(row, column, f"=SUM({cells})", value, role)

    def column(self, index: int, rows: tuple[int, int] | None = None) -> Range:
        """The cells of a column, of all entries or of those rows of the sheet."""
        first, last = rows or (self.first, self.last)
        at = self.starts[index]
        return Range(self.page.name, first, at, max(first, last), at)

    def row_of(self, row: int, first: int, last: int) -> Range:
        """The cells of a row of the sheet, from one column of the table to another."""
        return Range(self.page.name, row, self.starts[first], row, self.starts[last])

    # -- cells ----------------------------------------------------------------------------------

    def _heading(self) -> None:
        words, form = self.page.book.words, self.page.book.format("text", "head")
        for column, start in zip(self.columns, self.starts, strict=True):
            text = words(column.title)
            self._put_text(self.head, start, column.span, text, form)
            if column.span == 1:
                self.page.needs(start, max(LOOKS[column.kind].least, longest_word(text)))
            bold = width_of(text) + 1
            self.page.wrapped.append((self.head, start, column.span, bold))
        self.page.row += 1
        self.page.bodies.append((self.head, self.head))

    def _entry(self, values: Sequence[Cell]) -> None:
        """A row of the body. There are tens of thousands of them, so what any one needs is looked up once per table."""
        page, row = self.page, self.page.row
        cells = page.sheet.cells(row, 0, self.width - 1)
        largest, again = self._largest, 0
        for i, (value, (start, divisor, form, blank, said)) in enumerate(
            zip(values, self._slots, strict=True)
        ):
            if said is None or isinstance(value, Figure):
                own = value if isinstance(value, Figure) else Figure(value, self.columns[i].kind)
                self._cell(row, i, own.value, own.kind, "body")
            elif value is None:
                cells[start] = blank
            elif divisor:
                if isinstance(value, (str, Text)):
                    raise TypeError(f"{value!r} in a column of numbers")
                cells[start] = Number(value if divisor == 1 else value / divisor, form)
                if abs(value) > largest[i]:
                    largest[i] = abs(value)
                    page.needs(start, _digits(value, self.columns[i].kind, "body"))
            else:
                known = said.get(value)
                if known is None:
                    known = said[value] = self._text(i, value)
                else:
                    again += 1
                cells[start], wide = known
                if wide:
                    page.wrapped.append((row, start, 1, wide))
        page.sheet.again(again)
        self._done(row)
        self.last = row

    def _text(self, i: int, value: str | Text | int) -> tuple[Any, int]:
        """A cell of text in the body, and its width where it wraps; the same words in a column are made once."""
        page, start, wraps_at = self.page, self.starts[i], self._wraps[i]
        text = self._fitting(page.book.words(value) if isinstance(value, Text) else str(value))
        form = self._forms[i]
        if text[:1] in RISKY:
            form = page.book.format(self.columns[i].kind, "body", True)
        cell = page.sheet.text(text, form)
        if WIDEST * len(text) <= min(page.least[start], wraps_at):
            return cell, 0  # however wide its characters are, there is room
        width = width_of(text)
        page.needs(start, min(width, wraps_at))
        return cell, width if width > wraps_at else 0

    def _row(self, values: Sequence[Cell], role: Role) -> int:
        row = self.page.row
        for i, (value, column) in enumerate(zip(values, self.columns, strict=True)):
            if isinstance(value, Figure):
                self._cell(row, i, value.value, value.kind, role)
            else:
                self._cell(row, i, value, column.kind, role)
        self._done(row)
        return row

    def _done(self, row: int) -> None:
        self.page.row = row + 1
        self.page.bodies[-1] = (self.page.bodies[-1][0], row)

    def _cell(self, row: int, i: int, value: Any, kind: Kind, role: Role) -> None:
        page, column, start = self.page, self.columns[i], self.starts[i]
        if value is None:
            form = page.book.format(kind, role)
            if column.span > 1:
                page.sheet.merge_range(row, start, row, start + column.span - 1, "", form)
            else:
                page.sheet.write_blank(row, start, None, form)
            return
        look = LOOKS[kind]
        if look.divisor:
            form = page.book.format(kind, role)
            if column.span > 1:
                page.sheet.merge_range(row, start, row, start + column.span - 1, "", form)
            page.sheet.write_number(row, start, value if look.divisor == 1 else value / look.divisor, form)
            if abs(value) > self._largest[i]:
                self._largest[i] = abs(value)
                if column.span == 1:
                    page.needs(start, _digits(value, kind, role))
            return
        text = page.book.words(value) if isinstance(value, Text) else str(value)
        form = page.book.format(kind, role, text[:1] in RISKY if text else False)
        self._put_text(row, start, column.span, text, form)
        width = width_of(text)
        if column.span == 1 and role == "body":
            page.needs(start, min(width, column.wraps_at))
        if width > column.wraps_at or column.span > 1 or role != "body":
            page.wrapped.append((row, start, column.span, width))

    def _fitting(self, text: str) -> str:
        """The text as far as a cell holds it."""
        if len(text) <= LONGEST_CELL:
            return text
        cut = self.page.book.words(say("book.cut"))
        return text[: LONGEST_CELL - len(cut)] + cut

    def _put_text(self, row: int, start: int, span: int, text: str, form: Any) -> None:
        text = self._fitting(text)
        if span > 1:
            self.page.sheet.merge_range(row, start, row, start + span - 1, "", form)
        self.page.sheet.write_string(row, start, text, form)

    # -- sums -----------------------------------------------------------------------------------

    def _add(self, values: Sequence[Cell]) -> None:
        self.count += 1
        self._group_count += 1
        split = None
        if self.split_by is not None:
            said = values[self.split_by]
            split = self._split[self.page.book.words(said) if isinstance(said, Text) else str(said)]
            split[-1] += 1
        for i in self._summed:
            value = values[i]
            if isinstance(value, int):
                self._group[i] += value
                self._whole[i] += value
                if split is not None:
                    split[i] += value

    def _sums(
        self,
        label: Text,
        role: Role,
        first: int,
        sums: Mapping[int, int],
        also: Mapping[int, Cell] | None = None,
    ) -> int:
        values: list[Cell] = [None] * len(self.columns)
        values[self.label_at] = label
        for i, cell in (also or {}).items():
            values[i] = cell
        last = self.page.row - 1
        row = self._row(values, role)
        for i in self._summed:
            at = self.starts[i]
            if (
                last < first
            ):  # nothing to add up: 0 is the sum, and a range of no rows would count the headings
                self._cell(row, i, 0, self.columns[i].kind, role)
            else:
                self._formula(row, i, f"=SUBTOTAL(9,{xl_range(first, at, last, at)})", sums[i], role)
        return row

    def _formula(self, row: int, i: int, formula: str, value: int, role: Role) -> None:
        column, start = self.columns[i], self.starts[i]
        kind, divisor = column.kind, LOOKS[column.kind].divisor
        form = self.page.book.format(kind, role)
        shown = value if divisor == 1 else value / divisor
        if column.span > 1:
            raise ValueError("a column that is summed stands in one column of the sheet")
        self.page.sheet.cells(row, start, start)[start] = Formula(formula[1:], form, shown)
        self.page.needs(start, _digits(value, kind, role))


def _digits(value: int, kind: Kind, role: Role) -> float:
    """The width that a number needs, a little wider where it is bold."""
    divisor = LOOKS[kind].divisor
    text = str(value) if kind == "year" else f"{value / divisor:,.{0 if divisor == 1 else 2}f}"
    return len(text) * (1.05 if role == "body" else 1.15) + (1 if kind == "share" else 0)
