"""What CBC's log says of its bound: PuLP does not pass it on, and versions print it in their own ways."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

NUMBER: Final = r"([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"

RESULT: Final = re.compile(rf"^Lower bound:\s+{NUMBER}\s*$", re.MULTILINE)
"""In the summary of a search that stopped before its end, of a minimisation."""


def lower_bound(log: str) -> tuple[float, float] | None:
    """The lower bound of a minimisation in CBC's log, and one unit of the last digit printed; None without one.

    CBC 2.10 prints three decimals, its successor six digits in all, so the true bound may lie a unit lower.
    """
    found = RESULT.findall(log)
    if not found:
        return None
    printed = Decimal(found[-1])
    if abs(printed) > Decimal("1e40"):  # 1e50 is CBC's "none"
        return None
    decimals = len(found[-1].partition(".")[2]) if "e" not in found[-1].lower() else 0
    if decimals == 3:
        return float(printed), 1e-3
    # six digits in all, of which zeros at the end are dropped
    unit = Decimal(10) ** (printed.adjusted() - 5)
    return float(printed), float(max(unit, Decimal(10) ** -decimals) if decimals else unit)
