"""Money in another currency than yuan: the same whole units and the same words, but for the unit's name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from allocator.words import Text

NAMES: Mapping[str, Text] = {
    "CNY": Text("万元", "万元"),
    "USD": Text("万美元", "10,000 USD"),
    "EUR": Text("万欧元", "10,000 EUR"),
}
"""Ten thousand of one unit, by ISO code; another code is written out as it is."""


AFTER_DIGIT = re.compile(r"(?<=\d) ?万元")
"""Where the unit follows its number: in English “225万元” would otherwise run into “10,000 USD”."""


def spoken(text: Text, currency: str) -> Text:
    """`text` with 万元 read as ten thousand of `currency`."""
    if currency == "CNY":
        return text
    name = NAMES.get(currency, Text(f"万 {currency}", f"10,000 {currency}"))
    en = text.en.replace("万元 = 10,000 yuan", "万元")
    en = AFTER_DIGIT.sub(f" × {name.en}", en)
    return Text(text.zh.replace("万元", name.zh), en.replace("万元", name.en))
