"""Number formats that show another number than the cell holds: percentages, 以万元显示, a unit of their own.

A cell may hold 1000000 and show 100.0 (`0!.0,`), or hold 0.125 and show 12.5%: what its author saw is not what is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_QUOTED = re.compile(r'"([^"]*)"|[\\\\!](.)')
_ASIDE = re.compile(r"_.|\*.|\[[^\]]*\]")
_FALSE_POINT = re.compile(r'[0#?](?:[\\\\!]\.|"\.")([0#?]+)')
_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")
_WORDS = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True)
class Shown:
    """What a number format makes of a number: it is divided by `scale`, and `words` stand beside it."""

    format: str
    scale: Fraction = Fraction(1)
    words: str = ""

    @property
    def percent(self) -> bool:
        """Whether it is shown as a percentage, and as nothing else."""
        return self.scale == Fraction(1, 100)


def read_format(code: str) -> Shown | None:
    """What the number format `code` does (its part for positive numbers), None where it shows numbers as they are."""
    first = code.split(";")[0]
    false_point = _FALSE_POINT.search(first)
    plain = _ASIDE.sub("", _QUOTED.sub("", first))
    scale = Fraction(1)
    if false_point:
        scale *= 10 ** len(false_point[1])
    thousands = _THOUSANDS.search(plain)
    if thousands:
        scale *= 1000 ** len(thousands[1])
    scale /= 100 ** plain.count("%")
    literals = "".join(quoted or single for quoted, single in _QUOTED.findall(first))
    words = "".join(_WORDS.findall(literals + plain))
    if scale == 1 and not words:
        return None
    return Shown(code, scale, words)
