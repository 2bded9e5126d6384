from __future__ import annotations

from allocator.limits import ShareBounds
from allocator.words import Text
from toyfund.rules._rule import ToyRule


class EquityPilot(ToyRule, ShareBounds):
    """The pilot's share."""

    key = "equity_pilot"
    title = Text("股权试点", "Equity pilot")

    base: str = "whole"
