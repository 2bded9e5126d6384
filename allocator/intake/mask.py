"""Persons' ID numbers and telephone numbers are masked as they are read: they never reach a run's folder.

371102199003071234 becomes 371102********1234, 13800138000 becomes 138****8000, 0633-8781234 becomes 0633-****234.
"""

from __future__ import annotations

import re
import unicodedata

from allocator.records import Kind

_D = "[0-9０-９]"
_ANY = re.compile(f"{_D}{{7}}|{_D}{{3,4}}[- －]{_D}{{4}}")
"""What every number that is masked has in it: most texts are told by this alone."""
_ID = re.compile(f"(?<!{_D})({_D}{{6}})({_D}{{8}})({_D}{{3}}[0-9０-９XxＸｘ])(?!{_D})")
_OLD_ID = re.compile(f"(?<!{_D})({_D}{{6}})({_D}{{6}})({_D}{{3}})(?!{_D})")
_MOBILE = re.compile(
    f"(?<!{_D})((?:[+＋]?[8８][6６][- －]?)?[1１][3-9３-９]{_D})([- －]?)({_D}{{4}})(\\2)({_D}{{4}})(?!{_D})"
)
_LANDLINE = re.compile(f"(?<!{_D})([0０]{_D}{{2,3}}[- －])({_D}{{4,5}})({_D}{{3}})(?!{_D})")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class Masked(str):
    """A text in which a person's number was masked; the column says so once."""


def mask(text: str, kind: Kind) -> str:
    """`text` with persons' numbers masked (then a `Masked`), else itself.

    In numbers nothing is masked but an ID; in codes only an ID whose check character is right (GB 11643): other long
    numbers are codes of projects and units.
    """
    if not _ANY.search(text):
        return text
    found = _ID.sub(lambda m: _hidden_id(m, sure=kind == "code"), text)
    if kind in ("text", "label"):
        found = _OLD_ID.sub(_hidden_old_id, found)
        found = _MOBILE.sub(r"\1\2****\4\5", found)
        found = _LANDLINE.sub(r"\1****\3", found)
    return text if found == text else Masked(found)


def veil(text: str) -> str:
    """A person's number of whatever kind (a passport's too) with its middle masked."""
    found = mask(text, "text")
    if found is text and len(text) > 4:
        found = Masked(f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}")
    return found


def _hidden_id(found: re.Match[str], sure: bool) -> str:
    plain = unicodedata.normalize("NFKC", found[0]).upper()
    if not _a_day(plain[6:10], plain[10:12], plain[12:14]) or (sure and not _checked(plain)):
        return found[0]
    return f"{found[1]}********{found[3]}"


def _hidden_old_id(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found[0])
    return f"{found[1]}******{found[3]}" if _a_day("19" + plain[6:8], plain[8:10], plain[10:12]) else found[0]


def _a_day(year: str, month: str, day: str) -> bool:
    return "1900" <= year <= "2100" and "01" <= month <= "12" and "01" <= day <= "31"


def _checked(plain: str) -> bool:
    total = sum(w * int(c) for w, c in zip(_WEIGHTS, plain[:17], strict=True))
    return _CHECKS[total % 11] == plain[17]
