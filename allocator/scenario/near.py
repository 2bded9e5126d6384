"""The right key for one that is slightly wrong."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(key: str, among: Iterable[str]) -> str | None:
    """The key of `among` that `key` was probably meant to be; None where none is close."""
    known = list(among)
    folded = {k.casefold().replace("_", "-"): k for k in reversed(known)}
    asked = key.casefold().replace("_", "-").replace(" ", "-")
    found = get_close_matches(asked, folded, n=1, cutoff=0.6)
    # Two characters are a Chinese word: one wrong of two or three is still near.
    found = found or [k for k in folded if len(k) > 1 and len(k) == len(asked) and _differ(k, asked) == 1][:1]
    found = found or [k for k in folded if len(asked) > 2 and (asked in k or (len(k) > 2 and k in asked))]
    return folded[found[0]] if found else None


def _differ(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True))
