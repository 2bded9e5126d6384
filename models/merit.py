"""What an option is worth: consensus score × need met × suitability, in quality-weighted need.

merit = score/100 × need × f(min(1, grant-equivalent / need)) × suitability(nature, instrument), in micro-units of
one 万元 (a hundredth of a yuan), rounded once, half to even. need is what was requested. f is concave with f(0) = 0
and f(1) = 1, by default linear, so that with one instrument and only a ceiling a fund goes by score.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import model_validator

from allocator.contract import Settings
from allocator.limits import MICRO_PER_YUAN
from allocator.money import Share, Unreadable
from allocator.program import SAFE, Ints
from allocator.words import catalogue

FULL = 10_000
WORDS = catalogue("models.words")


class Suitability(Settings):
    """How well each instrument suits one nature of project, by instrument, with the source."""

    instruments: dict[str, Share]
    source: str = ""


class Merit(Settings):
    """The terms of merit.

    `suitability` by nature; a nature or an instrument that it does not name is held to suit fully. `need_scale`:
    points (need met, worth of it), concave, from (0 %, 0 %) to (100 %, 100 %). `least_met`: an option that meets
    less of the need than this is not viable.
    """

    suitability: dict[str, Suitability] = {}
    need_scale: tuple[tuple[Share, Share], ...] = ((0, 0), (FULL, FULL))
    least_met: Share = 0
    source: str = ""

    @model_validator(mode="after")
    def _concave(self) -> Merit:
        points = self.need_scale
        if points[0] != (0, 0) or points[-1] != (FULL, FULL):
            raise Unreadable("merit.scale_ends", words=WORDS)
        pairs = list(pairwise(points))
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairs):
            raise Unreadable("merit.scale_rises", words=WORDS)
        slopes = [Fraction(b[1] - a[1], b[0] - a[0]) for a, b in pairs]
        if slopes != sorted(slopes, reverse=True):
            raise Unreadable("merit.scale_concave", words=WORDS)
        return self

    def fit(self, nature: str, instrument: str) -> int:
        """The suitability in basis points."""
        row = self.suitability.get(nature)
        return FULL if row is None else row.instruments.get(instrument, FULL)

    def worth(self, score: int, need: int, equivalent: int, fit: int) -> int:
        """Micro-units of one option: score in hundredths of a point, money in yuan, fit in basis points."""
        met = min(equivalent, need)
        scaled = min(
            Fraction(need * y0, FULL) + (met - Fraction(need * x0, FULL)) * Fraction(y1 - y0, x1 - x0)
            for (x0, y0), (x1, y1) in pairwise(self.need_scale)
        )
        return round(scaled * MICRO_PER_YUAN * Fraction(score, 10_000) * Fraction(fit, FULL))

    def worths(self, score: Ints, need: Ints, equivalent: Ints, fit: Ints) -> Ints:
        """`worth` for arrays [n]."""
        met = np.minimum(equivalent, need)
        if len(self.need_scale) > 2 or not len(met):
            rows = zip(score.tolist(), need.tolist(), equivalent.tolist(), fit.tolist(), strict=True)
            return np.array([self.worth(*row) for row in rows], np.int64)
        top = float(met.max()) * float(score.max(initial=0)) * float(fit.max(initial=0))
        wide = met.astype(object) if top >= SAFE else met
        return _half_even(wide * score * fit, FULL * 10_000 // MICRO_PER_YUAN)

    def viable(self, need: Any, equivalent: Any) -> Any:
        """Whether an option meets enough of the need; numbers or arrays alike."""
        return equivalent * FULL >= need * self.least_met


def _half_even(number: Any, divisor: int) -> Ints:
    quotient, rest = number // divisor, number % divisor
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    return np.asarray(quotient + up.astype(np.int64), np.int64)
