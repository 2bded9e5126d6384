"""Names as people write them: headings, sheet names and labels, made comparable; and units in headings.

申请财政资金（万元）, *申请财政资金 / 万元 and 申请财政 资金[万元] are one heading with one unit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from allocator.money import UNITS

_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)
"""Signs without width, and those that turn the direction of writing."""
_CONTROL = re.compile("_x00[01][0-9A-Fa-f]_|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Signs that no cell can show, as they are and as workbooks spell them."""
_BREAKS = ("_x000D_", "_x000d_", "_x000A_", "_x000a_", "_x0009_")
_NOISE = re.compile(r"[\s_*:;.,、。·/\\|\-–—“”\"'<>《》]+")
_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,2}[.、)]|[一二三四五六七八九十]{1,3}、)\s*(?=\D)")
_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_SAID_UNIT = re.compile(
    r"(?:金额|货币|计量)?单位\s*[:：]?\s*(?:人民币)?\s*([^\s,，;；)）\]】]+)|\bunit\s*:\s*([^;)\]]+)"
    r"|^in ([^=;)\]]+?)\s*(?:$|=)",
    re.I,
)

_ENGLISH_UNITS = {
    "10kyuan": "万元",
    "10000yuan": "万元",
    "rmb10000": "万元",
    "rmb10k": "万元",
    "cny10000": "万元",
    "cny10k": "万元",
    "10000cny": "万元",
    "10000rmb": "万元",
    "1000yuan": "千元",
    "thousandyuan": "千元",
    "millionyuan": "百万元",
    "rmbmillion": "百万元",
    "cnymillion": "百万元",
    "100millionyuan": "亿元",
    "rmb": "元",
    "cny": "元",
    "元整": "元",
}
_ALL_UNITS = {**{unit.casefold(): unit for unit in UNITS}, **_ENGLISH_UNITS}
_LONG_UNITS = "|".join(sorted((u for u in UNITS if len(u) > 1), key=len, reverse=True))
_UNIT_TAIL = re.compile(rf"(?:[\s/:,、-]*({_LONG_UNITS})|[\s/:,、-]+(元))\s*$")
PERCENT = "%"


def tidy(text: str) -> str:
    """`text` without invisible characters and outer space, its inner space and line breaks as single spaces."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda sign: " " if sign[0] in _BREAKS else "", text)
    return " ".join(text.split())


def close(text: str) -> str:
    """A tidy name without the spaces that stand between Chinese characters: 日照 甲公司 is 日照甲公司."""
    return _BETWEEN.sub("", text)


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """What two spellings of one name have in common: no case, width, space or punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", tidy(text)).casefold())


def unit_of(text: str) -> str | None:
    """The unit of money, or %, that `text` is: 万元, 人民币万元, RMB 10,000."""
    plain = re.sub(r"[\s,]+", "", unicodedata.normalize("NFKC", text).casefold())
    if plain in ("%", "百分比"):
        return PERCENT
    return _ALL_UNITS.get(plain) or _ALL_UNITS.get(plain.removeprefix("人民币").removeprefix("rmb"))


def said_unit(text: str) -> str | None:
    """The unit of money that a line above a table announces (单位：万元), None where it announces none."""
    found = _SAID_UNIT.search(unicodedata.normalize("NFKC", tidy(text)))
    unit = unit_of(found[1] or found[2] or found[3]) if found else None
    return None if unit == PERCENT else unit


def announces_unit(text: str) -> bool:
    """Whether a cell says nothing but a unit: 单位：万元 above a table is no part of its heading."""
    found = _SAID_UNIT.match(unicodedata.normalize("NFKC", tidy(text)).lstrip("( "))
    return found is not None and unit_of(found[1] or found[2] or found[3]) is not None


@dataclass(frozen=True)
class Heading:
    """A heading as written, the names that it may be known by (the most exact first), and its unit."""

    text: str
    keys: tuple[str, ...]
    unit: str | None


@lru_cache(maxsize=4096)
def heading(text: str) -> Heading:
    """What a heading says."""
    text = close(tidy(text))
    plain = _NUMBERING.sub("", unicodedata.normalize("NFKC", text))
    unit: str | None = None
    stem = plain
    for found in _BRACKETS.finditer(plain):
        said = unit_of(found[1]) or said_unit(found[1])
        if said:
            unit = unit or said
            stem = stem.replace(found[0], " ")
    bare = _BRACKETS.sub(" ", plain)
    names = [key(stem), key(bare)]
    tail = _UNIT_TAIL.search(bare)
    if tail and tail.start():
        unit = unit or unit_of(tail[1] or tail[2])
        names.append(key(bare[: tail.start()]))
    return Heading(text, tuple(dict.fromkeys(n for n in names if n)), unit)


def nearest(name: str, known: Iterable[str], least: float = 0.5) -> str | None:
    """The known name most like `name`, None where none is much like it."""
    wanted = key(name)
    scored = [(SequenceMatcher(None, wanted, key(k)).ratio(), k) for k in known]
    best = max(scored, key=lambda s: s[0], default=(0.0, ""))
    return best[1] if best[0] >= least else None
