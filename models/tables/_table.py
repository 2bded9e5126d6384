"""What every table of plan.xlsx is: a key, a place in the order, and how it writes its sheet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from allocator.report.page import Page
from allocator.words import Text, catalogue
from models.tables._view import View

say = catalogue("models.words").say


class Table(ABC):
    """One sheet. Its words are `sheet.<key>.name` (the tab) and `sheet.<key>.title` (what stands over it).

    `order` is its place among the sheets. Sheets are written from the last to the first, so that the summary can chart
    what the others hold.
    """

    key: ClassVar[str]
    order: ClassVar[int]
    in_wan: ClassVar[bool] = True

    @classmethod
    def name(cls) -> Text:
        """What its tab is called."""
        return say(f"sheet.{cls.key}.name")

    @classmethod
    def title(cls) -> Text:
        """What stands over it."""
        return say(f"sheet.{cls.key}.title")

    @classmethod
    def unit(cls) -> Text | None:
        """单位：万元, or nothing where it holds no money."""
        return say("sheet.unit") if cls.in_wan else None

    def applies(self, view: View) -> bool:
        """Whether the plan has anything for it; a sheet with nothing to say may be left out."""
        return True

    @abstractmethod
    def write(self, page: Page, view: View) -> None:
        """Write the sheet of one plan."""
