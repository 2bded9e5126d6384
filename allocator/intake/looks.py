"""What a sheet's look says beside its values: number formats, hidden rows and columns, cells that are struck out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from allocator.intake.formats import Shown, read_format

At = tuple[int, int]
"""Row and column, from 0."""

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_BUILT_IN = {"9": "0%", "10": "0.00%"}
"""Number formats that every workbook has without saying so."""
_HIDDEN = rb'\bhidden="(?:1|true)"'
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*?" + _HIDDEN + rb')[^>]*?\br="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b(?=[^>]*?" + _HIDDEN + rb")([^>]*)")
_STYLE = re.compile(rb'\bs="(\d+)"')
_OFF = ("0", "false")


@dataclass(frozen=True)
class Looks:
    """shown   number formats that show another number, or a unit, by cell
    struck    cells whose text is struck out
    rows      hidden rows; columns: hidden columns (from 0)
    """

    shown: Mapping[At, Shown] = field(default_factory=dict)
    struck: frozenset[At] = frozenset()
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def looks(styles: bytes, xml: bytes, cells: Iterator[tuple[int, int, bytes, bytes]]) -> Looks:
    """The looks of the sheet `xml`; `cells` (row, column, attributes, content) are gone through where it must be."""
    shown, struck = _styles(styles)
    shown_at: dict[At, Shown] = {}
    struck_at: set[At] = set()
    if shown or struck:
        for row, column, attributes, inner in cells:
            style = _STYLE.search(attributes)
            if style and style[1] in shown:
                shown_at[row, column] = shown[style[1]]
            if style and style[1] in struck and inner:
                struck_at.add((row, column))
    return Looks(shown_at, frozenset(struck_at), _rows(xml), _columns(xml))


def _rows(xml: bytes) -> frozenset[int]:
    return frozenset(int(r) - 1 for r in _HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else frozenset()


def _columns(xml: bytes) -> frozenset[int]:
    found: set[int] = set()
    for attributes in _HIDDEN_COLUMN.findall(xml[: xml.find(b"<sheetData")]):
        ends = [re.search(rb'\b%s="(\d+)"' % name, attributes) for name in (b"min", b"max")]
        if ends[0] and ends[1]:
            found.update(range(int(ends[0][1]) - 1, min(int(ends[1][1]), 16_384)))
    return frozenset(found)


def _styles(xml: bytes) -> tuple[Mapping[bytes, Shown], frozenset[bytes]]:
    """The styles whose numbers are shown otherwise, and those that strike out, by the number that cells name."""
    try:
        styles = ElementTree.fromstring(xml or b"<s/>")
    except ElementTree.ParseError:
        return {}, frozenset()
    codes = {
        **_BUILT_IN,
        **{f.get("numFmtId", ""): f.get("formatCode", "") for f in styles.iter(f"{_NS}numFmt")},
    }
    told = {number: shown for number, code in codes.items() if (shown := read_format(code))}
    fonts = styles.find(f"{_NS}fonts")
    lined = {
        str(i)
        for i, font in enumerate(() if fonts is None else fonts)
        if (strike := font.find(f"{_NS}strike")) is not None and strike.get("val", "1") not in _OFF
    }
    formats = styles.find(f"{_NS}cellXfs")
    uses = [(str(i).encode(), xf) for i, xf in enumerate(() if formats is None else formats)]
    return (
        {i: told[number] for i, xf in uses if (number := xf.get("numFmtId", "")) in told},
        frozenset(i for i, xf in uses if xf.get("fontId") in lined),
    )
