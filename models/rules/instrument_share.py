"""Share of each instrument in the money: floor, target, cap (66号文 二（二）5, 二（三）5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allocator.words import Text
from models.base import Base
from models.shares import LabelShares


class InstrumentShare(LabelShares):
    """支持方式占比: over what is competitively arranged, by default, and without the fixed lines."""

    key: ClassVar[str] = "instrument_share"
    title: ClassVar[Text] = Text("支持方式占比", "Share of instruments")
    example: ClassVar[Mapping[str, Any]] = {
        "of": "awarded",
        "shares": {"grant": {"floor": "40%"}, "interest_subsidy": {"cap": "5%"}},
    }
    axis: ClassVar[str] = "instrument"

    basis: str = "66号文 二（二）5、二（三）5"
    of: Base = "competitive"
    with_lines: bool = False
