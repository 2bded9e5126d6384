"""A workbook that an office prints and sends on: sheets of tables with totals, notes and native charts.

It knows paper, fonts, number formats and sums, and nothing of what the tables are about. Money is handed over in whole
yuan and stands in the cells as numbers of 万元; shares come in basis points, scores in hundredths. Totals are formulas
with their value beside them, for viewers that do not calculate. The same calls give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from allocator.report.cells import FONTS, LOOKS, Kind, Role, sheet_name
from allocator.report.page import Page
from allocator.words import Lang, Text

IN_MEMORY = 50_000
"""A workbook of so many rows is put together in memory; a larger one by way of temporary files."""

FILLS: Mapping[Role, str] = {"head": "#DDE5EE", "subtotal": "#F2F2F2", "total": "#E4E4E4"}


class Book:
    """A workbook being written; leaving its `with` without an error puts it on disk."""

    def __init__(
        self,
        path: Path,
        lang: Lang,
        *,
        title: str,
        made: datetime,
        mark: str = "",
        spoken: Callable[[Text], Text] | None = None,
    ) -> None:
        """`title` stands on every sheet, `mark` (a warning) beside it; `made` is the date that the file bears.

        `spoken` has the last word on every text: a fund's own currency, say.
        """
        self._spoken = spoken
        self.lang, self.title, self.mark = lang, title, mark
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file = xlsxwriter.Workbook(str(path), options)
        self.file.set_properties({"title": title, "comments": mark, "created": made})
        self.pages: list[Page] = []
        self._formats: dict[tuple[object, ...], Any] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()

    def page(self, name: Text, title: Text, unit: Text | None = None) -> Page:
        """A new sheet after those that are there; `unit` stands at its right, under the title."""
        tab = sheet_name(self.words(name), [page.name for page in self.pages])
        page = Page(self, tab, self.words(title), self.words(unit) if unit else "")
        self.pages.append(page)
        return page

    def words(self, text: Text) -> str:
        """A text in the book's language."""
        return (text if self._spoken is None else self._spoken(text)).to(self.lang)

    def close(self) -> None:
        """Lay every page out and write the file."""
        for page in self.pages:
            page.finish()
        self.file.in_memory = sum(page.row for page in self.pages) <= IN_MEMORY
        self.file.close()

    def format(self, kind: Kind, role: Role = "body", risky: bool = False) -> Any:
        """The format of a kind of cell in a kind of row; `risky` text stays text when its cell is edited."""
        key = (kind, role, risky)
        if key not in self._formats:
            look = LOOKS[kind]
            own: dict[str, Any] = {
                "font_name": FONTS[self.lang]["head" if role == "head" else "body"],
                "font_size": 10,
                "num_format": look.number,
                "align": "center" if role == "head" else look.align,
                "valign": "vcenter",
                "text_wrap": look.divisor == 0 or role == "head",
                "border": 1,
                "border_color": "#7F7F7F",
                "quote_prefix": risky,
            }
            if role != "body":
                own |= {"bold": True, "bg_color": FILLS[role]}
            self._formats[key] = self.file.add_format(own)
        return self._formats[key]

    def plain(self, size: int = 10, align: str = "left", head: bool = False) -> Any:
        """A format without borders, for titles (`head`) and notes."""
        key = ("plain", size, align, head)
        if key not in self._formats:
            font = FONTS[self.lang]["head" if head else "body"]
            own = {"font_name": font, "font_size": size, "bold": head, "align": align, "text_wrap": True}
            self._formats[key] = self.file.add_format({**own, "valign": "vcenter"})
        return self._formats[key]
