from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allocator.contract import Facts, Instrument, Offer, Offers, Reason
from allocator.money import Money
from allocator.records import Tables
from allocator.words import Text


class Grant(Instrument):
    """Money without return."""

    key = "grant"
    title = Text("无偿资助", "Grant")
    basis = "1"

    most: Money = 5_000_000

    def offers(self, tables: Tables, facts: Facts) -> Offers:
        raise NotImplementedError

    def price(self, candidate: Mapping[str, Any], level: int, facts: Facts) -> Offer | Reason:
        raise NotImplementedError
